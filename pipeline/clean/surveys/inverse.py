"""The way back: answer rows to the cells a platform would have written. One inverse per question type.

Proves that reading loses nothing: `inverse(read(cell)) == cell`, up to the declared normalisations — white space at the
ends, `(空)` and an empty cell are both blank, and `(跳过)` stands for every spelling of not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.contracts import Question
from pipeline.readers.surveys.survey_columns import AnswerColumn, Dialect

Row = dict[str, Any]


def cells_of(rows: Sequence[Row], columns: Sequence[AnswerColumn], dialect: Dialect, *, form: str) -> list[str]:
    """The cells of one respondent and one question, one per column. `rows` are its answer rows (item_code, option_code,
    state, value_text, value_number, is_fill_in); `form` is text or number."""
    return [_cell(rows, column, dialect, numbered=form == "number") for column in columns]


def _cell(rows: Sequence[Row], column: AnswerColumn, dialect: Dialect, *, numbered: bool) -> str:
    own = [
        row
        for row in rows
        if row["item_code"] == column.item and (not column.option or row["option_code"] == column.option)
    ]
    state = own[0]["state"]
    if state != "answered":
        marks = {meaning: mark for mark, meaning in dialect.missing_numbers.items()}
        return marks[state] if numbered else {"not_shown": dialect.not_shown[0], "blank": dialect.blank[0]}[state]
    kind = column.question.type
    if kind in ("multiple", "ranking", "allocation") and column.question.options:
        return _per_option(own[0], column) if column.option else _joined(own, column.question, dialect)
    if column.question.options:
        return _single(own, column.question, numbered=numbered)
    return str(_plain(own[0]))


def _single(rows: Sequence[Row], question: Question, *, numbered: bool) -> str:
    main = next(row for row in rows if not row["is_fill_in"])
    option = next(option for option in question.options if option.code == main["value_text"])
    if numbered:
        return str(option.number)
    return option.text + _filled(next((row["value_text"] for row in rows if row["is_fill_in"]), None))


def _filled(text: str | None) -> str:
    return "" if text is None else f"〖{text}〗"


def _joined(rows: Sequence[Row], question: Question, dialect: Dialect) -> str:
    texts = {option.code: option.text for option in question.options}
    named = [row for row in rows if row["value_number"]]
    if question.type == "ranking":
        return dialect.arrow.join(
            texts[row["option_code"]] + _filled(row["value_text"])
            for row in sorted(named, key=lambda row: row["value_number"])
        )
    order = list(texts)
    named = sorted(named, key=lambda row: order.index(row["option_code"]))
    if question.type == "allocation":
        amounts = [f"{texts[row['option_code']]}〖{_number(row['value_number'])}〗" for row in named]
        return dialect.separators[0].join(amounts)
    return dialect.separators[0].join(texts[row["option_code"]] + _filled(row["value_text"]) for row in named)


def _per_option(row: Row, column: AnswerColumn) -> str:
    if column.question.type == "ranking":
        return "" if row["value_number"] is None else _number(row["value_number"])
    return _number(row["value_number"])


def _plain(row: Row) -> str:
    return row["value_text"] if row["value_text"] is not None else _number(row["value_number"])


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
