"""Which column answers which question where headings may name rows and options by number only (`Q3_A1`, `Q4_R2`): the
outline of the export says which columns are one question, its parts are matched by wording, else by number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.contracts import Item, Option, Question
from pipeline.readers.surveys.layout import AnswerColumn, Fault, Layout, fold
from pipeline.readers.surveys.outline import Outline, Part, Stem


def match_stems(headings: Sequence[str], outline: Outline, questions: Sequence[Question]) -> Layout:
    """Account for every heading of an export by its outline. Column i of the text table is `c{i}`."""
    answers: list[AnswerColumn] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for stem in outline.stems:
        question = _question_of(stem, questions)
        if question is None or question.code in seen:
            continue
        seen.add(question.code)
        found, wrong = _matched(stem, question, headings)
        answers += found
        faults += wrong
    faults += [
        Fault("question_missing", question.code, expected=f"{question.number} {question.text_zh}")
        for question in questions
        if question.code not in seen
    ]
    meta = {role: [f"c{place}" for place in places] for role, places in outline.meta.items()}
    known = {answer.column for answer in answers}.union(*meta.values())
    extra = tuple(heading.strip() for place, heading in enumerate(headings) if f"c{place}" not in known)
    return Layout(meta, tuple(answers), extra, tuple(faults))


def _question_of(stem: Stem, questions: Sequence[Question]) -> Question | None:
    by_number = next((question for question in questions if question.number == stem.number), None)
    return by_number or next((question for question in questions if fold(question.text_zh) == fold(stem.text)), None)


def _matched(stem: Stem, question: Question, headings: Sequence[str]) -> tuple[list[AnswerColumn], list[Fault]]:
    found: list[AnswerColumn] = []
    faults: list[Fault] = []
    wording = fold(question.text_zh)
    if stem.text and wording not in fold(stem.text) and fold(stem.text) not in wording:
        faults.append(Fault("wording_differs", question.code, got=stem.text, expected=question.text_zh))
    for part in stem.parts:
        heading = headings[part.position].strip()
        column = AnswerColumn(f"c{part.position}", heading, question, is_fill_in=part.is_fill_in)
        named = _named(part, question)
        if named is None:
            faults.append(Fault("option_unknown", question.code, got=heading))
        elif isinstance(named, Item):
            found.append(AnswerColumn(column.column, heading, question, item=named.code))
        elif isinstance(named, Option):
            found.append(AnswerColumn(column.column, heading, question, option=named.code, is_fill_in=part.is_fill_in))
        else:
            found.append(column)
    have = {column.item for column in found}
    faults += [
        Fault("item_missing", question.code, expected=item.text) for item in question.items if item.code not in have
    ]
    return found, faults


def _named(part: Part, question: Question) -> Item | Option | str | None:
    """The row or option a column stands for; an empty text for the question as a whole; None where it names neither."""
    label = part.item or part.option
    if part.is_fill_in and not label:
        return next((option for option in question.options if option.fill_in), None)
    if not label:
        return ""
    parts: Sequence[Item | Option] = question.items if question.items and not part.is_fill_in else question.options
    exact = next((each for each in parts if fold(each.text) == fold(label)), None)
    if exact is None and part.is_fill_in:  # the stem may stand before it
        exact = next((each for each in parts if fold(label).endswith(fold(each.text))), None)
    number = re.fullmatch(r"[A-Za-z]{0,2}(\d{1,3})", label)
    return exact or (_numbered(parts, int(number.group(1))) if number else None)


def _numbered(parts: Sequence[Item | Option], number: int) -> Item | Option | None:
    own = next((each for each in parts if isinstance(each, Option) and each.number == number), None)
    return own or (parts[number - 1] if 0 < number <= len(parts) else None)
