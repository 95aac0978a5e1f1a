"""What moves use in an open hour: rate ratios of heat, cold, rain, weekday, holiday, with every station its own level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from pipeline.analysis.use import negative_binomial as nb
from pipeline.analysis.use.calendar import COVARIATES
from pipeline.errors import USAGE, Problem, fail

MIN_CLUSTERS = 3  # days on either side of a comparison: of fewer no interval can be told
COLLINEAR = 1e-7
SCHEMA = {"term": pl.String, "rate_ratio": pl.Float64, "se": pl.Float64, "df": pl.Float64, "lci": pl.Float64, "uci": pl.Float64,
          "n_days": pl.Int64, "n_events": pl.Int64, "reason": pl.String}  # fmt: skip


@dataclass(frozen=True)
class RateRatios:
    """`table` and what stands behind it; `method` is negative_binomial, quasi_poisson or none.

    quasi_poisson: counts vary no more than Poisson counts about the model (alpha 0), or alpha was not found; the intervals
    rest on the spread between clusters either way. `n_left_out`: rows without a count, an open hour or a covariate's value;
    `n_silent`: stations without any event, which say nothing of ratios.
    """

    table: pl.DataFrame
    method: str
    alpha: float | None
    is_converged: bool
    n_rows: int
    n_clusters: int
    n_stations: int
    n_events: int
    n_left_out: int
    n_silent: int


def rate_ratios(
    rows: pl.DataFrame,
    covariates: Sequence[str] = COVARIATES,
    *,
    count: str = "n_visits",
    exposure: str = "open_hours",
    station: str = "station_id",
    cluster: str | tuple[str, str] = "day_on",
    level: float = 0.95,
) -> RateRatios:
    """By what factor does the rate per open hour change with each covariate, at the same station?

    In: one row per station and day (and anything else): `count`, `exposure` in hours, `station`, `cluster` (all stations share a
    day; or the station, a week, or two columns for both ways), covariates: numbers (ratio for one unit more), booleans,
    or text (ratio to the level first in order, which text covariates need not name).
    Out: `.table`, one row per term: `term`, `rate_ratio`, `se` of its logarithm, `df` (clusters it rests on), `lci`, `uci`, `n_days`
    (clusters where the term is not 0), `n_events` there, `reason` why it has no figure: `no_variation`, `unknown` (no value at
    all), `few_days` (under three on a side), `collinear`, `one_day_decides`, `no_events`, `not_converged`.
    Negative binomial with offset log hours and a level for each station; covariance between clusters (`negative_binomial`).
    Raises PipelineError (exit 2) for columns that are absent, or counts or hours below 0.

    >>> table = pl.DataFrame({"station_id": ["A"] * 6, "day_on": range(6), "open_hours": [5.0] * 6, "hot": [False, True] * 3,
    ...                       "n_visits": [9, 31, 10, 30, 11, 29]})
    >>> found = rate_ratios(table, ["hot"])
    >>> found.method, found.table.select("term", pl.col("rate_ratio").round(6), "n_days", "n_events").rows()
    ('quasi_poisson', [('hot', 3.0, 3, 90)])
    """
    clusters = (cluster,) if isinstance(cluster, str) else cluster
    _check(rows, count, exposure, (station, *clusters, *covariates))
    known = [name for name in covariates if rows[name].null_count() < rows.height]
    kept = rows.drop_nulls([count, exposure, station, *clusters, *known]).filter(pl.col(exposure) > 0)
    heard = kept.filter(pl.col(count).sum().over(station) > 0) if kept.height else kept
    codes = [_codes(heard[name]) for name in clusters]
    facts = {"n_rows": heard.height, "n_clusters": heard[clusters[0]].n_unique(), "n_stations": heard[station].n_unique(),
             "n_events": int(heard[count].sum()), "n_left_out": rows.height - kept.height,
             "n_silent": kept[station].n_unique() - heard[station].n_unique()}  # fmt: skip
    if heard.is_empty():
        table = [_row(name, why="no_events") for name in covariates]
        return RateRatios(_frame(table, covariates), "none", None, False, **facts)
    y, hours = (heard[name].cast(pl.Float64).to_numpy() for name in (count, exposure))
    x, terms, table = _columns(heard, known, y, codes[0])
    table += [_row(name, why="unknown") for name in covariates if name not in known]
    group = _codes(heard[station])
    x, terms, table = _independent(x, terms, table, group, hours)
    found = nb.fit(y, hours, x, group)
    if not found.is_converged:
        table = [row | {"reason": row["reason"] or "not_converged"} for row in table]
        return RateRatios(_frame(table, covariates), "none", None, False, **facts)
    _fill(table, terms, found.beta, _covariance(found, y, x, group, codes), level)
    method = "negative_binomial" if found.alpha else "quasi_poisson"
    return RateRatios(_frame(table, covariates), method, found.alpha, True, **facts)


def _check(rows: pl.DataFrame, count: str, exposure: str, others: Sequence[str]) -> None:
    absent = [name for name in (count, exposure, *others) if name not in rows.columns]
    if absent:
        fail(USAGE, Problem("column_absent", ", ".join(absent), "表中没有这些列", "the table has no such columns",
                            expected=", ".join(rows.columns), do_zh="请改列名参数", do_en="change the column names given"))  # fmt: skip
    below = [name for name in (count, exposure) if rows.height and (rows[name].drop_nulls() < 0).any()]
    if below:
        fail(USAGE, Problem("count_below_zero", ", ".join(below), "人次或开放小时为负", "counts or hours are below zero",
                            got=", ".join(str(rows[name].min()) for name in below), expected="≥ 0",
                            do_zh="请核对来源", do_en="check where they come from"))  # fmt: skip


def _codes(column: pl.Series) -> nb.Codes:
    return (column.rank("dense").cast(pl.Int64) - 1).to_numpy()


def _row(term: str, n_days: int = 0, n_events: int = 0, why: str = "") -> dict[str, Any]:
    return {"term": term, "rate_ratio": None, "se": None, "df": None, "lci": None, "uci": None, "n_days": n_days, "n_events": n_events,
            "reason": why}  # fmt: skip


def _columns(
    rows: pl.DataFrame, names: Sequence[str], y: nb.Array, cluster: nb.Codes
) -> tuple[nb.Array, list[str], list[dict[str, Any]]]:
    """The design's columns, their terms, and a row of the result for each term; those that cannot be told have a reason."""
    columns, terms, table = [], [], []
    for name in names:
        for term, column in _dummies(rows[name]):
            away = column != column.min()
            n_away, n_at = (len(np.unique(cluster[side])) for side in (away, ~away))
            fewest = min(n_away, n_at) if len(np.unique(column[away])) == 1 else n_away
            why = "no_variation" if not n_away else "few_days" if fewest < MIN_CLUSTERS else ""
            on = column != 0
            table.append(_row(term, len(np.unique(cluster[on])), int(y[on].sum()), why))
            if not why:
                columns.append(column)
                terms.append(term)
    return np.column_stack(columns) if columns else np.empty((rows.height, 0)), terms, table


