"""How much a walk of some metres still counts: weights from 1 (at the door) to 0 (out of reach)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def binary(metres: ArrayLike, reach: float) -> Floats:
    """1 up to and including `reach` metres, 0 beyond: the two-step floating catchment (Luo & Wang 2003).

    >>> binary([0, 300, 300.1], 300).tolist()
    [1.0, 1.0, 0.0]
    """
    return (np.asarray(metres, dtype=float) <= reach).astype(float)


def gaussian(metres: ArrayLike, reach: float) -> Floats:
    """(exp(−½(d/reach)²) − e^−½) / (1 − e^−½): 1 at the door, falling to exactly 0 at `reach` metres (Dai 2010).

    >>> gaussian([0, 250, 500, 600], 500).round(3).tolist()
    [1.0, 0.701, 0.0, 0.0]
    """
    distance = np.asarray(metres, dtype=float)
    edge = np.exp(-0.5)
    return np.where(distance < reach, (np.exp(-0.5 * (distance / reach) ** 2) - edge) / (1 - edge), 0.0)


def truncated_gaussian(metres: ArrayLike, sigma: float, reach: float) -> Floats:
    """exp(−d²/2σ²) up to and including `reach` metres, 0 beyond: it falls off a step there (pysal access; Luo & Qi 2009).

    >>> truncated_gaussian([0, 300, 600], 300, 500).round(3).tolist()
    [1.0, 0.607, 0.0]
    """
    distance = np.asarray(metres, dtype=float)
    return np.where(distance <= reach, np.exp(-(distance**2) / (2 * sigma**2)), 0.0)
