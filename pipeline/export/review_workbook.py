"""processed/review/review.xlsx: what a person has to decide, with drop-downs; written by every run that leaves a question.

Decisions that stand in the workbook of an earlier run and were not applied yet are taken over: nobody fills it in twice.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from pipeline import disclose
from pipeline.contracts import Codebook, StudyFile, load_codebooks, load_study_file, load_variables
from pipeline.contracts.review import (
    ACCEPT,
    CANDIDATES,
    CORRECTIONS,
    DECISION,
    DECLINE,
    GUIDE,
    JUNK,
    LATER,
    LINKS,
    MARK,
    MISSING,
    NO_VARIABLE,
    OTHER_PLACE,
    PARTS,
    PLACES,
    SIMILAR,
    SPELLINGS,
    Part,
    Question,
    Review,
    key,
    mark,
    read_review,
)
from pipeline.export.dropdowns import Hint, add_list_sheet, list_ranges, offer
from pipeline.export.review_guide import write_guide
from pipeline.export.review_links import link_questions, named
from pipeline.export.review_questions import questions
from pipeline.export.workbook import CREATED, SAFE
from pipeline.export.write import put_all
from pipeline.paths import Study

_HINTS = {
    SPELLINGS.name: "选它的意思。没有合适的，就不选，先在代码表中新增。",
    PLACES.name: f"选一个候选；候选都不对，填名录中的编号；名录中没有，选“{OTHER_PLACE}”。",
    SIMILAR.name: f"确认是两处，选“{OTHER_PLACE}”；确实是一处，请改台账。",
    LINKS.name: f"{ACCEPT}建议，或选别的变量；都不对，选“{NO_VARIABLE}”。分数 0–1，只是提示。",
    CORRECTIONS.name: "同一行的几格要一起接受或一起不接受。建议值可以改。",
}
_LOOKS: dict[str, dict[str, Any]] = {
    "cell": {"text_wrap": True},
    "soft": {"font_color": "#7A828E", "text_wrap": True},
    "line": {"font_color": "#566070"},
    "stamp_line": {"bold": True, "font_color": "#A8321F"},
    "head": {"bold": True, "bg_color": "#E8EEF5", "border": 1, "text_wrap": True},
    "decision": {"bg_color": "#FFF7DB", "border": 1, "border_color": "#C9A227", "text_wrap": True},
    "title": {"bold": True, "font_size": 14},
    "stamp": {"bold": True, "font_color": "#A8321F", "text_wrap": True},
    "date": {
        "bg_color": "#FFF7DB",
        "border": 1,
        "border_color": "#C9A227",
        "num_format": "yyyy-mm-dd",
        "align": "left",
    },
}
_LINE = 16.5


def write(con: duckdb.DuckDBPyConnection, study: Study, *, is_simulated: bool) -> list[Path]:
    """Write the workbook from a warehouse, published or not; with nothing to decide the old one goes. Raises exit 10 when
    another program holds it open (the new one then lies beside it)."""
    path = study.review
    books = load_codebooks(study)
    asked = [*questions(con, books), *link_questions(study, books)]
    if not asked:
        path.unlink(missing_ok=True)
        return []
    data = render(asked, books, load_study_file(study), before=_before(path), is_simulated=is_simulated)
    return put_all({path: data})


def render(
    asked: list[Question],
    books: dict[str, Codebook],
    study_file: StudyFile,
    *,
    before: Review | None = None,
    is_simulated: bool,
) -> bytes:
    """The workbook's bytes; equal for equal inputs. `before` is an earlier one whose decisions are taken over."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE)
    stamp = f"{disclose.rules()['simulated']['zh']} · {disclose.rules()['simulated']['en']}" if is_simulated else ""
    book.set_properties({"created": CREATED, "title": "待决定事项", "comments": stamp})
    base = {"font_name": "微软雅黑", "font_size": 10.5, "valign": "top", "num_format": "@"}
    looks = {name: book.add_format({**base, **extra}) for name, extra in _LOOKS.items()}
    lists = _lists(asked, books)
    taken = _taken_over(asked, before)
    signed = (before.reviewer, before.reviewed_on) if before and taken else ("", "")
    write_guide(book.add_worksheet(GUIDE), asked, study_file, signed=signed, stamp=stamp, looks=looks)
    for part in PARTS:
        rows = [question for question in asked if question.part is part]
        if rows:
            _sheet(book.add_worksheet(part.name), part, rows, list_ranges(lists), taken, looks=looks, stamp=stamp)
    add_list_sheet(book, lists)
    book.close()
    return buffer.getvalue()