def _dummies(column: pl.Series) -> list[tuple[str, nb.Array]]:
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        return [(column.name, column.cast(pl.Float64).to_numpy())]
    text = column.cast(pl.String)
    levels = text.unique().sort().to_list()
    return [(f"{column.name}={level}", (text == level).cast(pl.Float64).to_numpy()) for level in levels[1:]]


def _independent(
    x: nb.Array, terms: list[str], table: list[dict[str, Any]], group: nb.Codes, hours: nb.Array
) -> tuple[nb.Array, list[str], list[dict[str, Any]]]:
    """Without columns that stations and earlier columns already tell, which get their reason."""
    if not terms:
        return x, terms, table
    inner = nb.centred(x, group, hours) / np.sqrt((x**2).sum(axis=0))
    told = np.abs(np.diag(np.linalg.qr(inner, mode="r"))) < COLLINEAR
    told = np.append(told, np.ones(len(terms) - len(told), dtype=bool))
    lost = {term for term, is_told in zip(terms, told, strict=True) if is_told}
    table = [row | {"reason": "collinear"} if row["term"] in lost else row for row in table]
    return x[:, ~told], [term for term in terms if term not in lost], table


def _covariance(
    found: nb.Fit, y: nb.Array, x: nb.Array, group: nb.Codes, codes: list[nb.Codes]
) -> tuple[nb.Array, nb.Array]:
    """Variances (k,) and degrees of freedom: one way, or both ways less their crossing (Cameron, Gelbach, Miller 2011), not below either way."""
    if not x.shape[1]:
        return np.empty(0), np.empty(0)
    ways = [nb.covariance(found, y, x, group, code) for code in codes]
    variances = [np.diag(matrix) for matrix, _ in ways]
    if len(ways) == 1:
        return variances[0], ways[0][1]
    crossing = np.unique(codes[0] * (codes[1].max() + 1) + codes[1], return_inverse=True)[1]
    both = variances[0] + variances[1] - np.diag(nb.covariance(found, y, x, group, crossing)[0])
    return np.maximum.reduce([both, *variances]), np.minimum(ways[0][1], ways[1][1])


def _fill(
    table: list[dict[str, Any]], terms: list[str], beta: nb.Array, errors: tuple[nb.Array, nb.Array], level: float
) -> None:
    at = {term: place for place, term in enumerate(terms)}
    for row in table:
        if row["term"] not in at:
            continue
        log_ratio, variance, df = (float(column[at[row["term"]]]) for column in (beta, *errors))
        if not np.isfinite(variance):
            row["reason"] = "one_day_decides"
            continue
        se, reach = np.sqrt(variance), float(stats.t.ppf((1 + level) / 2, df)) * np.sqrt(variance)
        row |= {
            "rate_ratio": np.exp(log_ratio),
            "se": se,
            "df": df,
            "lci": np.exp(log_ratio - reach),
            "uci": np.exp(log_ratio + reach),
        }


def _frame(table: list[dict[str, Any]], covariates: Sequence[str]) -> pl.DataFrame:
    order = {name: place for place, name in enumerate(covariates)}
    return pl.DataFrame(sorted(table, key=lambda row: order[row["term"].split("=")[0]]), schema=SCHEMA)
