"""CSV and TSV tables: headings found, records kept as text with their physical line, uneven records kept with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.readers.families import family_of_rows
from pipeline.readers.notes import all_notes
from pipeline.readers.opened import Opened
from pipeline.readers.refusals import refuse
from pipeline.readers.row_kinds import REMARK
from pipeline.readers.sheets.header import is_number
from pipeline.readers.sheets.header_why import TOLD, why
from pipeline.readers.sheets.sheet_table import has_headings
from pipeline.readers.sorted_rows import noted_rows
from pipeline.readers.text.delimited_header import HEAD, header_of, headings_of, row_of
from pipeline.readers.text.delimited_rows import Columns, columns_of, gap_of, sort_out
from pipeline.readers.text.records import delimiter_of, read_records
from pipeline.readers.text_table import NO_ROWS, TextTable

_BINARY_NAMES = (
    ".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".parquet", ".sav", ".zsav", ".zip", ".png", ".jpg", ".pdf",
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Where the header of a file is (indices of its records), the platform that writes such headings, and the columns."""

    header: tuple[int, ...]
    family: str | None
    columns: Columns


def layout_of(opened: Opened, frame: pl.DataFrame, header_rows: int | Sequence[int] | None) -> Layout:
    """The layout of records c0..cN. Raises exit 10 when the header rows that were told are not there."""
    head = frame.head(HEAD)
    header = header_of(opened, head, header_rows)
    family = family_of_rows([row_of(head, index) for index in header])
    body = frame.slice(header[-1] + 1)
    return Layout(header, family, columns_of(frame, body, headings_of(head, header), is_survey=family is not None))


def read_delimited(opened: Opened, *, header_rows: int | Sequence[int] | None = None) -> TextTable:
    """The table of a delimited text file. Raises exit 10 when a binary name hides prose."""
    records = read_records(opened.text, delimiter_of(opened.text, opened.name))
    frame = records.frame
    if opened.name.lower().endswith(_BINARY_NAMES) and not _is_even(frame):
        refuse("not_what_name_says", opened.path, got="文本 text", expected=opened.path.suffix)
    if not frame.height:
        refuse("no_table", opened.path)
    layout = layout_of(opened, frame, header_rows)
    head, header, columns, family = frame.head(HEAD), layout.header, layout.columns, layout.family
    body = frame.slice(header[-1] + 1)
    rows, notices = sort_out(body, columns, records.unreadable, is_survey=family is not None, gap=gap_of(body))
    is_bare = not rows.kept.height and not rows.set_aside.height and has_headings(row_of(head, header[-1]))
    return TextTable(
        path=opened.path,
        sheet="",
        columns=columns.names,
        frame=rows.kept,
        header_rows=tuple(head["source_row"][row] for row in header),
        set_aside=rows.set_aside,
        notes=_notes(frame.head(header[0]), body, columns, rows.set_aside),
        family=family or "table",
        encoding=opened.encoding,
        positions=tuple(range(1, columns.n_used + 1)),
        notices=noted_rows({NO_ROWS: [head["source_row"][header[-1]]]}) if is_bare else notices,
        aside=rows.aside,
        header_why=TOLD if header_rows is not None else _why(head, header, family),
        encoding_evidence=opened.evidence,
        header_cells=tuple(tuple(cell or "" for cell in row_of(head, row)[: columns.n_used]) for row in header),
    )


def _is_even(frame: pl.DataFrame) -> bool:
    return frame.height > 1 and frame["n_cells"].n_unique() == 1 and frame["n_cells"][0] > 1


def _why(head: pl.DataFrame, header: Sequence[int], family: str | None) -> str:
    cells = [cell for cell in row_of(head, header[-1]) if cell]
    is_values = sum(map(is_number, cells)) * 2 > len(cells)
    return why(n_header=len(header), n_above=header[0], family=family, is_values=is_values)


def _notes(above: pl.DataFrame, body: pl.DataFrame, columns: Columns, set_aside: pl.DataFrame) -> dict[str, str]:
    below = body.join(set_aside.filter(pl.col("reason_code") == REMARK), on="source_row", how="semi")
    under = _cells(below.select(*(f"c{i}" for i in range(columns.n_used))))
    beside = _cells(body.select(f"c{i}" for i in columns.beside)) if columns.beside else []
    beside = [[columns.titles[i]] for i in columns.beside if columns.titles[i]] + beside
    return all_notes(_cells(above.drop("source_row", "n_cells")), under + beside)


def _cells(rows: pl.DataFrame) -> list[list[str]]:
    return [[cell for cell in row if cell] for row in rows.rows()]
