"""Which rows of clean.answers hold what somebody wrote in own words: text questions, and what was filled in beside an
option."""

from __future__ import annotations

import polars as pl

from pipeline.contracts import Wave

_OF_OPTIONS = ("single", "multiple", "matrix", "ranking", "scale")


def open_rows(answers: pl.DataFrame, wave: Wave) -> pl.DataFrame:
    """The rows of one wave with a text in the respondent's own words (`value_text`, screened already).

    A fill-in stands on the row of its option; the code of a ticked option, in the same column, stands on a row without
    one. Personal questions keep no text at all.
    """
    texts = [question.code for question in wave.questions if question.type == "text" and not question.personal]
    filled = [question.code for question in wave.questions if question.type in _OF_OPTIONS and not question.personal]
    return answers.filter(
        (pl.col("wave_code") == wave.code)
        & (pl.col("state") == "answered")
        & (pl.col("value_text").str.strip_chars() != "")
        & (
            pl.col("question_code").is_in(texts)
            | (pl.col("question_code").is_in(filled) & (pl.col("option_code") != ""))
        )
    )
