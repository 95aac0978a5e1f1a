"""A plain CSV with a codebook: how a researcher hands over answers — short names, codes, several answers in one cell.

Nothing here is a platform's: the wave file says everything (names, codes, how answers are joined, marks of what is missing).
Every type is written; a ranking and an allocation as a column per option.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Sheet, is_missing
from tests.platforms.files import make_wave, with_extra, write_csv
from tests.platforms.naming import with_columns

LAYOUTS = ("codes", "numbers", "words")
WITHOUT_FILLED = ()
META = ("respondent", "began", "ended", "ip", "nickname", "email", "note")
COLUMNS = {"respondent": "respondent", "started_at": "began", "submitted_at": "ended"}
MISSING = {"-9": "blank", "-8": "not_shown"}
JOINED = {"codes": ("['", "' ;  '", "']"), "numbers": ("", "|", ""), "words": ("", ", ", "")}


def questions(layout: str = "codes") -> tuple[Question, ...]:
    """The questionnaire, columns by short names."""
    return tuple(_named(question, layout) for question in QUESTIONS)


def _named(question: Question, layout: str) -> Question:
    per_option = question.type in ("ranking", "allocation")
    named = with_columns(
        question,
        question.code,
        items={item.code: f"{question.code}_{item.code}" for item in question.items},
        options={option.code: f"{question.code}_{option.code}" for option in question.options} if per_option else {},
        fill_ins={option.code: f"{question.code}_{option.code}_text" for option in question.options},
    )
    joined = JOINED[layout] if question.type == "multiple" else ()
    return replace(named, missing=MISSING, joined=joined)


def wave(layout: str = "codes") -> Wave:
    """The wave that fits."""
    form = {"codes": "code", "numbers": "number", "words": "text"}[layout]
    return make_wave("table", questions(layout), {form: "**/answers.csv"}, columns=COLUMNS, ignore_columns=META[3:])


def write(folder: Path, answers: Answers, layout: str = "codes") -> dict[str, Path]:
    """The one file."""
    asked = questions(layout)
    rows: list[list[object]] = [[*META, *(head for each in asked for head in _headings(each))]]
    for sheet in answers:
        rows.append(
            [*_meta(sheet), *(cell for each in asked for cell in _cells(each, sheet.answers[each.code], layout))]
        )
    (form,) = wave(layout).files
    return {form: write_csv(folder / "answers.csv", with_extra(rows, answers))}


def write_codebook(folder: Path) -> Path:
    """A codebook beside it: one line per question and option."""
    rows: list[list[object]] = [["variable", "label", "code", "meaning"]]
    for question in questions():
        rows.append([question.code, question.text_zh, "", ""])
        rows += [[question.code, "", option.code, option.text] for option in question.options]
    return write_csv(folder / "codebook.csv", rows)


def _meta(sheet: Sheet) -> list[object]:
    times = [f"{at:%Y-%m-%d %H:%M:%S}" for at in (sheet.began, sheet.ended)]
    return [
        f"p{sheet.number:03d}",
        *times,
        sheet.person.ip,
        sheet.person.nickname,
        sheet.person.email,
        sheet.person.openid,
    ]


def _headings(question: Question) -> list[str]:
    parts = [part.column for part in (*question.items, *question.options) if part.column] or [question.column]
    return [str(head) for head in parts] + _fill_ins(question)


def _fill_ins(question: Question) -> list[str]:
    return [option.fill_in_column for option in question.options if option.fill_in_column]


def _cells(question: Question, answer: Any, layout: str) -> list[object]:
    others = len(_fill_ins(question))
    if is_missing(answer):
        mark = next(mark for mark, state in MISSING.items() if state == answer)
        return [mark] * (len(_headings(question)) - others) + [""] * others
    if not question.options:
        return [answer]
    attribute = {"codes": "code", "numbers": "number", "words": "text"}[layout]
    words = {option.code: str(getattr(option, attribute)) for option in question.options}
    match question.type:
        case "single" | "scale":
            return [words[answer.option], *([answer.text or ""] * others)]
        case "multiple":
            before, between, after = JOINED[layout]
            ticked = {pick.option: pick.text for pick in answer}
            fill_ins = [ticked.get(option.code) or "" for option in question.options if option.fill_in_column]
            return [before + between.join(words[code] for code in ticked) + after, *fill_ins]
        case "matrix":
            return [words[option] for option in answer.values()]
        case "ranking":
            ranks = {pick.option: place for place, pick in enumerate(answer, start=1)}
            return [ranks.get(option.code, "") for option in question.options]
    return [answer[option.code] for option in question.options]
