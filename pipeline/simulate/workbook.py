"""Writes ledgers as people make them in a spreadsheet: merged title, one or two header rows, merges, totals, remarks.

The bytes depend on nothing but the content: the creation date is fixed and text never turns into a link or formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipeline.simulate.defects import Record

CREATED = datetime(2023, 6, 1, 9, 0, 0)
OPTIONS = {
    "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False,
    "constant_memory": False, "default_date_format": "yyyy-mm-dd",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row: cells by column heading (`group/name` under a group heading) and the defects planted in it."""

    cells: dict[str, Any]
    defects: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet. `above` and `below` are lines around the table, `merge_down` columns whose equal neighbours are merged."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row]
    title: str = ""
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    merge_down: tuple[str, ...] = ()
    hidden: bool = False


def plant(rows: list[Row], *faults: tuple[int, str, Any, str]) -> None:
    """Put faults into rows: (index, column, value, reason code expected); small worlds that lack the row go without."""
    for index, column, value, code in faults:
        if index < len(rows):
            rows[index] = Row(rows[index].cells | {column: value}, ((column, code),))


def repeat(rows: list[Row], index: int, column: str) -> None:
    """Let a row stand twice, the copy below."""
    if index < len(rows):
        rows.insert(index + 1, Row(dict(rows[index].cells), ((column, "duplicate_row"),)))


def write_workbook(record: Record, file: str, sheets: list[Sheet]) -> None:
    """Write the sheets to one .xlsx and note their defects. In a very small world nothing may have happened: nobody
    sends a workbook without a row."""
    if not any(sheet.rows for sheet in sheets):
        return
    with xlsxwriter.Workbook(record.path(file), OPTIONS) as book:
        book.set_properties({"created": CREATED, "title": "模拟数据，仅供演示，不得作为决策依据", "author": "simulate"})
        styles = {
            "title": book.add_format({"bold": True, "align": "center", "font_size": 16}),
            "head": book.add_format(
                {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}
            ),
            "cell": book.add_format({"valign": "vcenter"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for sheet in sheets:
            worksheet = book.add_worksheet(sheet.name)
            if sheet.hidden:
                worksheet.hide()
            _write_sheet(worksheet, sheet, styles, record, file)


def _write_sheet(worksheet: Worksheet, sheet: Sheet, styles: dict[str, Any], record: Record, file: str) -> None:
    at = 0
    if sheet.title:
        worksheet.merge_range(0, 0, 0, len(sheet.columns) - 1, sheet.title, styles["title"])
        at = 1
    for line in sheet.above:
        worksheet.write_string(at, 0, line)
        at += 1
    at = _write_header(worksheet, sheet.columns, at, styles["head"])
    first = at
    for row in sheet.rows:
        for number, column in enumerate(sheet.columns):
            _write_cell(worksheet, at, number, row.cells.get(column), styles)
        for column, code in row.defects:
            record.add(file, sheet.name, at + 1, column.split("/")[-1], code)
        at += 1
    for column in sheet.merge_down:
        _merge_down(worksheet, sheet, sheet.columns.index(column), first, styles["cell"])
    for line in sheet.below:
        worksheet.write_string(at, 0, line)
        at += 1


def _write_header(worksheet: Worksheet, columns: tuple[str, ...], at: int, style: Any) -> int:
    if not any("/" in column for column in columns):
        for number, column in enumerate(columns):
            worksheet.write_string(at, number, column, style)
        return at + 1
    groups = [column.split("/")[0] if "/" in column else None for column in columns]
    for number, column in enumerate(columns):
        if groups[number] is None:
            worksheet.merge_range(at, number, at + 1, number, column, style)
            continue
        worksheet.write_string(at + 1, number, column.split("/", 1)[1], style)
        if number == 0 or groups[number - 1] != groups[number]:
            last = number
            while last + 1 < len(columns) and groups[last + 1] == groups[number]:
                last += 1
            if last > number:
                worksheet.merge_range(at, number, at, last, groups[number], style)
            else:
                worksheet.write_string(at, number, groups[number], style)
    return at + 2


def _write_cell(worksheet: Worksheet, row: int, column: int, value: Any, styles: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        worksheet.write_datetime(row, column, value, styles["time"])
    elif isinstance(value, date):
        worksheet.write_datetime(row, column, datetime(value.year, value.month, value.day), styles["date"])
    elif isinstance(value, bool):
        worksheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        worksheet.write_number(row, column, value)
    else:
        worksheet.write_string(row, column, str(value))


def _merge_down(worksheet: Worksheet, sheet: Sheet, number: int, first: int, style: Any) -> None:
    values = [row.cells.get(sheet.columns[number]) for row in sheet.rows]
    start = 0
    for end in range(1, len(values) + 1):
        if end < len(values) and values[end] is not None and values[end] == values[start]:
            continue
        if end - start > 1 and values[start] is not None:
            worksheet.merge_range(first + start, number, first + end - 1, number, str(values[start]), style)
        start = end
