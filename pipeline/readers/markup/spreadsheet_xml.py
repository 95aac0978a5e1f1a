"""The XML spreadsheet of Excel 2003 (often saved as .xls) as sheets; values as calamine gives them for other workbooks."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from pipeline.readers.opened import Opened
from pipeline.readers.refusals import refuse
from pipeline.readers.sheets.sheet import Merge, Sheet, rectangle
from pipeline.readers.sheets.sheet_table import tables_in
from pipeline.readers.text_table import HIDDEN, VERY_HIDDEN, VISIBLE, TextTable
from pipeline.readers.workbooks.far_cells import MOST_CELLS

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_SEEN = {"SheetHidden": HIDDEN, "SheetVeryHidden": VERY_HIDDEN}
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_spreadsheet_xml(
    opened: Opened, *, sheet: str | None = None, header_rows: int | Sequence[int] | None = None
) -> list[TextTable]:
    """Every table of every sheet, hidden ones too. Raises exit 10 when the XML is broken or unsafe."""
    try:
        sheets = list(_sheets(opened))
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        refuse("workbook_broken", opened.path, got=type(error).__name__)
    if sheet is not None and sheet not in [one.name for one in sheets]:
        refuse("no_such_sheet", opened.path, got=" ".join(one.name for one in sheets), expected=sheet)
    wanted = [one for one in sheets if sheet in (None, one.name)]
    return [table for one in wanted for table in tables_in(opened.path, one, header_rows=header_rows)]


def _sheets(opened: Opened) -> Iterator[Sheet]:
    content = io.BytesIO(_DECLARATION.sub("", opened.text.lstrip("\ufeff")).encode())
    rows, merges, visibility, from_1904 = [], [], VISIBLE, False
    for _, element in iterparse(content, events=("end",), forbid_dtd=True):
        if element.tag == f"{_X}Date1904":
            from_1904 = True
        elif element.tag == f"{_X}Visible":
            visibility = _SEEN.get((element.text or "").strip(), VISIBLE)
        elif element.tag == f"{_SS}Row":
            _add_row(opened, element, rows, merges)
            element.clear()
        elif element.tag == f"{_SS}Worksheet":
            yield Sheet(element.get(f"{_SS}Name", ""), rectangle(rows), merges, visibility, from_1904)
            rows, merges, visibility = [], [], VISIBLE
            element.clear()


def _add_row(opened: Opened, element: Any, rows: list[list[Any]], merges: list[Merge]) -> None:
    """Rows and cells say where they stand only when they do not follow the one before."""
    here = _number(element, "Index", len(rows) + 1) - 1
    row: list[Any] = []
    for cell in element.iterfind(f"{_SS}Cell"):
        column = _number(cell, "Index", len(row) + 1) - 1
        across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
        if (here + 1) * (column + across + 1) > MOST_CELLS:
            refuse("sheet_too_large", opened.path, got=f"{here + 1} × {column + across + 1}")
        row.extend([""] * (column - len(row)))
        data = cell.find(f"{_SS}Data")
        row.extend(["" if data is None else _value(data), *[""] * across])
        if across or down:
            merges.append((here, column, here + down, column + across))
    rows.extend([] for _ in range(here - len(rows)))
    rows.append(row)


def _number(element: Any, name: str, default: int) -> int:
    said = element.get(f"{_SS}{name}")
    return int(said) if said and said.isdecimal() else default


def _value(data: Any) -> Any:
    """One cell; text may be cut into pieces by its format."""
    text = "".join(data.itertext())
    kind = data.get(f"{_SS}Type", "String")
    if kind == "Number":
        return float(text) if text.strip() else ""
    if kind == "Boolean":
        return text.strip() in ("1", "true")
    return _moment(text.strip()) if kind == "DateTime" else text


def _moment(text: str) -> Any:
    """A date, a time of day (it stands on day 0), or both.

    >>> _moment("2023-05-14T00:00:00.000"), _moment("1899-12-31T08:30:00.000")
    (datetime.date(2023, 5, 14), datetime.time(8, 30))
    """
    value = dt.datetime.fromisoformat(text)
    if value.year < 1900:
        return value.time()
    return value.date() if value.time() == dt.time() else value
