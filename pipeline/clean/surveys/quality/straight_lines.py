"""Straight lines: one answer down a grid although some of its rows mean the opposite."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.contracts import Wave


def straightliners(answers: pl.DataFrame, wave: Wave, limits: Mapping[str, float]) -> set[str]:
    """Respondents with one answer in every row of a grid that has reversed rows; in a long grid (`least_rows`) also those
    with at most `rows_apart` rows that differ, if a reversed row is among the equal ones. A grid without reversed rows
    shows nothing: who is content with everything says so. A row left blank spoils no line that is long enough."""
    found: set[str] = set()
    for question in wave.questions:
        reversed_rows = [item.code for item in question.items if item.reversed]
        if question.type == "matrix" and reversed_rows and len(question.items) > len(reversed_rows):
            found |= _straight(_rows(answers, question.code), len(question.items), reversed_rows, limits)
    return found


def _rows(answers: pl.DataFrame, question: str) -> pl.DataFrame:
    return answers.filter(
        (pl.col("question_code") == question) & (pl.col("option_code") == "") & (pl.col("state") == "answered")
    )


def _straight(rows: pl.DataFrame, n_rows: int, reversed_rows: list[str], limits: Mapping[str, float]) -> set[str]:
    apart = int(limits["rows_apart"]) if n_rows >= limits["least_rows"] else 0
    is_reversed = pl.col("item_code").is_in(reversed_rows)
    marks = rows.group_by("respondent_id", "value_text").agg(
        n=pl.len(), n_reversed=is_reversed.sum(), n_plain=(~is_reversed).sum()
    )
    line = (pl.col("n") >= n_rows - apart) & (pl.col("n_reversed") > 0) & (pl.col("n_plain") > 0)
    return set(marks.filter(line)["respondent_id"].to_list())
