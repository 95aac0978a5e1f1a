"""Qualtrics: a CSV with three header rows (names, wording, ImportId), as numbers or as words, and the .qsf of the questionnaire.

Confirmed by public exports and the qualtRics package: the seventeen bookkeeping columns, the three rows (two in exports of old, with
`ResponseID`, `Name` and `IPAddress`), preview rows (`Survey Preview`, in numbers 1) that are no answers, `_TEXT` columns, wording
`题干 - 行` for rows of a matrix and options of a split question, several answers in one cell joined by a comma or a column per
option (the setting "split multi-value fields"), −99 for seen but unanswered where that is asked for. Every type is written; a
ranking is a column per option with its rank, an allocation a column per option.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Sheet, is_missing
from tests.platforms.files import make_wave, with_extra, write_csv
from tests.platforms.naming import with_columns

LAYOUTS = ("text", "number", "split text", "split number", "pair", "seen", "two rows")
WITHOUT_FILLED = ()
META = (
    ("StartDate", "Start Date", "startDate"), ("EndDate", "End Date", "endDate"), ("Status", "Response Type", "status"),
    ("IPAddress", "IP Address", "ipAddress"), ("Progress", "Progress", "progress"),
    ("Duration (in seconds)", "Duration (in seconds)", "duration"), ("Finished", "Finished", "finished"),
    ("RecordedDate", "Recorded Date", "recordedDate"), ("ResponseId", "Response ID", "_recordId"),
    ("RecipientLastName", "Recipient Last Name", "recipientLastName"),
    ("RecipientFirstName", "Recipient First Name", "recipientFirstName"),
    ("RecipientEmail", "Recipient Email", "recipientEmail"),
    ("ExternalReference", "External Data Reference", "externalDataReference"),
    ("LocationLatitude", "Location Latitude", "locationLatitude"),
    ("LocationLongitude", "Location Longitude", "locationLongitude"),
    ("DistributionChannel", "Distribution Channel", "distributionChannel"), ("UserLanguage", "User Language", "userLanguage"),
)  # fmt: skip
LEGACY = (
    "ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress", "Status", "StartDate",
    "EndDate", "Finished",
)  # fmt: skip
SPLIT = ("split text", "split number", "pair")


def questions(layout: str = "text") -> tuple[Question, ...]:
    """The questionnaire, columns by their names."""
    return tuple(_named(question, layout) for question in QUESTIONS)


def _named(question: Question, layout: str) -> Question:
    name = f"Q{question.number}"
    per_option = question.type in ("ranking", "allocation") or (question.type == "multiple" and layout in SPLIT)
    named = with_columns(
        question,
        name,
        items={item.code: f"{name}_{n}" for n, item in enumerate(question.items, start=1)},
        options={option.code: f"{name}_{option.number}" for option in question.options} if per_option else {},
        fill_ins={option.code: f"{name}_{option.number}_TEXT" for option in question.options},
    )
    return replace(named, missing={"-99": "blank"}) if layout == "seen" else named


def wave(layout: str = "text") -> Wave:
    """The wave that fits."""
    return make_wave("qualtrics", questions(layout), {form: f"**/*_{form}.csv" for form in _forms(layout)})


def _forms(layout: str) -> tuple[str, ...]:
    if layout == "pair":
        return ("text", "number")
    return ("number",) if layout in ("number", "split number", "seen") else ("text",)


def write(folder: Path, answers: Answers, layout: str = "text") -> dict[str, Path]:
    """The files of one layout, by form; the first row is a preview, no answer."""
    asked = questions(layout)
    written = {}
    for form in _forms(layout):
        numbered = form == "number"
        heads = [head for question in asked for head in _headings(question)]
        legacy = layout == "two rows"
        rows: list[list[object]] = _header_rows(heads, legacy)
        sheets = (replace(answers[0], number=0), *answers)
        for sheet in sheets:
            cells = [cell for each in asked for cell in _cells(each, sheet.answers[each.code], numbered, layout)]
            meta = _legacy_meta(sheet) if legacy else _meta(sheet, numbered)
            rows.append([*meta, *cells, ""] if legacy else [*meta, *cells])
        rows = with_extra(rows, sheets, ("附加",) if legacy else ("附加", '{"ImportId": "extra"}'))
        written[form] = write_csv(folder / f"小哥调查_May 31, 2023_12.00_{form}.csv", rows, "utf-8-sig")
    return written


def _header_rows(heads: list[tuple[str, str]], legacy: bool) -> list[list[object]]:
    names, words = [name for name, _ in heads], [text for _, text in heads]
    if legacy:
        return [[*(f"V{n}" for n in range(1, 11)), *names, ""], [*LEGACY, *words, ""]]
    ids = [json.dumps({"ImportId": told}) for *_, told in META]
    ids += [json.dumps({"ImportId": f"QID{place}"}) for place, _ in enumerate(heads, start=1)]
    return [[*(name for name, *_ in META), *names], [*(text for _, text, _ in META), *words], ids]


def _headings(question: Question) -> list[tuple[str, str]]:
    """Name and wording, column by column."""
    stem = question.text_zh
    parts = [(part.column, f"{stem} - {part.text}") for part in (*question.items, *question.options) if part.column]
    fill_ins = [
        (option.fill_in_column, f"{stem} - {option.text} - Text")
        for option in question.options
        if option.fill_in_column
    ]
    return [(str(name), text) for name, text in (parts or [(question.column, stem)]) + fill_ins]


def _meta(sheet: Sheet, numbered: bool) -> list[object]:
    person, preview = sheet.person, sheet.number == 0
    times = [f"{at:%Y-%m-%d %H:%M:%S}" for at in (sheet.began, sheet.ended)]
    status = ("1" if preview else "0") if numbered else ("Survey Preview" if preview else "IP Address")
    finished = "1" if numbered else "True"
    return [
        *times, status, "" if preview else person.ip, 100, sheet.seconds, finished, times[1], _id(sheet), person.last_name,
        person.first_name, person.email, person.openid, "39.9", "116.4", "preview" if preview else "anonymous", "ZH-S",
    ]  # fmt: skip


def _legacy_meta(sheet: Sheet) -> list[object]:
    person, preview = sheet.person, sheet.number == 0
    times = [f"{at:%Y-%m-%d %H:%M:%S}" for at in (sheet.began, sheet.ended)]
    name = person.last_name + person.first_name
    status = "1" if preview else "0"
    return [_id(sheet), "Default Response Set", name, person.openid, person.email, person.ip, status, *times, "1"]


def _id(sheet: Sheet) -> str:
    return f"R_{sheet.number:015d}"


def _cells(question: Question, answer: Any, numbered: bool, layout: str) -> list[object]:
    width = len(_headings(question))
    if is_missing(answer):
        seen = (
            layout == "seen" and answer == "blank" and question.options and not any(o.fill_in for o in question.options)
        )
        return ["-99" if seen else ""] * width
    words = {option.code: option.number if numbered else option.text for option in question.options}
    match question.type:
        case "single" | "scale":
            return [words[answer.option], *([answer.text or ""] * (width - 1))]
        case "multiple":
            ticked = {pick.option: pick.text for pick in answer}
            fill_ins = [ticked.get(option.code) or "" for option in question.options if option.fill_in_column]
            if question.column:
                return [",".join(str(words[code]) for code in ticked), *fill_ins]
            return [*(words[code] if code in ticked else "" for code in words), *fill_ins]
        case "matrix":
            return [words[option] for option in answer.values()]
        case "ranking":
            ranks = {pick.option: place for place, pick in enumerate(answer, start=1)}
            return [ranks.get(option.code, "") for option in question.options]
        case "allocation":
            return [answer[option.code] for option in question.options]
    return [answer]


def write_form(folder: Path) -> Path:
    """The .qsf: the questionnaire as JSON."""
    elements = [{"Element": "SQ", "PrimaryAttribute": f"QID{n}", "Payload": _payload(question, n)} for n, question in enumerate(QUESTIONS, start=1)]  # fmt: skip
    path = folder / "小哥调查.qsf"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"SurveyEntry": {"SurveyID": "SV_demo", "SurveyName": "小哥调查"}, "SurveyElements": elements}
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path


def _payload(question: Question, place: int) -> dict[str, Any]:
    kinds = {
        "single": ("MC", "SAVR"), "scale": ("MC", "SAVR"), "multiple": ("MC", "MAVR"), "matrix": ("Matrix", "Likert"),
        "ranking": ("RO", "DND"), "allocation": ("CS", "VRTL"),
    }  # fmt: skip
    kind, selector = kinds.get(question.type, ("TE", "SL"))
    choices = {
        str(option.number): {"Display": option.text} | ({"TextEntry": "true"} if option.fill_in else {})
        for option in question.options
    }
    payload: dict[str, Any] = {
        "QuestionText": question.text_zh, "DataExportTag": f"Q{question.number}", "QuestionType": kind, "Selector": selector,
        "QuestionID": f"QID{place}",
    }  # fmt: skip
    if question.items:
        rows = {str(n): {"Display": item.text} for n, item in enumerate(question.items, start=1)}
        return payload | {"Choices": rows, "Answers": choices, "SubSelector": "SingleAnswer"}
    return payload | ({"Choices": choices} if choices else {})
