"""How shares differ between areas: the beta distribution behind beta-binomial counts, and how well it is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln, logit, xlogy

from pipeline.analysis.small_areas.counts import Counts, Floats

NO_SPREAD = 1e6  # a + b beyond which areas differ by less than a thousandth: the binomial limit
_NODES = 31


@dataclass(frozen=True)
class Hyper:
    """Beta(a, b) of the areas' shares: `mean` = a / (a + b), `strength` = a + b (∞: areas do not differ)."""

    mean: float
    strength: float
    loglike: float

    @property
    def a(self) -> float:
        return np.inf if np.isinf(self.strength) else self.mean * self.strength

    @property
    def b(self) -> float:
        return np.inf if np.isinf(self.strength) else (1 - self.mean) * self.strength


@dataclass(frozen=True)
class Grid:
    """Plausible (mean, strength) pairs with their probabilities, which sum to 1."""

    mean: Floats
    strength: Floats
    probability: Floats


def loglike(data: Counts, mean: Floats | float, strength: Floats | float) -> Floats:
    """Beta-binomial log likelihood without the binomial coefficients, for arrays of parameters of one shape.

    One of one, when every share is as likely as any other (a = b = 1): log ½.

    >>> from pipeline.analysis.small_areas.counts import counts
    >>> float(loglike(counts([1], [1]), 0.5, 2.0).round(4))
    -0.6931
    """
    a, b = np.asarray(mean * strength)[..., None], np.asarray((1 - mean) * strength)[..., None]
    return (betaln(data.x + a, data.n - data.x + b) - betaln(a, b)).sum(axis=-1)


def fit(data: Counts) -> Hyper:
    """Maximum likelihood (a, b); an infinite strength where counts vary no more than chance would have it.

    The strength is told only by areas with more than one respondent; without any it is infinite too.
    """
    share = float(data.x.sum() / data.n.sum())
    limit = float((xlogy(data.x, share) + xlogy(data.n - data.x, 1 - share)).sum())
    ways = float((gammaln(data.n + 1) - gammaln(data.x + 1) - gammaln(data.n - data.x + 1)).sum())
    flat = Hyper(share, np.inf, limit + ways)
    if share in (0.0, 1.0) or data.n.max() <= 1:
        return flat
    for strength in (10.0, 1.0, 100.0):  # a start far off can run away to the flat end
        start = np.array([logit(share), np.log(strength)])
        best = minimize(_minus, start, args=(data,), jac=True, method="BFGS", options={"gtol": 1e-9})
        if best.x[1] <= np.log(NO_SPREAD) and -best.fun > limit + 1e-9 * max(1.0, abs(limit)):
            return Hyper(float(expit(best.x[0])), float(np.exp(best.x[1])), ways - float(best.fun))
    return flat


def _minus(point: Floats, data: Counts) -> tuple[float, Floats]:
    """Minus the log likelihood and its gradient in (logit mean, log strength); the strength stops at twice the limit
    that counts as infinite, where the likelihood is flat."""
    mean, strength = float(expit(point[0])), float(np.exp(np.clip(point[1], -12, np.log(2 * NO_SPREAD))))
    a, b = mean * strength, (1 - mean) * strength
    both = -digamma(data.n + strength) + digamma(strength)
    by_a = (digamma(data.x + a) - digamma(a) + both).sum()
    by_b = (digamma(data.n - data.x + b) - digamma(b) + both).sum()
    slope = np.array([mean * (1 - mean) * strength * (by_a - by_b), a * by_a + b * by_b])
    return -float(loglike(data, mean, strength)), -slope


def grid(data: Counts) -> Grid:
    """What the counts leave open about (mean, strength), as a grid of pairs with probabilities.

    The likelihood times a uniform density of the mean and of the correlation of two answers from one area,
    1 / (a + b + 1): proper, and it lets areas be as good as alike, so that nothing depends on the likelihood having a
    maximum. A wide grid finds where the probability lies, a fine one covers it.
    """
    means, strengths = np.linspace(-9, 9, _NODES), np.linspace(-4, 14, _NODES)
    for _ in range(3):
        density = _density(data, means, strengths)
        near = density > density.max() - 9
        rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
        means = np.linspace(means[max(rows[0] - 1, 0)], means[min(rows[-1] + 1, _NODES - 1)], _NODES)
        strengths = np.linspace(strengths[max(columns[0] - 1, 0)], strengths[min(columns[-1] + 1, _NODES - 1)], _NODES)
    density = _density(data, means, strengths)
    probability = np.exp(density - density.max())
    keep = probability > 1e-4
    mean, strength = np.meshgrid(expit(means), np.exp(strengths), indexing="ij")
    return Grid(mean[keep], strength[keep], probability[keep] / probability[keep].sum())


def _density(data: Counts, means: Floats, strengths: Floats) -> Floats:
    """Log posterior density over (logit mean, log strength), up to a constant."""
    mean, strength = np.meshgrid(expit(means), np.exp(strengths), indexing="ij")
    jacobian = np.log(mean) + np.log1p(-mean) + np.log(strength) - 2 * np.log1p(strength)
    return loglike(data, mean, strength) + jacobian
