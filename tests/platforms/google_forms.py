"""Google Forms: the CSV of the answer sheet.

Confirmed by its help pages and many sheets: 时间戳记/Timestamp first, headings are the bare titles, ticked options joined by `, ` (options may
hold it themselves), an answer of one's own stands bare in place of the option, grids are `题干 [行]`, the optional e-mail column.
Nothing marks what was skipped. Left out: ranking and allocation (no such item); an answer of one's own is never empty.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Pick, Sheet, always_filled, is_missing, option_of
from tests.platforms.files import make_wave, with_extra, write_csv
from tests.platforms.naming import with_columns

LAYOUTS = ("zh", "en")
WITHOUT_FILLED = ()
LEFT_OUT = ("ranking", "allocation")
META = {"zh": ("时间戳记", "电子邮件地址"), "en": ("Timestamp", "Email Address")}
fitting = always_filled


def questions(layout: str = "zh") -> tuple[Question, ...]:
    """The questionnaire, columns by their titles."""
    asked = [question for question in QUESTIONS if question.type not in LEFT_OUT]
    return tuple(
        with_columns(
            question,
            question.text_zh,
            items={item.code: f"{question.text_zh} [{item.text}]" for item in question.items},
        )
        for question in asked
    )


def wave(layout: str = "zh") -> Wave:
    """The wave that fits."""
    return make_wave("google_forms", questions(layout), {"text": "**/小哥调查*.csv"})


def write(folder: Path, answers: Answers, layout: str = "zh") -> dict[str, Path]:
    """The one file."""
    asked = questions(layout)
    heads = [column for question in asked for column in ([item.column for item in question.items] or [question.column])]
    rows: list[list[object]] = [[*META[layout], *heads]]
    for sheet in answers:
        cells = [cell for each in asked for cell in _cells(each, sheet.answers[each.code])]
        rows.append([_stamp(sheet, layout), sheet.person.email, *cells])
    return {"text": write_csv(folder / "小哥调查（回复） - 第 1 张表单回复.csv", with_extra(rows, answers))}


def _stamp(sheet: Sheet, layout: str) -> str:
    at = sheet.ended
    if layout == "en":
        return f"{at.month}/{at.day}/{at.year} {at.hour}:{at:%M:%S}"
    return f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}"


def _cells(question: Question, answer: Any) -> list[object]:
    if is_missing(answer):
        return [""] * (len(question.items) or 1)
    match question.type:
        case "single" | "scale":
            return [_words(question, answer)]
        case "multiple":
            return [", ".join(_words(question, pick) for pick in answer)]
        case "matrix":
            return [option_of(question, option).text for option in answer.values()]
    return [answer]


def _words(question: Question, pick: Pick) -> str:
    return option_of(question, pick.option).text if pick.text is None else pick.text
