"""Shares by station that also borrow from what is known of each station: its open hours and its use in logs (Fay-Herriot)."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.small_areas.fay_herriot import FEW_AREAS, FayHerriot, arcsine, as_shares, fay_herriot
from pipeline.findings.estimating.answered import answer_estimates
from pipeline.findings.estimating.figures import figures, rules
from pipeline.findings.estimating.sample import Sample

COVARIATES = ("open_hours", "log_visits")
MODELLED = ("modelled_est", "modelled_lci", "modelled_uci")


def modelled_rows(
    con: duckdb.DuckDBPyConnection, sample: Sample, answers: pl.DataFrame, answer: str, period: str
) -> tuple[pl.DataFrame, FayHerriot | None]:
    """One row per station respondents name: n, n_chosen, its own figures, MODELLED and own_weight; and the model, where there is one.

    The model explains the share (on the arcsine scale) by open hours a week and the logarithm of recorded visits, both in standard
    deviations from the mean of the stations; it needs 30 stations with answers and both covariates, else there is none. Stations that
    lack a covariate keep their own figures only. With a handful of answers a station its intervals are too short (fay_herriot says by how
    much): `small_groups` is the better choice there.
    """
    groups = sample.frame.select("person", pl.col("station_id").alias("by_code")).drop_nulls()
    given = answers.with_columns(
        pl.when(pl.col("answer_code") == answer).then(pl.col("answer_code")).alias("answer_code")
    )
    of = answer_estimates(sample, given, groups, every=True)
    here = (of.counts["answer_code"] == answer).fill_null(False).to_numpy()
    part = of.shares.take(np.flatnonzero(here))
    rows = of.counts.filter(pl.Series(here, dtype=pl.Boolean)).hstack(figures(part, sample))
    known = rows.select("by_code").join(_covariates(con, period), on="by_code", how="left", maintain_order="left")
    direct = part.table()
    usable = known.select(pl.all_horizontal(pl.col(name).is_not_null() for name in COVARIATES)).to_series().to_numpy()
    usable &= direct["est"].is_not_null().to_numpy() & (part.kish > 0)
    empty = [pl.lit(None, pl.Float64).alias(name) for name in (*MODELLED, "own_weight")]
    if usable.sum() < FEW_AREAS:
        return rows.with_columns(empty), None
    x = known.filter(pl.Series(usable)).select(COVARIATES).to_numpy()
    spread = x.std(axis=0)
    x = (x - x.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    n_smooth = (part.kish / (1 - part.fraction))[
        usable
    ]  # by weights alone: own variances of five people would rule the fit
    yes = direct["est"].to_numpy()[usable] * n_smooth
    y, noise = arcsine(
        (yes + 0.375) / (n_smooth + 0.75), n_smooth + 0.5
    )  # five of five is not certainty (Anscombe 1948)
    model = fay_herriot(y, noise, np.column_stack([np.ones(len(y)), x]))
    shares = as_shares(model.areas.select("est", "mse", "lci", "uci")).rename(
        {n: f"modelled_{n}" for n in ("est", "lci", "uci")}
    )
    found = shares.with_columns(own_weight=model.areas["shrinkage"], _row=pl.Series(np.flatnonzero(usable)))
    rows = rows.with_columns(_row=pl.int_range(pl.len())).join(found, on="_row", how="left", maintain_order="left")
    narrow = (pl.col("modelled_uci") - pl.col("modelled_lci") <= rules()["show"]["max_width"]).fill_null(False)
    return rows.drop("_row").with_columns(pl.when(narrow).then(pl.col(name)).alias(name) for name in MODELLED), model


def _covariates(con: duckdb.DuckDBPyConnection, period: str) -> pl.DataFrame:
    """Open hours a week and log(1 + visits) of each station in a quarter; null where hours are unknown or no log is kept."""
    return con.sql(
        "select station_id as by_code, cast(open_minutes_per_week / 60.0 as double) as open_hours, "
        "cast(ln(1 + n_visits) as double) as log_visits from mart.station_profiles where period_code = ?",
        params=[period],
    ).pl()
