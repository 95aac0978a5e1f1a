"""Shares of small areas: each area's own answers, drawn towards all areas' share as far as few answers make it unsure.

Empirical Bayes: the areas' shares follow Beta(a, b), found by maximum likelihood; an area's share is then
(x + a) / (n + a + b) (Griffin & Krutchkoff 1971; Rao & Molina 2015, Small Area Estimation, §9.5). Intervals are of the
share among the persons *there are*: those asked are known, the others are predicted (beta-binomial), over all (a, b)
the answers leave open, not only the best ones (Morris 1983 on why the best ones alone are too sure).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.special import betainc, betaln

from pipeline.analysis.small_areas.counts import Counts, Floats, counts
from pipeline.analysis.small_areas.hyper import Grid, Hyper, fit, grid

MINIMUM_AREAS = 3
_FINITE = 400  # more persons unseen than this: their share is as good as the area's own probability


@dataclass(frozen=True)
class BetaBinomial:
    """`a`, `b`, `loglike` (NaN where nothing was borrowed, a and b ∞ where areas do not differ), `reason_code` for the
    whole, and `areas`: `est, shrinkage, lci, uci, n, reason_code`, one row per area in the order given."""

    a: float
    b: float
    loglike: float
    reason_code: str | None
    areas: pl.DataFrame


def beta_binomial(
    x: ArrayLike,
    n: ArrayLike,
    *,
    population: ArrayLike | None = None,
    seen: ArrayLike | None = None,
    yes: ArrayLike | None = None,
    level: float = 0.95,
    hyper_known: bool = False,
) -> BetaBinomial:
    """Shares of areas with few respondents, with intervals that know what was borrowed.

    In, one element per area: `x` yes answers of `n` respondents; for weighted answers x = share × n_eff and n = n_eff,
    with the number of persons asked in `seen` and, of these, those who said yes in `yes` (not weighted: they are known; the
    share then speaks only for those not asked). `population`: persons there are (NaN: unknown). With it, `est`, `lci`,
    `uci` are of the share among these persons, those asked counted as they answered; without, of the share behind them.
    `hyper_known` takes the best a and b for certain: shorter intervals that cover too little, only to compare.
    `shrinkage` = n / (n + a + b): 1 the area's own answers alone, 0 the other areas' alone.

    Said in `reason_code`: `no_sample` (an area without respondents: predicted from the others), `no_spread` (areas
    differ no more than chance: all get one share), `spread_unknown` (no area has two respondents), `all_equal` (every
    answer the same), `too_few_areas` (fewer than 3 with answers: nothing borrowed; NaN for areas without answers).
    Raises `bad_area_counts`.

    Three areas of ten, at 2, 5 and 8; the outer two are drawn to the middle:

    >>> result = beta_binomial([2, 5, 8], [10, 10, 10])
    >>> result.areas["est"].round(2).to_list(), result.areas["shrinkage"].round(2).to_list()
    ([0.31, 0.5, 0.69], [0.62, 0.62, 0.62])
    """
    data = counts(x, n, population, seen, yes)
    if (data.n > 0).sum() < MINIMUM_AREAS:
        hyper, spread = Hyper(np.nan, np.nan, np.nan), _apart()
        est, shrinkage = data.share, np.where(data.n > 0, 1.0, np.nan)
    else:
        hyper = fit(data)
        spread = Grid(*np.array([[hyper.mean], [hyper.strength], [1.0]])) if hyper_known else grid(data)
        shrinkage = np.zeros(len(data.n)) if np.isinf(hyper.strength) else data.n / (data.n + hyper.strength)
        est = hyper.mean + shrinkage * (np.nan_to_num(data.share, nan=hyper.mean) - hyper.mean)
    finite = ~np.isnan(data.population) & (data.population > 0)
    known = np.divide(data.seen, data.population, out=np.zeros(len(est)), where=finite)
    est = known * _of_asked(data) + (1 - known) * est
    lower, upper = _intervals(data, spread, level)
    reason = _reason(data, hyper)
    areas = pl.DataFrame(
        {
            "est": est,
            "shrinkage": shrinkage,
            "lci": np.where(np.isnan(est), np.nan, np.minimum(lower, est)),
            "uci": np.where(np.isnan(est), np.nan, np.maximum(upper, est)),
            "n": data.n,
            "reason_code": pl.Series(["no_sample" if size == 0 else reason for size in data.seen], dtype=pl.String),
        }
    )
    return BetaBinomial(hyper.a, hyper.b, hyper.loglike, reason, areas)


def _of_asked(data: Counts) -> Floats:
    """Share of those asked who said yes; 0 of nobody."""
    return np.divide(data.yes, data.seen, out=np.zeros(len(data.seen)), where=data.seen > 0)


def _apart() -> Grid:
    """Each area by itself: every share as likely as any other."""
    return Grid(np.array([0.5]), np.array([2.0]), np.array([1.0]))


def _reason(data: Counts, hyper: Hyper) -> str | None:
    if np.isnan(hyper.mean):
        return "too_few_areas"
    if hyper.mean in (0.0, 1.0):
        return "all_equal"
    if data.n.max() <= 1:
        return "spread_unknown"
    return "no_spread" if np.isinf(hyper.strength) else None


def _intervals(data: Counts, spread: Grid, level: float) -> tuple[Floats, Floats]:
    """Equal-tailed interval of each area; areas with the same counts are worked out once."""
    tails = ((1 - level) / 2, (1 + level) / 2)
    columns = np.column_stack([data.x, data.n, data.seen, data.yes, np.nan_to_num(data.unseen, nan=-1)])
    kinds, back = np.unique(columns, axis=0, return_inverse=True)
    bounds = np.array([_interval(*kind, spread, tails) for kind in kinds])
    return bounds[back.ravel(), 0], bounds[back.ravel(), 1]


def _interval(
    x: float, n: float, seen: float, yes: float, unseen: float, spread: Grid, tails: tuple[float, float]
) -> tuple[float, float]:
    a, b = spread.mean * spread.strength + x, (1 - spread.mean) * spread.strength + n - x
    if 0 <= unseen <= _FINITE:
        return tuple((yes + count) / max(seen + unseen, 1.0) for count in _predicted(int(unseen), a, b, spread, tails))
    known = seen / (seen + unseen) if unseen > 0 else 0.0
    share = yes / seen if seen > 0 else 0.0
    return tuple(known * share + (1 - known) * rest for rest in _quantiles(a, b, spread, tails))


def _predicted(unseen: int, a: Floats, b: Floats, spread: Grid, tails: tuple[float, float]) -> list[int]:
    """Quantiles of the yes answers among those not asked: smallest count reached with at least that probability."""
    count = np.arange(unseen)[:, None]
    step = np.log((unseen - count) / (count + 1)) + np.log(count + a) - np.log(unseen - count - 1 + b)
    none = betaln(a, unseen + b) - betaln(a, b)  # from one count to the next: a third of the time of each by itself
    probability = np.exp(none + np.vstack([np.zeros_like(a), np.cumsum(step, axis=0)])) @ spread.probability
    reached = np.cumsum(probability)
    return [int(np.searchsorted(reached, tail * reached[-1] - 1e-12)) for tail in tails]


def _quantiles(a: Floats, b: Floats, spread: Grid, tails: tuple[float, float]) -> list[float]:
    """Quantiles of the mixture of beta distributions, by halving."""
    found = []
    for tail in tails:
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            if float(betainc(a, b, middle) @ spread.probability) < tail:
                low = middle
            else:
                high = middle
        found.append((low + high) / 2)
    return found
