"""How a survey platform writes an export, and which column of one answers which question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.contracts import Question

_WIDTH = str.maketrans("（）：，；［］．", "():,;[].")


@dataclass(frozen=True)
class Dialect:
    """How one platform writes an export. `meta` maps a heading to its role: respondent, submitted_at, started_at,
    duration, ip_place, place, or dropped (personal or of no use: removed in the first step). `number` finds the question
    number at the head of a heading; None where the platform names its columns instead, and the wave file says which
    column is which. Several answers in one cell stand between `separators` (the first is how the platform writes).
    `bare_other`: an answer of one's own stands in the cell without the option it was written beside; `other_alone`: it
    stands in a column of its own, and the cell of the choice stays empty. `parts_by_number`:
    headings may name rows and options by number only. `tells_skips`: the platform marks every question it did not show; elsewhere an empty cell may mean that, too. Cells in `not_shown` /
    `blank` are missing; numbers in `missing_numbers` too, where the cell holds a code."""

    family: str
    meta: Mapping[str, str]
    number: re.Pattern[str] | None = None
    separators: tuple[str, ...] = (";",)
    bare_other: bool = False
    other_alone: bool = False
    parts_by_number: bool = False
    tells_skips: bool = False
    arrow: str = "→"
    not_shown: tuple[str, ...] = ("(跳过)", "（跳过）", "跳过")
    blank: tuple[str, ...] = ("", "(空)", "（空）")
    missing_numbers: Mapping[str, str] = field(default_factory=lambda: {"-3": "not_shown", "-2": "blank"})


@dataclass(frozen=True)
class AnswerColumn:
    """One column that answers (part of) a question: `option` names the option of a layout with one column per option;
    `is_fill_in`: the column holds what was written beside that option."""

    column: str
    heading: str
    question: Question
    item: str = ""
    option: str = ""
    is_fill_in: bool = False


@dataclass(frozen=True)
class Fault:
    """A heading that does not fit the wave: `kind` is question_missing, wording_differs, item_missing, option_missing,
    option_unknown or column_unlisted."""

    kind: str
    question: str
    got: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Layout:
    """Every column accounted for: bookkeeping columns by role, answer columns, and headings nobody asked for."""

    meta: dict[str, list[str]]
    answers: tuple[AnswerColumn, ...]
    extra: tuple[str, ...]
    faults: tuple[Fault, ...]

    def of(self, question: Question) -> list[AnswerColumn]:
        """The columns of one question, in the order of the file."""
        return [column for column in self.answers if column.question.code == question.code]


def fold(text: str) -> str:
    """Wording made comparable: no white space, half-width brackets and colons. For matching only, never stored.

    >>> fold("其他 （请注明）")
    '其他(请注明)'
    """
    return re.sub(r"\s+", "", text).translate(_WIDTH)
