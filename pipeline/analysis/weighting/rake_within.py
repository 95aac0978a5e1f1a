"""Raking with bounds on how far a weight may move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.analysis.weighting.attainable import indicators, refuse
from pipeline.analysis.weighting.calibrate import CalibrationAdjustment, basis_of
from pipeline.analysis.weighting.calibration_checks import bounds_problems
from pipeline.analysis.weighting.checks import checked_margins
from pipeline.analysis.weighting.distances import distance
from pipeline.analysis.weighting.rake import TOLERANCE, crosstab, margin_error
from pipeline.analysis.weighting.report import Weighted, weight_report
from pipeline.analysis.weighting.solve import solve
from pipeline.errors import CONTRACT, fail


def rake_within(
    margins: Mapping[str, Any],
    totals: Mapping[str, Mapping[Any, float]],
    weights: np.ndarray,
    bounds: tuple[float, float],
    *,
    tolerance: float = TOLERANCE,
) -> Weighted:
    """`rake` with new / old weight held within `bounds`; its variance is that of calibration.

    >>> margins = {"platform": ["a", "a", "b", "b"], "shift": ["day", "night", "day", "night"]}
    >>> totals = {"platform": {"a": 10, "b": 10}, "shift": {"day": 12, "night": 8}}
    >>> rake_within(margins, totals, np.full(4, 5.0), (0.7, 1.3)).weights.round(6).tolist()
    [6.0, 4.0, 6.0, 4.0]
    """
    before = np.asarray(weights, dtype=float)
    checked = checked_margins(margins, totals, before)
    if problems := bounds_problems("raking", bounds):
        fail(CONTRACT, *problems)
    cells, of_row, in_cell = crosstab(checked, before)
    names, x, wanted = indicators(cells)
    g, iterations, error = solve(x.toarray(), in_cell, wanted, distance("raking", *bounds), tolerance)
    if error > tolerance:
        refuse(names, x, in_cell, wanted, bounds, error)
    after = before * g[of_row]
    margin = margin_error(checked, after)
    report = weight_report("rake_within", before, after, iterations=iterations, max_margin_error=margin)
    basis = basis_of(x[of_row].toarray(), before)
    return Weighted(after, report, CalibrationAdjustment(basis, before, g[of_row]))
