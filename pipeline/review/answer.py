"""What one row of a review workbook comes to: a block to write, or why it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.contracts.review import DECISION, LATER, Row
from pipeline.errors import Problem


@dataclass(frozen=True)
class Answer:
    """`block` goes into `table`; `is_known` when place/ says so already, `is_gone` when its file is not there any more;
    `problem` when it cannot be taken."""

    table: str = ""
    block: dict[str, Any] = field(default_factory=dict)
    is_known: bool = False
    is_gone: bool = False
    problem: Problem | None = None

    @property
    def decides(self) -> tuple:
        """What it decides, however the text is spelt."""
        return self.table, {name: value for name, value in self.block.items() if name not in ("text", "alias")}


def unknown(row: Row, zh: str, en: str, got: str, expected: str) -> Problem:
    """A decision that means nothing."""
    return Problem(
        "decision_unknown", f"{row.where}「{DECISION}」", zh, en, got=got, expected=expected,
        do_zh=f"请从下拉选项中选择，拿不准的选“{LATER}”", do_en="choose from the drop-down; what you are not sure of may stay blank",
    )  # fmt: skip


def conflict(row: Row, where: str, other: str) -> Problem:
    """A decision that contradicts another one, in the workbook or in place/."""
    return Problem(
        "decision_conflict", f"{row.where}「{DECISION}」", "与另一处的决定不一致", "contradicts another decision",
        got=row.decision, expected=f"{other}（{where}）",
        do_zh="请改成一致；以前的决定在 place 中，要改先删去它", do_en="make the two agree; an earlier decision stands in place/: delete it there first",
    )  # fmt: skip
