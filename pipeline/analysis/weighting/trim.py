"""Trimming: weights held within limits, the sum kept; and trimming with calibration repeated until both hold.

Trimming trades a little bias for less variance (Potter 1990, Proceedings of the Section on Survey Research Methods,
ASA: 225-230). What is cut off is spread evenly over the weights that were within the limits.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipeline.analysis.weighting.checks import weight_problems
from pipeline.analysis.weighting.report import Weighted, weight_report
from pipeline.errors import CONTRACT, Problem, fail

ROUNDS = 1000
SLACK = 1e-6  # relative: a calibrated weight this little beyond a limit is within it
ROUNDING = 1e-12  # the same for trimming itself


def trim(weights: np.ndarray, lower: float, upper: float, *, strict: bool = True) -> Weighted:
    """Weights cut off at `lower` and `upper`, with the same sum.

    `strict`: repeat until spreading the rest has pushed no weight beyond a limit; else once. Both are those of R's
    `trimWeights`. There is no adjustment of its own: pass on that of the weights before. Margins that they met are
    met no longer (`trim_and_recalibrate`). Raises exit 11 for weights or limits that do not fit.

    8 is cut to 5, and the 3 spread over the others:

    >>> trim(np.array([1.0, 1.0, 2.0, 8.0]), 0, 5).weights.tolist()
    [2.0, 2.0, 3.0, 5.0]
    """
    before = np.asarray(weights, dtype=float)
    if problems := weight_problems(before) or _limit_problems(before, lower, upper):
        fail(CONTRACT, *problems)
    after, rounds = _once(before, lower, upper), 1
    while strict and _beyond(after, lower, upper, ROUNDING):
        if rounds == ROUNDS:
            fail(CONTRACT, _not_both(after, lower, upper))
        after, rounds = _once(after, lower, upper), rounds + 1
    return Weighted(after, weight_report("trim", before, after, iterations=rounds), None)


def trim_and_recalibrate(
    weights: np.ndarray,
    lower: float,
    upper: float,
    recalibrate: Callable[[np.ndarray], Weighted],
    *,
    rounds: int = 100,
) -> Weighted:
    """Trims and calibrates anew, in turn, until the calibrated weights lie within the limits (to a millionth).

    `recalibrate` takes weights and gives calibrated ones, for instance `lambda w: rake(margins, totals, w)`. The
    adjustment is that of the last calibration. Raises exit 11 where limits and totals do not go together.

    >>> from pipeline.analysis.weighting.cells import match_cells
    >>> again = lambda w: match_cells(["a", "a", "b"], {"a": 8, "b": 4}, w)
    >>> trim_and_recalibrate(np.array([1.0, 7.0, 4.0]), 2, 6, again).weights.round(6).tolist()
    [2.0, 6.0, 4.0]
    """
    before = np.asarray(weights, dtype=float)
    new = recalibrate(before)
    for done in range(rounds + 1):
        if not _beyond(new.weights, lower, upper, SLACK):
            margin = new.report.max_margin_error
            report = weight_report(
                "trim_and_recalibrate", before, new.weights, iterations=done, max_margin_error=margin
            )
            return Weighted(new.weights, report, new.adjustment)
        new = recalibrate(trim(new.weights, lower, upper).weights)
    fail(CONTRACT, _not_both(new.weights, lower, upper))


def _once(weights: np.ndarray, lower: float, upper: float) -> np.ndarray:
    cut = np.clip(weights, lower, upper)
    within = cut == weights
    takers = within if within.any() else np.ones(len(cut), dtype=bool)
    cut[takers] += (weights - cut).sum() / takers.sum()
    return cut


def _beyond(weights: np.ndarray, lower: float, upper: float, slack: float) -> bool:
    return bool(weights.min() < lower * (1 - slack) or weights.max() > upper * (1 + slack))


def _limit_problems(weights: np.ndarray, lower: float, upper: float) -> list[Problem]:
    mean = float(weights.mean())
    if lower < mean < upper:
        return []
    return [Problem(
        "bounds_bad", "lower, upper", "权重的平均数必须在上下限之间", "the mean weight must lie between the limits",
        f"{lower:g} ... {upper:g}", f"... {mean:.6g} ...", "请放宽上下限", "widen the limits",
    )]  # fmt: skip


def _not_both(weights: np.ndarray, lower: float, upper: float) -> Problem:
    return Problem(
        "trim_unsettled", "lower, upper", "上下限与总数不能同时满足", "limits and totals cannot both be met",
        f"{weights.min():.6g} ... {weights.max():.6g}", f"{lower:g} ... {upper:g}",
        "请放宽上下限，或合并人少的类别", "widen the limits, or merge small levels",
    )  # fmt: skip
