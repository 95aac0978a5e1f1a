"""How often a service is asked for in an open hour, until it runs out, with an interval from what varies between days.

The ratio Σ events / Σ hours is right whatever ended each day if demand is even; where days differ, busy days end early and
count for less, so that it runs low. The level of a negative binomial model is right there too: given the day's demand,
when to stop looking tells nothing more (likelihood principle; Berger, Wolpert 1988).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import stats

from pipeline.analysis.use import negative_binomial as nb

ENOUGH_EVENTS, ENOUGH_DAYS = 20, 7  # below, a spread between days cannot be told from luck: the ratio stands
NO_HOURS, ONE_DAY = "no_hours", "one_day"  # why there is no rate, or no interval
FIGURES = ("n_events", "hours", "n_days", "est", "lci", "uci", "n_eff", "method")


def gamma_interval(est: float, n_eff: float, level: float = 0.95) -> tuple[float, float]:
    """Interval of a rate that rests on `n_eff` events' worth of evidence; exact for Poisson counts (Garwood 1936).

    Overdispersed counts have fewer effective events than events, as Fay and Feuer (1997) do for weighted sums.

    >>> [round(end, 3) for end in gamma_interval(10.0, 10)]  # ten events in one hour
    [4.795, 18.39]
    """
    tail = (1 - level) / 2
    low = float(stats.gamma.ppf(tail, n_eff)) / n_eff
    return est * low, est * float(stats.gamma.ppf(1 - tail, n_eff + 1)) / n_eff


def rule_of_three(hours: float, level: float = 0.95) -> float:
    """Highest rate that would leave no event in these hours with probability 1 - level (Hanley, Lippman-Hand 1983).

    >>> round(rule_of_three(100), 4)
    0.03
    """
    return -float(np.log(1 - level)) / hours


def hourly_rates(
    rows: pl.DataFrame,
    by: Sequence[str] = (),
    *,
    count: str = "n_visits_until_stock_out",
    exposure: str = "hours_until_stock_out",
    unit: str = "station_id",
    day: str = "day_on",
    weight: str | None = None,
    even_days: bool = False,
    level: float = 0.95,
) -> pl.DataFrame:
    """Rate per open hour of each group, with an interval.

    In: one row per `unit` and `day` (and `by`): `count` in `exposure` hours, both until the first stock-out. Rows without either are
    left out. `weight`: a column, constant for each unit, to average the rates of units by (their open hours in all); without,
    a unit weighs by its hours here. `even_days` True: the plain ratio, for demand known to be even.
    Out: one row per group: `n_events`, `hours`, `n_days`, `est`, `lci`, `uci`, `n_eff` (events of even evidence), `method`:
    `negative_binomial` or `ratio`; `rule_of_three` for no event (est 0, one-sided uci); `one_day` (no spread to be seen: Poisson's
    interval is too short, none is given); `no_hours`.
    Variance of the weighted mean between days, which all units share; interval of Garwood at the effective events, fewer where
    days are few (as Korn and Graubard 1998 for shares).

    >>> day = pl.DataFrame({"station_id": "A", "day_on": [1, 2, 3, 4], "n": [8, 12, 9, 11], "h": 5.0})
    >>> hourly_rates(day, count="n", exposure="h").select("est", "n_events", pl.col("lci", "uci").round(2), "method").row(0)
    (2.0, 40, 1.43, 2.72, 'ratio')
    """
    names = list(by)
    kept = rows.drop_nulls([count, exposure, unit, day]).filter(pl.col(exposure) > 0)
    order = rows.select(names).unique(maintain_order=True) if names else pl.DataFrame({"_all": [1]})
    parts = dict(kept.group_by(names, maintain_order=True)) if names else {(1,): kept}
    found = [_rate(parts.get(key), count, exposure, unit, day, weight, even_days, level) for key in order.iter_rows()]
    schema = dict(zip(FIGURES, (pl.Int64, pl.Float64, pl.Int64, *[pl.Float64] * 4, pl.String), strict=True))
    return pl.concat([order, pl.DataFrame(found, schema=schema, orient="row")], how="horizontal").select(
        *names, *FIGURES
    )


def _rate(
    rows: pl.DataFrame | None,
    count: str,
    exposure: str,
    unit: str,
    day: str,
    weight: str | None,
    even_days: bool,
    level: float,
) -> tuple[object, ...]:
    """The figures of one group."""
    if rows is None or rows.is_empty():
        return 0, 0.0, 0, None, None, None, None, NO_HOURS
    y, hours = (rows[name].cast(pl.Float64).to_numpy() for name in (count, exposure))
    group, days = ((rows[name].rank("dense").cast(pl.Int64) - 1).to_numpy() for name in (unit, day))
    counted = int(y.sum()), float(hours.sum()), int(days.max()) + 1
    if not counted[0]:
        return *counted, 0.0, 0.0, rule_of_three(counted[1], level), 0.0, "rule_of_three"
    parts = np.bincount(group, hours)
    if weight is not None:
        parts = rows.group_by(unit).agg(pl.col(weight).first()).sort(unit)[weight].cast(pl.Float64).to_numpy()
    share = parts / parts.sum()
    alpha, rate = (
        (0.0, np.bincount(group, y) / np.bincount(group, hours)) if even_days else _levels(y, hours, group, counted[2])
    )
    est = float(share @ rate)
    if counted[2] < 2:
        return *counted, est, None, None, None, ONE_DAY
    steady = 1 / (1 + alpha * rate[group] * hours)
    pull = share[group] * steady * (y - rate[group] * hours) / np.bincount(group, steady * hours)[group]
    n_eff, n_sure = _effective(est, np.bincount(days, pull), counted[0], level)
    return *counted, est, *gamma_interval(est, n_sure, level), n_eff, "negative_binomial" if alpha else "ratio"


def _effective(est: float, pull: nb.Array, n_events: int, level: float) -> tuple[float, float]:
    """Effective events, and how many of them an interval may rest on: a spread seen on few days is itself unsure."""
    variance = len(pull) / (len(pull) - 1) * float((pull**2).sum())
    told = est**2 / variance if variance else np.inf
    sure = (stats.norm.ppf((1 + level) / 2) / stats.t.ppf((1 + level) / 2, len(pull) - 1)) ** 2
    return min(float(n_events), told), min(float(n_events), told * sure)


def _levels(y: nb.Array, hours: nb.Array, group: nb.Codes, n_days: int) -> tuple[float, nb.Array]:
    """alpha and the rate of each unit: by the model where there is enough to see a spread, else the ratio."""
    each = np.bincount(group, hours)
    ratio = np.bincount(group, y) / each
    if y.sum() < ENOUGH_EVENTS or n_days < ENOUGH_DAYS:
        return 0.0, ratio
    heard = ratio[group] > 0
    place = np.cumsum(ratio > 0) - 1
    found = nb.fit(y[heard], hours[heard], np.empty((int(heard.sum()), 0)), place[group[heard]])
    if not found.is_converged:
        return 0.0, ratio
    ratio[ratio > 0] = np.exp(found.level)
    return found.alpha, ratio
