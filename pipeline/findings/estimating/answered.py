"""Any closed question of a wave as estimates: each answer's share of respondents, or of all answers given, in any groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.analysis.survey.estimates import Estimates, ratios, shares
from pipeline.findings.estimating.sample import Sample


@dataclass(frozen=True)
class Answered:
    """Estimates of one sample, a row per item, answer (and group). `counts`: n (asked) and n_chosen, unweighted."""

    sample: Sample
    counts: pl.DataFrame
    shares: Estimates


def answer_estimates(
    sample: Sample,
    answers: pl.DataFrame,
    groups: pl.DataFrame | None = None,
    *,
    of_responses: bool = False,
    every: bool = False,
) -> Answered:
    """Shares of those asked who gave each answer; `of_responses`: of all answers they gave, where several may be ticked.

    `answers`: person, item_code, answer_code (null: asked, chose none). `groups`: person, by_code. Each item (row of a matrix) is
    asked on its own. Respondents outside a group stay in the design. `every`: a row also where nobody of a group gave an answer.
    """
    answers = answers.join(sample.frame.select("person"), on="person", how="semi")
    keys = ["item_code", *(["by_code"] if groups is not None else [])]
    if groups is not None:
        answers = answers.join(groups.drop_nulls("by_code"), on="person", how="inner")
    answers = answers.with_columns(pl.col("item_code").fill_null(""))
    bases = answers.select(keys).unique().sort(keys).with_row_index("_base")
    asked = _marks(sample, answers.join(bases, on=keys), "_base", bases.height)
    picked = answers.drop_nulls("answer_code")
    labels = picked.select(*keys, "answer_code").unique()
    if every:
        labels = bases.select(keys).join(labels.select("item_code", "answer_code").unique(), on="item_code")
    labels = labels.sort(*keys, "answer_code").with_row_index("_column")
    chosen = _marks(sample, picked.join(labels, on=[*keys, "answer_code"]), "_column", labels.height)
    base_of = labels.join(bases, on=keys, how="left", maintain_order="left")["_base"].to_numpy()
    whole = asked[:, base_of] if labels.height else asked[:, :0]
    labels = labels.drop("_column")
    counts = labels.with_columns(
        pl.Series("n", whole.sum(axis=0), dtype=pl.Int64), pl.Series("n_chosen", chosen.sum(axis=0), dtype=pl.Int64)
    )
    if not of_responses:
        return Answered(sample, counts, shares(sample.design, chosen, whole, labels))
    given = np.stack([chosen[:, base_of == base].sum(axis=1) for base in range(bases.height)], axis=1)[:, base_of]
    return Answered(sample, counts, ratios(sample.design, labels, chosen, given, "share"))


def mean_estimates(sample: Sample, values: pl.DataFrame, groups: pl.DataFrame | None = None) -> Estimates:
    """Mean of a number per item (and group) over those who gave one. `values`: person, item_code, value."""
    values = values.drop_nulls("value").join(sample.frame.select("person"), on="person", how="semi")
    keys = ["item_code", *(["by_code"] if groups is not None else [])]
    if groups is not None:
        values = values.join(groups.drop_nulls("by_code"), on="person", how="inner")
    values = values.with_columns(pl.col("item_code").fill_null(""))
    labels = values.select(keys).unique().sort(keys).with_row_index("_column")
    rows = values.join(labels, on=keys)
    inside = _marks(sample, rows, "_column", labels.height)
    y = np.zeros(inside.shape)
    y[sample.places(rows["person"]).astype(int), rows["_column"].to_numpy()] = rows["value"].to_numpy()
    return ratios(sample.design, labels.drop("_column"), y, inside)


def _marks(sample: Sample, rows: pl.DataFrame, column: str, n_columns: int) -> np.ndarray:
    """Respondent × column: true where `rows` has a line."""
    found = np.zeros((sample.frame.height, n_columns), dtype=bool)
    if rows.height:
        found[sample.places(rows["person"]).astype(int), rows[column].to_numpy()] = True
    return found
