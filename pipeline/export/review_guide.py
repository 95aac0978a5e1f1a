"""The first sheet of a review workbook: how to decide, who decides and when, which study it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pipeline.contracts import StudyFile
from pipeline.contracts.review import (
    AREAS,
    DECISION,
    LATER,
    MARK,
    MISSING,
    PARTS,
    REVIEWED_ON,
    REVIEWER,
    STUDY,
    TITLE,
    Question,
    study_line,
)
from pipeline.export.dropdowns import Hint, explain, limit

_FIRST_DAY = date(2000, 1, 1)
_WIDTHS = (18, 100)
_HOW = (
    f"1. 在下面填写“{REVIEWER}”和“{REVIEWED_ON}”。 Fill in the reviewer and the date below.",
    f"2. 在各表的“{DECISION}”列逐行选择；拿不准的选“{LATER}”或留空，下次再问。 Decide row by row; what is left blank is asked again.",
    f"3. “{MISSING}”：等于没填；“视为无效值”：确实写错，该行照样退回，但不再问。"
    " The first means not said; the second is known rubbish: its rows still go back, but nobody is asked again.",
    f"4. 不要改表头和“{MARK}”列。行可以排序、筛选、删去。 Leave headings and the last column; rows may be sorted or deleted.",
    "5. 保存后运行 python -m pipeline apply review.xlsx（有问题会一次说完，什么也不写），再运行一次流程。"
    " Save, run `apply`, then run the line again. Nothing is written while anything is wrong.",
    "候选只按名称、编号的相似程度和距离排出，不代表结论；程序从不自动合并。三种“站”（暖心驿站、快递网点、工会服务站）不要混。"
    " Candidates are only alike; nothing is ever merged by itself. Keep the three kinds of 站 apart.",
)


def write_guide(
    page: Any,
    asked: list[Question],
    study_file: StudyFile,
    *,
    signed: tuple[str, date | str],
    stamp: str,
    looks: dict[str, Any],
) -> None:
    """Write the sheet; `signed` are a reviewer and date to take over ('' for none)."""
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    page.fit_to_pages(1, 0)
    row = 0
    if stamp:
        page.merge_range(row, 0, row, 1, stamp, looks["stamp"])
        row += 1
    page.write_string(row, 0, TITLE, looks["title"])
    counts = [(part.name, sum(question.part is part for question in asked)) for part in PARTS]
    name, areas = study_line(study_file)
    facts = [
        (STUDY, name), (AREAS, areas), ("待决定", "，".join(f"{part} {n} 条" for part, n in counts if n)),
    ]  # fmt: skip
    row = _signature(page, row + 1, signed, looks)
    for label, text in [*facts, *(("", text) for text in _HOW)]:
        page.write_string(row, 0, label, looks["head"]) if label else None
        page.write_string(row, 1, text, looks["cell"])
        page.set_row(row, 33 if len(text) > 60 else 17)
        row += 1


def _signature(page: Any, row: int, signed: tuple[str, date | str], looks: dict[str, Any]) -> int:
    """The two cells that must be filled in; the next free row."""
    reviewer, on = signed
    page.write_string(row, 0, REVIEWER, looks["head"])
    page.write_string(row, 1, reviewer, looks["decision"]) if reviewer else page.write_blank(
        row, 1, None, looks["decision"]
    )
    explain(page, (row, 1, row, 1), Hint(REVIEWER, "写下决定的人。 Who decided."))
    page.write_string(row + 1, 0, REVIEWED_ON, looks["head"])
    if isinstance(on, date):
        page.write_datetime(row + 1, 1, datetime(on.year, on.month, on.day), looks["date"])
    else:
        page.write_blank(row + 1, 1, None, looks["date"])
    hint = Hint(REVIEWED_ON, "如 2023-06-01", "请填写日期，如 2023-06-01", strict=False)
    limit(page, (row + 1, 1, row + 1, 1), "date", _FIRST_DAY, None, hint)
    return row + 2
