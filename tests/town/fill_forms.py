"""Fills a blank workbook as a person does: values from the drop-downs of the workbook itself, dates and numbers within the
limits of its cells, written into the file's own cells (so that a date column keeps dates, a text column text)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import python_calamine as calamine
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from pipeline.readers import read_file

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
GUIDE, LISTS = "填写说明", "下拉选项"
EPOCH = datetime(1899, 12, 30)
HOURS = ("每天8:00-20:00", "周一至周五9:00-18:00；周末10:00-16:00", "24小时（扫码进入）")
CHOSEN = {"服务": "饮水"}  # what every station offers: a stock-out of something else would be odd
STATION, BUILDING, DEPOT = (lambda i, name=name: f"第{i + 1}{name}" for name in ("驿站", "号楼", "网点"))
# What a free column holds in row i. Several columns name the same station, building, depot or pairing.
TEXTS: dict[str, Callable[[int], Any]] = {
    "驿站名称": STATION, "驿站": STATION, "地点": STATION, "涉及驿站": STATION,
    "楼宇名称": BUILDING, "楼宇": BUILDING, "所在楼宇": BUILDING, "网点名称": DEPOT, "快递网点": DEPOT,
    "驿站编号": lambda i: f"X{i + 1}", "楼宇编号": lambda i: f"L{i + 1}", "网点编号": lambda i: f"W{i + 1}",
    "结对编号": lambda i: f"AA-JD{i + 1}", "开放时间": lambda i: HOURS[i % 3],
    "经度": lambda i: 116.4162 + i / 10_000, "纬度": lambda i: 39.9114 + i / 10_000,
    "启用日期": lambda i: date(2022, 3, 1 + i), "竣工年份": lambda i: str(2001 + i), "轮廓": lambda i: None,
    "办公人数": lambda i: ("约2000", 1800, "2000余")[i % 3], "人数": lambda i: 3 + i,
    "关闭开始": lambda i: datetime(2023, 6, 5 + i, 9, 30), "恢复开放": lambda i: datetime(2023, 6, 5 + i, 17, 0),
    "缺货开始": lambda i: datetime(2023, 6, 5 + i, 9, 30), "补货时间": lambda i: datetime(2023, 6, 6 + i, 8, 15),
    "提出时间": lambda i: datetime(2023, 6, 5 + i, 9, 30), "办结时间": lambda i: datetime(2023, 6, 8 + i, 17, 0),
    "服务情况/服务人次": lambda i: ("约120", 80, 65)[i % 3], "服务情况/服务人数": lambda i: 30 + i,
    "服务情况/活动场次": lambda i: i, "服务情况/优惠餐份数": lambda i: 12 * i,
    "电话": lambda i: f"1990000040{i}", "联系电话": lambda i: f"1990000050{i}",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """What the cells of a column take: `kind` as in the file (list, date, whole …), the choices of a list, the bounds."""

    kind: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Sheet:
    """One blank sheet: where it lies in the archive, its headings with their columns, the first row to fill, the styles and
    rules of its columns, the cells behind 填报单位 and 填表日期."""

    name: str
    part: str
    headings: dict[str, int]
    first: int
    styles: dict[int, str]
    rules: dict[int, Rule]
    unit_cell: str
    date_cell: str


def sheets_of(path: Path) -> list[Sheet]:
    """The sheets to fill in, in their order."""
    book = calamine.load_workbook(str(path))
    lists = book.get_sheet_by_name(LISTS).to_python() if LISTS in book.sheet_names else []
    tables = {table.sheet: table for table in read_file(path)}
    with zipfile.ZipFile(path) as archive:
        roots = {
            name: (f"xl/worksheets/sheet{number}.xml", archive.read(f"xl/worksheets/sheet{number}.xml"))
            for number, name in enumerate(book.sheet_names, start=1)
        }
    return [_sheet(name, *roots[name], tables[name], lists) for name in book.sheet_names if name not in (GUIDE, LISTS)]


def _sheet(name: str, part: str, xml: bytes, table: Any, lists: list[list[Any]]) -> Sheet:
    root = ElementTree.fromstring(xml)
    styles = {
        place: column.get("style", "0")
        for column in root.iter(f"{MAIN}col")
        for place in range(int(column.get("min")) - 1, int(column.get("max")))
    }
    rules, date_cell = {}, ""
    for block in root.iter(f"{MAIN}dataValidation"):
        cells = block.get("sqref")
        if ":" in cells:
            rules[xl_cell_to_rowcol(cells.split(":")[0])[1]] = _rule(block, lists)
        else:
            date_cell = cells
    merged = {block.get("ref") for block in root.iter(f"{MAIN}mergeCell")}
    row = next(row.get("r") for row in root.iter(f"{MAIN}row") if any(cell.get("r") == date_cell for cell in row))
    unit_cell = f"C{row}" if f"A{row}:B{row}" in merged else f"B{int(row) - 1}"
    headings = dict(zip(table.columns, (place - 1 for place in table.positions), strict=True))
    return Sheet(name, part, headings, table.header_rows[-1] + 1, styles, rules, unit_cell, date_cell)


def _rule(block: ElementTree.Element, lists: list[list[Any]]) -> Rule:
    kind = block.get("type", "any")
    said = [part.text for part in block if part.text]
    if kind == "list":
        first, *last = re.findall(r"\$[A-Z]+\$\d+", said[0])
        (top, column), (bottom, _) = xl_cell_to_rowcol(first), xl_cell_to_rowcol((last or [first])[0])
        return Rule(kind, tuple(str(lists[row][column]) for row in range(top, bottom + 1)))
    return Rule(kind, (), *(float(text) for text in said))


def rows_for(sheet: Sheet, n: int, on: date, *, only: Callable[[str], bool] = lambda _: True) -> list[dict[str, Any]]:
    """Valid rows: the i-th choice where there is a list (or the one CHOSEN), else what TEXTS says, a small number, or a day from `on` onwards
    (columns further right are later). `only` says which columns are filled in."""
    return [{heading: _value(sheet, heading, i, on) for heading in sheet.headings if only(heading)} for i in range(n)]


def _value(sheet: Sheet, heading: str, i: int, on: date) -> Any:
    place = sheet.headings[heading]
    rule = sheet.rules[place]
    if rule.kind == "list":
        wanted = CHOSEN.get(heading)
        return wanted if wanted in rule.choices else rule.choices[i % len(rule.choices)]
    if heading in TEXTS:
        return TEXTS[heading](i)
    match rule.kind:
        case "whole" | "decimal":
            return min(max(i + 1, rule.least or 0), rule.most or 100)
        case "date":
            return on + timedelta(days=place + i)
        case "time":
            return time(9 + i, 5)
    return f"{heading.split('/')[-1]}{i + 1}"


def fill(
    path: Path, target: Path, rows: dict[str, list[dict[str, Any]]], *, on: date | None, unit: str = "东里街道办"
) -> None:
    """Write a filled-in copy of a blank workbook: `rows` per sheet, 填表日期 `on` (left empty when None)."""
    todo = {sheet.part: (sheet, rows[sheet.name]) for sheet in sheets_of(path) if sheet.name in rows}
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path) as blank, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for part in blank.namelist():
            data = blank.read(part)
            book.writestr(part, _filled(data.decode(), *todo[part], on, unit).encode() if part in todo else data)


def _filled(xml: str, sheet: Sheet, rows: list[dict[str, Any]], on: date | None, unit: str) -> str:
    for at, value in ((sheet.unit_cell, unit), (sheet.date_cell, on)):
        if value is not None:
            blank = re.search(rf'<c r="{at}" s="(\d+)"/>', xml)
            xml = xml.replace(blank[0], _cell(at, value, blank[1]))
    lines = "".join(
        f'<row r="{number}">{_cells(sheet, number, row)}</row>' for number, row in enumerate(rows, start=sheet.first)
    )
    return xml.replace("</sheetData>", f"{lines}</sheetData>")


def _cells(sheet: Sheet, number: int, row: dict[str, Any]) -> str:
    written = sorted((sheet.headings[heading], heading) for heading, value in row.items() if value is not None)
    return "".join(
        _cell(xl_rowcol_to_cell(number - 1, place), row[heading], sheet.styles[place]) for place, heading in written
    )


def _cell(at: str, value: Any, style: str) -> str:
    if isinstance(value, str):
        return f'<c r="{at}" s="{style}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{at}" s="{style}"><v>{_number(value)}</v></c>'


def _number(value: Any) -> float:
    """A value as Excel keeps it: days since its epoch, or a share of a day."""
    if isinstance(value, time):
        return (value.hour * 60 + value.minute) / 1440
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return (moment - EPOCH) / timedelta(days=1)
    return value


def names(folder: Path) -> list[str]:
    """The files in a folder of blank workbooks, as they go below raw/."""
    return sorted(found.relative_to(folder).as_posix() for found in folder.rglob("*.xlsx"))
