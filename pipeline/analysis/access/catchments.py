"""Weights of catchments other than the plain one, made from a kernel's."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.access.pairs import Pairs

Floats = NDArray[np.float64]


def parted(pairs: Pairs, weights: ArrayLike, by: Literal["place", "station"]) -> Floats:
    """Each pair's weight over the sum of its place's (or its station's) weights, so that these add up to 1; 0 where all are 0.

    >>> from pipeline.analysis.access.pairs import from_table
    >>> parted(from_table([0, 0, 1], [0, 1, 1], [5, 5, 5], 2, 2, 9), [1, 3, 1], "place").tolist()
    [0.25, 0.75, 1.0]
    """
    weights = np.asarray(weights, dtype=float)
    index, n = (pairs.place, pairs.n_places) if by == "place" else (pairs.station, pairs.n_stations)
    total = np.bincount(index, weights, minlength=n)[index]
    return np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)


def three_step(pairs: Pairs, weights: ArrayLike) -> Floats:
    """Weights for `access` by which a place shares out what it wants among its stations (3SFCA; Wan, Zou & Sternberg 2012)."""
    return np.asarray(weights, dtype=float) * parted(pairs, weights, "place")


def balanced(pairs: Pairs, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Weights for the first step of `access`, and for its `second`: what is wanted is shared out among the stations, what is offered among
    the places, so that neither is counted twice (BFCA; Paez, Higgins & Vivona 2019)."""
    return parted(pairs, weights, "place"), parted(pairs, weights, "station")
