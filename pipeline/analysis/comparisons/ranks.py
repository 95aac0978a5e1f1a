"""Which rank each of many estimates can have, all at once.

Every pair is compared by its difference over the difference's standard error, with one critical value, so that with
the chosen probability *no* comparison errs; the places the comparisons leave open are the rank set. The critical value
is that of the largest of all such statistics under the estimates' full covariance, by simulation with a fixed seed.
Source: Mogstad, Romano, Shaikh & Wilhelm 2024, Inference for Ranks, Rev. Econ. Stud. 91: 476-518 (single step, and
step-down after Romano & Wolf 2005). A normal approximation: not for shares among five people.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.comparisons.largest import N_DRAWS, SEED, Floats, checked, draws, errors_of_differences

Flags = NDArray[np.bool_]


def rank_sets(
    est: ArrayLike,
    cov: ArrayLike,
    *,
    level: float = 0.95,
    simultaneous: bool = True,
    stepdown: bool = True,
    df: float | None = None,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
) -> pl.DataFrame:
    """The ranks each estimate can have; 1 is the largest.

    In: estimates (k,), their covariance (k, k). `simultaneous`: all sets hold together with probability `level`; else
    each by itself (for a question about one station, asked beforehand). `stepdown`: what is decided is set aside and
    the rest compared again; never wider. `df`: degrees of freedom of the variances (none: normal).
    Out, in the order given: `est, se, rank` (ties share the best), `rank_from, rank_to, reason_code`. An estimate that
    is missing (`no_estimate`) or has no variance (`no_variance`: five of five said yes) can have any rank, and the
    others' sets leave room for it. Raises `bad_estimates`.

    The second is far above; the other two cannot be told apart:

    >>> rank_sets([1.0, 9.0, 1.5], np.eye(3)).select("rank", "rank_from", "rank_to").rows()
    [(3, 2, 3), (1, 1, 1), (2, 2, 3)]
    """
    values, sigma, reason = checked(est, cov)
    used, k = np.flatnonzero([code is None for code in reason]), len(values)
    known, part = values[used], sigma[np.ix_(used, used)]
    sample, difference, error = (
        draws(part, n_draws, seed, df),
        known[:, None] - known[None, :],
        errors_of_differences(part),
    )
    everybody = ~np.eye(len(used), dtype=bool)
    if simultaneous:
        above = _above(sample, difference, error, everybody, level, stepdown)
        n_above, n_below = above.sum(axis=0), above.sum(axis=1)
    else:
        alone = [_with(i, everybody) for i in range(len(used))]
        each = [_above(sample, difference, error, pairs, level, stepdown) for pairs in alone]
        n_above, n_below = (
            np.array([one.sum(axis=axis)[i] for i, one in enumerate(each)], dtype=int) for axis in (0, 1)
        )
    low, high, rank = np.ones(k, dtype=int), np.full(k, k), np.zeros(k, dtype=int)
    low[used], high[used], rank[used] = 1 + n_above, k - n_below, 1 + (difference < 0).sum(axis=1)
    return pl.DataFrame(
        {
            "est": values,
            "se": np.sqrt(np.diag(sigma)),
            "rank": pl.Series(rank).replace(0, None),
            "rank_from": low,
            "rank_to": high,
            "reason_code": pl.Series(reason, dtype=pl.String),
        }
    )


def _with(i: int, pairs: Flags) -> Flags:
    """The pairs one estimate is part of."""
    own = np.zeros_like(pairs)
    own[i], own[:, i] = pairs[i], pairs[:, i]
    return own


def _above(sample: Floats, difference: Floats, error: Floats, pairs: Flags, level: float, stepdown: bool) -> Flags:
    """[i, j]: i is above j beyond chance. Pairs are ordered: one that is decided still counts the other way round, so
    that no direction is claimed in error. A difference without error is what it is."""
    above = pairs & (error == 0) & (difference > 0)
    left = pairs & (error > 0)
    while left.any():
        decided = left & (difference > _critical(sample, error, left, level) * error)
        above |= decided
        if not stepdown or not decided.any():
            break
        left &= ~decided
    return above


def _critical(sample: Floats, error: Floats, pairs: Flags, level: float) -> float:
    """Quantile of the largest statistic over these ordered pairs."""
    largest = np.full(len(sample), -np.inf)
    for i, others in enumerate(pairs):
        if others.any():
            scaled = (sample[:, [i]] - sample[:, others]) / error[i, others]
            np.maximum(largest, scaled.max(axis=1), out=largest)
    return float(np.quantile(largest, level))
