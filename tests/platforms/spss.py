"""SPSS .sav and .zsav: variables with value labels and user-missing values.

Confirmed by real files: value labels, user-missing values (here −9 = not answered, −8 = not asked), multiple-response sets as a 0/1
variable per option, strings for free text. A multiple-response set itself cannot be written by the library used here: only its
variables are. Every type is written; a ranking as a variable per option with its rank.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, is_missing, option_of
from tests.platforms.files import make_wave
from tests.platforms.naming import with_columns

LAYOUTS = ("sav", "zsav")
WITHOUT_FILLED = ()
MARKS = {"blank": -9, "not_shown": -8}
PER_OPTION = ("multiple", "ranking", "allocation")
META = ("id", "started", "finished", "ip", "nickname", "email", "openid")


def questions(layout: str = "sav") -> tuple[Question, ...]:
    """The questionnaire, columns by the names of variables."""
    return tuple(_named(question) for question in QUESTIONS)


def _named(question: Question) -> Question:
    name = f"v{question.number}"
    options = {option.code: f"{name}_{option.number}" for option in question.options}
    named = with_columns(
        question,
        name,
        items={item.code: f"{name}_{item.code}" for item in question.items},
        options=options if question.type in PER_OPTION else {},
        fill_ins={option.code: f"{name}_{option.code}_text" for option in question.options},
    )
    numeric = question.options or question.type == "number"
    return replace(named, missing={str(mark): state for state, mark in MARKS.items()} if numeric else {})


def wave(layout: str = "sav") -> Wave:
    """The wave that fits."""
    columns = {"respondent": "id", "started_at": "started", "submitted_at": "finished"}
    return make_wave("spss", questions(layout), {"number": f"**/*.{layout}"}, columns=columns)


def write(folder: Path, answers: Answers, layout: str = "sav") -> dict[str, Path]:
    """The one file."""
    columns: dict[str, list[object]] = {name: [] for name in META}
    for sheet in answers:
        times = [f"{at:%Y-%m-%d %H:%M:%S}" for at in (sheet.began, sheet.ended)]
        person = sheet.person
        meta = [float(sheet.number), *times, person.ip, person.nickname, person.email, person.openid]
        for name, value in zip(META, meta, strict=True):
            columns[name].append(value)
        for question in questions(layout):
            for name, value in zip(_names(question), _cells(question, sheet.answers[question.code]), strict=True):
                columns.setdefault(name, []).append(value)
        for place, value in enumerate(person.extra.values()):
            columns.setdefault(f"x{place}", []).append(value)
    path = folder / f"小哥调查.{layout}"
    path.parent.mkdir(parents=True, exist_ok=True)
    labels, values, missing = _dictionary(layout)
    labels |= {f"x{place}": heading for place, heading in enumerate(answers[0].person.extra)}
    frame = pl.DataFrame(columns, strict=False).with_columns(pl.col(pl.Null).cast(pl.Float64))
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=labels,
        variable_value_labels=values,
        missing_ranges=missing,
        compress=layout == "zsav",
    )
    return {"number": path}


def _dictionary(layout: str) -> tuple[dict[str, str], dict[str, dict[float, str]], dict[str, list[float]]]:
    """Labels of variables, labels of values and user-missing values, by variable."""
    labels: dict[str, str] = {}
    values: dict[str, dict[float, str]] = {}
    missing: dict[str, list[float]] = {}
    for question in questions(layout):
        parts = [part.text for part in (*question.items, *question.options) if part.column] or [""]
        parts += [f"{option.text}（填写）" for option in question.options if option.fill_in_column]
        for name, part in zip(_names(question), parts, strict=True):
            labels[name] = question.text_zh + (f"：{part}" if part else "")
            if (question.options or question.type == "number") and not name.endswith("_text"):
                missing[name] = [float(mark) for mark in MARKS.values()]
            if question.options and question.type not in PER_OPTION and not name.endswith("_text"):
                values[name] = {float(option.number): option.text for option in question.options}
                values[name] |= {float(MARKS["blank"]): "未回答", float(MARKS["not_shown"]): "不适用"}
            elif question.type == "multiple" and not name.endswith("_text"):
                values[name] = {0.0: "未选", 1.0: "已选"}
    return labels, values, missing


def _names(question: Question) -> list[str]:
    parts = [part.column for part in (*question.items, *question.options) if part.column] or [question.column]
    return [str(name) for name in parts] + [
        str(option.fill_in_column) for option in question.options if option.fill_in_column
    ]


def _cells(question: Question, answer: Any) -> list[object]:
    names = _names(question)
    n_texts = sum(name.endswith("_text") for name in names)
    if is_missing(answer):
        mark = float(MARKS[answer]) if question.options or question.type == "number" else ""
        return [mark] * (len(names) - n_texts) + [""] * n_texts
    match question.type:
        case "single" | "scale":
            return [float(option_of(question, answer.option).number), *([answer.text or ""] * n_texts)]
        case "multiple":
            ticked = {pick.option: pick.text for pick in answer}
            fill_ins = [ticked.get(option.code) or "" for option in question.options if option.fill_in_column]
            return [*(float(option.code in ticked) for option in question.options), *fill_ins]
        case "matrix":
            return [float(option_of(question, option).number) for option in answer.values()]
        case "ranking":
            ranks = {pick.option: float(place) for place, pick in enumerate(answer, start=1)}
            return [ranks.get(option.code) for option in question.options]
        case "allocation":
            return [float(answer[option.code]) for option in question.options]
        case "number":
            return [float(answer)]
    return [str(answer)]
