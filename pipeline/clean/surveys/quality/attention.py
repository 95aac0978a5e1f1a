"""Attention checks: items that say which option to tick."""

from __future__ import annotations

import polars as pl

from pipeline.contracts import Question, Wave


def attention_failures(answers: pl.DataFrame, wave: Wave) -> set[str]:
    """Respondents who ticked another option than a check asked for; leaving it out is not failing. A wave may have several
    checks (every question with `expected`): one wrong tick is enough, a check is made so that nobody who reads errs."""
    failed: set[str] = set()
    for question in wave.questions:
        if question.expected is not None:
            failed |= set(answers.filter(_wrong(question))["respondent_id"].to_list())
    return failed


def _wrong(question: Question) -> pl.Expr:
    main = (pl.col("question_code") == question.code) & (pl.col("option_code") == "") & (pl.col("state") == "answered")
    return main & (pl.col("value_text") != question.expected)
