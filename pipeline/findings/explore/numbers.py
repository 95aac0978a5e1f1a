"""Numbers of the period's survey — hours, visits, points — for any groups: means, quantiles, and whether groups differ."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.survey.quantiles import quantiles as quantiles_of
from pipeline.analysis.survey.rank_tests import rank_test
from pipeline.disclose import Disclosure, Protect, disclose, threshold
from pipeline.findings.estimating.against import endless
from pipeline.findings.estimating.answered import mean_estimates
from pipeline.findings.estimating.numbers import MEAN, given_numbers, group_rows, mean_figures, number_rows
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.grouping import grouped, named_items, taken, with_groups
from pipeline.findings.explore.survey import asking
from pipeline.findings.explore.words import empty, with_area

KEYS = ("area_code", "wave_code", "item_code")
TEST = ("n", "statistic", "df1", "df2", "p")


def means(con: duckdb.DuckDBPyConnection, choices: Choices, variable: str, *, by: str | None = None) -> pl.DataFrame:
    """Mean of a number — hours, visits, points on a scale — over those who gave one, a row per item (and group).

    Columns: keys, n, est, se, lci, uci, n_eff, withheld_code, labels. No rows where the survey did not ask for a standard variable;
    exit 2 for a question without numbers. An option that stands for a span counts as its middle. Of points on a scale the mean
    takes the steps as alike; `compare_numbers` does not.
    """
    keys = (*KEYS, *(("by_code",) if by else ()))
    parts = []
    for area, wave in asking(con, choices, variable):
        sample, persons = taken(con, choices, area, wave)
        values = given_numbers(con, wave, variable).join(persons, on="person", how="semi")
        of = mean_estimates(sample, values, grouped(con, wave, by, persons) if by else None)
        parts.append(of.labels.hstack(mean_figures(of)).with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave)))
    if not parts:
        return _nothing(keys)
    basis = Disclosure(keys=keys, open=("withheld_code",), protect=(
        Protect(n=("n",), values=MEAN, basis="respondents", within=KEYS if by else None),))  # fmt: skip
    shown = named_items(con, choices, disclose(pl.concat(parts), basis, name="means"), variable)
    return with_area(with_groups(con, choices, shown, by) if by else shown, choices)


def quantiles(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    variable: str,
    *,
    at: tuple[float, ...] = (0.25, 0.5, 0.75),
    by: str | None = None,
) -> pl.DataFrame:
    """Quantiles of a number with Woodruff's intervals (1952), a row per item (and group) and share `at`.

    Columns: keys, at (the share at or below), n, est, se, lci, uci, why_not, labels. A quantile is an answer somebody gave: none
    is shown of fewer than twice the threshold, nor nearer to either end of the answers than the threshold of people.
    """
    keys = (*KEYS, *(("by_code",) if by else ()), "at")
    parts = []
    for area, wave in asking(con, choices, variable):
        sample, persons = taken(con, choices, area, wave)
        values = given_numbers(con, wave, variable).join(persons, on="person", how="semi")
        groups = group_rows(sample, grouped(con, wave, by, persons)) if by else None
        for item in values["item_code"].unique().sort():
            y = number_rows(sample, values, item)
            for code in groups.drop_nulls().unique().sort() if groups is not None else [None]:
                where = None if groups is None else (groups == code).fill_null(False).to_numpy()
                found = quantiles_of(sample.design, y, list(at), where).rename({"p": "at", "reason": "why_not"})
                parts.append(found.with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave), item_code=pl.lit(item),
                                                **({"by_code": pl.lit(code)} if by else {})))  # fmt: skip
    if not parts:
        return _nothing((*KEYS, *(("by_code",) if by else ()))).with_columns(pl.lit(None, pl.Float64).alias("at"))
    inside = pl.min_horizontal("at", 1 - pl.col("at")) * pl.col("n") >= threshold()
    figures = [pl.when(inside).then(pl.col(name)).alias(name) for name in MEAN[:4]]
    table = pl.concat(parts).with_columns(*figures, pl.col("why_not").fill_null(""))
    basis = Disclosure(keys=keys, open=("why_not",), protect=(
        Protect(n=("n",), values=MEAN[:4], basis="respondents", within=(*KEYS, "at") if by else None),))  # fmt: skip
    shown = named_items(con, choices, disclose(table, basis, name="quantiles"), variable)
    return with_area(with_groups(con, choices, shown, by) if by else shown, choices)


def compare_numbers(con: duckdb.DuckDBPyConnection, choices: Choices, variable: str, by: str) -> pl.DataFrame:
    """Whether groups differ in a number, by the ranks of the answers, a row per item; groups below the threshold stay out.

    Wilcoxon's test for two groups, Kruskal & Wallis's for more, with the error of the design (Lumley & Scott 2013): the steps of
    a scale need not be alike. Columns: n, statistic (t of two groups, χ² of more), df1, df2, p, n_groups, why_not. Who is in several
    groups is in no comparison. No rows where the survey did not ask.
    """
    parts = []
    for area, wave in asking(con, choices, variable):
        sample, persons = taken(con, choices, area, wave)
        values = given_numbers(con, wave, variable).join(persons, on="person", how="semi")
        groups = group_rows(sample, grouped(con, wave, by, persons))
        for item in values["item_code"].unique().sort():
            y = number_rows(sample, values, item)
            found = rank_test(endless(sample.design), y, _large(groups, y))
            parts.append({"area_code": area, "wave_code": wave, "item_code": item, "n": found.n, "statistic": found.statistic,
                          "df1": found.df1, "df2": found.df2, "p": found.p, "n_groups": len(found.groups),
                          "why_not": found.reason or ""})  # fmt: skip
    if not parts:
        return _nothing(KEYS)
    types = dict.fromkeys((*KEYS, "why_not"), pl.String) | dict.fromkeys(("n", "n_groups", "df1", "df2"), pl.Int64)
    table = pl.DataFrame(parts, schema_overrides=types | {"statistic": pl.Float64, "p": pl.Float64})
    basis = Disclosure(keys=KEYS, open=("why_not", "n_groups"), protect=(
        Protect(n=("n",), values=TEST[1:], basis="respondents"),))  # fmt: skip
    return with_area(named_items(con, choices, disclose(table, basis, name="compare_numbers"), variable), choices)


def _large(groups: pl.Series, y: np.ndarray) -> pl.Series:
    """Groups in which enough people gave a number; null for all others."""
    rows = pl.DataFrame({"group": groups, "here": np.isfinite(y)})
    size = pl.col("here").sum().over("group")
    return rows.select(pl.when(size >= threshold()).then(pl.col("group")).alias("group"))["group"]


def _nothing(keys: tuple[str, ...]) -> pl.DataFrame:
    """No rows, with the columns that sentences read."""
    names = ("label", "label_zh", "label_en", "withheld_code", "why_not", "group", "group_zh", "group_en")
    return empty(*keys, *names).with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("se", *TEST[1:]))
