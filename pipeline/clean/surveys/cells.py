"""The state of a cell: answered, blank (seen, not answered) or not shown (skipped by logic). Never merged."""

from __future__ import annotations

import polars as pl

from pipeline.readers.surveys.survey_columns import Dialect

COLUMNS = {
    "source_row": pl.Int64,
    "question_code": pl.String,
    "item_code": pl.String,
    "option_code": pl.String,
    "state": pl.String,
    "value_text": pl.String,
    "value_number": pl.Float64,
    "is_fill_in": pl.Boolean,
}


def state_of(text: pl.Expr, dialect: Dialect, *, coded: bool) -> pl.Expr:
    """The state of each cell of one column. `coded`: the cell holds a code, so that −3 and −2 are marks, not values."""
    stripped = text.str.strip_chars()
    state = (
        pl.when(stripped.is_null() | stripped.is_in(dialect.blank))
        .then(pl.lit("blank"))
        .when(stripped.is_in(dialect.not_shown))
        .then(pl.lit("not_shown"))
    )
    if coded:
        for mark, meaning in dialect.missing_numbers.items():
            state = state.when(stripped.is_in([mark, f"{mark}.0"])).then(pl.lit(meaning))
    return state.otherwise(pl.lit("answered"))


def cells_of(frame: pl.DataFrame, column: str, dialect: Dialect, *, coded: bool) -> pl.DataFrame:
    """One column as source_row, text (stripped) and state."""
    return frame.select(
        "source_row",
        pl.col(column).str.strip_chars().alias("text"),
        state_of(pl.col(column), dialect, coded=coded).alias("state"),
    )


def rows(frame: pl.DataFrame, question: str, **given: pl.Expr | str) -> pl.DataFrame:
    """Answer rows from a frame that has source_row and state; `given` fills item_code, option_code, value_text,
    value_number or is_fill_in, the rest keeps its empty value."""
    values: dict[str, pl.Expr] = {
        "source_row": pl.col("source_row"),
        "question_code": pl.lit(question),
        "item_code": pl.lit(""),
        "option_code": pl.lit(""),
        "state": pl.col("state"),
        "value_text": pl.lit(None, dtype=pl.String),
        "value_number": pl.lit(None, dtype=pl.Float64),
        "is_fill_in": pl.lit(False),
    }
    values |= {name: pl.lit(value) if isinstance(value, str) else value for name, value in given.items()}
    return frame.select(value.cast(COLUMNS[name]).alias(name) for name, value in values.items())


def empty_rows() -> pl.DataFrame:
    """No answer rows."""
    return pl.DataFrame(schema=COLUMNS)
