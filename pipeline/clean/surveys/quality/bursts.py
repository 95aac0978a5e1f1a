"""Bursts: far more sheets within minutes than the wave's own rhythm explains — and odd as a group.

A crowd alone condemns nobody: on an activity day, at the end of a shift or on a station's Wi-Fi many honest people answer at
once. A crowd counts only where its sheets, taken together, also fit worse than the wave's in how their answers go together,
or were filled in much faster; and then only for those in it that are odd themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import stats

HOUR = 3600
LEAST_SHIFT = 0.8  # a large crowd differs a little from everybody; it must differ by so many standard deviations


def crowds(submitted: np.ndarray, limits: Mapping[str, float]) -> list[np.ndarray]:
    """Groups of sheets (their places) within windows that hold too many. `submitted`: seconds since an epoch, NaN unknown.

    Expected is the larger of what came around the window and of what usually comes at that hour of the day (a scan
    statistic with the wave as its own background, Bonferroni over the windows).
    """
    known = np.flatnonzero(~np.isnan(submitted))
    if len(known) < limits["least_sheets"]:
        return []
    ranked = known[np.argsort(submitted[known], kind="stable")]
    times = submitted[ranked]
    width, around = limits["window_minutes"] * 60, limits["around_hours"] * HOUR
    end = np.searchsorted(times, times + width)
    n = end - np.arange(len(times))
    near = np.searchsorted(times, times + width + around) - np.searchsorted(times, times - around) - n
    by_hour = np.bincount((times // HOUR % 24).astype(int), minlength=24)
    days = max(1.0, np.ceil((times[-1] - times[0]) / (24 * HOUR)))
    usual = by_hour[(times // HOUR % 24).astype(int)] / days * width / HOUR
    expected = np.maximum(np.maximum(near * width / (2 * around), usual), 1.0)
    full = (n >= limits["least_sheets"]) & (stats.poisson.sf(n - 1, expected) * len(times) < limits["false_windows"])
    inside = np.zeros(len(times) + 1, dtype=int)
    np.add.at(inside, np.flatnonzero(full), 1)
    np.add.at(inside, end[full], -1)
    crowded = np.cumsum(inside)[:-1] > 0
    groups = np.cumsum(np.diff(crowded.astype(int), prepend=0) == 1)
    return [ranked[crowded & (groups == group)] for group in np.unique(groups[crowded])]


def bursts(submitted: np.ndarray, oddness: list[np.ndarray], limits: Mapping[str, float]) -> np.ndarray:
    """Whether each sheet is an odd one of an odd crowd. `oddness`: scores per sheet, 0 usual with standard deviation 1 in
    the wave, low odd, NaN unknown."""
    found = np.zeros(len(submitted), dtype=bool)
    for group in crowds(submitted, limits):
        for score in oddness:
            own = score[group]
            own = own[~np.isnan(own)]
            if len(own) < limits["least_sheets"]:
                continue
            if own.mean() < -LEAST_SHIFT and own.mean() * np.sqrt(len(own)) < -limits["odd_sigmas"]:
                found[group] |= score[group] < np.nanquantile(score, limits["odd_share"])
    return found


def robust_scores(values: np.ndarray) -> np.ndarray:
    """Values as deviations from the median, in robust standard deviations (from the quartiles); NaN stays.

    >>> robust_scores(np.array([1.0, 2.0, 3.0, np.nan])).round(2).tolist()
    [-1.35, 0.0, 1.35, nan]
    """
    if np.isnan(values).all():
        return values
    low, middle, high = np.nanquantile(values, [0.25, 0.5, 0.75])
    return (values - middle) / max((high - low) / 1.349, 1e-9)
