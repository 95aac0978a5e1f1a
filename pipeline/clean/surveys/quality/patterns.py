"""Patterns: options ticked in steps — 1 2 3 4 5 4 3 2 — as the pointer wanders over the page, whatever is asked.

A step repeats where an answer lies as far from the one before as that did from its own, in a row of
options that begins anew at its end. Steps of nothing do not count: who
is content with everything is honest, and a straight line is told on grids with reversed rows. How often steps repeat by
themselves is read off the wave, place by place (an index of autocorrelation, as in Gottfried et al. 2022 for patterned
answers, that needs no scale).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipeline.contracts import Wave


def patterned(answers: pl.DataFrame, ids: np.ndarray, wave: Wave, limits: Mapping[str, float]) -> np.ndarray:
    """Whether each respondent's ticks follow steps that repeat far too often. `ids` the respondents, in order."""
    places, around = positions(answers, ids, wave, int(limits["least_options"]))
    if places.shape[1] < 3:
        return np.zeros(len(ids), dtype=bool)
    step = np.diff(places, axis=1)
    known = ~np.isnan(step[:, 1:]) & ~np.isnan(step[:, :-1])
    again = (step[:, 1:] - step[:, :-1]) % np.maximum(around[1:-1], around[2:]) == 0
    repeats = known & again & (step[:, 1:] != 0) & (step[:, :-1] != 0)
    n = known.sum(axis=0)
    usual = (repeats.sum(axis=0) + 1) / (n + 4)
    expected = (known * usual).sum(axis=1)
    spread = np.sqrt(np.maximum((known * (usual * (1 - usual))).sum(axis=1), 1e-9))
    found = repeats.sum(axis=1)
    return (found >= limits["least_repeats"]) & ((found - expected) / spread > limits["sigmas"])


def positions(answers: pl.DataFrame, ids: np.ndarray, wave: Wave, least_options: int) -> tuple[np.ndarray, np.ndarray]:
    """The place of the option ticked, counted from 0, of every single answer in the order of the questionnaire: respondent ×
    item, NaN where none is; and the number of options of each item. Only of questions with so many options that steps
    show."""
    asked = [
        question
        for question in sorted(wave.questions, key=lambda question: question.number)
        if question.type in ("single", "scale", "matrix")
        and len(question.options) >= least_options
        and not question.expected
    ]
    columns = [(question.code, item) for question in asked for item in [row.code for row in question.items] or [""]]
    places = [(q.code, option.code, float(place)) for q in asked for place, option in enumerate(q.options)]
    found = np.full((len(ids), len(columns)), np.nan)
    around = np.array([len(question.options) for question in asked for _ in question.items or [""]], dtype=float)
    if not columns:
        return found, around
    schema = ["question_code", "value_text", "place"]
    rows = (
        answers.filter((pl.col("state") == "answered") & ~pl.col("is_fill_in") & (pl.col("option_code") == ""))
        .join(pl.DataFrame(places, schema=schema, orient="row"), on=["question_code", "value_text"])
        .join(
            pl.DataFrame(
                [(*column, index) for index, column in enumerate(columns)],
                schema=["question_code", "item_code", "column"], orient="row",
            ),
            on=["question_code", "item_code"],
        )
        .join(pl.DataFrame({"respondent_id": list(ids), "row": np.arange(len(ids))}, schema_overrides={"respondent_id": pl.String}), on="respondent_id")
    )  # fmt: skip
    found[rows["row"].to_numpy(), rows["column"].to_numpy()] = rows["place"].to_numpy()
    return found, around
