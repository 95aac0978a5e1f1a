"""Calibration: weights that meet known totals of any variables, shares and amounts alike, within bounds.

Deville & Särndal 1992, Journal of the American Statistical Association 87: 376-382. New weights are g times the old, g a
function of x·λ (`distances`); λ is found by Newton's method with a line search. Linear calibration is the generalised
regression estimator. With bounds on g the variance is still that of the regression (the same article, §3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.analysis.weighting.attainable import refuse
from pipeline.analysis.weighting.calibration_checks import checked_bounds, not_positive
from pipeline.analysis.weighting.distances import distance
from pipeline.analysis.weighting.rake import TOLERANCE
from pipeline.analysis.weighting.report import Weighted, weight_report
from pipeline.analysis.weighting.solve import solve
from pipeline.errors import CONTRACT, fail


@dataclass(frozen=True)
class CalibrationAdjustment:
    """What calibration takes out of a variance: the regression of the influence values on `x` under the weights before
    (the convention of R's survey package for `calibrate`). `basis`: orthonormal columns of √before · x."""

    basis: np.ndarray
    before: np.ndarray
    g: np.ndarray

    def residuals(self, z: np.ndarray) -> np.ndarray:
        """`z` (n, k) of weighted influence values, less what the calibration variables explain."""
        scale = (self.g * np.sqrt(self.before))[:, None]
        u = np.divide(z, scale, out=np.zeros_like(z), where=scale != 0)
        return (u - self.basis @ (self.basis.T @ u)) * scale


def calibrate(
    x: pl.DataFrame,
    totals: Mapping[str, float],
    weights: np.ndarray,
    *,
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
    tolerance: float = TOLERANCE,
) -> Weighted:
    """Weights with Σ w·x = total for every column of `x` named in `totals`.

    `x`: one row per respondent, numbers; a column of ones for the population size, 0 / 1 columns for levels (redundant
    ones do no harm). `method`: "linear", "raking" or "logit" (the last needs bounds). `bounds`: smallest and largest new /
    old weight, around 1. Raises exit 11 for input that does not fit, for totals out of reach (naming those in conflict and
    the range each could have), and for weights at or below zero, which linear calibration without bounds can give.

    Two respondents of 1 and 3 visits; ten persons made 26 visits in all:

    >>> visits = pl.DataFrame({"persons": [1, 1], "visits": [1, 3]})
    >>> calibrate(visits, {"persons": 10, "visits": 26}, np.array([5.0, 5.0])).weights.round(6).tolist()
    [2.0, 8.0]
    """
    before = np.asarray(weights, dtype=float)
    low, high = checked_bounds(x, totals, before, method, bounds)
    columns = x.select(list(totals)).cast(pl.Float64).to_numpy()
    wanted = np.array([float(total) for total in totals.values()])
    g, iterations, error = solve(columns, before, wanted, distance(method, low, high), tolerance)
    if error > tolerance:
        reach = (max(low, 0.0), high) if method == "raking" else (low, high)
        refuse(list(totals), columns, before, wanted, reach, error)
    after = before * g
    if after.min() <= 0:
        fail(CONTRACT, not_positive(int((after <= 0).sum())))
    report = weight_report(f"calibrate_{method}", before, after, iterations=iterations, max_margin_error=error)
    return Weighted(after, report, CalibrationAdjustment(basis_of(columns, before), before, g))


def basis_of(x: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Orthonormal columns that span √before · x, redundant ones left out."""
    columns = x * np.sqrt(before)[:, None]
    u, s, _ = np.linalg.svd(columns / np.maximum(np.linalg.norm(columns, axis=0), 1e-300), full_matrices=False)
    return u[:, s > 1e-10 * s[0]]
