"""Contradictions: what a sheet says of one person and cannot all be true, by the rules of metadata/survey_quality.toml."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.contracts import Question, Wave
from pipeline.contracts.survey_quality import Condition, Contradiction

ANY, NONE = "any", "none"
NUMERIC = {"gt": pl.Expr.gt, "ge": pl.Expr.ge, "lt": pl.Expr.lt, "le": pl.Expr.le}


def contradictions(answers: pl.DataFrame, wave: Wave, rules: Sequence[Contradiction]) -> dict[str, set[str]]:
    """Respondents by the code of the rule they break. A rule that asks for a variable the wave does not have is no rule of
    this wave; what is left blank contradicts nothing."""
    found = {}
    for rule in rules:
        parts = [_fulfilled(answers, wave, condition) for condition in rule.when]
        found[rule.code] = set.intersection(*parts) if parts else set()
    return found


def _fulfilled(answers: pl.DataFrame, wave: Wave, condition: Condition) -> set[str]:
    """Respondents of whom one condition is true."""
    found: set[str] = set()
    for question in wave.questions:
        if question.variable == condition.variable:
            own = answers.filter(
                (pl.col("question_code") == question.code)
                & (pl.col("state") == "answered")
                & ~pl.col("is_fill_in")
                & _says(question, condition)
            )
            found |= set(own["respondent_id"].to_list())
    return found


def _says(question: Question, condition: Condition) -> pl.Expr:
    if condition.op == "answered":
        return pl.lit(True)
    if condition.op in NUMERIC:
        return NUMERIC[condition.op](pl.col("value_number"), float(condition.value or 0)).fill_null(False)
    if condition.op == "ticked":
        return pl.col("option_code").is_in(_options(question, str(condition.value))) & (pl.col("value_number") > 0)
    codes = {option.code: str(option.code if option.value is None else option.value) for option in question.options}
    standard = pl.col("value_text").replace_strict(codes, default=None, return_dtype=pl.String)
    same = standard == str(condition.value)
    return (same if condition.op == "is" else ~same).fill_null(False)


def _options(question: Question, wanted: str) -> list[str]:
    """Codes of the options a tick condition means."""
    none = {question.missing_none} - {None}
    if wanted == NONE:
        return sorted(none)
    if wanted == ANY:
        return [option.code for option in question.options if option.code not in none]
    return [option.code for option in question.options if wanted in (option.code, option.value)]
