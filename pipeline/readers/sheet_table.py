"""The tables of one sheet: where each begins, its headings, its records, the rows set aside, the merges filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from pipeline.readers.cells import is_blank, text_of, texts_of
from pipeline.readers.families import family_of_rows, n_header_rows
from pipeline.readers.header import Head, Merge, find_header, head_of, headings, is_number
from pipeline.readers.notes import read_notes
from pipeline.readers.refusals import refuse
from pipeline.readers.row_kinds import BLANK, REMARK, reasons
from pipeline.readers.text_table import TextTable, tidy_headings


class SheetLike(Protocol):
    """What is needed of a sheet: rows from A1 on, merged ranges."""

    name: str
    visibility: str
    rows: list[list[Any]]
    merges: list[Merge]


def tables_in(path: Path, sheet: SheetLike, *, header_rows: int | Sequence[int] | None = None) -> list[TextTable]:
    """The tables of a sheet, from top to bottom; none when the sheet is empty."""
    tables: list[TextTable] = []
    for start, stop in _blocks(sheet, split=header_rows is None):
        head = head_of(sheet.rows, sheet.merges, start, stop)
        header = _header(path, sheet, head, header_rows)
        if header:
            tables.append(_table(path, sheet, head, header))
    return tables


def _header(path: Path, sheet: SheetLike, head: Head, told: int | Sequence[int] | None) -> tuple[int, ...]:
    if told is not None and not isinstance(told, int):
        if not told or min(told) < 1 or max(told) > len(sheet.rows):
            refuse(
                "no_such_rows", path, got=" ".join(map(str, told)), expected=f"1–{len(sheet.rows)}", where=sheet.name
            )
        return tuple(row - 1 for row in sorted(told))
    found = find_header(head)
    if not found:
        return found
    first_rows = [[text_of(value) or None for value in row] for row in sheet.rows[found[0] : found[0] + 3]]
    family = family_of_rows(first_rows)
    n_rows = told or (n_header_rows(family, first_rows) if family else len(found))
    return tuple(range(found[0], min(found[0] + n_rows, head.stop)))


def _table(path: Path, sheet: SheetLike, head: Head, header: Sequence[int]) -> TextTable:
    body = sheet.rows[header[-1] + 1 : head.stop]
    first = header[-1] + 1
    width = max((len(row) for row in sheet.rows), default=0)
    titles = headings(head, header, width)
    columns = [list(values) for values in zip(*body, strict=True)] or [[] for _ in range(width)]
    texts = [texts_of(values) for values in columns]
    used = [i for i in range(width) if titles[i] or any(text and not is_blank(text) for text in texts[i])]
    cells = pl.DataFrame({f"c{j}": pl.Series(texts[i], dtype=pl.String) for j, i in enumerate(used)})
    family = family_of_rows([[text_of(value) for value in sheet.rows[row]] for row in header])
    inside = [merge for merge in sheet.merges if first <= merge[0] < head.stop and merge[1] in used]
    downward = [merge for merge in inside if merge[0] < merge[2] and not is_blank(columns[merge[1]][merge[0] - first])]
    kinds = _kinds(cells, [titles[i] for i in used], inside, downward, first, is_survey=family is not None)
    below = [row for row, kind in zip(body, kinds, strict=True) if kind == REMARK]
    cells, filled = _fill(cells, kinds, downward, first, {i: j for j, i in enumerate(used)})
    rows = cells.with_columns(
        pl.Series("source_row", range(first + 1, first + 1 + len(body)), dtype=pl.Int64), kinds.alias("reason_code")
    )
    return TextTable(
        path=path,
        sheet=sheet.name,
        visibility=sheet.visibility,
        columns=tidy_headings([titles[i] for i in used], [i + 1 for i in used]),
        frame=rows.filter(pl.col("reason_code").is_null()).drop("reason_code"),
        header_rows=tuple(row + 1 for row in header),
        set_aside=rows.filter(pl.col("reason_code").is_not_null() & (pl.col("reason_code") != BLANK))
        .select("source_row", "reason_code"),
        notes=_notes(sheet.rows[head.start : header[0]], below),
        family=family or "ledger",
        filled=filled,
        positions=tuple(i + 1 for i in used),
    )  # fmt: skip


def _kinds(
    cells: pl.DataFrame,
    titles: Sequence[str],
    inside: Sequence[Merge],
    downward: Sequence[Merge],
    first: int,
    *,
    is_survey: bool,
) -> pl.Series:
    if not cells.width or not cells.height:
        return pl.Series("reason", [], dtype=pl.String)
    if is_survey:
        is_blank_row = pl.all_horizontal(pl.all().str.strip_chars().replace("", None).is_null())
        return cells.select(reason=pl.when(is_blank_row).then(pl.lit(BLANK)))["reason"]
    across = {merge[0] - first for merge in inside if merge[1] < merge[3]}
    covered = Counter(row - first for merge in downward for row in range(merge[0] + 1, merge[2] + 1))
    return reasons(cells, headings=titles, across=sorted(across), covered=dict(covered))


def _fill(
    cells: pl.DataFrame, kinds: pl.Series, downward: Sequence[Merge], first: int, place: dict[int, int]
) -> tuple[pl.DataFrame, frozenset[tuple[int, int]]]:
    """Repeat a vertically merged value in the records it covers, and say where."""
    filled: set[tuple[int, int]] = set()
    is_record = kinds.is_null().to_list()
    for column in {merge[1] for merge in downward}:
        name = f"c{place[column]}"
        values = cells[name].to_list()
        for top, at, bottom, _ in downward:
            if at != column:
                continue
            for row in range(top + 1 - first, min(bottom + 1 - first, len(values))):
                if is_record[row] and values[row] is None:
                    values[row] = values[top - first]
                    filled.add((row + first + 1, place[column]))
        cells = cells.with_columns(pl.Series(name, values, dtype=pl.String))
    return cells, frozenset(filled)


def _notes(above: Sequence[Sequence[Any]], below: Sequence[Sequence[Any]]) -> dict[str, str]:
    def lines(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
        return [[text_of(value) for value in row if not is_blank(value)] for row in rows]

    return read_notes(lines(below), titled=False) | read_notes(lines(above))


def _blocks(sheet: SheetLike, *, split: bool) -> list[tuple[int, int]]:
    """Row ranges, one per table: a sheet is cut at a blank row below which another header with its own values stands."""
    rows = sheet.rows
    stop = len(rows)
    while stop and all(map(is_blank, rows[stop - 1])):
        stop -= 1
    start = 0
    blocks = []
    if split and stop:
        blank = [all(map(is_blank, row)) for row in rows[:stop]]
        n_seen = 0
        for row in range(1, stop):
            n_seen += not blank[row - 1]
            if blank[row - 1] and not blank[row] and n_seen > 1 and _another_table(sheet, start, row, stop):
                blocks.append((start, row))
                start, n_seen = row, 0
    return [*blocks, (start, stop)] if stop else []


def _another_table(sheet: SheetLike, start: int, row: int, stop: int) -> bool:
    """Whether a new table begins at `row`: below a title of its own or over other columns than the first table's, with
    other words, and values under them. (A record after a blank row may be all words too.)"""
    end = next((i for i in range(row, stop) if all(map(is_blank, sheet.rows[i]))), stop)
    head = head_of(sheet.rows, sheet.merges, row, end)
    header = find_header(head)
    first_head = head_of(sheet.rows, sheet.merges, start, row)
    first_header = find_header(first_head)
    if not header or header[-1] + 1 >= end or not first_header or first_header[-1] + 1 >= row or header[0] - row > 3:
        return False
    names, old = head.seen(header[-1]), first_head.seen(first_header[-1])
    words = [text_of(value).strip() for value in names.values()]
    is_set_apart = header[0] > row or len(names) > len(old) or not names.keys() <= old.keys()
    if not is_set_apart or len(names) < 2 or len(set(words)) < len(words) or any(map(is_number, names.values())):
        return False
    if set(words) <= {text_of(value).strip() for value in old.values()} or read_notes([words], titled=False).keys() - {
        "note"
    }:
        return False
    below = [sheet.rows[i] for i in range(header[-1] + 1, min(end, header[-1] + 6))]
    values = {column: [row[column] for row in below if not is_blank(row[column])] for column in names}
    return any(found and all(map(is_number, found)) for found in values.values())
