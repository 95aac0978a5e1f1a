"""Rows of a review workbook → blocks of TOML. Every decision is checked; what was decided before is not written twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pipeline.contracts.review import CORRECTIONS, LINKS, PLACES, SIMILAR, SPELLINGS, Review, Row
from pipeline.contracts.review import key as key_of
from pipeline.errors import Problem
from pipeline.review import corrections, links, places, spellings
from pipeline.review.answer import Answer, conflict, unknown
from pipeline.review.known import Known
from pipeline.review.signed import Signature

KINDS_OF_BLOCK = ("spelling", "alias", "not_alias", "correction", "declined", "link", "no_link")
_READERS: dict[str, Callable[[Row, Known], Answer]] = {
    SPELLINGS.name: spellings.read, PLACES.name: places.read, SIMILAR.name: places.read_similar, CORRECTIONS.name: corrections.read,
    LINKS.name: links.read,
}  # fmt: skip


@dataclass
class Decided:
    """`blocks` to write by the name of their table; `n_known` decisions that stand in place/ already; `n_gone` corrections
    of files that are not there any more."""

    blocks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    n_known: int = 0
    n_gone: int = 0
    problems: list[Problem] = field(default_factory=list)


def decide(review: Review, signed: Signature, known: Known, file: str) -> Decided:
    """Read every row that holds a decision. Two rows that ask the same must not be answered differently, and the cells of
    one correction belong together."""
    made = Decided()
    first: dict[tuple, tuple[Row, Answer]] = {}
    for row in (row for row in review.rows if row.decision):
        answer = _READERS[row.part](row, known) if row.mark is not None else Answer(problem=unknown(row, "标识被改动", "the mark was changed", "", ""))  # fmt: skip
        if answer.problem is not None:
            made.problems.append(answer.problem)
            continue
        about = key_of(row.part, row.cells, row.mark)
        before = first.setdefault(about, (row, answer))
        if before[1].decides != answer.decides:
            made.problems.append(conflict(row, before[0].where, before[0].decision))
        elif before[0] is row:
            _take(made, answer, signed)
    made.problems += corrections.split_pairs(review.rows)
    made.problems = [_in(problem, file) for problem in made.problems]
    return made


def _take(made: Decided, answer: Answer, signed: Signature) -> None:
    made.n_known += answer.is_known
    made.n_gone += answer.is_gone
    if not answer.is_known and not answer.is_gone:
        block = {**answer.block, "reviewer": signed[0], "reviewed_on": signed[1]}
        made.blocks.setdefault(answer.table, []).append(block)


def _in(problem: Problem, file: str) -> Problem:
    return Problem(
        problem.code,
        f"{file} {problem.where}",
        problem.zh,
        problem.en,
        problem.got,
        problem.expected,
        problem.do_zh,
        problem.do_en,
    )
