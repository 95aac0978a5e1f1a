"""What stands below a sheet's header: its columns as text, the side notes, and which rows are no records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.readers.row_kinds import BLANK, REMARK, reasons
from pipeline.readers.sheets.cell_columns import texts_of
from pipeline.readers.sheets.cells import UNSEEN
from pipeline.readers.sheets.header import Head, headings
from pipeline.readers.sheets.sheet import Merge, Sheet
from pipeline.readers.sheets.side_notes import side_note_columns


@dataclass(frozen=True)
class Body:
    """The rows from `first` (0-based) on: `cells` c0..cN of the `used` columns under `titles`; `beside` side notes by
    column; `merges` those inside; `kinds` a reason for each row that is no record."""

    first: int
    used: list[int]
    titles: list[str]
    cells: pl.DataFrame
    beside: dict[int, pl.Series]
    merges: list[Merge]
    kinds: pl.Series


def body_of(sheet: Sheet, head: Head, header: Sequence[int], *, is_survey: bool) -> Body:
    """The body of the table under `header`. A survey export has neither side notes nor totals: every row is an answer."""
    first = header[-1] + 1
    titles = headings(head, header, sheet.width)
    rows = sheet.rows[first : head.stop]
    texts = [texts_of(values) for values in (zip(*rows, strict=True) if rows else [()] * sheet.width)]
    beside = () if is_survey else side_note_columns(titles, texts)
    used = [i for i in range(sheet.width) if i not in beside and (titles[i] or _has_text(texts[i]))]
    cells = pl.DataFrame({f"c{j}": texts[i] for j, i in enumerate(used)})
    notes = {i: texts[i] for i in beside}
    names = [titles[i] for i in used]
    merges = [merge for merge in sheet.merges if first <= merge[0] < head.stop and merge[1] in used]
    if is_survey or not cells.width or not cells.height:
        kinds = _blank_rows(cells)
    else:
        kinds = _with_notes(reasons(cells, headings=names, **_spans(cells, merges, first, used)), notes)
    return Body(first, used, names, cells, notes, merges, kinds)


def _has_text(texts: pl.Series) -> bool:
    return texts.null_count() < texts.len() and bool((texts.str.strip_chars(UNSEEN) != "").any())


def _blank_rows(cells: pl.DataFrame) -> pl.Series:
    if not cells.width or not cells.height:
        return pl.Series("reason", [None] * cells.height, dtype=pl.String)
    is_blank = pl.all_horizontal(pl.all().str.strip_chars().replace("", None).is_null())
    return cells.select(reason=pl.when(is_blank).then(pl.lit(BLANK)))["reason"]


def _spans(cells: pl.DataFrame, merges: Sequence[Merge], first: int, used: Sequence[int]) -> dict[str, object]:
    """Rows whose cell is merged over several columns, and how many cells of a row a merge from above covers."""
    place = {column: j for j, column in enumerate(used)}
    across = {top - first for top, left, _, right in merges if left < right}
    covered = Counter(
        row - first
        for top, left, bottom, _ in merges
        if top < bottom and cells[top - first, place[left]] is not None
        for row in range(top + 1, bottom + 1)
    )
    return {"across": sorted(across), "covered": dict(covered)}


def _with_notes(kinds: pl.Series, beside: dict[int, pl.Series]) -> pl.Series:
    """A row with nothing but a side note is a remark."""
    if not beside:
        return kinds
    noted = pl.any_horizontal((pl.col(f"n{i}").str.strip_chars() != "").fill_null(False) for i in beside)
    frame = pl.DataFrame({f"n{i}": texts for i, texts in beside.items()} | {"kind": kinds})
    is_only_note = (pl.col("kind") == BLANK).fill_null(False) & noted
    return frame.select(reason=pl.when(is_only_note).then(pl.lit(REMARK)).otherwise("kind"))["reason"]
