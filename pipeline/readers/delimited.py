"""CSV and TSV tables: headings found, records kept as text with their physical line, uneven records kept with a reason."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.readers.families import family_of_rows, n_header_rows
from pipeline.readers.notes import is_note_cell, read_notes
from pipeline.readers.opened import Opened
from pipeline.readers.records import Records, delimiter_of, read_records
from pipeline.readers.refusals import refuse
from pipeline.readers.row_kinds import BLANK, REMARK, reasons
from pipeline.readers.text_table import TextTable, rows_with, tidy_headings

_HEAD = 30
_BINARY_NAMES = (
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".et",
    ".ods",
    ".parquet",
    ".sav",
    ".zsav",
    ".zip",
    ".png",
    ".jpg",
    ".pdf",
)


def read_delimited(opened: Opened, *, header_rows: int | Sequence[int] | None = None) -> TextTable:
    """The table of a delimited text file. Raises exit 10 when a binary name hides prose."""
    delimiter = delimiter_of(opened.text, opened.path.name)
    records = read_records(opened.text, delimiter)
    frame = records.frame
    if opened.path.name.lower().endswith(_BINARY_NAMES) and not _is_even(frame):
        refuse("not_what_name_says", opened.path, got="文本 text", expected=opened.path.suffix)
    if not frame.height:
        refuse("no_table", opened.path)
    head = frame.head(_HEAD)
    header = _header(opened, head, header_rows)
    family = family_of_rows([_row(head, index) for index in header])
    first = header[-1] + 1
    titles = _headings(head, header)
    n_used = _n_columns(frame, titles)
    positions = range(1, n_used + 1)
    names = tidy_headings((titles + [""] * n_used)[:n_used], positions)
    body = frame.slice(first)
    width = max((i + 1 for i, title in enumerate(titles) if title), default=n_used)
    aside, kept, notices = _sort_out(body, names, width, records, is_survey=family is not None)
    below = body.join(aside.filter(pl.col("reason_code") == REMARK), on="source_row", how="semi")
    return TextTable(
        path=opened.path,
        sheet="",
        columns=names,
        frame=kept.select(*(f"c{i}" for i in range(n_used)), "source_row"),
        header_rows=tuple(head["source_row"][row] for row in header),
        set_aside=aside,
        notes=read_notes(_cells(below), titled=False) | read_notes(_cells(frame.head(header[0]))),
        family=family or "table",
        encoding=opened.encoding,
        positions=tuple(positions),
        notices=notices,
    )


def _is_even(frame: pl.DataFrame) -> bool:
    return frame.height > 1 and frame["n_cells"].n_unique() == 1 and frame["n_cells"][0] > 1


def _header(opened: Opened, head: pl.DataFrame, told: int | Sequence[int] | None) -> tuple[int, ...]:
    """Indices of the header's records: the first that is no title line; more for platforms that write more."""
    if told is not None and not isinstance(told, int):
        lines = head["source_row"].to_list()
        if not told or not set(told) <= set(lines):
            refuse("no_such_rows", opened.path, got=" ".join(map(str, told)), expected=f"{lines[0]}–{lines[-1]}")
        return tuple(lines.index(line) for line in sorted(told))
    rows = [_row(head, index) for index in range(head.height)]
    seen = [sum(cell is not None and bool(cell.strip()) for cell in row) for row in rows]
    wide = sorted(seen)[len(seen) // 2] > 2
    first = next(
        (i for i, row in enumerate(rows) if not (wide and (seen[i] < 2 or is_note_cell(next(filter(None, row)))))), 0
    )
    n_rows = told or n_header_rows(family_of_rows(rows[first : first + 2]), rows[first : first + 3])
    return tuple(range(first, min(first + n_rows, len(rows))))


def _row(head: pl.DataFrame, index: int) -> list[str | None]:
    return list(head.drop("source_row", "n_cells").row(index))


def _headings(head: pl.DataFrame, header: Sequence[int]) -> list[str]:
    """Headings, several rows joined with '/'; a group without a name of its own reaches to the right (SurveyMonkey)."""
    rows = [_row(head, index) for index in header]
    for upper in rows[:-1]:
        group = None
        for i, cell in enumerate(upper):
            group = cell if cell else group
            upper[i] = group if rows[-1][i] else cell
    joined = []
    for parts in zip(*rows, strict=True):
        texts = [part.strip("\ufeff \t\r\n\u3000") for part in parts if part and '"ImportId"' not in part]
        joined.append("/".join(dict.fromkeys(text for text in texts if text)))
    return joined


def _n_columns(frame: pl.DataFrame, titles: Sequence[str]) -> int:
    """Columns up to the last with a heading, or with values in records that are not uneven anyway."""
    named = max((i + 1 for i, title in enumerate(titles) if title), default=0)
    usual = int(frame["n_cells"].median() or 0)
    filled = [i + 1 for i in range(named, usual) if frame[f"c{i}"].null_count() < frame.height]
    return max([named, *filled])


def _sort_out(
    body: pl.DataFrame, names: Sequence[str], width: int, records: Records, *, is_survey: bool
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Rows set aside, records, and notices. A record with more cells than headings is set aside: its cells would stand
    under wrong headings. One with fewer is kept and noted: exporters leave out empty cells at the end."""
    n = len(names)
    spilled = [pl.col(f"c{i}").is_not_null() for i in range(n, body.width - 2)]
    is_long = pl.any_horizontal(spilled) if spilled else pl.lit(False)
    cells = body.select(f"c{i}" for i in range(n))
    kinds = pl.Series("reason", [None] * body.height, dtype=pl.String)
    if not is_survey and body.height and n:
        kinds = reasons(cells, headings=names)
    sorted_out = body.with_columns(kinds.alias("reason_code")).with_columns(
        pl.when(is_long).then(pl.lit("ragged_row")).otherwise(pl.col("reason_code")).alias("reason_code")
    )
    aside = sorted_out.filter(pl.col("reason_code").is_not_null() & (pl.col("reason_code") != BLANK))
    aside = pl.concat([aside.select("source_row", "reason_code"), rows_with(records.unreadable, "unreadable_row")])
    kept = sorted_out.filter(pl.col("reason_code").is_null())
    short = kept.filter(pl.col("n_cells") < width).select("source_row", reason_code=pl.lit("ragged_row"))
    return aside.sort("source_row"), kept, short


def _cells(rows: pl.DataFrame) -> list[list[str]]:
    return [[cell for cell in row if cell] for row in rows.drop("source_row", "n_cells").rows()]
