"""The one way in: a file → its text tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.readers.archive import read_archive
from pipeline.readers.json_lines import read_json, read_json_lines
from pipeline.readers.markup.html_page import read_html
from pipeline.readers.markup.spreadsheet_xml import read_spreadsheet_xml
from pipeline.readers.opened import ARCHIVE, DELIMITED, HTML, JSON, JSONLINES, PARQUET, SPSS, WORKBOOK, XML, Opened
from pipeline.readers.opening.sniff import open_file
from pipeline.readers.parquet import read_parquet
from pipeline.readers.refusals import refuse
from pipeline.readers.spss.read_spss import read_spss
from pipeline.readers.text.delimited import read_delimited
from pipeline.readers.text_table import TextTable
from pipeline.readers.workbooks.workbook import read_workbook

_IN_SHEETS = {WORKBOOK: read_workbook, HTML: read_html, XML: read_spreadsheet_xml}
_IN_RECORDS = {JSON: read_json, JSONLINES: read_json_lines, PARQUET: read_parquet, SPSS: read_spss}


def read_file(
    path: Path | str,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    header_rows: int | Sequence[int] | None = None,
) -> list[TextTable]:
    """Every table of a file, one per table; hidden sheets too, marked so (their rows are for the caller to set aside).
    The tables of a zip archive name their file in `sheet`: `内部文件.xlsx › 表1`.

    What the contract knows better than this reader can be told: `encoding` of a text file, the one `sheet` to read, and
    `header_rows` — how many there are (a number) or which (row numbers as in Excel, or line numbers).
    Raises `PipelineError` exit 10 with the reason when the file cannot be read or holds no table: neither rows nor a
    header that waits for them (then the table is empty, with the notice `no_rows`).
    """
    opened = open_file(Path(path), encoding)
    if opened.kind == ARCHIVE:
        return read_archive(opened, _tables, encoding=encoding, sheet=sheet, header_rows=header_rows)
    return _tables(opened, sheet=sheet, header_rows=header_rows)


def _tables(opened: Opened, *, sheet: str | None, header_rows: int | Sequence[int] | None) -> list[TextTable]:
    """The tables of one file that is no archive."""
    if opened.kind in _IN_SHEETS:
        tables = _IN_SHEETS[opened.kind](opened, sheet=sheet, header_rows=header_rows)
    elif opened.kind == DELIMITED:
        tables = [read_delimited(opened, header_rows=header_rows)]
    else:
        tables = [_IN_RECORDS[opened.kind](opened)]
    if not any(table.n_read or table.is_blank_form for table in tables):
        refuse("no_table", opened.path)
    if opened.kind == SPSS:  # which says itself how it was decoded
        return tables
    return [replace(table, encoding=opened.encoding, encoding_evidence=opened.evidence) for table in tables]
