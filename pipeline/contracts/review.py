"""What a review workbook looks like, for the writer and for the reader of one in which a person has decided.

Each sheet asks one kind of question, a row each; the column 决定 holds the answer, the last column ties the row to what it is
about. Reviewer and date stand on the first sheet. Reading takes what stands in the cells; what it means is checked elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import python_calamine as calamine

from pipeline.contracts.codebook import spelled
from pipeline.contracts.study_file import StudyFile

GUIDE = "说明"
TITLE = "待决定事项（由程序生成）"
REVIEWER, REVIEWED_ON, STUDY, AREAS = "审核人（必填）", "审核日期（必填）", "研究", "地区"
DECISION, MARK = "决定", "标识（请勿改动）"
MISSING, JUNK, LATER = "视为未填", "视为无效值", "暂不处理"
OTHER_PLACE = "不是同一处"
ACCEPT, DECLINE = "接受", "不接受"
NO_VARIABLE = "不连接任何变量"
CANDIDATES = ("候选1", "候选2", "候选3")
KINDS = {"station": "驿站", "building": "楼宇", "grid": "网格", "depot": "网点"}


@dataclass(frozen=True)
class Part:
    """One sheet: its name, its headings with their widths (None: hidden), and those that reading cannot do without."""

    name: str
    headings: dict[str, int | None]
    needed: tuple[str, ...]


SPELLINGS = Part(
    "写法", {"代码表": 18, "写法": 30, "出处": 60, "行数": 8, DECISION: 24, MARK: 22}, ("写法", DECISION, MARK),
)  # fmt: skip
PLACES = Part(
    "地点",
    {
        "种类": 8, "地区": 12, "写法": 28, "出处": 50, "行数": 8, "提示": 26, OTHER_PLACE: None, LATER: None,
        **dict.fromkeys(CANDIDATES, 30), "相似度与距离": 30, DECISION: 32, MARK: 26,
    },
    ("写法", DECISION, MARK),
)  # fmt: skip
SIMILAR = Part(
    "疑似重复", {"种类": 8, "地区": 12, "一处": 34, "另一处": 34, "相似度与距离": 24, DECISION: 18, MARK: 26}, (DECISION, MARK),
)  # fmt: skip
CORRECTIONS = Part(
    "更正",
    {
        "文件": 42, "工作表": 14, "行": 7, "列": 16, "现值": 24, "建议值": 24, "理由": 34, DECISION: 16, MARK: 26,
    },
    ("文件", "工作表", "行", "列", "现值", "建议值", "理由", DECISION, MARK),
)  # fmt: skip
LINKS = Part(
    "问卷题目",
    {"波次": 16, "题目": 10, "题干": 44, "题型": 10, "建议变量": 24, "分数": 8, "提示": 34, DECISION: 24, MARK: 26},
    ("波次", "题目", DECISION, MARK),
)  # fmt: skip
PARTS = (SPELLINGS, PLACES, SIMILAR, CORRECTIONS, LINKS)


@dataclass(frozen=True)
class Row:
    """One question as it stands in a workbook: `cells` by heading, `mark` what it is about."""

    part: str
    number: int
    cells: dict[str, str]
    mark: dict[str, Any] | None

    @property
    def decision(self) -> str:
        """What the person decided; empty where nothing is decided yet."""
        said = self.cells.get(DECISION, "")
        return "" if said == LATER else said

    @property
    def where(self) -> str:
        """As shown in messages."""
        return f"[{self.part}] 第{self.number}行"


@dataclass
class Review:
    """A workbook as read. `reviewed_on` is the text of its cell when that is no date; `lacks` the sheets that have lost a
    column they cannot do without."""

    reviewer: str = ""
    reviewed_on: date | str = ""
    study: str = ""
    areas: str = ""
    rows: list[Row] = field(default_factory=list)
    lacks: dict[str, list[str]] = field(default_factory=dict)
    is_review: bool = False


@dataclass(frozen=True)
class Question:
    """One row to be written: what its cells say by heading, what it is about, and for a spelling the list it is chosen
    from."""

    part: Part
    cells: dict[str, str | int]
    mark: dict[str, Any]
    choices: str = ""

    @property
    def key(self) -> tuple:
        """What makes two rows the same question."""
        return key(self.part.name, {name: str(value) for name, value in self.cells.items()}, self.mark)


def study_line(study_file: StudyFile) -> tuple[str, str]:
    """Which study a workbook is of: its name, and the codes of its areas."""
    return study_file.name_zh, "、".join(area.code for area in study_file.areas)


def key(part: str, cells: dict[str, str], about: dict[str, Any]) -> tuple:
    """What makes two rows the same question, in whatever workbook they stand."""
    if part in (SPELLINGS.name, PLACES.name):
        return part, about.get("list"), about.get("kind"), about.get("area"), spelled(cells.get("写法", ""))
    if part == SIMILAR.name:
        return part, about.get("kind"), about.get("area"), *sorted(map(str, about.get("codes", [])))
    if part == LINKS.name:
        return part, about.get("wave"), about.get("question")
    return part, about.get("source"), *(cells.get(name, "") for name in ("文件", "工作表", "行", "列", "现值"))


def mark(**about: Any) -> str:
    """What a row is about, as written into its last column.

    >>> mark(kind="station", area="AA", codes=["S1"])
    '{"kind": "station", "area": "AA", "codes": ["S1"]}'
    """
    return json.dumps(about, ensure_ascii=False)


def read_review(path: Path) -> Review:
    """The cells of a review workbook, whatever program saved it. Raises OSError or calamine's own error where the file is
    no workbook that can be opened."""
    book = calamine.load_workbook(str(path))
    review = Review()
    if GUIDE in book.sheet_names:
        _read_guide(_cells(book, GUIDE), review)
    for part in PARTS:
        if part.name in book.sheet_names:
            _read_part(part, _cells(book, part.name), review)
    return review


def _cells(book: Any, sheet: str) -> list[list[Any]]:
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def _read_guide(rows: list[list[Any]], review: Review) -> None:
    review.is_review = any(row and _text(row[0]) == TITLE for row in rows)
    said = {_text(row[0]): row[1] for row in rows if len(row) > 1}
    review.reviewer, review.study, review.areas = (_text(said.get(label, "")) for label in (REVIEWER, STUDY, AREAS))
    value = said.get(REVIEWED_ON, "")
    review.reviewed_on = (
        value.date() if isinstance(value, datetime) else value if isinstance(value, date) else _text(value)
    )


def _read_part(part: Part, rows: list[list[Any]], review: Review) -> None:
    top = next((i for i, row in enumerate(rows) if DECISION in map(_text, row)), None)
    headings = [_text(cell) for cell in rows[top]] if top is not None else []
    lacking = [name for name in part.needed if name not in headings]
    if lacking:
        review.lacks[part.name] = lacking
        return
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        cells = {heading: _text(cell) for heading, cell in zip(headings, row, strict=False) if heading}
        if any(cells.get(name) for name in part.needed):
            review.rows.append(Row(part.name, number, cells, _mark(cells[MARK])))


def _mark(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _text(cell: Any) -> str:
    """A cell as text; a number that a program made of a text of digits is that text again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(sep=" ")
    return str(cell).strip()
