"""Counts per exposure with one level for each group (station): negative binomial (NB2) by maximum likelihood.

log mean = log exposure + level of the group + X β, variance = mean + alpha · mean². Levels are swept out of the weighted
least squares of each step (Frisch, Waugh 1933) instead of standing as columns, so that thousands of stations cost no more
than their rows. alpha by its profile (Lawless 1987); without overdispersion it is 0 and the model Poisson.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
STEPS, ROUNDS = 60, 400  # steps at one alpha; turns of alpha, which creeps where it is small
SMALLEST_ALPHA, LARGEST_ALPHA = 1e-6, 50.0


@dataclass(frozen=True)
class Fit:
    """A fitted model: `beta` (k,), `level` (groups,) on the log scale, `mean` (n,), `alpha`, whether it converged."""

    beta: Array
    level: Array
    mean: Array
    alpha: float
    is_converged: bool


def fit(count: Array, exposure: Array, x: Array, group: Codes) -> Fit:
    """The model of `count` (n,) at `exposure` (n,) > 0 with columns `x` (n, k) and group codes 0 … G-1 (n,).

    Every group must hold an event; columns must vary within groups and not be collinear (the caller sees to both).

    >>> two = fit(np.array([10.0, 30.0]), np.array([5.0, 5.0]), np.array([[0.0], [1.0]]), np.array([0, 0]))
    >>> round(float(np.exp(two.beta[0])), 6), round(float(np.exp(two.level[0])), 6), two.alpha
    (3.0, 2.0, 0.0)
    """
    level = np.log(np.bincount(group, count) / np.bincount(group, exposure))
    start = Fit(np.zeros(x.shape[1]), level, exposure * np.exp(level[group]), 0.0, False)
    found = _at_alpha(count, exposure, x, group, start)
    for _ in range(ROUNDS):
        alpha = _best_alpha(count, found.mean)
        if not alpha:
            return _at_alpha(count, exposure, x, group, Fit(found.beta, found.level, found.mean, 0.0, False))
        is_settled = found.alpha and abs(np.log(alpha / found.alpha)) < 1e-6
        found = _at_alpha(count, exposure, x, group, Fit(found.beta, found.level, found.mean, alpha, False))
        if is_settled or not found.is_converged:
            return found
    return Fit(found.beta, found.level, found.mean, found.alpha, False)


def _at_alpha(count: Array, exposure: Array, x: Array, group: Codes, start: Fit) -> Fit:
    """β and levels at a given alpha, by iteratively reweighted least squares with halved steps where one overshoots."""
    beta, level, mean, alpha = start.beta, start.level, start.mean, start.alpha
    height = log_likelihood(count, mean, alpha)
    for _ in range(STEPS):
        weight = mean / (1 + alpha * mean)
        z = np.log(mean / exposure) + (count - mean) / mean
        inner = centred(x, group, weight)
        new = np.linalg.solve(inner.T @ (inner * weight[:, None]), inner.T @ (weight * z)) if x.shape[1] else beta
        rest = np.bincount(group, weight * (z - x @ new)) / np.bincount(group, weight)
        for halving in range(20):
            share = 0.5**halving
            b, a = beta + share * (new - beta), level + share * (rest - level)
            m = exposure * np.exp(np.clip(a[group] + x @ b, -40, 40))
            reached = log_likelihood(count, m, alpha)
            if reached >= height - 1e-9 * abs(height):
                break
        step = max(np.abs(b - beta).max(initial=0.0), np.abs(a - level).max())
        beta, level, mean, height = b, a, m, reached
        if step < 1e-9:
            return Fit(beta, level, mean, alpha, True)
    return Fit(beta, level, mean, alpha, False)


def _best_alpha(count: Array, mean: Array) -> float:
    """alpha of the highest likelihood at these means; 0 where counts do not vary more than Poisson counts."""
    if ((count - mean) ** 2 - count).sum() <= 0:
        return 0.0
    bounds = (np.log(SMALLEST_ALPHA), np.log(LARGEST_ALPHA))
    found = minimize_scalar(
        lambda log_alpha: -log_likelihood(count, mean, float(np.exp(log_alpha))),
        bounds=bounds, method="bounded", options={"xatol": 1e-9},
    )  # fmt: skip
    return float(np.exp(found.x))


def log_likelihood(count: Array, mean: Array, alpha: float) -> float:
    """Log-likelihood of counts at their means; alpha 0 is Poisson.

    >>> round(log_likelihood(np.array([2.0]), np.array([2.0]), 0.0), 4)  # log(2² e⁻² / 2!)
    -1.3069
    """
    if not alpha:
        return float((count * np.log(mean) - mean - gammaln(count + 1)).sum())
    size = 1 / alpha
    parts = gammaln(count + size) - gammaln(size) - gammaln(count + 1)
    return float((parts + count * np.log(alpha * mean) - (count + size) * np.log1p(alpha * mean)).sum())


def centred(x: Array, group: Codes, weight: Array) -> Array:
    """Columns of `x` (n, k) less their weighted mean in each group.

    >>> centred(np.array([[1.0], [3.0], [5.0]]), np.array([0, 0, 1]), np.array([1.0, 1.0, 2.0])).ravel().tolist()
    [-1.0, 1.0, 0.0]
    """
    total = np.bincount(group, weight)
    means = [np.bincount(group, weight * column) / total for column in x.T]
    return x - np.column_stack(means)[group] if means else x


def covariance(found: Fit, count: Array, x: Array, group: Codes, cluster: Codes) -> tuple[Array, Array]:
    """Covariance (k, k) of β robust to whatever hangs together within clusters, and degrees of freedom of each column (k,).

    Scores of each cluster, corrected for its pull on the fit (CR2), and how many clusters of even weight a column rests on, less none
    (Bell, McCaffrey 2002, cross terms left out): a holiday of five days has about five degrees of freedom, however many days there are.
    NaN where one cluster alone decides a column.
    """
    weight = found.mean / (1 + found.alpha * found.mean)
    inner, n, k = centred(x, group, weight), int(cluster.max()) + 1, x.shape[1]
    score = inner * ((count - found.mean) / (1 + found.alpha * found.mean))[:, None]
    scores = np.column_stack([np.bincount(cluster, column, n) for column in score.T])
    own = np.empty((n, k, k))
    for i in range(k):
        for j in range(i, k):
            own[:, i, j] = own[:, j, i] = np.bincount(cluster, weight * inner[:, i] * inner[:, j], n)
    values, vectors = np.linalg.eigh(own.sum(axis=0))
    root = vectors / np.sqrt(values) @ vectors.T  # of the inverse
    left, turned = np.linalg.eigh(np.eye(k) - root @ own @ root)
    if left.min() < 1e-8:
        return np.full((k, k), np.nan), np.full(k, np.nan)
    half = root @ (turned / np.sqrt(left)[:, None, :]) @ turned.transpose(0, 2, 1) @ root
    moves = (half @ scores[:, :, None])[:, :, 0]
    part = np.einsum("gij,gjl,gil->gi", half, own, half)
    return moves.T @ moves, part.sum(axis=0) ** 2 / (part**2).sum(axis=0)
