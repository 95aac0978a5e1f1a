"""How far a calibrated weight may be from the weight before: the ratio g as a function of u = x·λ, and its slope.

Deville & Särndal 1992, Journal of the American Statistical Association 87: 376-382. `linear` (generalised regression)
and `raking` (exponential) are cut off at the bounds where there are any; `logit` approaches its bounds without reaching them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Distance = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
METHODS = ("linear", "raking", "logit")


def distance(method: str, low: float, high: float) -> Distance:
    """u -> (g, dg/du) of a method of `METHODS`, with g within `low` and `high`.

    >>> g, slope = distance("linear", 0.5, 2.0)(np.array([-1.0, 0.0, 0.3]))
    >>> g.tolist(), slope.tolist()
    ([0.5, 1.0, 1.3], [0.0, 1.0, 1.0])
    """
    return _logit(low, high) if method == "logit" else _cut(_FREE[method], low, high)


def _linear(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return 1 + u, np.ones_like(u)


def _raking(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    g = np.exp(np.minimum(u, 500.0))  # beyond, a line search takes the step back anyhow
    return g, g


_FREE: dict[str, Distance] = {"linear": _linear, "raking": _raking}


def _cut(free: Distance, low: float, high: float) -> Distance:
    def within(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        g, slope = free(u)
        return np.clip(g, low, high), np.where((g > low) & (g < high), slope, 0.0)

    return within


def _logit(low: float, high: float) -> Distance:
    steep = (high - low) / ((1 - low) * (high - 1))

    def within(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        odds = (1 - low) / (high - 1) * np.exp(np.clip(steep * u, -500.0, 500.0))
        part = odds / (1 + odds)
        return low + (high - low) * part, (high - low) * steep * part * (1 - part)

    return within
