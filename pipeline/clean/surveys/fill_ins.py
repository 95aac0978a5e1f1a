"""What was written beside an option, where the export has a column for it (`Q2_4_TEXT`, `Q1[other]`)."""

from __future__ import annotations

import polars as pl

from pipeline.clean.surveys.cells import cells_of, rows
from pipeline.privacy import screen_text
from pipeline.readers.surveys.layout import AnswerColumn, Dialect


def beside_columns(columns: list[AnswerColumn]) -> list[AnswerColumn]:
    """The columns of one question that hold what was written beside an option. Where every other option has a column of
    its own and this one has not, its text is the tick, too (`Other (please specify)`): then the column answers."""
    ticked = {column.option for column in columns if column.option and not column.is_fill_in}
    joined = any(not column.option for column in columns)
    return [column for column in columns if column.is_fill_in and (joined or not ticked or column.option in ticked)]


def with_fill_ins(
    answers: pl.DataFrame, frame: pl.DataFrame, columns: list[AnswerColumn], dialect: Dialect
) -> pl.DataFrame:
    """Answer rows of one question with the texts of its fill-in columns: on the row of the option where it has one
    (several answers), else as a row of its own under the option's code. Screened like all free text."""
    for column in columns:
        written = (
            cells_of(frame, column, dialect, coded=False).filter(pl.col("state") == "answered").drop("missing_mark")
        )
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
            answers = pl.concat([_chosen(answers, written, column) if dialect.other_alone else answers, apart])
    return answers


def _chosen(answers: pl.DataFrame, written: pl.DataFrame, column: AnswerColumn) -> pl.DataFrame:
    """Answer rows in which what was written beside an option is the choice of that option, where no other was made."""
    own = pl.col("source_row").is_in(written["source_row"].implode()) & (pl.col("state") == "blank")
    main = own & (pl.col("item_code") == column.item) & ~pl.col("is_fill_in")
    return answers.with_columns(
        state=pl.when(main).then(pl.lit("answered")).otherwise("state"),
        value_text=pl.when(main).then(pl.lit(column.option)).otherwise("value_text"),
    )
