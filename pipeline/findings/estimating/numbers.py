"""Answers that are numbers — hours, visits, points on a scale — and how their means and quantiles may be shown."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.survey.covariance import freedom
from pipeline.analysis.survey.estimates import Estimates
from pipeline.analysis.survey.intervals import t_interval
from pipeline.errors import USAGE, Problem, fail
from pipeline.findings.estimating.figures import rules
from pipeline.findings.estimating.sample import Sample

MEAN = ("est", "se", "lci", "uci", "n_eff")
DIGITS = 3


def given_numbers(con: duckdb.DuckDBPyConnection, wave: str, wanted: str) -> pl.DataFrame:
    """person, item_code, value: the number each respondent gave to a question named by its code or its standard variable.

    A question has numbers if it asks for one or for a place on a scale, or if its variable has a least and a greatest value (its
    options then stand for numbers). Raises exit 2 for one that has none, or that the wave does not ask, naming those that do.
    """
    rows = con.execute(
        "select q.question_code, q.variable_code, q.type_code in ('number', 'scale') or (q.type_code in ('single', 'matrix') and "
        "v.min_value is not null and v.max_value is not null) as is_number from ref.questions as q left join ref.variables as v "
        "using (variable_code) where q.wave_code = ? order by q.sort_order",
        [wave],
    ).fetchall()
    code = next((code for code, variable, fits in rows if fits and wanted in (code, variable)), None)
    if code is None:
        known = ", ".join(variable or code for code, variable, fits in rows if fits)
        what = "这一波次没有这道题，或它的答案不是数字", "the wave has no such question, or its answers are no numbers"
        fail(USAGE, Problem("no_numbers", wave, *what, got=wanted, expected=known))
    return con.sql(
        "select respondent_id as person, item_code, value_number as value from clean.answers where wave_code = ? and "
        "question_code = ? and state = 'answered' and value_number is not null",
        params=[wave, code],
    ).pl()


def mean_figures(of: Estimates) -> pl.DataFrame:
    """One row per mean: n, est, se, lci, uci, n_eff and withheld_code: `uncertain` where the error is large beside the mean."""
    low, high = mean_interval(of)
    ends = {name: pl.Series(name, values).fill_nan(None) for name, values in (("lci", low), ("uci", high))}
    table = of.table().with_columns(**ends).select("n", *MEAN)
    uncertain = (pl.col("se") / pl.col("est").abs() > rules()["show"]["max_cv"]).fill_null(False)
    table = table.with_columns(withheld_code=pl.when(uncertain).then(pl.lit("uncertain")).otherwise(pl.lit("")))
    shown = [pl.when(pl.col("withheld_code") == "").then(pl.col(name).round(DIGITS)).alias(name) for name in MEAN[:4]]
    return table.with_columns(pl.col("n_eff").round(1), *shown)


def mean_interval(of: Estimates) -> tuple[np.ndarray, np.ndarray]:
    """Student's interval of means, with the degrees of freedom that each one's own variance rests on.

    With those of the whole design the interval of few people is too narrow. Measured on groups of points with unequal weights, the
    true mean covered: 12 people .85 with those of the design, .91 so; 17 people .84 and .90; 40 people .90 and .93; 150 people .95 and .96. Equal answers tell nothing of the error: no interval.
    """
    df = np.minimum(freedom(of.design, of.z), np.maximum(of.n - 1, 0))
    return t_interval(of.est, np.where(of.se > 0, of.se, np.nan), df)


def number_rows(sample: Sample, values: pl.DataFrame, item: str) -> np.ndarray:
    """The number each respondent of the sample gave to one item, nan where none."""
    here = values.with_columns(pl.col("item_code").fill_null("")).filter(pl.col("item_code") == item)
    of = sample.frame.select("person").join(here, on="person", how="left", maintain_order="left")
    return of["value"].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def group_rows(sample: Sample, groups: pl.DataFrame) -> pl.Series:
    """The group of each respondent of the sample, null outside; who is in several keeps none."""
    alone = groups.unique(["person", "by_code"]).filter(pl.len().over("person") == 1)
    return sample.frame.select("person").join(alone, on="person", how="left", maintain_order="left")["by_code"]
