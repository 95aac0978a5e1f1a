"""Workbooks that are no xlsx: an OpenDocument one is written here; the old ones lie in tests/fixtures.

`ledger_biff8.xls` is `ledger_sheet()` twice, the second hidden, and `dates_1904.xls` a sheet of dates in a workbook that counts
from 1904; LibreOffice wrote both from workbooks made with made_files.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LEDGER_XLS, DATES_1904_XLS = FIXTURES / "ledger_biff8.xls", FIXTURES / "dates_1904.xls"
_SPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
Cell = str | float | tuple[str, int, int] | None


def _cell(value: Cell) -> str:
    """A text, a number, a text that spans (rows, columns), `PT…` a duration, an empty cell, or one that is covered (None)."""
    if value is None:
        return "<table:covered-table-cell/>"
    text, down, across = value if isinstance(value, tuple) else (value, 1, 1)
    if text == "":
        return "<table:table-cell/>"
    if isinstance(text, float):
        return f'<table:table-cell office:value-type="float" office:value="{text}"><text:p>{text}</text:p></table:table-cell>'
    if text.startswith("PT"):
        return f'<table:table-cell office:value-type="time" office:time-value="{text}"><text:p>x</text:p></table:table-cell>'
    spans = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
    return f'<table:table-cell office:value-type="string"{spans}><text:p>{escape(text)}</text:p></table:table-cell>'


def document(
    path: Path, rows: list[list[Cell]], *, blank_above: int = 0, from_1904: bool = False, cipher: bool = False
) -> Path:
    """An .ods of one sheet, 台账; `blank_above` blank rows are written as one that is repeated."""
    grid = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    blank = (
        f'<table:table-row table:number-rows-repeated="{blank_above}"><table:table-cell/></table:table-row>'
        if blank_above
        else ""
    )
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    body = f'{settings * from_1904}<table:table table:name="台账">{blank}{grid}</table:table>'
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>" if cipher else "<manifest/>")
        file.writestr(
            "content.xml",
            f"<office:document-content{_SPACES}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return path
