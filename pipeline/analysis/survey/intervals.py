"""Intervals that cover: which kind for which estimate, and when a figure is too uncertain to be shown."""

from __future__ import annotations

import numpy as np
from scipy import stats

ENOUGH = 30  # effective respondents from which the logit interval holds
FEW = 3  # degrees of freedom below which one or two people make the whole error
_EDGE = 1e-12  # a share this near to 0 or 1 is 0 or 1


def t_interval(
    est: np.ndarray, se: np.ndarray, df: float | np.ndarray, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """est ∓ t·se with Student's t; nan without degrees of freedom."""
    t = _t(df, level)
    return est - t * se, est + t * se


def share_interval(
    est: np.ndarray, se: np.ndarray, n_weights: np.ndarray, df: float | np.ndarray, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Interval and effective n of shares, by the rule: logit from 30 effective respondents, Wilson below, beta at 0 or 1 and
    where fewer than three degrees of freedom say that one or two people make the error.

    Effective n is p (1 − p) / se², which an FPC can raise above n and is not cut off there; at 0 and 1, where se says
    nothing, it is `n_weights`. `df`: one, or one per share (`covariance.freedom`). Never Wald, which covers .75 where 5 people
    answered. nan where est or se is: a single sampling unit tells no error, whatever its answers.

    >>> low, high, n = share_interval(np.array([0.5, 0.0]), np.array([0.05, 0.0]), np.array([100.0, 20.0]), 1e6)
    >>> low.round(3).tolist(), high.round(3).tolist(), n.round(1).tolist()
    ([0.403, 0.0], [0.597, 0.168], [100.0, 20.0])
    """
    est, se, n_weights = (np.asarray(x, dtype=float) for x in (est, se, n_weights))
    edge = ((est <= _EDGE) | (est >= 1 - _EDGE) | (se <= 0)) & ~np.isnan(se)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = est * (1 - est) / se**2
        few = ~edge & (np.asarray(df, dtype=float) < FEW) & (np.asarray(df) > 0)
        n_eff = np.where(edge, n_weights, np.where(few, np.fmin(own, n_weights), own))
        edge = edge | few
    n_eff = np.where(np.isfinite(est) & (n_eff > 0), n_eff, np.nan)
    with np.errstate(all="ignore"):
        low, high = np.where(
            edge,
            beta(est, n_eff, level),
            np.where(n_eff >= ENOUGH, logit(est, se, df, level), wilson(est, n_eff, df, level)),
        )
    return low, high, n_eff


def logit(est: np.ndarray, se: np.ndarray, df: float, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric on the log-odds scale, with se / (p (1 − p)) there (R: svyciprop, xlogit)."""
    centre, half = np.log(est / (1 - est)), _t(df, level) * se / (est * (1 - est))
    return 1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-half - centre))


def wilson(est: np.ndarray, n_eff: np.ndarray, df: float, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's score interval with the effective number of respondents (Wilson 1927; Brown, Cai & DasGupta 2001)."""
    t = _t(df, level)
    centre = (est + t**2 / (2 * n_eff)) / (1 + t**2 / n_eff)
    half = t * np.sqrt(est * (1 - est) / n_eff + t**2 / (4 * n_eff**2)) / (1 + t**2 / n_eff)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def beta(est: np.ndarray, n_eff: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Clopper & Pearson's interval with the effective number of respondents (Korn & Graubard 1998), not cut off at n."""
    alpha, yes = (1 - level) / 2, est * n_eff
    yes = np.where(est <= _EDGE, 0.0, np.where(est >= 1 - _EDGE, n_eff, yes))
    low = np.where(yes <= 0, 0.0, stats.beta.ppf(alpha, yes, n_eff - yes + 1))
    high = np.where(yes >= n_eff, 1.0, stats.beta.ppf(1 - alpha, yes + 1, n_eff - yes))
    return low, high


def korn_graubard(est: float, se: float, n: int, df: float, level: float = 0.95) -> tuple[float, float]:
    """The beta interval with n_eff lessened for few degrees of freedom (R: svyciprop, beta)."""
    n_eff = est * (1 - est) / se**2 * (_t(n - 1, level) / _t(df, level)) ** 2
    low, high = beta(np.array([est]), np.array([n_eff]), level)
    return float(low[0]), float(high[0])


def arcsine(est: float, se: float, df: float, level: float = 0.95) -> tuple[float, float]:
    """Symmetric on the arcsine scale (R: svyciprop, asin). As there it is not cut off where the scale ends: for comparison only."""
    centre, half = np.arcsin(np.sqrt(est)), _t(df, level) * se / (2 * np.sqrt(est * (1 - est)))
    return float(np.sin(centre - half) ** 2), float(np.sin(centre + half) ** 2)


def _t(df: float | np.ndarray, level: float) -> np.ndarray:
    df = np.asarray(df, dtype=float)
    return np.where(df > 0, stats.t.ppf((1 + level) / 2, np.where(df > 0, df, 1.0)), np.nan)
