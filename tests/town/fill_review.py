"""Fills a review workbook as a person does: a decision per row, reviewer and date on the first sheet, everything else as it
was, saved by another program than the one that made it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import python_calamine as calamine
import xlsxwriter

GUIDE, REVIEWER, REVIEWED_ON = "说明", "审核人（必填）", "审核日期（必填）"
Decisions = Mapping[tuple[str, str], str]


def fill(
    book: Path | bytes,
    decisions: Decisions,
    *,
    reviewer: str | None = "审核员甲",
    on: Any = date(2023, 6, 1),
    cells: Mapping[tuple[str, str, str], Any] | None = None,
) -> bytes:
    """The workbook with `decisions` by (sheet, what stands in one of the row's cells); `cells` by (sheet, what stands in the
    row, heading) change anything else. Raises KeyError for a decision whose row is not there."""
    source = calamine.load_workbook(io.BytesIO(book) if isinstance(book, bytes) else str(book))
    changes = {(sheet, said, "决定"): value for (sheet, said), value in decisions.items()} | dict(cells or {})
    used: set[tuple[str, str, str]] = set()
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as target:
        for name in source.sheet_names:
            rows = source.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if name == GUIDE:
                signed = {REVIEWER: reviewer, REVIEWED_ON: on}
                rows = [[row[0], signed.get(row[0], row[1]), *row[2:]] for row in rows]
            _write(target.add_worksheet(name), _changed(name, rows, changes, used))
    if set(changes) - used:
        raise KeyError(sorted(set(changes) - used))
    return buffer.getvalue()


def _changed(sheet: str, rows: list[list[Any]], changes: Mapping[tuple, Any], used: set[tuple]) -> list[list[Any]]:
    top = next((i for i, row in enumerate(rows) if "决定" in row), len(rows))
    made = rows[: top + 1]
    for row in rows[top + 1 :]:
        for about, value in changes.items():
            if about[0] == sheet and about[1] in map(str, row):
                used.add(about)
                row = [value if heading == about[2] else cell for heading, cell in zip(rows[top], row, strict=True)]
        made.append(row)
    return made


def _write(page: Any, rows: list[list[Any]]) -> None:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(number, column, datetime(value.year, value.month, value.day))
            elif value not in ("", None):
                page.write(number, column, value)


def table(book: Path | bytes, sheet: str) -> list[dict[str, str]]:
    """The rows of a sheet by heading, as text."""
    rows = (
        calamine.load_workbook(io.BytesIO(book) if isinstance(book, bytes) else str(book))
        .get_sheet_by_name(sheet)
        .to_python()
    )
    top = next(i for i, row in enumerate(rows) if "决定" in row)
    return [dict(zip(rows[top], map(str, row), strict=True)) for row in rows[top + 1 :]]
