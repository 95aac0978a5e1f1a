"""The way back: answer rows to the cells a platform would have written. One inverse per question type.

Proves that reading loses nothing: `inverse(read(cell)) == cell` for every cell, up to the normalisations that
`normalised.py` declares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.clean.surveys.options import open_option
from pipeline.contracts import Question
from pipeline.readers.surveys.layout import AnswerColumn, Dialect

Row = dict[str, Any]


@dataclass(frozen=True)
class _Way:
    """How one question is written: by which platform, in words, numbers or codes; `apart`: what was written beside an
    option has a column of its own."""

    question: Question
    dialect: Dialect
    form: str
    apart: bool

    @property
    def several(self) -> bool:
        return self.question.type in ("multiple", "ranking", "allocation") and bool(self.question.options)

    def named(self, code: str) -> str:
        """An option as the form writes it."""
        option = next(option for option in self.question.options if option.code == code)
        return {"text": option.text, "number": str(option.number), "code": option.code}[self.form]

    def with_fill_in(self, code: str, filled: str | None) -> str:
        """An option, and what was written beside it where that stands in the same cell."""
        if filled is None or self.form != "text" or self.apart:
            return self.named(code)
        if open_option(self.question, bare_other=self.dialect.bare_other) == code:
            return filled
        return f"{self.named(code)}〖{filled}〗"


def cells_of(rows: Sequence[Row], columns: Sequence[AnswerColumn], dialect: Dialect, *, form: str) -> list[str]:
    """The cells of one respondent and one question, one per column. `rows` are its answer rows (item_code, option_code,
    state, value_text, value_number, cell_position, missing_mark, is_fill_in); `form` is text, number or code."""
    apart = any(column.is_fill_in for column in columns)
    return [_cell(rows, column, _Way(column.question, dialect, form, apart)) for column in columns]


def _cell(rows: Sequence[Row], column: AnswerColumn, way: _Way) -> str:
    own = [
        row
        for row in rows
        if row["item_code"] == column.item and (not column.option or row["option_code"] == column.option)
    ]
    if column.is_fill_in:
        return next((row["value_text"] for row in own if way.several or row["is_fill_in"]), None) or ""
    main = [row for row in own if not row["is_fill_in"]]
    if main[0]["state"] != "answered":
        return _mark(main[0], way)
    if way.several:
        return _per_option(own[0], way) if column.option else _joined(own, way)
    return _single(own, way) if way.question.options else _plain(own[0])


def _mark(row: Row, way: _Way) -> str:
    """How a missing answer is written: by the mark that stood there, by the platform's, or by nothing."""
    dialect = way.dialect
    if row.get("missing_mark"):
        return row["missing_mark"]
    if way.form == "number" and dialect.missing_numbers and dialect.tells_skips:
        return {meaning: mark for mark, meaning in dialect.missing_numbers.items()}[row["state"]]
    skipped = row["state"] == "not_shown" and dialect.tells_skips
    return dialect.not_shown[0] if skipped else dialect.blank[0]


def _single(rows: Sequence[Row], way: _Way) -> str:
    main = next(row for row in rows if not row["is_fill_in"])
    filled = next((row["value_text"] for row in rows if row["is_fill_in"]), None)
    if filled is not None and way.dialect.other_alone:
        return ""
    return way.with_fill_in(main["value_text"], filled)


def _joined(rows: Sequence[Row], way: _Way) -> str:
    question = way.question
    before, between, after = question.joined or ("", way.dialect.separators[0], "")
    named = [row for row in rows if row["value_number"]]
    if question.type == "ranking":
        between = between if question.joined else way.dialect.arrow
        named.sort(key=lambda row: row["value_number"])
    else:
        order = [option.code for option in question.options]
        named.sort(key=lambda row: row.get("cell_position") or order.index(row["option_code"]))
    if question.type == "allocation":
        texts = {option.code: option.text for option in question.options}
        parts = [f"{texts[row['option_code']]}〖{plain_number(row['value_number'])}〗" for row in named]
    else:
        parts = [way.with_fill_in(row["option_code"], row["value_text"]) for row in named]
    return before + between.join(parts) + after


def _per_option(row: Row, way: _Way) -> str:
    """A tick as 1 or 0, a rank or amount as its number; beside it what was filled in, where the column holds that too."""
    if row["value_number"] is None:
        return ""
    beside = row["value_text"] if way.question.type == "multiple" and way.form == "text" and not way.apart else None
    return plain_number(row["value_number"]) + (f"〖{beside}〗" if beside else "")


def _plain(row: Row) -> str:
    return row["value_text"] if row["value_text"] is not None else plain_number(row["value_number"])


def plain_number(value: float) -> str:
    """A number as people write it: no needless decimals.

    >>> plain_number(3.0), plain_number(0.5)
    ('3', '0.5')
    """
    return str(int(value)) if value == int(value) else repr(value)
