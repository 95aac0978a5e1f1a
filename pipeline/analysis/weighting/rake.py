"""Raking: weights that agree with several margins at once, each known by itself.

Iterative proportional fitting (Deming & Stephan 1940, Annals of Mathematical Statistics 11: 427-444): scale the weights
to one margin after the other until all agree. Respondents alike in all margins move together, so the work is done on
the cells of the cross-table, however many respondents there are. Among all weights that meet the margins, these are
the closest to those before in relative entropy (Ireland & Kullback 1968). They correct who answered only as far as
the margins explain it; they do not repair self-selection on need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from pipeline.analysis.weighting.attainable import indicators, refuse
from pipeline.analysis.weighting.checks import Margin, checked_margins
from pipeline.analysis.weighting.report import Weighted, weight_report

TOLERANCE = 1e-10
MAX_ITERATIONS = 1000
SWEEPS = 10  # of the residuals: as many as R's survey package takes


@dataclass(frozen=True)
class RakeAdjustment:
    """What raking takes out of a variance: the means of z / w within the levels of each margin, unweighted, margin after
    margin, ten times over (the convention of R's survey package for `rake`; Deville & Särndal 1992 for why residuals)."""

    codes: tuple[np.ndarray, ...]
    weights: np.ndarray

    def residuals(self, z: np.ndarray) -> np.ndarray:
        """`z` (n, k) of weighted influence values, less what the margins explain."""
        u = z / self.weights[:, None]
        rows = np.arange(len(u))
        levels = [csr_array((np.ones(len(u)), (codes, rows))) for codes in self.codes]
        sizes = [np.bincount(codes)[:, None] for codes in self.codes]
        for _ in range(SWEEPS):
            for inside, size in zip(levels, sizes, strict=True):
                u = u - inside.T @ ((inside @ u) / size)
        return u * self.weights[:, None]


def rake(
    margins: Mapping[str, Any],
    totals: Mapping[str, Mapping[Any, float]],
    weights: np.ndarray,
    *,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Weighted:
    """Weights whose sum in each level of each margin is that level's total.

    `margins`: for each variable its level per respondent (n,); `totals`: for each variable the total of each level;
    `weights` (n,): those before, 1 each where there are none. Stops when every total is met to a relative `tolerance`.
    For bounds on new / old weight: `rake_within`.
    Raises exit 11 for input that does not fit (`checks`), and for margins that no positive weights can meet, with the
    margin in conflict and the range of totals it could have.

    Two couriers of a, one of b, all by day; 60 of 100 work for b. The a share 40, b alone stands for 60:

    >>> margins = {"platform": ["a", "a", "b"], "shift": ["day", "day", "day"]}
    >>> raked = rake(margins, {"platform": {"a": 40, "b": 60}, "shift": {"day": 100}}, np.ones(3))
    >>> raked.weights.round(6).tolist(), round(raked.report.kish_deff, 2)
    ([20.0, 20.0, 60.0], 1.32)
    """
    weights = np.asarray(weights, dtype=float)
    checked = checked_margins(margins, totals, weights)
    cells, of_row, before = crosstab(checked, weights)
    after, iterations, error = _fit(cells, before, tolerance, max_iterations)
    if error > tolerance:
        names, x, wanted = indicators(cells)
        refuse(names, x, before, wanted, (0.0, np.inf), error)
    new = weights * (after / before)[of_row]
    report = weight_report("rake", weights, new, iterations=iterations, max_margin_error=margin_error(checked, new))
    return Weighted(new, report, RakeAdjustment(tuple(margin.codes for margin in checked), new))


def crosstab(margins: list[Margin], weights: np.ndarray) -> tuple[list[Margin], np.ndarray, np.ndarray]:
    """The margins by cell of their cross-table (occupied ones only), the cell of each row, the weight in each cell."""
    of_row, n_cells = margins[0].codes.astype(np.int64), len(margins[0].levels)
    for margin in margins[1:]:
        of_row = of_row * len(margin.levels) + margin.codes
        n_cells *= len(margin.levels)
        if n_cells > 4 * len(of_row):
            occupied, of_row = np.unique(of_row, return_inverse=True)
            n_cells = len(occupied)
    seen = np.flatnonzero(np.bincount(of_row, minlength=n_cells))
    place = np.empty(n_cells, dtype=np.int64)
    place[seen] = np.arange(len(seen))
    of_row = place[of_row]
    some = np.empty(len(seen), dtype=np.int64)
    some[of_row] = np.arange(len(of_row))  # any row of each cell
    cells = [Margin(margin.name, margin.codes[some], margin.levels, margin.totals) for margin in margins]
    return cells, of_row, np.bincount(of_row, weights)


def _fit(
    margins: list[Margin], weights: np.ndarray, tolerance: float, max_iterations: int
) -> tuple[np.ndarray, int, float]:
    """The fitted weights, the number of sweeps, the largest relative error met within the last."""
    error = np.inf
    for iteration in range(1, max_iterations + 1):
        error = 0.0
        for margin in margins:
            factors = margin.totals / np.bincount(margin.codes, weights, minlength=len(margin.levels))
            error = max(error, float(np.abs(factors - 1).max()))
            weights = weights * factors[margin.codes]
        if error <= tolerance / 2:
            return weights, iteration, error
    return weights, max_iterations, error


def margin_error(margins: list[Margin], weights: np.ndarray) -> float:
    """Largest |reached / wanted - 1| over all totals."""
    reached = [np.bincount(margin.codes, weights, minlength=len(margin.levels)) for margin in margins]
    return max(float(np.abs(sums / margin.totals - 1).max()) for sums, margin in zip(reached, margins, strict=True))
