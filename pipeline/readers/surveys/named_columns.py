"""Which column answers which question where the wave file names the columns: by heading, never by position."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.contracts import Question
from pipeline.readers.surveys.layout import AnswerColumn, Fault


def match_named(
    headings: Sequence[str], names: Sequence[str], questions: Sequence[Question]
) -> tuple[list[AnswerColumn], list[Fault]]:
    """The answer columns of every question, and a fault for each column that is named and not there.

    `headings` are those of the text table (told apart), `names` its first header row as it stands; either may be used, so
    that a Qualtrics column is found by `Q2` and a Google one by its wording. Column i of the text table is `c{i}`.

    >>> match_named(["Q1", "Q2"], ["Q1", "Q2"], [Question("q", 1, "text", "Why?", column="Q2")])[0][0].column
    'c1'
    """
    at = {name.strip(): place for place, name in reversed(list(enumerate(names)))}
    at |= {heading.strip(): place for place, heading in reversed(list(enumerate(headings)))}
    answers: list[AnswerColumn] = []
    faults: list[Fault] = []
    for question in questions:
        found, missing = _columns_of(question, at)
        answers += found
        faults += [Fault(kind, question.code, expected=heading) for kind, heading in missing]
    return answers, faults


def _columns_of(question: Question, at: dict[str, int]) -> tuple[list[AnswerColumn], list[tuple[str, str]]]:
    found: list[AnswerColumn] = []
    missing: list[tuple[str, str]] = []

    def take(heading: str | None, kind: str, **part: object) -> None:
        if heading is None:
            return
        if heading.strip() in at:
            found.append(AnswerColumn(f"c{at[heading.strip()]}", heading.strip(), question, **part))
        else:
            missing.append((kind, heading))

    take(question.column, "question_missing")
    for item in question.items:
        take(item.column, "item_missing", item=item.code)
    for option in question.options:
        take(option.column, "option_missing", option=option.code)
    for option in question.options:
        take(option.fill_in_column, "option_missing", option=option.code, is_fill_in=True)
    if not found and not missing:
        missing.append(("question_missing", question.text_zh))
    return found, missing
