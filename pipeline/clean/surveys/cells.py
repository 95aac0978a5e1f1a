"""The state of a cell: answered, blank (seen, not answered) or not shown (skipped by logic). Never merged."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.readers.surveys.layout import AnswerColumn, Dialect

COLUMNS = {
    "source_row": pl.Int64,
    "question_code": pl.String,
    "item_code": pl.String,
    "option_code": pl.String,
    "state": pl.String,
    "value_text": pl.String,
    "value_number": pl.Float64,
    "cell_position": pl.Int64,
    "missing_mark": pl.String,
    "is_fill_in": pl.Boolean,
}
_EMPTY = {
    "item_code": "",
    "option_code": "",
    "value_text": None,
    "value_number": None,
    "cell_position": None,
    "missing_mark": None,
    "is_fill_in": False,
}


def state_of(text: pl.Expr, dialect: Dialect, *, coded: bool, missing: Mapping[str, str] | None = None) -> pl.Expr:
    """The state of each cell of one column. `coded`: the cell holds a code, so that −3 and −2 are marks, not values;
    `missing`: the marks of this question."""
    stripped = text.str.strip_chars()
    state = (
        pl.when(stripped.is_null() | stripped.is_in(dialect.blank))
        .then(pl.lit("blank"))
        .when(stripped.is_in(dialect.not_shown))
        .then(pl.lit("not_shown"))
    )
    marks = dict(dialect.missing_numbers) if coded else {}
    for mark, meaning in {**marks, **(missing or {})}.items():
        state = state.when(stripped.is_in([mark, f"{mark}.0"])).then(pl.lit(meaning))
    return state.otherwise(pl.lit("answered"))


def cells_of(frame: pl.DataFrame, column: AnswerColumn, dialect: Dialect, *, coded: bool) -> pl.DataFrame:
    """One column as source_row, text (stripped), state, and the mark where one says that it is missing and another could:
    several marks can mean one state, and which one stood there is not lost."""
    own = column.question.missing
    platform = () if dialect.tells_skips else (*dialect.not_shown, *(dialect.missing_numbers if coded else ()))
    marks = [*own, *platform]
    text = pl.col(column.column).str.strip_chars()
    return frame.select(
        "source_row",
        text.alias("text"),
        state_of(pl.col(column.column), dialect, coded=coded, missing=own).alias("state"),
        missing_mark=pl.when(text.is_in(marks)).then(text),
    )


def rows(frame: pl.DataFrame, question: str, **given: pl.Expr | str) -> pl.DataFrame:
    """Answer rows from a frame that has source_row and state; `given` fills item_code, option_code, value_text,
    value_number, cell_position or is_fill_in, the rest keeps its empty value, and the mark of a missing answer its place."""
    values: dict[str, pl.Expr] = {
        "source_row": pl.col("source_row"),
        "question_code": pl.lit(question),
        "state": pl.col("state"),
        **{name: pl.lit(value) for name, value in _EMPTY.items()},
    }
    values |= {name: pl.lit(value) if isinstance(value, str) else value for name, value in given.items()}
    if "missing_mark" in frame.columns:
        values["missing_mark"] = pl.col("missing_mark")
    return frame.select(values[name].cast(kind).alias(name) for name, kind in COLUMNS.items())


def empty_rows() -> pl.DataFrame:
    """No answer rows."""
    return pl.DataFrame(schema=COLUMNS)
