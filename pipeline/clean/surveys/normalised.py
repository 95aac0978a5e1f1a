"""What reading a cell is allowed to change, and nothing else: the declared normalisations.

`normalised(cell) == normalised(inverse(read(cell)))` for every cell of an export. docs/surveys.md lists the rules; a test
keeps that list and this one equal.
"""

from __future__ import annotations

import re

import polars as pl

from pipeline.clean.surveys.inverse import plain_number
from pipeline.clean.surveys.measures import is_plain, read_dates
from pipeline.clean.surveys.options import TICKED, UNTICKED, joined_splitter, open_option, option_finder
from pipeline.contracts import Question
from pipeline.privacy import screen_text
from pipeline.readers.surveys.layout import AnswerColumn, Dialect, fold

NORMALISATIONS = {
    "ends": ("首尾空白不计", "white space at the ends of a cell does not count"),
    "blank": (
        "平台表示“空”的几种写法是一种；没有专门记号的平台，未出示也写成空",
        "a platform's words for blank are one; where it has no mark for a question not shown, that is an empty cell too",
    ),
    "not_shown": ("平台表示“跳过”的几种写法是一种", "a platform's words for a question not shown are one"),
    "tick": (
        "每个选项一列时，1、TRUE、√、Y、选项原文都是“选中”，0、FALSE、否和空都是“未选”",
        "with one column per option 1, TRUE, √, Y and the option's wording are a tick; 0, FALSE, 否 and empty are none",
    ),
    "width": (
        "选项原文里的空白与全角半角括号、冒号、逗号不计",
        "white space and the width of brackets, colons and commas in an option's wording do not count",
    ),
    "separator": (
        "平台连接几个答案的几种符号是一种",
        "the signs that a platform may put between several answers are one",
    ),
    "fill_in": (
        "“其他：…”“其他(…)”都写成“其他〖…〗”",
        "`其他：…` and `其他(…)` are both written `其他〖…〗`",
    ),
    "number": ("数字按值比较：3、3.0、03 相同", "numbers compare by value: 3, 3.0 and 03 are one"),
    "date": ("日期写成 2023-09-08；后面的时刻照旧", "a date is written 2023-09-08; a time of day behind it stays"),
    "twice": ("同一格里重复的选项算一次", "an option named twice in one cell counts once"),
    "order": (
        "分配题按选项顺序写，0 不写",
        "amounts are written in the order of the options, and 0 is not written",
    ),
    "screened": ("文字里的姓名、电话、地址等已隐去", "names, phones, addresses … in free text are masked"),
}


def normalised(cell: str | None, column: AnswerColumn, dialect: Dialect, *, form: str) -> str:
    """A cell after the declared normalisations; the same for two cells that mean the same."""
    text = (cell or "").strip()
    question = column.question
    several = question.type in ("multiple", "ranking", "allocation") and bool(question.options)
    if column.is_fill_in:
        return "" if text in (*question.missing, *dialect.not_shown, *dialect.blank) else _screened(text)
    if text in question.missing:
        return text
    if several and column.option and question.type == "multiple":
        return _tick(text, column, dialect, form)
    if text in dialect.blank or not text or (form != "text" and dialect.missing_numbers.get(text) == "blank"):
        return ""
    if text in dialect.not_shown:
        return dialect.not_shown[0]
    if several and not column.option:
        return _several(text, question, dialect, form)
    if question.options and not several:
        return _coded(text, question, form)
    return _measured(text, question)


def _tick(text: str, column: AnswerColumn, dialect: Dialect, form: str) -> str:
    option = next(option for option in column.question.options if option.code == column.option)
    if text in dialect.missing_numbers or (text in dialect.not_shown):
        return "0" if dialect.missing_numbers.get(text) == "blank" else text
    found = option_finder((option,), form="text")(text)
    if form != "text" and text not in UNTICKED and option_finder((option,), form=form)(text):
        return "1"
    if form == "text" and found:
        return "1" + (f"〖{_screened(found[1])}〗" if found[1] else "")
    if not text or text in UNTICKED or text in dialect.blank:
        return "0"
    return "1" if text in TICKED or found else f"1〖{_screened(text.removeprefix('1〖').removesuffix('〗'))}〗"


def _several(text: str, question: Question, dialect: Dialect, form: str) -> str:
    if question.type == "allocation":
        parts = [part for part in text.split(dialect.separators[0]) if not re.search(r"〖\s*0(?:\.0+)?\s*〗", part)]
        return "┋".join(sorted(fold(re.sub(r"(\d)\.0+〗", r"\1〗", part)) for part in parts))
    separators = (dialect.arrow,) if question.type == "ranking" else dialect.separators
    other = open_option(question, bare_other=dialect.bare_other)
    found = joined_splitter(question, separators, form=form, other=other)(text)
    if found is None:
        return fold(_screened(text))
    named = dict(reversed(found))  # an option named twice: as it was named first
    return "┋".join(
        code + (f"〖{_screened(named[code])}〗" if named[code] else "") for code in dict.fromkeys(c for c, _ in found)
    )


def _coded(text: str, question: Question, form: str) -> str:
    if form != "text":
        return re.sub(r"^(-?\d+)\.0+$", r"\1", text)
    found = option_finder(question.options, form="text")(text)
    if found is None:
        return fold(_screened(text))
    return found[0] + (f"〖{_screened(found[1])}〗" if found[1] else "")


def _measured(text: str, question: Question) -> str:
    frame = pl.DataFrame({"text": [text]}, schema={"text": pl.String})
    if question.type in ("number", "scale", "ranking", "allocation"):
        plain = frame.select(is_plain(pl.col("text"))).item()
        return plain_number(float(text)) if plain else _screened(text)
    if question.type == "date":
        return read_dates(frame["text"]).item() or _screened(text)
    return _screened(text)


def _screened(text: str) -> str:
    return screen_text(pl.Series([text], dtype=pl.String)).item()
