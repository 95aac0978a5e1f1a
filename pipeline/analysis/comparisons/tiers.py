"""Clearly above, clearly below, or not to be told from the average: what may be said of 60 stations instead of ranks."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from pipeline.analysis.comparisons.largest import N_DRAWS, SEED, Floats, checked, critical, draws
from pipeline.analysis.comparisons.ranks import rank_sets
from pipeline.errors import USAGE, Problem, fail

TIERS = ("clearly_above", "not_distinguishable", "clearly_below")


def tiers(
    est: ArrayLike,
    cov: ArrayLike,
    *,
    reference: int | None = None,
    weight: ArrayLike | None = None,
    level: float = 0.95,
    df: float | None = None,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
) -> pl.DataFrame:
    """Each estimate against the average of all, or against the one in row `reference`, all at once.

    In: estimates (k,), their covariance (k, k); `weight` of each in the average (persons there are, say; none: equal).
    Out: `est, difference, difference_se, difference_lci, difference_uci` (simultaneous interval), `tier_code`
    (clearly_above, not_distinguishable, clearly_below), `rank_from, rank_to` (simultaneous rank set), `reason_code`.
    The probability that any estimate is called clear, and is not, is at most 1 − `level`. An estimate that is missing or
    has no variance (see `rank_sets`) is not distinguishable and no part of the average. Raises `bad_estimates`.

    >>> tiers([2.5, 9.0, 1.0], np.eye(3))["tier_code"].to_list()
    ['not_distinguishable', 'clearly_above', 'clearly_below']
    """
    values, sigma, reason = checked(est, cov)
    used = np.flatnonzero([code is None for code in reason])
    against = _against(used, len(values), reference, weight)
    contrast = np.eye(len(used)) - against
    difference = contrast @ values[used]
    part = sigma[np.ix_(used, used)]
    of_contrast = contrast @ part @ contrast.T
    se = np.sqrt(np.maximum(np.diag(of_contrast), 0))
    se[se < 1e-6 * np.sqrt(np.diag(part))] = 0.0
    half = critical(draws(part, n_draws, seed, df) @ contrast.T, se, level) * se
    columns: dict[str, Floats] = {}
    for name, found in {
        "difference": difference,
        "difference_se": se,
        "difference_lci": difference - half,
        "difference_uci": difference + half,
    }.items():
        columns[name] = np.full(len(values), np.nan)
        columns[name][used] = found
    ranks = rank_sets(est, cov, level=level, df=df, n_draws=n_draws, seed=seed)
    code = (
        pl.when((pl.col("difference_se") > 0) & (pl.col("difference_lci") > 0))
        .then(pl.lit(TIERS[0]))
        .when((pl.col("difference_se") > 0) & (pl.col("difference_uci") < 0))
        .then(pl.lit(TIERS[2]))
        .otherwise(pl.lit(TIERS[1]))
    )
    table = pl.DataFrame({"est": values, **columns}).with_columns(pl.col("^difference.*$").fill_nan(None))
    return table.with_columns(code.alias("tier_code"), ranks["rank_from"], ranks["rank_to"], ranks["reason_code"])


def _against(used: np.ndarray, k: int, reference: int | None, weight: ArrayLike | None) -> Floats:
    """What each is compared with, as shares of the estimates in use."""
    share = np.ones(k) if weight is None else np.asarray(weight, dtype=float)
    if reference is not None and 0 <= reference < k:
        share = np.zeros(k)
        share[reference] = 1.0
    fits = share.shape == (k,) and np.isfinite(share).all() and (share >= 0).all()
    if not fits or (reference is not None and reference not in used) or (len(used) and share[used].sum() <= 0):
        fail(
            USAGE,
            Problem(
                "bad_reference",
                "reference, weight",
                "没有可以用来比较的基准",
                "there is nothing to compare with",
                expected=f"0 – {k - 1}，有估计值和方差 · with an estimate and a variance; weight {k} × ≥ 0",
                do_zh="请换一个基准，或不写 reference，与平均值比较",
                do_en="choose another reference, or none to compare with the average",
            ),
        )
    return np.tile(share[used] / share[used].sum(), (len(used), 1)) if len(used) else np.zeros((0, 0))
