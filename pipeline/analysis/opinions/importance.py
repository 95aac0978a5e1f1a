"""Importance against performance: which services to keep up, and where to concentrate, with the probability of each.

Each service has an importance (share who need it) and a performance (satisfaction among its users); two lines, by
default the means over services, cut the plane into quadrants (Martilla & James 1977, J. Marketing 41: 77-79). A point
beside a line says little: from the joint covariance of all figures follows the probability that a service truly lies
in each quadrant, the lines being as uncertain as what they are means of.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from pipeline.analysis.comparisons.largest import checked
from pipeline.errors import USAGE, Problem, fail

Floats = NDArray[np.float64]
# high importance and performance, high importance only, neither, high performance only
QUADRANTS = ("keep_up", "concentrate_here", "low_priority", "possible_overkill")
CLEAR = 0.95


def importance_performance(
    service: ArrayLike,
    importance: ArrayLike,
    performance: ArrayLike,
    cov: ArrayLike,
    *,
    lines: tuple[float, float] | None = None,
    clear: float = CLEAR,
) -> pl.DataFrame:
    """The quadrant of each service, with the probabilities of all four.

    In: `service` names (k,), `importance` (k,), `performance` (k,; each any unit), and their joint covariance (2k, 2k),
    importances first: one estimation of all 2k figures gives it. `lines`: (importance, performance) to cut at, known
    values; none: the means over services, with their errors.
    Out: `service, importance, importance_se, performance, performance_se, p_keep_up, p_concentrate_here,
    p_low_priority, p_possible_overkill` (sum 1), `quadrant_code` (the likeliest), `is_clear` (its probability ≥
    `clear`), `reason_code`. A service of which a figure is missing or has no variance (`no_estimate`, `no_variance`) has
    no quadrant and is no part of the means. Normal approximation. Raises `bad_estimates`.

    Water: needed and good; haircuts: neither; both far from the means.

    >>> table = importance_performance(["water", "haircut"], [0.8, 0.2], [0.9, 0.5], np.eye(4) * 0.001)
    >>> table["quadrant_code"].to_list(), table["p_keep_up"].round(3).to_list()
    (['keep_up', 'low_priority'], [1.0, 0.0])
    """
    names = [str(name) for name in np.atleast_1d(np.asarray(service))]
    k = len(names)
    both = np.concatenate([np.atleast_1d(np.asarray(side, dtype=float)) for side in (importance, performance)])
    if len(both) != 2 * k:
        fail(USAGE, _problem(f"{k}, {len(both)}", "k, k, k"))
    values, sigma, each = checked(both, cov)
    reason = [first or second for first, second in zip(each[:k], each[k:], strict=True)]
    used = np.flatnonzero([code is None for code in reason])
    chance = np.full((k, 4), np.nan)
    if lines is not None or len(used) > 1:
        chance[used] = _chances(values, sigma, used, lines)
    else:
        reason = [code or "one_service" for code in reason]
    likeliest = [None if np.isnan(row[0]) else QUADRANTS[int(row.argmax())] for row in chance]
    se = np.sqrt(np.diag(sigma))
    table = pl.DataFrame(
        {
            "service": names,
            "importance": values[:k],
            "importance_se": se[:k],
            "performance": values[k:],
            "performance_se": se[k:],
            **{f"p_{name}": chance[:, place] for place, name in enumerate(QUADRANTS)},
        }
    ).with_columns(pl.selectors.float().fill_nan(None))
    best = pl.max_horizontal(f"p_{name}" for name in QUADRANTS)
    codes = pl.Series("quadrant_code", likeliest, dtype=pl.String), pl.Series("reason_code", reason, dtype=pl.String)
    return table.with_columns(codes[0], (best >= clear).alias("is_clear"), codes[1])


def _chances(values: Floats, sigma: Floats, used: NDArray[np.int_], lines: tuple[float, float] | None) -> Floats:
    """Probabilities (services in use, 4) of the quadrants."""
    m, rows = len(used), np.concatenate([used, used + len(values) // 2])
    known, part = values[rows], sigma[np.ix_(rows, rows)]
    centred = np.eye(m) - (1 / m if lines is None else 0.0)
    contrast = np.kron(np.eye(2), centred)
    shift = np.zeros(2 * m) if lines is None else np.repeat(lines, m)
    distance, spread = contrast @ known - shift, contrast @ part @ contrast.T
    se = np.sqrt(np.maximum(np.diag(spread), 1e-300))
    x, y = distance[:m] / se[:m], distance[m:] / se[m:]
    correlation = np.diag(spread[:m, m:]) / (se[:m] * se[m:])
    high_both = _both_below(x, y, correlation)
    high_x, high_y = ndtr(x), ndtr(y)
    chances = np.column_stack([high_both, high_x - high_both, 1 - high_x - high_y + high_both, high_y - high_both])
    return np.clip(chances, 0, 1)


def _both_below(x: Floats, y: Floats, correlation: Floats) -> Floats:
    """P(X ≤ x, Y ≤ y) of a standard bivariate normal, by its integral over the correlation (Drezner & Wesolowsky 1990).

    >>> _both_below(np.zeros(3), np.zeros(3), np.array([-0.5, 0.0, 0.5])).round(6).tolist()
    [0.166667, 0.25, 0.333333]
    """
    node, weight = np.polynomial.legendre.leggauss(64)
    end = np.arcsin(np.clip(correlation, -0.9999, 0.9999))[:, None]
    angle = end * (node + 1) / 2
    x, y = np.clip(x, -38, 38)[:, None], np.clip(y, -38, 38)[:, None]
    height = np.exp(-(x**2 + y**2 - 2 * x * y * np.sin(angle)) / (2 * np.cos(angle) ** 2))
    return (ndtr(x) * ndtr(y))[:, 0] + (height @ weight) * end[:, 0] / (4 * np.pi)


def _problem(got: str, expected: str) -> Problem:
    return Problem(
        "bad_estimates",
        "service, importance, performance",
        "这些估计值无法比较",
        "these estimates cannot be compared",
        got=got,
        expected=expected,
        do_zh="每项服务给出一个重要性和一个满意度",
        do_en="give one importance and one performance for each service",
    )
