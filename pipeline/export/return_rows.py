"""One return workbook: the rows of one source and reporting unit to repair, in the columns of the files they came from.

The cell at fault is coloured, the reason stands behind the row in Chinese, and a last column ties the row to its origin, so
that the workbook can come back as it is. Every value is written as text: nothing a keeper typed becomes a formula.
"""

from __future__ import annotations

import io
import math
from typing import Any

import xlsxwriter

from pipeline import disclose
from pipeline.contracts.returned import (
    ADDED,
    AGAIN,
    FIRST,
    GUIDE_SHEET,
    HEADER_ROW,
    ORIGIN,
    REASON,
    ROWS_SHEET,
    STATE,
    Fault,
    ReturnRow,
    ReturnSheet,
)  # fmt: skip
from pipeline.export.workbook import CREATED, SAFE

_GUIDE = (
    "这份表怎么用 How to use this workbook",
    f"1. 打开“{ROWS_SHEET}”，改正有颜色的格子（原因写在“{REASON}”列）。 Correct the coloured cells; the reason stands behind the row.",
    "2. 写着〔见原表第…行〕的格子是个人信息，没有抄在这里：不动它就表示不变。 Such a cell is personal: left alone, it means unchanged.",
    f"3. 不要改表头和“{ORIGIN}”列；不想改的行可以不动，也可以整行删去。 Leave headings and the origin column; rows may be left or deleted.",
    "4. 改好后把这份表放进 raw 文件夹（放在哪里都可以），再运行一次：只有改过的行会代替原行，原来的文件不用改。"
    " Put this workbook into raw and run again: only changed rows replace the old ones; the old files stay as they are.",
    f"5. “{STATE}”写着“{AGAIN}”的，是上一期已经退回、这一期又出现的同一个错误。 It was returned for an earlier date already.",
)
_LOOKS: dict[str, dict[str, Any]] = {
    "cell": {},
    "fault": {"bg_color": "#FBE3DC", "border": 1, "border_color": "#A8321F"},
    "head": {"bold": True, "bg_color": "#E8EEF5", "border": 1, "text_wrap": True},
    "why": {"font_color": "#A8321F", "text_wrap": True},
    "soft": {"font_color": "#7A828E"},
    "title": {"bold": True, "font_size": 14},
    "stamp": {"bold": True, "font_color": "#A8321F", "text_wrap": True},
    "mark": {"bold": True, "font_color": "#A8321F"},
    "line": {"text_wrap": True},
}
_WIDEST, _GUIDE_WIDTH, _REASON_WIDTH = 30, 110, 56  # widths of columns, in half-width letters
_LINE = 16.5  # height of a line in points
_MOST_ON_A_PAGE = 16


