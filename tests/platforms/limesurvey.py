"""LimeSurvey: a CSV with codes for headings and answers, or with full texts for both.

Confirmed by its source and documentation: bookkeeping columns (`id. Response ID` in texts), headings `code`, `code[SQ001]`, `code[other]` or
full texts `题干 [行]`, `-oth-` for an answer of one's own, `Y` or nothing per option of a multiple question (`Yes`/`No` in full answers), `N/A` for
what was not shown in full answers, ranks as a column per place. Left out: ranking (a column per place holds the option).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Sheet, always_filled, is_missing
from tests.platforms.files import make_wave, with_extra, write_csv
from tests.platforms.naming import with_columns

LAYOUTS = ("codes", "texts")
WITHOUT_FILLED = ()
LEFT_OUT = ("ranking",)
fitting = always_filled
META = (
    ("id", "Response ID"), ("submitdate", "Date submitted"), ("lastpage", "Last page"), ("startlanguage", "Start language"),
    ("seed", "Seed"), ("token", "Access code"), ("startdate", "Date started"), ("datestamp", "Date last action"),
    ("ipaddr", "IP address"), ("refurl", "Referrer URL"),
)  # fmt: skip
WHO = (("firstname", "First name"), ("lastname", "Last name"), ("email", "Email address"))


def questions(layout: str = "codes") -> tuple[Question, ...]:
    """The questionnaire, columns by codes or by wording; an answer of one's own has the code `-oth-`."""
    return tuple(_named(question, layout) for question in QUESTIONS if question.type not in LEFT_OUT)


def _named(question: Question, layout: str) -> Question:
    code, stem = f"q{question.number}", question.text_zh
    if layout == "texts":
        name, part = stem, lambda n, text: f"{stem} [{text}]"
    else:
        name, part = code, lambda n, text: f"{code}[SQ{n:03d}]"
    items = {item.code: part(n, item.text) for n, item in enumerate(question.items, start=1)}
    per_option = question.type in ("multiple", "allocation")
    shown = [option for option in question.options if not option.fill_in]
    options = {option.code: part(option.number, option.text) for option in shown} if per_option else {}
    other = f"{name} [其他]" if layout == "texts" else f"{name}[other]"
    named = with_columns(
        question, name, items=items, options=options, fill_ins=dict.fromkeys(["other", "other"], other)
    )
    if layout == "codes" and not per_option:
        named = replace(
            named, options=tuple(replace(each, code="-oth-" if each.fill_in else each.code) for each in named.options)
        )
    return replace(named, missing={"N/A": "not_shown"}) if layout == "texts" else named


def wave(layout: str = "codes") -> Wave:
    """The wave that fits."""
    form = "code" if layout == "codes" else "text"
    return make_wave("limesurvey", questions(layout), {form: "**/results-survey*.csv"})


def write(folder: Path, answers: Answers, layout: str = "codes") -> dict[str, Path]:
    """The one file."""
    asked = questions(layout)
    place = layout == "texts"
    meta = [names[place] for names in (*META, *WHO)]
    rows: list[list[object]] = [[*meta, *(head for each in asked for head in _headings(each))]]
    for sheet in answers:
        cells = [cell for each in asked for cell in _cells(each, sheet.answers[each.code], layout)]
        rows.append([*_meta(sheet), *cells])
    (form,) = wave(layout).files
    return {form: write_csv(folder / "results-survey123456.csv", with_extra(rows, answers), "utf-8-sig", "\n", 1)}


def _meta(sheet: Sheet) -> list[object]:
    began, ended = (f"{at:%Y-%m-%d %H:%M:%S}" for at in (sheet.began, sheet.ended))
    person = sheet.person
    who = [person.first_name, person.last_name, person.email]
    return [
        sheet.number,
        ended,
        3,
        "zh-Hans",
        1234567,
        person.openid,
        began,
        ended,
        person.ip,
        "https://example.com/q",
        *who,
    ]


def _headings(question: Question) -> list[str]:
    own = [question.column] if question.column else []
    parts = [part.column for part in (*question.items, *question.options) if part.column]
    return [str(head) for head in (*own, *parts, *_fill_ins(question))]


def _fill_ins(question: Question) -> list[str]:
    return [option.fill_in_column for option in question.options if option.fill_in_column]


def _cells(question: Question, answer: Any, layout: str) -> list[object]:
    texts = layout == "texts"
    if is_missing(answer):
        mark = "N/A" if texts and answer == "not_shown" else ""
        return [mark] * len(_headings(question))
    others = len(_fill_ins(question))
    match question.type:
        case "single" | "scale":
            number = next(n for n, option in enumerate(question.options) if option.code in (answer.option, "-oth-" if answer.option == "other" else ""))  # fmt: skip
            option = question.options[number]
            return [option.text if texts else option.code, *([answer.text or ""] * others)]
        case "multiple":
            ticked = {pick.option: pick.text for pick in answer}
            yes, no = ("Yes", "No") if texts else ("Y", "")
            ticks = [yes if option.code in ticked else no for option in question.options if option.column]
            return [*ticks, *([ticked.get("other") or ""] * others)]
        case "matrix":
            words = {option.code: option.text if texts else option.code for option in question.options}
            return [words[option] for option in answer.values()]
        case "allocation":
            return [answer[option.code] for option in question.options]
    return [answer]
