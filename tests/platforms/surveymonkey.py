"""SurveyMonkey: two header rows with a column per option (expanded), or one header row (condensed).

Confirmed by public exports and parsers: the nine bookkeeping columns, the question once over its columns and the options, rows or
`Response`/`Open-Ended Response` below, cells that hold the option's words or nothing, US times, the condensed file with one header row
and `RespondentID`. Assumed: condensed multiple answers joined by `, `, `Other (please specify)` columns headed by the option's own words,
ranks as numbers per option. Nothing marks what was skipped. Left out: allocation; the condensed file also has no matrix, no ranking and nothing of what was
filled in.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Pick, Sheet, always_filled, is_missing, option_of
from tests.platforms.files import make_wave, with_extra, write_csv
from tests.platforms.naming import with_columns

LAYOUTS = ("expanded", "condensed")
WITHOUT_FILLED = ("condensed",)
META = (
    "Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Last Name",
    "Custom Data 1",
)  # fmt: skip
LEFT_OUT = {"expanded": ("allocation",), "condensed": ("allocation", "matrix", "ranking")}
fitting = always_filled


def questions(layout: str = "expanded") -> tuple[Question, ...]:
    """The questionnaire, columns by headings `题干/选项` as the reader joins the two rows, or by the title alone."""
    return tuple(_named(each, layout) for each in QUESTIONS if each.type not in LEFT_OUT[layout])


def _named(question: Question, layout: str) -> Question:
    stem = question.text_zh
    if layout == "condensed":
        return with_columns(question, stem)
    per_option = question.type in ("multiple", "ranking")
    shown = [option for option in question.options if not option.fill_in]
    return with_columns(
        question,
        f"{stem}/{_below(question)}",
        items={item.code: f"{stem}/{item.text}" for item in question.items},
        options={option.code: f"{stem}/{option.text}" for option in shown} if per_option else {},
        fill_ins={option.code: f"{stem}/{option.text}" for option in question.options},
    )


def _below(question: Question) -> str:
    return "Response" if question.options else "Open-Ended Response"


def wave(layout: str = "expanded") -> Wave:
    """The wave that fits."""
    return make_wave("surveymonkey", questions(layout), {"text": "**/小哥调查*.csv"})


def write(folder: Path, answers: Answers, layout: str = "expanded") -> dict[str, Path]:
    """The one file."""
    asked = questions(layout)
    if layout == "condensed":
        meta = ["RespondentID", *META[1:]]
        rows: list[list[object]] = [[*meta, *(question.text_zh for question in asked)]]
    else:
        below = [_second_row(question) for question in asked]
        above = [[question.text_zh, *[""] * (len(cells) - 1)] for question, cells in zip(asked, below, strict=True)]
        rows = [[*META, *chain(*above)], [*[""] * len(META), *chain(*below)]]
    for sheet in answers:
        cells = [cell for each in asked for cell in _cells(each, sheet.answers[each.code], layout)]
        rows.append([*_meta(sheet), *cells])
    rows = with_extra(rows, answers, () if layout == "condensed" else ("Response",))
    return {"text": write_csv(folder / "小哥调查.csv", rows, "utf-8-sig")}


def _meta(sheet: Sheet) -> list[object]:
    person = sheet.person
    times = [f"{at:%m/%d/%Y %I:%M:%S %p}" for at in (sheet.began, sheet.ended)]
    who = [person.ip, person.email, person.first_name, person.last_name, person.openid]
    return [3292950000 + sheet.number, 53140000, *times, *who]


def _second_row(question: Question) -> list[str]:
    if question.items:
        return [item.text for item in question.items]
    if question.type in ("multiple", "ranking"):
        return [option.text for option in question.options]
    return [_below(question), *(option.text for option in question.options if option.fill_in)]


def _cells(question: Question, answer: Any, layout: str) -> list[object]:
    width = 1 if layout == "condensed" else len(_second_row(question))
    if is_missing(answer):
        return [""] * width
    if layout == "condensed" and question.type in ("single", "scale", "multiple"):
        picks = answer if isinstance(answer, tuple) else (answer,)
        return [", ".join(option_of(question, pick.option).text for pick in picks)]
    match question.type:
        case "single" | "scale":
            words = "" if answer.text else option_of(question, answer.option).text
            return [words, *([answer.text or ""] * (width - 1))]
        case "multiple":
            picks = {pick.option: pick for pick in answer}
            return [_words(question, picks[option.code]) if option.code in picks else "" for option in question.options]
        case "matrix":
            return [option_of(question, option).text for option in answer.values()]
        case "ranking":
            ranks = {pick.option: place for place, pick in enumerate(answer, start=1)}
            return [ranks.get(option.code, "") for option in question.options]
    return [answer]


def _words(question: Question, pick: Pick) -> str:
    return option_of(question, pick.option).text if pick.text is None else pick.text
