"""Weights for answers found by a poster in the station: who comes often sees it more often, who never comes never.

A person who comes `v` times a week finds and answers the poster within `T` weeks with probability
p(v) = a·(1 − (1 − q)^(v·T)): `q` the chance to notice it on one visit, `a` the chance to answer once noticed. Interviews
away from the stations reach everybody alike who has not answered yet: b = n_interviews / (N − n_poster). Seen as one
sample from two frames (Kalton & Anderson 1986, J. R. Statist. Soc. A 149(1), 65-82; the single-frame estimator) a person
is in it with probability π = p + (1 − p)·b and stands for 1/π persons; these sum to N. For every q the answer chance a
follows from Σ p/π = n_poster, and q is the one under which the observed ways in (poster or interview, given the
visits) are the most likely. No weight exceeds 1/b: nobody stands for more persons than an interview does.

What it cannot do: without interviews away from the stations nobody speaks for those who never come, and need that
differs among people who come equally often stays as selected as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.optimize import brentq, minimize_scalar

from pipeline.analysis.weighting.visit_adjustment import VisitAdjustment, visit_adjustment
from pipeline.errors import USAGE, Problem, fail

MINIMUM_INTERVIEWS = 10
POSTER, EVERYBODY = ("qr",), ("intercept", "paper")
UNKNOWN_SIZE = 1e6  # a population so large that only relative weights are left


@dataclass(frozen=True)
class VisitWeights:
    """`weights` per row (they sum to the population; to the number of rows where that is not known); `inclusion` 1/weight,
    null where the population is not known. `notice_per_visit` q and `answer_once_noticed` a, None where nothing could be
    fitted. `covers_never_visitors`: whether anybody could speak for those who never come; `reason_code` says why not.
    `adjustment` puts into a variance that q and a were estimated; behind those of margins, where there are any."""

    weights: pl.Series
    inclusion: pl.Series
    notice_per_visit: float | None
    answer_once_noticed: float | None
    covers_never_visitors: bool
    reason_code: str | None
    adjustment: VisitAdjustment | None = None


def visit_weights(
    visits: pl.Series,
    mode: pl.Series,
    *,
    weeks: float,
    population: float | None = None,
    poster: Sequence[str] = POSTER,
    everybody: Sequence[str] = EVERYBODY,
) -> VisitWeights:
    """Base weights of one wave from `visits` per week (null: not said) and `mode` (qr, intercept, paper, link).

    `weeks` is the time in the field. Modes of `everybody` are interviews and papers handed out away from the stations.
    A mode of neither list (a forwarded link) reaches people in a way nobody knows: it gets the mean weight and takes no
    part in the model. Who left out the visits gets the mean weight of the mode. Who found the poster but says "never"
    comes as rarely as the rarest visitor in the sample.

    With fewer than ten interviews, or none with a visitor, the weights are 1/p(v) with a = 1 and speak for visitors only.
    Raises exit 2 for columns of different length, negative visits, a mode that is null, no answers, or a population
    smaller than the sample.

    Sixty answers from the poster by people who come 1 or 4 times a week, and twenty interviews, ten of them with people
    who never come. Of 320 persons 260 had not answered: each of the ten stands for 260 / 20 = 13.

    >>> visits = pl.Series([1.0] * 20 + [4.0] * 40 + [0.0] * 10 + [1.0] * 6 + [4.0] * 4)
    >>> mode = pl.Series(["qr"] * 60 + ["intercept"] * 20)
    >>> made = visit_weights(visits, mode, weeks=2, population=320)
    >>> made.covers_never_visitors, round(made.weights.sum(), 6), round(made.weights[60], 6)
    (True, 320.0, 13.0)
    >>> made.weights[0] > made.weights[20]  # who comes rarely stands for more
    True
    """
    _check(visits, mode, weeks, population)
    v, ways = visits.cast(pl.Float64).to_numpy().copy(), mode.to_numpy()
    size = population or UNKNOWN_SIZE * len(v)
    from_poster, from_all = np.isin(ways, list(poster)), np.isin(ways, list(everybody))
    said = ~np.isnan(v)
    rarest = v[said & (v > 0)].min() if (said & (v > 0)).any() else 1 / weeks
    v[from_poster & (v == 0)] = rarest
    exposure, used = v * weeks, said & (from_poster | from_all)
    fitted = _fit(exposure[used], from_poster[used], size)
    weights = np.full(len(v), np.nan)
    if fitted is None:
        visitors = said & from_poster
        weights[visitors] = _visitors_only(exposure[visitors], size)
        q, a, reason, adjustment = None, None, _why_not(from_all, said, v), None
    else:
        q, a, weights[used] = fitted
        b = (used & from_all).sum() / (size - (used & from_poster).sum())
        reason, adjustment = (
            None,
            visit_adjustment(np.where(used, exposure, np.nan), from_poster, b, q, a) if q else None,
        )
    weights = _fill(weights, ways)
    weights *= (population or len(v)) / weights.sum()
    inclusion = 1 / weights if population else np.full(len(v), np.nan)
    chances = pl.Series("inclusion", inclusion, nan_to_null=True)
    return VisitWeights(pl.Series("weight", weights), chances, q, a, reason is None, reason, adjustment)


def _fit(exposure: np.ndarray, from_poster: np.ndarray, size: float) -> tuple[float, float, np.ndarray] | None:
    """q, a and the weights 1/π; None where the interviews cannot tell them."""
    n_poster, n_all = from_poster.sum(), (~from_poster).sum()
    if n_poster == 0:
        return (0.0, 0.0, np.full(len(exposure), size / n_all)) if n_all >= MINIMUM_INTERVIEWS else None
    if n_all < MINIMUM_INTERVIEWS or not (exposure[~from_poster] > 0).any() or size <= n_poster:
        return None
    b = n_all / (size - n_poster)

    def share_of_poster(q: float, log_a: float) -> np.ndarray:
        p = np.exp(log_a) * _noticed(exposure, q)
        return p / (p + (1 - p) * b)

    def excess(q: float, log_a: float) -> float:
        return share_of_poster(q, log_a).sum() - n_poster

    def answering(q: float) -> float:
        return 0.0 if excess(q, 0.0) <= 0 else brentq(lambda log_a: excess(q, log_a), -60.0, 0.0, xtol=1e-13)

    def unlikely(log_q: float) -> float:
        m = np.clip(share_of_poster(np.exp(log_q), answering(np.exp(log_q))), 1e-12, 1 - 1e-12)
        return -float(np.log(np.where(from_poster, m, 1 - m)).sum())

    least, most = 1e-4, 0.95
    if excess(most, 0.0) <= 0:
        return None
    if excess(least, 0.0) < 0:
        least = brentq(lambda q: excess(q, 0.0), least, most, xtol=1e-13)
    found = minimize_scalar(unlikely, bounds=(np.log(least), np.log(most)), method="bounded", options={"xatol": 1e-6})
    q = float(np.exp(found.x))
    p = np.exp(answering(q)) * _noticed(exposure, q)
    return q, float(np.exp(answering(q))), 1 / (p + (1 - p) * b)


def _noticed(exposure: np.ndarray, q: float) -> np.ndarray:
    return -np.expm1(exposure * np.log1p(-q))


def _visitors_only(exposure: np.ndarray, size: float) -> np.ndarray:
    """1/p with the one q under which the visitors who answered stand for everybody; the limit 1/v where that is far off."""
    if len(exposure) == 0 or size <= len(exposure):
        return np.ones(len(exposure))

    def excess(log_q: float) -> float:
        return float((1 / _noticed(exposure, np.exp(log_q))).sum()) - size

    if excess(np.log(1e-9)) <= 0:
        return 1 / exposure
    if excess(np.log(1 - 1e-9)) >= 0:
        return np.ones(len(exposure))
    return 1 / _noticed(exposure, np.exp(brentq(excess, np.log(1e-9), np.log(1 - 1e-9))))


def _why_not(from_all: np.ndarray, said: np.ndarray, v: np.ndarray) -> str:
    interviews = from_all & said
    if not interviews.any():
        return "no_interviews"
    return "too_few_interviews" if interviews.sum() < MINIMUM_INTERVIEWS else "interviews_without_visitors"


def _fill(weights: np.ndarray, ways: np.ndarray) -> np.ndarray:
    """Rows without a weight get the mean of their mode, else the mean of all, else 1."""
    mean = np.nanmean(weights) if (~np.isnan(weights)).any() else 1.0
    filled = weights.copy()
    for way in np.unique(ways):
        own = weights[ways == way]
        known = own[~np.isnan(own)]
        filled[(ways == way) & np.isnan(weights)] = known.mean() if len(known) else mean
    return filled


def _check(visits: pl.Series, mode: pl.Series, weeks: float, population: float | None) -> None:
    problems = []
    if len(visits) != len(mode) or not len(visits):
        problems.append(_problem("visits", "与 mode 的行数不一致或为空", "length differs from mode, or is nought",
                                 f"{len(visits)} / {len(mode)}"))  # fmt: skip
    if mode.null_count():
        problems.append(_problem("mode", "有缺失", "some are missing", f"{mode.null_count()}"))
    strange = visits.cast(pl.Float64).drop_nulls()
    n_strange = int((~strange.is_finite() | (strange < 0)).sum())
    if n_strange:
        problems.append(_problem("visits", "有负数或非数", "negative or no number", f"{n_strange}"))
    if not weeks > 0:
        problems.append(_problem("weeks", "应为正数", "must be positive", f"{weeks}"))
    if population is not None and not population >= len(visits):
        problems.append(
            _problem("population", "小于答卷数", "smaller than the sample", f"{population:g} < {len(visits)}")
        )
    if problems:
        fail(USAGE, *problems)


def _problem(where: str, zh: str, en: str, got: str) -> Problem:
    return Problem("visit_weights_invalid", where, zh, en, got=got, do_zh="请检查这一列", do_en="check this column")
