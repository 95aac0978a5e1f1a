"""Many estimates judged at once: the critical value of the largest statistic under their full covariance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.errors import USAGE, Problem, fail

Floats = NDArray[np.float64]
SEED = 20230511
N_DRAWS = 20_000
ROUNDING = 1e-20  # a variance this small beside the largest is what rounding left of none


def checked(est: ArrayLike, cov: ArrayLike) -> tuple[Floats, Floats, list[str | None]]:
    """Estimates and covariance as arrays, and why one cannot be compared: `no_estimate` (NaN), `no_variance` (NaN or 0:
    a sample in which all say the same knows nothing about its own error).

    Raises `bad_estimates` where shapes differ or the matrix is no covariance of the others.

    >>> checked([0.5, np.nan, 1.0], np.diag([0.01, 0.01, 0.0]))[2]
    [None, 'no_estimate', 'no_variance']
    """
    values, sigma = np.atleast_1d(np.asarray(est, dtype=float)), np.asarray(cov, dtype=float)
    if values.ndim != 1 or sigma.shape != (len(values), len(values)):
        fail(USAGE, _problem("est, cov", f"{values.shape}, {sigma.shape}", "(k,), (k, k)"))
    variance = np.diag(sigma)
    least = ROUNDING * np.nanmax(np.where(np.isfinite(variance), variance, 0.0), initial=0.0)
    reason = [
        "no_estimate" if not np.isfinite(value) else None if np.isfinite(v) and v > least else "no_variance"
        for value, v in zip(values, variance, strict=True)
    ]
    used = np.flatnonzero([code is None for code in reason])
    part = sigma[np.ix_(used, used)]
    if not np.isfinite(part).all() or not np.allclose(part, part.T, rtol=1e-6, atol=1e-14):
        fail(USAGE, _problem("cov", "不对称或有缺失 · not symmetric, or missing values", "对称矩阵 · symmetric"))
    scale = np.sqrt(np.diag(part))
    if len(used) and np.linalg.eigvalsh(part / np.outer(scale, scale)).min() < -1e-6:
        fail(USAGE, _problem("cov", "负特征值 · a negative eigenvalue", "协方差矩阵 · a covariance matrix"))
    return values, sigma, reason


def draws(cov: Floats, n: int = N_DRAWS, seed: int = SEED, df: float | None = None) -> Floats:
    """`n` simulated errors of estimates with this covariance (n, k), the same for the same seed; with `df`, as large as
    errors are when variances are estimated with so many degrees of freedom (multivariate t).

    >>> draws(np.eye(2), 4).shape, bool((draws(np.eye(2), 4) == draws(np.eye(2), 4)).all())
    ((4, 2), True)
    """
    values, vectors = np.linalg.eigh(cov)
    rng = np.random.default_rng(seed)
    sample = rng.standard_normal((n, len(cov))) @ (vectors * np.sqrt(np.maximum(values, 0))).T
    return sample if df is None else sample / np.sqrt(rng.chisquare(df, n) / df)[:, None]


def critical(sample: Floats, se: Floats, level: float = 0.95) -> float:
    """What the largest |error / se| of all columns stays below with probability `level`; columns with se 0 are no part.

    One estimate alone: the normal quantile; twenty independent ones: about 3.

    >>> round(critical(draws(np.eye(1), 200_000), np.ones(1)), 1), round(critical(draws(np.eye(20)), np.ones(20)), 1)
    (2.0, 3.0)
    """
    open_columns = se > 0
    if not open_columns.any():
        return 0.0
    return float(np.quantile(np.abs(sample[:, open_columns] / se[open_columns]).max(axis=1), level))


def errors_of_differences(cov: Floats) -> Floats:
    """Standard error of each difference (k, k); 0 where two estimates have the same errors."""
    variance = np.diag(cov)
    of_pair = variance[:, None] + variance[None, :] - 2 * cov
    return np.sqrt(np.where(of_pair > 1e-10 * (variance[:, None] + variance[None, :]), of_pair, 0.0))


def _problem(where: str, got: str, expected: str) -> Problem:
    return Problem(
        "bad_estimates",
        where,
        "这些估计值无法比较",
        "these estimates cannot be compared",
        got=got,
        expected=expected,
        do_zh="估计值与协方差应出自同一次估计",
        do_en="take estimates and covariance from one and the same estimation",
    )
