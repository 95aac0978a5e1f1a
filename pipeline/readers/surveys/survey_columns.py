"""Which column of a survey export answers which question: headings matched to the wave's questions by number, wording
and position. Platform modules (wenjuanxing, tencent_survey) say how their platform writes; this module does the matching."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.contracts import Item, Option, Question
from pipeline.readers.surveys.layout import AnswerColumn, Dialect, Fault, Layout, fold

_REPEATED = re.compile(r" \(\d+\)$")
_TYPE_NOTE = re.compile(r"[\[【(（](?:单选|多选|矩阵|填空|排序|量表|简答|评分)[^\]】)）]*题?[\]】)）]")
_MARKS = (("(", ")"), ("【", "】"), ("[", "]"), (":", ""), ("—", ""), ("-", ""), ("_", ""), ("/", ""))


def match_columns(headings: Sequence[str], questions: Sequence[Question], dialect: Dialect) -> Layout:
    """Account for every heading of an export. Physical column i of the text table is `c{i}`."""
    meta: dict[str, list[str]] = {}
    answers: list[AnswerColumn] = []
    extra: list[str] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    position = 0
    while position < len(headings):
        heading = headings[position].strip()
        role = dialect.meta.get(heading)
        question = None if role else _question_at(heading, questions, dialect)
        if role:
            meta.setdefault(role, []).append(f"c{position}")
        if question is None or question.code in seen:
            if not role:
                extra.append(heading)
            position += 1
            continue
        seen.add(question.code)
        block, wrong = _block(headings, position, question, dialect)
        answers += block
        faults += wrong
        position += max(1, len(block) + sum(fault.kind == "option_unknown" for fault in wrong))
    faults += [
        Fault("question_missing", question.code, expected=f"{question.number} {question.text_zh}")
        for question in questions
        if question.code not in seen
    ]
    return Layout(meta, tuple(answers), tuple(extra), tuple(faults))


def _question_at(heading: str, questions: Sequence[Question], dialect: Dialect) -> Question | None:
    found = dialect.number.match(heading)
    if found:
        number = int(found.group(1))
        by_number = next((question for question in questions if question.number == number), None)
        if by_number is not None:
            return by_number
    stem = _stem(heading, dialect)
    return next((question for question in questions if stem and fold(question.text_zh) == stem), None)


def _stem(heading: str, dialect: Dialect) -> str:
    return fold(_TYPE_NOTE.sub("", dialect.number.sub("", heading, count=1)))


def _block(
    headings: Sequence[str], start: int, question: Question, dialect: Dialect
) -> tuple[list[AnswerColumn], list[Fault]]:
    """The columns from `start` on that belong to one question, and what is wrong with them."""
    if question.items:
        return _item_block(headings, start, question, dialect)
    heading = headings[start].strip()
    if question.type in ("multiple", "ranking", "allocation") and question.options:
        block, faults = _option_block(headings, start, question, dialect)
        if block or faults:
            return block, faults
    stem, wording = _stem(heading, dialect), fold(_TYPE_NOTE.sub("", question.text_zh))
    faults = []
    if stem and wording not in stem and stem not in wording:
        faults.append(Fault("wording_differs", question.code, got=heading, expected=question.text_zh))
    return [AnswerColumn(f"c{start}", heading, question)], faults


def _item_block(
    headings: Sequence[str], start: int, question: Question, dialect: Dialect
) -> tuple[list[AnswerColumn], list[Fault]]:
    """Rows of a matrix by position: the first heading carries the stem, the following ones may be the bare row, the
    same words as in another matrix."""
    block: list[AnswerColumn] = []
    faults: list[Fault] = []
    for item in question.items:
        position = start + len(block)
        heading = headings[position].strip() if position < len(headings) else ""
        if heading and _part_of(heading, (item,)) is item:
            block.append(AnswerColumn(f"c{position}", heading, question, item=item.code))
        else:
            faults.append(Fault("item_missing", question.code, got=heading, expected=item.text))
    return block, faults


def _option_block(
    headings: Sequence[str], start: int, question: Question, dialect: Dialect
) -> tuple[list[AnswerColumn], list[Fault]]:
    """One column per option, as long as the question number repeats; nothing when the question fills one joined column."""
    block: list[AnswerColumn] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    if _stem(headings[start].strip(), dialect) == fold(_TYPE_NOTE.sub("", question.text_zh)):
        return [], []
    for position in range(start, len(headings)):
        heading = headings[position].strip()
        number = dialect.number.match(heading)
        if number is None or int(number.group(1)) != question.number:
            break
        option = _part_of(heading, [option for option in question.options if option.code not in seen])
        if option is None and not block and not _same_number_follows(headings, position, dialect):
            return [], []
        if option is None:
            faults.append(Fault("option_unknown", question.code, got=outermost(heading)))
            continue
        seen.add(option.code)
        block.append(AnswerColumn(f"c{position}", heading, question, option=option.code))
    if block or faults:
        faults += [
            Fault("option_missing", question.code, expected=option.text)
            for option in question.options
            if option.code not in seen
        ]
    return block, faults


def _same_number_follows(headings: Sequence[str], position: int, dialect: Dialect) -> bool:
    here, there = (
        dialect.number.match(headings[index].strip()) if index < len(headings) else None
        for index in (position, position + 1)
    )
    return bool(here and there and here.group(1) == there.group(1))


def _part_of(heading: str, parts: Sequence[Option | Item]) -> Option | Item | None:
    """The option or row a heading ends with, the longest first: `第8题(ACG文化(动漫、游戏等))` is the whole bracket."""
    for text in dict.fromkeys((fold(heading), fold(_REPEATED.sub("", heading)))):
        for part in sorted(parts, key=lambda part: -len(part.text)):
            wanted = fold(part.text)
            if text == wanted or any(text.endswith(before + wanted + after) for before, after in _MARKS):
                return part
    return None


def outermost(heading: str) -> str:
    """What stands in the last outermost brackets of a heading, or behind its last colon; else the heading itself.

    >>> outermost("第8题(ACG文化(动漫、游戏等))")
    'ACG文化(动漫、游戏等)'
    """
    text = heading.strip()
    if text.endswith((")", "）")):
        depth = 0
        for index in range(len(text) - 1, -1, -1):
            depth += (text[index] in ")）") - (text[index] in "(（")
            if depth == 0:
                return text[index + 1 : -1]
    return re.split(r"[:：]", text)[-1]
