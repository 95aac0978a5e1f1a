"""Who was asked a question: the conditions of the wave file, where the platform leaves an unasked cell empty.

An empty cell of a respondent who was not asked is not shown; of one who was asked it is blank. Platforms that mark skipped
questions themselves are believed. An answer to a question that was not asked stays, and is counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.contracts import Question
from pipeline.readers.surveys.layout import Dialect

Count = tuple[str, str, int]


def apply_conditions(
    answers: pl.DataFrame, questions: Sequence[Question], dialect: Dialect
) -> tuple[pl.DataFrame, list[Count]]:
    """Answer rows with `not_shown` where the wave's `shown_if` says so, and (question, reason, n respondents) of answers
    that contradict a condition."""
    counts: list[Count] = []
    for question in questions:
        if not question.shown_if:
            continue
        asked = _asked(answers, question)
        own = pl.col("question_code") == question.code
        unasked = own & ~pl.col("source_row").is_in(asked.implode())
        n = answers.filter(unasked & (pl.col("state") == "answered"))["source_row"].n_unique()
        counts += [(question.code, "answered_unasked", n)] if n else []
        if not dialect.tells_skips:
            state = pl.when(unasked & (pl.col("state") == "blank")).then(pl.lit("not_shown")).otherwise("state")
            answers = answers.with_columns(state=state)
    return answers, counts


def _asked(answers: pl.DataFrame, question: Question) -> pl.Series:
    """Source rows in which every condition of the question holds."""
    asked = answers["source_row"].unique()
    for other, codes in question.shown_if.items():
        rows = answers.filter((pl.col("question_code") == other) & (pl.col("state") == "answered"))
        single = (pl.col("option_code") == "") & pl.col("value_text").is_in(list(codes))
        ticked = pl.col("option_code").is_in(list(codes)) & (pl.col("value_number") > 0)
        holds = rows.filter(single | ticked)["source_row"]
        asked = asked.filter(asked.is_in(holds.implode()))
    return asked
