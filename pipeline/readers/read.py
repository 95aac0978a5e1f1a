"""The one way in: a file → its text tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.readers.delimited import read_delimited
from pipeline.readers.json_lines import read_json, read_json_lines
from pipeline.readers.opened import DELIMITED, JSON, JSONLINES, PARQUET, WORKBOOK
from pipeline.readers.parquet import read_parquet
from pipeline.readers.refusals import refuse
from pipeline.readers.sniff import open_file
from pipeline.readers.text_table import TextTable
from pipeline.readers.workbook import read_workbook


def read_file(
    path: Path | str,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    header_rows: int | Sequence[int] | None = None,
) -> list[TextTable]:
    """Every table of a file, one per table; hidden sheets too, marked so (their rows are for the caller to set aside).

    What the contract knows better than this reader can be told: `encoding` of a text file, the one `sheet` to read, and
    `header_rows` — how many there are (a number) or which (row numbers as in Excel, or line numbers).
    Raises `PipelineError` exit 10 with the reason when the file cannot be read or holds no table with rows.
    """
    opened = open_file(Path(path), encoding)
    if opened.kind == WORKBOOK:
        tables = read_workbook(opened, sheet=sheet, header_rows=header_rows)
    elif opened.kind == DELIMITED:
        tables = [read_delimited(opened, header_rows=header_rows)]
    else:
        tables = [{JSON: read_json, JSONLINES: read_json_lines, PARQUET: read_parquet}[opened.kind](opened)]
    if not any(table.n_read for table in tables):
        refuse("no_table", opened.path)
    return tables