def render(sheets: list[ReturnSheet], reasons: dict[str, str], *, is_simulated: bool) -> bytes:
    """The workbook of one source and unit. `reasons` are the Chinese words for reason codes; equal bytes for equal input."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE)
    book.set_properties({"created": CREATED, "title": GUIDE_SHEET})
    base = {"font_name": "微软雅黑", "font_size": 10.5, "valign": "top", "num_format": "@"}
    looks = {name: book.add_format({**base, **extra}) for name, extra in _LOOKS.items()}
    stamp = f"{disclose.rules()['simulated']['zh']} · {disclose.rules()['simulated']['en']}" if is_simulated else ""
    _guide(book.add_worksheet(GUIDE_SHEET), sheets, stamp, looks)
    filled = [sheet for sheet in sheets if sheet.rows]
    for number, sheet in enumerate(filled, start=1):
        name = ROWS_SHEET if len(filled) == 1 else f"{ROWS_SHEET}{number}"
        _rows(book.add_worksheet(name), sheet, reasons, stamp, looks)
    book.close()
    return buffer.getvalue()


def _guide(page: Any, sheets: list[ReturnSheet], stamp: str, looks: dict[str, Any]) -> None:
    page.set_column(0, 0, _GUIDE_WIDTH)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    n_rows, n_waiting = sum(len(sheet.rows) for sheet in sheets), sum(sheet.n_waiting for sheet in sheets)
    n_back = sum(row.is_back for sheet in sheets for row in sheet.rows)
    lines = [
        f"{sheets[0].label_zh}　{sheets[0].unit or '未注明填报单位'}　需要修改 {n_rows} 行（其中 {n_back} 行{AGAIN}）"
    ]
    if n_waiting:
        lines.append(
            f"另有 {n_waiting} 行本身没有问题：它们提到的驿站、楼宇或网点的登记行被退回，先改那些登记行。"
            f" {n_waiting} more rows are all right: they wait for the register row they name."
        )
    place = 0
    for look, text in [("stamp", stamp), ("title", _GUIDE[0]), *(("line", text) for text in (*lines, *_GUIDE[1:]))]:
        if text:
            page.set_row(place, _height(text, _GUIDE_WIDTH) + (6 if look == "title" else 0))
            page.write_string(place, 0, text, looks[look])
            place += 1


def _height(text: str, width: int) -> float:
    """How high a row must be for a wrapped text, in points: spreadsheets do not find out by themselves."""
    n_half = sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
    return _LINE * max(1, math.ceil(n_half / (0.9 * width)))


def _rows(page: Any, sheet: ReturnSheet, reasons: dict[str, str], stamp: str, looks: dict[str, Any]) -> None:
    page.write_string(0, 0, stamp or f"{sheet.label_zh}：{ROWS_SHEET}", looks["mark" if stamp else "title"])
    page.write_string(
        1, 0, f"原文件：{sheet.path}" + (f"　工作表：{sheet.sheet}" if sheet.sheet else ""), looks["soft"]
    )
    top = HEADER_ROW - 1
    headings = [*sheet.headings, *ADDED]
    for column, heading in enumerate(headings):
        page.write_string(top, column, heading, looks["head"])
    for place, row in enumerate(sheet.rows, start=top + 1):
        _row(page, place, sheet, row, reasons, looks)
    for column, heading in enumerate(sheet.headings):
        longest = max((len(row.cells[column] or "") for row in sheet.rows), default=0)
        page.set_column(column, column, min(_WIDEST, 2 * max(len(heading), longest, 3) + 2))
    behind = len(sheet.headings)
    for column, width in enumerate((_REASON_WIDTH, 12, 34), start=behind):
        page.set_column(column, column, width)
    last = top + len(sheet.rows)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, last, len(headings) - 1)
    page.set_landscape()
    page.set_paper(9)
    if len(headings) <= _MOST_ON_A_PAGE:  # more would be too small to read; then the page runs on to the right
        page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _row(
    page: Any, place: int, sheet: ReturnSheet, row: ReturnRow, reasons: dict[str, str], looks: dict[str, Any]
) -> None:
    at_fault = {column for fault in row.faults for column in fault.columns}
    for column, cell in enumerate(row.cells):
        look = looks["fault" if column in at_fault else "cell"]
        if cell:
            page.write_string(place, column, cell, look)
        elif column in at_fault:
            page.write_blank(place, column, None, look)
    behind = len(sheet.headings)
    why = "；".join(_why(fault, reasons) for fault in row.faults)
    page.set_row(place, _height(why, _REASON_WIDTH))
    page.write_string(place, behind, why, looks["why"])
    page.write_string(place, behind + 1, AGAIN if row.is_back else FIRST, looks["why" if row.is_back else "soft"])
    page.write_string(place, behind + 2, row.origin.text(), looks["soft"])


def _why(fault: Fault, reasons: dict[str, str]) -> str:
    """A reason in words, with its column and, where another row was kept, that row.

    >>> _why(Fault((2,), "开放时间", "bad_hours"), {"bad_hours": "开放时间无法识别"})
    '「开放时间」开放时间无法识别'
    """
    column = f"「{fault.column_name}」" if fault.column_name else ""
    kept = f"（保留的是第 {fault.kept_row.rsplit(':', 1)[-1]} 行）" if fault.kept_row else ""
    return f"{column}{reasons.get(fault.reason_code, fault.reason_code)}{kept}"
