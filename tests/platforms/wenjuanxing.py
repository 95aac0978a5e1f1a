"""问卷星: by text, by number and by score, .xlsx or CSV; and its .sav.

Confirmed by public exports: the six bookkeeping columns, headings `1、…` with trailing blanks, ┋ between answers, 〖〗 around
what was filled in, the bare rows of a matrix behind its first, `(跳过)`/`(空)`/−3/−2, `A→B` and a column per option for
rankings, 总分 as the seventh column or the last, variables `index`, `totalseconds`, `Q1`, `Q6_Row1` of the .sav. Assumed: the
score export is the number export with 总分, amounts are 〖n〗 behind the option, the .sav has a 0/1 variable per option.
Every type is written.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs
import pyreadstat

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Pick, Sheet, is_missing, option_of
from tests.platforms.files import make_wave, with_extra, write_csv, write_xlsx
from tests.platforms.naming import with_columns

LAYOUTS = ("text", "number", "score", "pair", "old headings", "csv", "sav")
WITHOUT_FILLED = ("number", "score", "sav")
META = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
TEXT_MARKS = {"blank": "(空)", "not_shown": "(跳过)"}
NUMBER_MARKS = {"blank": -2, "not_shown": -3}
PER_OPTION = ("multiple", "ranking", "allocation")


def questions(layout: str = "text") -> tuple[Question, ...]:
    """The questionnaire; in the .sav every variable is named."""
    if layout != "sav":
        return QUESTIONS
    marks = {str(mark): state for state, mark in NUMBER_MARKS.items()}
    return tuple(replace(_named(question), missing=marks) for question in QUESTIONS)


def _named(question: Question) -> Question:
    name = f"Q{question.number}"
    rows = {item.code: f"{name}_Row{n}" for n, item in enumerate(question.items, start=1)}
    per_option = {option.code: f"{name}_{option.number}" for option in question.options}
    return with_columns(question, name, items=rows, options=per_option if question.type in PER_OPTION else {})


def wave(layout: str = "text") -> Wave:
    """The wave that fits."""
    globs = {
        "text": {"text": "**/*_按文本_*.xlsx"},
        "number": {"number": "**/*_按序号_*.xlsx"},
        "score": {"number": "**/*_按分数_*.xlsx"},
        "csv": {"text": "**/*_按文本_*.csv", "number": "**/*_按序号_*.csv"},
        "sav": {"number": "**/*.sav"},
    }
    pair = {"text": "**/*_按文本_*.xlsx", "number": "**/*_按序号_*.xlsx"}
    family = "spss" if layout == "sav" else "wenjuanxing"
    columns = {"respondent": "index", "duration": "totalseconds"} if layout == "sav" else {}
    return make_wave(family, questions(layout), globs.get(layout, pair), columns=columns)


def write(folder: Path, answers: Answers, layout: str = "text") -> dict[str, Path]:
    """The files of one layout, by form."""
    n = len(answers)
    if layout == "sav":
        return {"number": _write_sav(folder / "2305_小哥调查.sav", answers)}
    written = {}
    for form in wave(layout).files:
        rows = text_rows(answers) if form == "text" else number_rows(answers, old=layout == "old headings")
        if layout == "score":
            rows = [[*row[:6], "总分" if place == 0 else place, *row[6:]] for place, row in enumerate(rows)]
        rows = with_extra(rows, answers)
        mode = {"text": "按文本", "number": "按分数" if layout == "score" else "按序号"}[form]
        name = f"2305_{mode}_小哥调查_{n}_{n}"
        if layout == "csv":
            written[form] = write_csv(folder / f"{name}.csv", rows, "gb18030")
        else:
            written[form] = write_xlsx(folder / f"{name}.xlsx", {"Sheet1": rows})
    return written


def text_rows(answers: Answers) -> list[list[object]]:
    """The export by text, headings first."""
    heads: list[object] = [*META]
    for question in QUESTIONS:
        heads += text_headings(question)
    return [heads, *([*_meta(sheet), *(cell for each in QUESTIONS for cell in text_cells(each, sheet.answers[each.code]))] for sheet in answers)]  # fmt: skip


def number_rows(answers: Answers, *, old: bool = False) -> list[list[object]]:
    """The export by number, headings first."""
    heads: list[object] = [*META]
    for question in QUESTIONS:
        heads += number_headings(question, old=old)
    return [heads, *([*_meta(sheet), *(cell for each in QUESTIONS for cell in number_cells(each, sheet.answers[each.code]))] for sheet in answers)]  # fmt: skip


def _meta(sheet: Sheet) -> list[object]:
    at, person = sheet.ended, sheet.person
    time = f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}"
    return [
        sheet.number,
        time,
        f"{sheet.seconds}秒",
        "微信",
        f"{person.nickname}[{person.openid}]",
        f"{person.ip}(北京-北京)",
    ]


def text_headings(question: Question) -> list[str]:
    """The stem stands on the first column of a matrix only; some headings end in blanks."""
    stem = f"{question.number}、{question.text_zh}"
    if question.items:
        return [f"{stem}—{question.items[0].text}", *(item.text for item in question.items[1:])]
    return [stem + " " * (question.number % 3)]


def number_headings(question: Question, *, old: bool = False) -> list[str]:
    """One column per option; the stem on the first one, or `第3题(选项)` in exports of old."""
    if question.type not in PER_OPTION:
        return text_headings(question)
    texts = [option.text for option in question.options]
    if old:
        return [f"第{question.number}题({text})" for text in texts]
    number = f"{question.number}、"
    return [f"{number}{question.text_zh}({texts[0]})", *(f"{number}({text})" for text in texts[1:])]


def text_cells(question: Question, answer: Any) -> list[object]:
    """The cells of one question as words."""
    if is_missing(answer):
        return [TEXT_MARKS[answer]] * (len(question.items) or 1)
    match question.type:
        case "single" | "scale":
            return [filled(question, answer)]
        case "multiple":
            return ["┋".join(filled(question, pick) for pick in answer)]
        case "matrix":
            return [option_of(question, option).text for option in answer.values()]
        case "ranking":
            return ["→".join(filled(question, pick) for pick in answer)]
        case "allocation":
            return [
                "┋".join(f"{option_of(question, code).text}〖{amount}〗" for code, amount in answer.items() if amount)
            ]
    return [answer if question.type == "number" else str(answer)]


def number_cells(question: Question, answer: Any) -> list[object]:
    """The cells of one question as numbers."""
    if is_missing(answer):
        width = len(question.options) if question.type in PER_OPTION else len(question.items) or 1
        return [NUMBER_MARKS[answer]] * width
    match question.type:
        case "single" | "scale":
            return [option_of(question, answer.option).number]
        case "multiple":
            ticked = {pick.option for pick in answer}
            return [int(option.code in ticked) for option in question.options]
        case "matrix":
            return [option_of(question, option).number for option in answer.values()]
        case "ranking":
            ranks = {pick.option: place for place, pick in enumerate(answer, start=1)}
            return [ranks.get(option.code, "") for option in question.options]
        case "allocation":
            return [answer[option.code] for option in question.options]
    return [answer if question.type == "number" else str(answer)]


def filled(question: Question, pick: Pick) -> str:
    """An option in words, with what was written beside it."""
    text = option_of(question, pick.option).text
    return text if pick.text is None else f"{text}〖{pick.text}〗"


def _write_sav(path: Path, answers: Answers) -> Path:
    columns: dict[str, list[object]] = {"index": [], "totalseconds": []}
    labels = {"index": "序号", "totalseconds": "所用时间"}
    for sheet in answers:
        columns["index"].append(float(sheet.number))
        columns["totalseconds"].append(f"{sheet.seconds}秒")
        for question in QUESTIONS:
            cells = number_cells(question, sheet.answers[question.code])
            for name, heading, cell in zip(_sav_names(question), _sav_labels(question), cells, strict=True):
                columns.setdefault(name, []).append(_sav_value(question, cell))
                labels[name] = heading
        for place, (heading, value) in enumerate(sheet.person.extra.items()):
            columns.setdefault(f"X{place}", []).append(value)
            labels[f"X{place}"] = heading
    frame = pl.DataFrame(columns, strict=False).with_columns(cs.by_dtype(pl.Null).cast(pl.Float64))
    values = {
        name: {float(option.number): option.text for option in question.options}
        for question in QUESTIONS
        if question.options and question.type not in PER_OPTION
        for name in _sav_names(question)
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pyreadstat.write_sav(frame, str(path), column_labels=labels, variable_value_labels=values)
    return path


def _sav_names(question: Question) -> list[str]:
    named = _named(question)
    parts = named.items or (named.options if question.type in PER_OPTION else ())
    return [str(part.column) for part in parts] or [str(named.column)]


def _sav_labels(question: Question) -> list[str]:
    stem = f"{question.number}、{question.text_zh}"
    if question.items:
        first, *others = question.items
        return [f"{stem}({question.text_zh}—{first.text})", *(f"{stem}({item.text})" for item in others)]
    return number_headings(question)


def _sav_value(question: Question, cell: object) -> object:
    if question.options or question.type == "number":
        return None if cell == "" else float(cell)
    return str(cell)
