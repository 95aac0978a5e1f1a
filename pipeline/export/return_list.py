"""Lists of rows to repair in service logs and surveys: which file, which row, why; never a value from the row."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from pipeline import disclose
from pipeline.export.workbook import CREATED, SAFE
from pipeline.export.write import legal

COLUMNS = (
    ("path", "文件 File", 46),
    ("source_sheet", "工作表 Sheet", 16),
    ("source_row", "行号 Row", 9),
    ("column_name", "列 Column", 22),
    ("label_zh", "原因 Reason", 44),
    ("label_en", "Reason (English)", 44),
)
HOW = (
    "怎么用 How to use",
    "1. 按“要修改的行”里的文件、工作表、行号找到原表中的那一行。 Find the row in the original file by file, sheet and row number.",
    "2. 在原表中改正“列”所指的内容，不要改行的次序。 Correct the named column there; keep the order of rows.",
    "3. 把改好的原表放回 raw 文件夹，再运行一次。 Put the corrected file back into raw and run again.",
    "本表不含原表内容；个人信息请只在原表中查看。 This workbook holds no content of the rows.",
)


def files(rejected: pl.DataFrame, folder: Path, *, is_simulated: bool) -> dict[Path, bytes | str]:
    """One workbook per source, from a frame shaped like audit.rejected_rows."""
    named = rejected.with_columns(pl.col("source_code").fill_null("unclaimed"))
    return {
        folder / f"{legal(str(source))}.xlsx": render(rows, is_simulated=is_simulated)
        for (source,), rows in named.group_by("source_code", maintain_order=True)
    }


def render(rows: pl.DataFrame, *, is_simulated: bool) -> bytes:
    """One workbook: how to use it, then the rows."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE)
    book.set_properties({"created": CREATED, "title": "要修改的行"})
    base = {"font_name": "微软雅黑", "font_size": 10.5, "valign": "top"}
    looks = {
        name: book.add_format({**base, **extra})
        for name, extra in {
            "plain": {},
            "wrap": {"text_wrap": True},
            "head": {"bold": True, "bg_color": "#E8EEF5", "border": 1},
            "stamp": {"bold": True, "font_color": "#A8321F", "text_wrap": True},
        }.items()
    }
    stamp = f"{disclose.rules()['simulated']['zh']} · {disclose.rules()['simulated']['en']}" if is_simulated else ""
    _how(book.add_worksheet("说明"), rows.height, stamp, looks)
    _rows(book.add_worksheet("要修改的行"), rows, stamp, looks)
    book.close()
    return buffer.getvalue()


def _how(sheet: Any, count: int, stamp: str, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 100)
    sheet.fit_to_pages(1, 0)
    lines = [*([stamp] if stamp else []), *HOW, f"共 {count} 处 · {count} entries"]
    for place, line in enumerate(lines):
        sheet.write_string(place, 0, line, looks["stamp" if line == stamp and stamp else "wrap"])


def _rows(sheet: Any, rows: pl.DataFrame, stamp: str, looks: dict[str, Any]) -> None:
    top = 0
    if stamp:
        sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, stamp, looks["stamp"])
        top = 1
    for column, (_, title, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, title, looks["head"])
    for place, row in enumerate(rows.iter_rows(named=True), start=top + 1):
        for column, (name, _, _) in enumerate(COLUMNS):
            value = row.get(name)
            if name == "source_row" and value is not None:
                sheet.write_number(place, column, value, looks["plain"])
            else:
                sheet.write_string(
                    place,
                    column,
                    str(value if value is not None else row.get("reason_code") if name == "label_zh" else ""),
                    looks["wrap"],
                )
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, top + max(rows.height, 1), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
