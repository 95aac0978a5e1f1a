"""Is a service needed here? The probability that the share of people in need reaches a limit.

A place's share is drawn towards the wider place it lies in, as far as its own answers leave it unsure: Beta(x + M m, n − x + M (1 − m)) for
x of n in need, m the share of the wider place, and M how alike places are. M is one for all services, learnt from all of them at once: of a
single service a handful of answers a place says next to nothing of it (empirical Bayes; Rao & Molina 2015, Small Area Estimation, §9.5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaln
from scipy.stats import norm

Floats = NDArray[np.float64]
STRENGTHS = np.geomspace(5, 2000, 60)  # how alike places may be: from wild to all but equal

RATE_KNOWN = 1.0  # error of a log rate: that of a single use


def common_strength(x: ArrayLike, n: ArrayLike, mean: ArrayLike) -> float:
    """M of the beta distributions from which places' shares come, given the mean of each row's service.

    Mean over what the counts leave open, of the correlation of two answers 1 / (M + 1), every correlation as likely before.
    Without a place of two answers nothing is known: the geometric middle of STRENGTHS.

    >>> bool(common_strength([0, 10, 0, 10], [10] * 4, [0.5] * 4) < common_strength([5, 5, 5, 5], [10] * 4, [0.5] * 4))
    True
    """
    x, n, mean = (np.asarray(values, dtype=float) for values in (x, n, mean))
    usable = (n > 1) & (mean > 0) & (mean < 1)
    if not usable.any():
        return float(np.sqrt(STRENGTHS[0] * STRENGTHS[-1]))
    x, n, mean = x[usable], n[usable], mean[usable]
    a, b = mean * STRENGTHS[:, None], (1 - mean) * STRENGTHS[:, None]
    loglike = (betaln(x + a, n - x + b) - betaln(a, b)).sum(axis=1)
    correlation = 1 / (STRENGTHS + 1)
    weight = np.exp(loglike - loglike.max()) * np.abs(np.gradient(correlation))
    return float(1 / ((weight * correlation).sum() / weight.sum()) - 1)


def drawn_to(
    x: ArrayLike, n: ArrayLike, wider: ArrayLike, wider_variance: ArrayLike, strength: float
) -> tuple[Floats, Floats]:
    """Mean and variance of a place's share: its own x of n (n = 0: none) and that of the wider place, known with an error.

    Three of ten, where the wider place has one of ten and counts like ten answers:

    >>> mean, variance = drawn_to([3], [10], [0.1], [0.0], 10.0)
    >>> float(mean[0].round(2)), float(variance[0].round(4))
    (0.2, 0.0076)
    """
    x, n, wider, wider_variance = (np.asarray(values, dtype=float) for values in (x, n, wider, wider_variance))
    mean = (x + strength * wider) / (n + strength)
    own = mean * (1 - mean) / (n + strength + 1)
    return mean, own + (strength / (n + strength)) ** 2 * wider_variance


def scattered(mean: ArrayLike, variance: ArrayLike, persons: float) -> Floats:
    """The variance of the share among so many persons, of whom the share behind them is known so well."""
    mean, variance = np.asarray(mean, dtype=float), np.asarray(variance, dtype=float)
    return variance + (mean * (1 - mean) - variance) / persons


def p_at_least(mean: ArrayLike, variance: ArrayLike, limit: float) -> Floats:
    """P(share ≥ limit) of a beta distribution with this mean and variance; NaN where either is NaN.

    >>> p_at_least([0.1, 0.5, 0.0], [0.001, 0.001, 0.0], 0.1).round(2).tolist()
    [0.46, 1.0, 0.0]
    """
    mean, variance = np.asarray(mean, dtype=float), np.asarray(variance, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        strength = mean * (1 - mean) / variance - 1
        tail = 1 - betainc(mean * strength, (1 - mean) * strength, limit)
    sure = (variance <= 0) | ~(strength > 0)
    return np.where(np.isnan(mean), np.nan, np.where(sure, mean >= limit, tail))


@dataclass(frozen=True)
class Logits:
    """Per service the logit of a share, and its standard error; NaN where nothing is known."""

    mean: Floats
    error: Floats


def need_from_use(log_rate: ArrayLike, log_error: ArrayLike, share: ArrayLike, least: int) -> Logits:
    """Need of services nobody was asked about, from how much they are used.

    `log_rate`, `log_error`: how much each service is used, relative to the others, as a logarithm with its error (NaN: unknown); `share`:
    its share in need (NaN: not asked). A straight line of logit(share) on log_rate through the services with both and an error below
    RATE_KNOWN; NaN with fewer than `least` of them, or where use does not go up with need. The error is that of a new service about
    the line, and of its rate.

    >>> made = need_from_use(np.log([1, 2, 4, 8, 16, 0.5]), [0.1] * 6, [0.05, 0.1, 0.2, 0.4, 0.7, None], 5)
    >>> bool(made.mean[5] < -3), bool(np.isnan(made.mean[:5]).all())
    (True, True)
    """
    rate, error, share = (np.array(values, dtype=float) for values in (log_rate, log_error, share))
    nothing = Logits(np.full(len(rate), np.nan), np.full(len(rate), np.nan))
    both = np.isfinite(rate) & (error < RATE_KNOWN) & (share > 0) & (share < 1)
    if both.sum() < max(least, 3):
        return nothing
    x, y = rate[both], np.log(share[both] / (1 - share[both]))
    middle, spread = x.mean(), ((x - x.mean()) ** 2).sum()
    slope = float((x - middle) @ y / spread) if spread > 0 else 0.0
    if slope <= 0:
        return nothing
    variance = ((y - y.mean() - slope * (x - middle)) ** 2).sum() / (both.sum() - 2)
    at = np.where(np.isnan(share), rate, np.nan)
    found = variance * (1 + 1 / both.sum() + (at - middle) ** 2 / spread) + slope**2 * error**2
    return Logits(y.mean() + slope * (at - middle), np.sqrt(found))


def put_together(first: Logits, second: Logits) -> Logits:
    """Two estimates of one thing, each by its certainty; where one is unknown the other stands.

    >>> made = put_together(Logits(np.array([0.0, 1.0]), np.array([1.0, 2.0])), Logits(np.array([2.0, np.nan]), np.array([1.0, np.nan])))
    >>> made.mean.tolist(), made.error.round(2).tolist()
    ([1.0, 1.0], [0.71, 2.0])
    """
    weights = [np.nan_to_num(one.error**-2.0) for one in (first, second)]
    whole = weights[0] + weights[1]
    mean = weights[0] * np.nan_to_num(first.mean) + weights[1] * np.nan_to_num(second.mean)
    known = whole > 0
    return Logits(
        np.divide(mean, whole, out=np.full(len(whole), np.nan), where=known),
        np.power(whole, -0.5, out=np.full(len(whole), np.nan), where=known),
    )


def p_logit_at_least(share: Logits, limit: float) -> Floats:
    """P(share ≥ limit) of shares whose logit is normal.

    >>> p_logit_at_least(Logits(np.array([0.0]), np.array([1.0])), 0.5).tolist()
    [0.5]
    """
    return np.asarray(1 - norm.cdf((np.log(limit / (1 - limit)) - share.mean) / share.error))
