"""What was written beside an option, where the export has a column for it (`Q2_4_TEXT`, `Q1[other]`)."""

from __future__ import annotations

import polars as pl

from pipeline.clean.surveys.cells import cells_of, rows
from pipeline.privacy import screen_text
from pipeline.readers.surveys.layout import AnswerColumn, Dialect


def with_fill_ins(
    answers: pl.DataFrame, frame: pl.DataFrame, columns: list[AnswerColumn], dialect: Dialect
) -> pl.DataFrame:
    """Answer rows of one question with the texts of its fill-in columns: on the row of the option where it has one
    (several answers), else as a row of its own under the option's code. Screened like all free text."""
    for column in columns:
        written = cells_of(frame, column, dialect, coded=False).filter(pl.col("state") == "answered").drop("mark")
        written = written.with_columns(screen_text(written["text"]))
        own = (answers["option_code"] == column.option) & ~answers["is_fill_in"]
        if own.any():
            beside = written.select("source_row", pl.lit(column.option).alias("option_code"), beside="text")
            answers = answers.join(beside, on=["source_row", "option_code"], how="left", maintain_order="left")
            answers = answers.with_columns(value_text=pl.coalesce("beside", "value_text")).drop("beside")
        else:
            apart = rows(
                written,
                column.question.code,
                option_code=column.option,
                value_text=pl.col("text"),
                is_fill_in=pl.lit(True),
            )
            answers = pl.concat([answers, apart])
    return answers
