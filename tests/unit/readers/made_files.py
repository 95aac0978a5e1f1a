"""Small files as people send them, built on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

Merge = tuple[int, int, int, int, Any]


def workbook(path: Path, *sheets: dict[str, Any]) -> Path:
    """A workbook; a sheet is {name, rows, merges, visibility, far}. Merges and far are 0-based and carry their value."""
    with xlsxwriter.Workbook(path) as book:
        formats = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        plain = book.add_format()
        for number, sheet in enumerate(sheets):
            page = book.add_worksheet(sheet.get("name", f"表{number + 1}"))
            for i, row in enumerate(sheet["rows"]):
                for j, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(i, j, value, formats[type(value)])
                    elif value is not None and value != "":
                        page.write(i, j, value)
            if "far" in sheet:
                page.write(*sheet["far"])
            for first_row, first_column, last_row, last_column, value in sheet.get("merges", ()):
                page.merge_range(first_row, first_column, last_row, last_column, value, plain)
            visibility = sheet.get("visibility", "visible")
            if visibility == "hidden":
                page.hide()
            elif visibility == "very_hidden":
                page.very_hidden()
    return path


def ledger_sheet(name: str = "台账", visibility: str = "visible") -> dict[str, Any]:
    """A ledger with everything in it: title, unit line, two header rows, vertical merges, subtotal, total, remarks.

    Excel rows: 1 title, 2 unit and date, 3–4 header, 5–7 records (class merged over 5–6), 8 subtotal, 9 blank, 10 record,
    11 total, 12 remark, 13 signatures.
    """
    rows: list[Sequence[Any]] = [
        [], ["填报单位：晴川街道   填表日期：2023年3月31日"], [], [None, None, None, "饮水", "充电"],
        [None, "S001", "甲站", "√", 2], [None, "S002", "乙站", "×", None], ["社会", "S003", "丙站", None, 1.5],
        ["小计", None, "3个", None, 3.5], [], ["社会", "S004", "丁站", "√", 13800000001.0],
        ["合 计", None, "4个", None, 7], ["备注：空格表示未查。"], ["填表人：赵某", None, "审核人：钱某"],
    ]  # fmt: skip
    merges: list[Merge] = [
        (0, 0, 0, 4, "驿站台账"), (2, 0, 3, 0, "类别"), (2, 1, 3, 1, "编号"), (2, 2, 3, 2, "名称"), (2, 3, 2, 4, "服务项目"),
        (4, 0, 5, 0, "固定"),
    ]  # fmt: skip
    return {"name": name, "rows": rows, "merges": merges, "visibility": visibility}
