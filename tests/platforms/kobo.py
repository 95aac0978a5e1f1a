"""KoboToolbox / ODK: names or labels, group prefixes, select_multiple joined and as 0/1 columns, a repeat sheet, an XLSForm.

Confirmed by its documentation and a public export: `group/question` headings, select_multiple as one column (names separated by
blanks) with 0/1 columns `group/question/option` beside it (both is the default), repeat groups on a sheet of their own
(`_parent_index`), `_uuid`/`_id` stable while `_index` is made at export, times with offset but `_submission_time` in UTC, `_validation_status`; a rank question has
a column per place; `n/a` in cells of questions that older versions of a form did not have. A matrix of select_one rows is a group of
questions; "other" is a text question of its own. Left out: ranking (a column per place holds the option, not the rank).
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Sheet, is_missing
from tests.platforms.files import make_wave, with_extra, write_csv, write_xlsx
from tests.platforms.naming import with_columns

LAYOUTS = ("names csv", "names xlsx", "labels xlsx", "joined only", "ticks only")
WITHOUT_FILLED = ()
LEFT_OUT = ("ranking",)
GROUP = "main"
BEFORE = ("start", "end", "today", "username", "deviceid", "phonenumber")
AFTER = (
    "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__", "_tags",
    "_index",
)  # fmt: skip
COLUMNS = {"respondent": "_uuid", "submitted_at": "end", "started_at": "start"}


def questions(layout: str = "names csv") -> tuple[Question, ...]:
    """The questionnaire, columns by their paths or labels."""
    return tuple(_named(question, layout) for question in QUESTIONS if question.type not in LEFT_OUT)


def _named(question: Question, layout: str) -> Question:
    labels = layout == "labels xlsx"
    path = question.text_zh if labels else f"{GROUP}/{question.code}"
    option = {each.code: f"{path}/{each.text if labels else each.code}" for each in question.options}
    items = {item.code: f"{path} / {item.text}" if labels else f"{path}/{item.code}" for item in question.items}
    other = f"{path}（其他）" if labels else f"{path}_other"
    ticks = question.type == "allocation" or (question.type == "multiple" and layout != "joined only")
    return with_columns(
        question,
        path,
        items=items,
        options=option if ticks else {},
        fill_ins=dict.fromkeys(option, other),
        joined=question.type == "multiple" and layout != "ticks only",
    )


def wave(layout: str = "names csv") -> Wave:
    """The wave that fits."""
    glob = f"**/*.{'csv' if layout == 'names csv' else 'xlsx'}"
    form = "text" if layout == "labels xlsx" else "code"
    return make_wave("kobo", questions(layout), {form: glob}, columns=COLUMNS)


def write(folder: Path, answers: Answers, layout: str = "names csv") -> dict[str, Path]:
    """The export; where it is a workbook, the visits of each respondent stand on a second sheet."""
    asked = questions(layout)
    rows: list[list[object]] = [[*BEFORE, *(head for each in asked for head in _headings(each)), *AFTER]]
    for place, sheet in enumerate(answers, start=1):
        before, after = _meta(sheet, place)
        rows.append(
            [*before, *(cell for each in asked for cell in _cells(each, sheet.answers[each.code], layout)), *after]
        )
    rows = with_extra(rows, answers)
    (form,) = wave(layout).files
    if layout == "names csv":
        return {form: write_csv(folder / "小哥调查_-_latest_version.csv", rows, "utf-8-sig")}
    visits = [["visits/when", "_index", "_parent_table_name", "_parent_index", "_submission__uuid"]]
    visits += [["上午", str(n), "小哥调查", str(n), _uuid(sheet)] for n, sheet in enumerate(answers, start=1)]
    return {form: write_xlsx(folder / "小哥调查_-_latest_version.xlsx", {"小哥调查": rows, "visits": visits})}


def write_form(folder: Path) -> Path:
    """The XLSForm: survey, choices and settings."""
    survey = [["type", "name", "label", "relevant"], ["start", "start", "", ""], ["end", "end", "", ""]]
    survey += [["deviceid", "deviceid", "", ""], ["begin_group", GROUP, "问卷", ""]]
    survey += [row for question in QUESTIONS if question.type not in LEFT_OUT for row in _form_rows(question)]
    survey.append(["end_group", "", "", ""])
    lists = {_list_of(question): [(option.code, option.text) for option in question.options] for question in QUESTIONS}
    choices = [["list_name", "name", "label"], *([name, *pair] for name, pairs in lists.items() for pair in pairs)]
    settings = [["form_title", "form_id"], ["小哥调查", "couriers"]]
    return write_xlsx(folder / "小哥调查_form.xlsx", {"survey": survey, "choices": choices, "settings": settings})


def _form_rows(question: Question) -> list[list[str]]:
    shown = " and ".join(f"${{{other}}} = '{wanted[0]}'" for other, wanted in question.shown_if.items())
    if question.items:
        rows = [[f"select_one {_list_of(question)}", item.code, item.text, ""] for item in question.items]
        return [["begin_group", question.code, question.text_zh, shown], *rows, ["end_group", "", "", ""]]
    if question.type == "allocation":
        rows = [["integer", option.code, option.text, ""] for option in question.options]
        return [["begin_group", question.code, question.text_zh, shown], *rows, ["end_group", "", "", ""]]
    kinds = {
        "single": "select_one",
        "scale": "select_one",
        "multiple": "select_multiple",
        "number": "decimal",
        "date": "date",
    }
    kind = kinds.get(question.type, "text")
    kind += f" {_list_of(question)}" if kind.startswith("select") else ""
    row = [kind, question.code, question.text_zh, shown]
    other = ["text", f"{question.code}_other", "请注明", f"selected(${{{question.code}}}, 'other')"]
    return [row, other] if any(option.fill_in for option in question.options) else [row]


def _list_of(question: Question) -> str:
    return f"{question.code}_list"


def _uuid(sheet: Sheet) -> str:
    return f"00000000-0000-4000-8000-{sheet.number:012d}"


def _meta(sheet: Sheet, place: int) -> tuple[list[object], list[object]]:
    person = sheet.person
    began, ended = (f"{at:%Y-%m-%dT%H:%M:%S}.000+08:00" for at in (sheet.began, sheet.ended))
    before = [began, ended, f"{sheet.ended:%Y-%m-%d}", person.nickname, person.device, person.phone]
    sent = f"{sheet.ended - timedelta(hours=8):%Y-%m-%dT%H:%M:%S}"  # without an offset: UTC
    after = [9000 + sheet.number, _uuid(sheet), sent, "", "", "submitted_via_web", person.email, "vDEMO1", "", place]
    return before, after


def _headings(question: Question) -> list[str]:
    own = [question.column] if question.column else []
    parts = [part.column for part in (*question.items, *question.options) if part.column]
    return [str(head) for head in (*own, *parts, *_fill_ins(question))]


def _fill_ins(question: Question) -> list[str]:
    return [option.fill_in_column for option in question.options if option.fill_in_column]


def _cells(question: Question, answer: Any, layout: str) -> list[object]:
    if is_missing(answer):
        return [""] * len(_headings(question))
    labels = layout == "labels xlsx"
    words = {option.code: option.text if labels else option.code for option in question.options}
    match question.type:
        case "single" | "scale":
            return [words[answer.option], *([answer.text or ""] if _fill_ins(question) else [])]
        case "multiple":
            ticked = {pick.option: pick.text for pick in answer}
            joined = [" ".join(words[code] for code in ticked)] if question.column else []
            ticks = [int(option.code in ticked) for option in question.options if option.column]
            return [*joined, *ticks, *([ticked.get("other") or ""] if _fill_ins(question) else [])]
        case "matrix":
            return [words[option] for option in answer.values()]
        case "allocation":
            return [answer[option.code] for option in question.options]
    return [answer]
