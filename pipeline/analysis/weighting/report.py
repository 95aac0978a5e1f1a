"""What weights cost and how well they meet their margins: the report every weighting function returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.analysis.survey.design import Adjustment


@dataclass(frozen=True)
class WeightReport:
    """How a set of weights came about.

    `max_margin_error`: largest |reached / wanted - 1| over all totals. `g_min`, `g_max`: range of new weight / weight
    before. `cv`: standard deviation / mean of the weights. `kish_deff` = 1 + CV², what the inequality of the weights
    costs (Kish 1965, Survey Sampling, §11.7); `n_eff` = n / kish_deff. `population`: sum of the weights.
    """

    method: str
    iterations: int
    max_margin_error: float
    g_min: float
    g_max: float
    cv: float
    kish_deff: float
    n_eff: float
    n: int
    population: float

    def table(self) -> pl.DataFrame:
        """The report as one row."""
        return pl.DataFrame([vars(self)])


@dataclass(frozen=True)
class Weighted:
    """`weights` (n,), how they came about, and what they take out of a variance (None: nothing)."""

    weights: np.ndarray
    report: WeightReport
    adjustment: Adjustment | None


def weight_report(
    method: str, before: np.ndarray, after: np.ndarray, *, iterations: int = 1, max_margin_error: float = 0.0
) -> WeightReport:
    """The report on weights `after`, made from `before`.

    >>> report = weight_report("rake", np.array([1.0, 1.0]), np.array([1.0, 3.0]))
    >>> report.g_max, report.kish_deff, report.n_eff
    (3.0, 1.25, 1.6)
    """
    g = after / before
    deff = kish_deff(after) or float("nan")
    cv = float(np.std(after, ddof=1) / np.mean(after)) if len(after) > 1 else 0.0
    ends = (float(g.min()), float(g.max()))
    return WeightReport(
        method, iterations, max_margin_error, *ends, cv, deff, len(after) / deff, len(after), float(after.sum())
    )


def kish_deff(weights: pl.Series | np.ndarray) -> float | None:
    """Kish's design effect of unequal weights, n·Σw² / (Σw)² = 1 + CV²(w); None without weights.

    >>> kish_deff(pl.Series([1.0, 3.0, None]))
    1.25
    """
    known = (weights.drop_nulls() if isinstance(weights, pl.Series) else pl.Series(weights)).to_numpy()
    total = known.sum()
    return float(len(known) * (known @ known) / total**2) if total else None