def _lists(asked: list[Question], books: dict[str, Codebook]) -> dict[str, list[str]]:
    """The choices of every drop-down by name."""
    codes = sorted({question.choices for question in asked if question.choices})
    labels = {name: [code.label_zh for code in books[name].codes] + [MISSING, JUNK, LATER] for name in codes}
    links = [ACCEPT, NO_VARIABLE, LATER, *map(named, load_variables().values())]
    others = {SIMILAR.name: [OTHER_PLACE, LATER], CORRECTIONS.name: [ACCEPT, DECLINE, LATER]}
    return labels | others | ({LINKS.name: links} if any(question.part is LINKS for question in asked) else {})


def _before(path: Path) -> Review | None:
    """What stands in the workbook of an earlier run; None where there is none that can be read."""
    try:
        return read_review(path) if path.exists() else None
    except Exception:  # whatever a program left there: the new workbook does not depend on it
        return None


def _taken_over(asked: list[Question], before: Review | None) -> dict[tuple, dict[str, str]]:
    """Decisions of an earlier workbook by question, with the value that goes with an accepted correction."""
    kept: dict[tuple, dict[str, str]] = {}
    for row in before.rows if before else []:
        if row.cells.get(DECISION) and row.mark is not None:
            cells = (DECISION, "建议值") if row.part == CORRECTIONS.name else (DECISION,)
            kept[key(row.part, row.cells, row.mark)] = {name: row.cells.get(name, "") for name in cells}
    still = {question.key for question in asked}
    return {about: cells for about, cells in kept.items() if about in still}


def _sheet(
    page: Any, part: Part, rows: list[Question], ranges: Mapping[str, str], taken: dict[tuple, dict[str, str]],
    *, looks: dict[str, Any], stamp: str,
) -> None:  # fmt: skip
    headings = list(part.headings)
    at = {heading: column for column, heading in enumerate(headings)}
    page.write_string(0, 0, stamp or part.name, looks["stamp_line" if stamp else "title"])
    page.write_string(1, 0, _HINTS[part.name], looks["line"])
    top = 2
    for heading, column in at.items():
        page.write_string(top, column, heading, looks["head"])
        width = part.headings[heading]
        page.set_column(column, column, width or 4, None, {"hidden": width is None})
    for place, question in enumerate(rows, start=top + 1):
        _row(page, place, at, question, taken.get(question.key, {}), looks)
    last = top + len(rows)
    _choices(page, part, rows, ranges, first=top + 1, at=at)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, last, len(headings) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _row(
    page: Any, place: int, at: dict[str, int], question: Question, taken: dict[str, str], looks: dict[str, Any]
) -> None:
    cells: dict[str, str | int] = {**question.cells, DECISION: "", MARK: mark(**question.mark), **taken}
    for heading, column in at.items():
        value = cells.get(heading, "")
        look = looks["decision" if heading == DECISION else "soft" if heading == MARK else "cell"]
        if isinstance(value, int):
            page.write_number(place, column, value, looks["soft"])
        elif value or heading == DECISION:
            page.write_string(place, column, value, look) if value else page.write_blank(place, column, None, look)
    lines = max(str(value).count("\n") + 1 for value in cells.values())
    page.set_row(place, _LINE * max(2, lines))


def _choices(
    page: Any, part: Part, rows: list[Question], ranges: Mapping[str, str], *, first: int, at: dict[str, int]
) -> None:
    """The drop-downs: for a spelling those of its code list, for a place the candidates of its own row, which move along
    when rows are sorted."""
    column, hint = at[DECISION], Hint(DECISION, _HINTS[part.name], "不在选项中。确定要这样填吗？", strict=False)
    if part is SPELLINGS:
        for place, question in enumerate(rows, start=first):
            offer(page, (place, column, place, column), ranges[question.choices], hint)
        return
    here = (
        f"=${xl_col_to_name(at[OTHER_PLACE])}{first + 1}:${xl_col_to_name(at[CANDIDATES[-1]])}{first + 1}"
        if part is PLACES
        else ""
    )
    offer(page, (first, column, first + len(rows) - 1, column), here or ranges[part.name], hint)
