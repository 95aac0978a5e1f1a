"""The way back: answer rows to the cells a platform would have written. One inverse per question type.

Proves that reading loses nothing: `inverse(read(cell)) == cell` for every cell, up to the normalisations that
`normalised.py` declares.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.clean.surveys.options import open_option
from pipeline.contracts import Question
from pipeline.readers.surveys.layout import AnswerColumn, Dialect

Row = dict[str, Any]


def cells_of(rows: Sequence[Row], columns: Sequence[AnswerColumn], dialect: Dialect, *, form: str) -> list[str]:
    """The cells of one respondent and one question, one per column. `rows` are its answer rows (item_code, option_code,
    state, value_text, value_number, cell_position, is_fill_in); `form` is text, number or code."""
    return [_cell(rows, column, dialect, form) for column in columns]


def _cell(rows: Sequence[Row], column: AnswerColumn, dialect: Dialect, form: str) -> str:
    question = column.question
    several = question.type in ("multiple", "ranking", "allocation") and bool(question.options)
    own = [
        row
        for row in rows
        if row["item_code"] == column.item and (not column.option or row["option_code"] == column.option)
    ]
    if column.is_fill_in:
        beside = next((row["value_text"] for row in own if several or row["is_fill_in"]), None)
        return "" if beside is None or beside in (*question.missing, *dialect.not_shown) else beside
    main = [row for row in own if not row["is_fill_in"]]
    if main[0]["state"] != "answered":
        return _mark(main[0], question, dialect, form)
    if several:
        return _per_option(own[0], column, form) if column.option else _joined(own, question, dialect, form)
    if question.options:
        return _single(own, question, dialect, form)
    return _plain(own[0])


def _mark(row: Row, question: Question, dialect: Dialect, form: str) -> str:
    """How a missing answer is written: by the question's own mark, by the platform's, or by nothing."""
    if row["value_text"] in question.missing or row["value_text"] in dialect.not_shown:
        return row["value_text"]
    if form == "number" and dialect.missing_numbers:
        return {meaning: mark for mark, meaning in dialect.missing_numbers.items()}[row["state"]]
    skipped = row["state"] == "not_shown" and dialect.tells_skips
    return dialect.not_shown[0] if skipped else dialect.blank[0]


def _named(code: str, question: Question, form: str) -> str:
    option = next(option for option in question.options if option.code == code)
    return {"text": option.text, "number": str(option.number), "code": option.code}[form]


def _single(rows: Sequence[Row], question: Question, dialect: Dialect, form: str) -> str:
    main = next(row for row in rows if not row["is_fill_in"])
    filled = next((row["value_text"] for row in rows if row["is_fill_in"]), None)
    if filled is not None and dialect.other_alone:
        return ""
    return _with_fill_in(main["value_text"], filled, question, dialect, form)


def _with_fill_in(code: str, filled: str | None, question: Question, dialect: Dialect, form: str) -> str:
    if filled is None or form != "text" or any(option.fill_in_column for option in question.options):
        return _named(code, question, form)
    if open_option(question, bare_other=dialect.bare_other) == code:
        return filled
    return f"{_named(code, question, form)}〖{filled}〗"


def _joined(rows: Sequence[Row], question: Question, dialect: Dialect, form: str) -> str:
    before, between, after = question.joined or ("", dialect.separators[0], "")
    named = [row for row in rows if row["value_number"]]
    if question.type == "ranking":
        between = question.joined[1] if question.joined else dialect.arrow
        named.sort(key=lambda row: row["value_number"])
    else:
        order = [option.code for option in question.options]
        named.sort(key=lambda row: row.get("cell_position") or order.index(row["option_code"]))
    if question.type == "allocation":
        parts = [
            f"{_named(row['option_code'], question, 'text')}〖{plain_number(row['value_number'])}〗" for row in named
        ]
    else:
        parts = [_with_fill_in(row["option_code"], row["value_text"], question, dialect, form) for row in named]
    return before + between.join(parts) + after


def _per_option(row: Row, column: AnswerColumn, form: str) -> str:
    """A tick as 1 or 0, a rank as its number; beside it what was filled in, where the column holds that instead."""
    if column.question.type in ("ranking", "allocation"):
        return "" if row["value_number"] is None else plain_number(row["value_number"])
    beside = form == "text" and not any(option.fill_in_column for option in column.question.options)
    return plain_number(row["value_number"]) + (f"〖{row['value_text']}〗" if row["value_text"] and beside else "")


def _plain(row: Row) -> str:
    return row["value_text"] if row["value_text"] is not None else plain_number(row["value_number"])


def plain_number(value: float) -> str:
    """A number as people write it: no needless decimals.

    >>> plain_number(3.0), plain_number(0.5)
    ('3', '0.5')
    """
    return str(int(value)) if value == int(value) else repr(value)
