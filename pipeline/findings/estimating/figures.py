"""The columns every survey figure carries: estimate, error, interval, effective n, selection band, and whether it is certain enough."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from pipeline.analysis.survey.estimates import Estimates
from pipeline.analysis.survey.intervals import wilson
from pipeline.analysis.survey.selection import with_selection_band
from pipeline.findings.estimating.sample import Sample
from pipeline.paths import METADATA

FIGURES = ("est", "se", "lci", "uci", "band_low", "band_high", "n_eff")


@cache
def rules() -> dict[str, Any]:
    """metadata/estimates.toml: how certain a figure must be, what counts as a gap, how far selection may go."""
    return tomllib.loads((METADATA / "estimates.toml").read_text(encoding="utf-8"))


def figures(of: Estimates, sample: Sample) -> pl.DataFrame:
    """One row per estimate: est, se, lci, uci, band_low, band_high, n_eff and withheld_code.

    The band says where the share lies if people in need were up to twice, or half, as ready to answer as others. A figure
    that is too uncertain keeps nothing but the reason: `wide` (interval above the limit) or `uncertain` (error too large beside it).
    """
    table = with_band(of.table().select("est", "se", "lci", "uci", "n_eff"), sample.response_rate)
    return withhold(table.with_columns(pl.col("n_eff").round(1)))


def with_band(table: pl.DataFrame, response_rate: float | None = None) -> pl.DataFrame:
    """A table of shares (est, lci, uci) with the selection band of metadata/estimates.toml behind them."""
    odds = rules()["selection"]["odds"]
    return with_selection_band(table, odds=(min(odds), max(odds)), response_rate=response_rate)


def withhold(table: pl.DataFrame) -> pl.DataFrame:
    """Empties figures that are too uncertain to be shown and says why in `withheld_code` (empty: shown).

    Nobody, or everybody, is judged as all but one would be: that a figure is shown must not tell that they were of one mind. One whose
    error nothing tells (all asked at one place) is uncertain, too.
    """
    limits = rules()["show"]
    n_eff = table["n_eff"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        almost = wilson(1 - 1 / n_eff, n_eff - 1, n_eff - 1)
    like_all_but_one = pl.Series(almost[1] - almost[0]).fill_nan(None) > limits["max_width"]
    wide = (pl.col("uci") - pl.col("lci") > limits["max_width"]) | ((pl.col("est") == 1) & like_all_but_one)
    untold = pl.col("est").is_not_null() & (pl.col("se").is_null() | pl.col("lci").is_null())
    error = (
        pl.when(pl.col("est") == 0).then(1.0).otherwise(pl.col("se") / pl.col("est"))
    )  # one in n has an error of its own size
    uncertain = untold | (error > limits["max_cv"])
    code = pl.when(wide).then(pl.lit("wide")).when(uncertain).then(pl.lit("uncertain")).otherwise(pl.lit(""))
    table = table.with_columns(code.fill_null("").alias("withheld_code"))
    shown = [name for name in FIGURES if name in table.columns and name != "n_eff"]
    return table.with_columns(pl.when(pl.col("withheld_code") == "").then(pl.col(name)).alias(name) for name in shown)
