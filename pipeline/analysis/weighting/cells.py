"""Post-stratification: weights that agree with the known total of each cell.

Within a cell all weights are scaled by total / sum (Holt & Smith 1979, J. R. Statist. Soc. A 142(1): 33-46). Where cells
are small, `poststratify` pools them first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.analysis.weighting.checks import checked_margins
from pipeline.analysis.weighting.rake import margin_error
from pipeline.analysis.weighting.report import Weighted, weight_report


@dataclass(frozen=True)
class CellAdjustment:
    """What post-stratification takes out of a variance: the cell means of the influence values under the weights before
    (the convention of R's survey package for `postStratify`)."""

    codes: np.ndarray
    before: np.ndarray
    weights: np.ndarray

    def residuals(self, z: np.ndarray) -> np.ndarray:
        """`z` (n, k) of weighted influence values, less what the cells explain."""
        u = z / self.weights[:, None]
        sums = np.bincount(self.codes, self.before)
        means = np.column_stack([np.bincount(self.codes, self.before * column) / sums for column in u.T])
        return z - means[self.codes] * self.weights[:, None]


def match_cells(cells: Any, totals: Mapping[Any, float], weights: np.ndarray, *, name: str = "cell") -> Weighted:
    """Weights whose sum in each cell is that cell's total.

    `cells` (n,): the cell of each respondent; `totals`: the total of each cell; `weights` (n,): those before. `name` is
    how messages call the cells. Raises exit 11 for input that does not fit (`checks`).

    Four couriers, two of each shift, of 30 by day and 10 by night:

    >>> match_cells(["day", "day", "night", "night"], {"day": 30, "night": 10}, np.ones(4)).weights.tolist()
    [15.0, 15.0, 5.0, 5.0]
    """
    before = np.asarray(weights, dtype=float)
    (margin,) = checked = checked_margins({name: cells}, {name: totals}, before)
    sums = np.bincount(margin.codes, before, minlength=len(margin.levels))
    after = before * (margin.totals / sums)[margin.codes]
    report = weight_report("poststratify", before, after, max_margin_error=margin_error(checked, after))
    return Weighted(after, report, CellAdjustment(margin.codes, before, after))
