"""What it costs that the poster's pull had to be estimated from the sample itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FULL = 0.999  # above it the answer chance stands at its end and moves no more


@dataclass(frozen=True)
class VisitAdjustment:
    """Adds to influence values the part that comes through q and a (Binder 1983, Int. Statist. Rev. 51: 279-292):
    `scores` (n, 2) of the way in, poster or interview, given that somebody is in the sample; `information` (2, 2) of the
    scores; `pull` (n, 2), how log weights move with log a and log q."""

    scores: np.ndarray
    information: np.ndarray
    pull: np.ndarray

    def residuals(self, z: np.ndarray) -> np.ndarray:
        """`z` (n, k) of weighted influence values, more what estimating q and a adds."""
        return z + self.scores @ (np.linalg.pinv(self.information) @ (self.pull.T @ z))


def visit_adjustment(exposure: np.ndarray, from_poster: np.ndarray, b: float, q: float, a: float) -> VisitAdjustment:
    """The adjustment of respondents whose visits in the field time were `exposure`, nan where not said; `from_poster`: who
    found the poster; `b`, `q`, `a` as in `visits`.

    The weight of somebody who never comes does not hang on the poster:

    >>> visit_adjustment(np.array([0.0, 2.0]), np.array([False, True]), 0.1, 0.2, 0.5).pull.any(axis=1).tolist()
    [False, True]
    """
    e = np.nan_to_num(exposure)
    p = a * -np.expm1(e * np.log1p(-q))
    moved = np.column_stack([p, a * e * q * np.exp(np.maximum(e - 1, -1) * np.log1p(-q))])
    if a > FULL:
        moved[:, 0] = 0.0
    moved[e == 0] = 0.0
    pi = p + (1 - p) * b
    m = p / pi
    spread = np.where(p > 0, p * (1 - p), 1.0)
    logits = moved / spread[:, None]
    return VisitAdjustment(
        (from_poster - m)[:, None] * logits,
        (logits * (m * (1 - m))[:, None]).T @ logits,
        -(1 - b) * moved / pi[:, None],
    )
