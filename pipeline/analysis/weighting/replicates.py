"""Replicate weights, each adjusted as the full weights are: what weighting costs then shows in the variance by itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipeline.analysis.weighting.report import Weighted


def reweigh_replicates(replicates: np.ndarray, reweigh: Callable[[np.ndarray, np.ndarray], Weighted]) -> np.ndarray:
    """Each column of `replicates` (n, R) weighted anew.

    `reweigh(rows, weights)` weighs the respondents `rows` (indices) that a replicate keeps, with its `weights` for
    them; respondents with weight 0 keep it. Raises what `reweigh` raises: a replicate may miss a level of a margin.

    >>> from pipeline.analysis.weighting.cells import match_cells
    >>> cell = np.array(["a", "a", "b"])
    >>> halves = np.array([[2.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
    >>> reweigh_replicates(halves, lambda rows, w: match_cells(cell[rows], {"a": 8, "b": 4}, w)).tolist()
    [[8.0, 4.0], [0.0, 4.0], [4.0, 4.0]]
    """
    new = np.zeros_like(replicates, dtype=float)
    for column in range(replicates.shape[1]):
        rows = np.flatnonzero(replicates[:, column])
        new[rows, column] = reweigh(rows, replicates[rows, column]).weights
    return new
