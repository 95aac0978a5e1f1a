"""What calibration refuses beyond what all weighting refuses."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipeline.analysis.weighting.checks import weight_problems
from pipeline.analysis.weighting.distances import METHODS
from pipeline.errors import CONTRACT, Problem, fail


def checked_bounds(
    x: pl.DataFrame, totals: Mapping[str, float], weights: np.ndarray, method: str, bounds: tuple[float, float] | None
) -> tuple[float, float]:
    """The bounds. Raises exit 11 with everything that does not fit."""
    problems = weight_problems(weights) + bounds_problems(method, bounds)
    if x.height != len(weights):
        problems.append(
            Problem(
                "wrong_length",
                "x",
                "长度与权重不同",
                "is not as long as the weights",
                f"{x.height}",
                f"{len(weights)}",
            )
        )
    for name, total in totals.items():
        if name not in x.columns:
            problems.append(
                Problem(
                    "margin_unpaired",
                    name,
                    "没有这一列",
                    "has a total, but no column",
                    do_zh="列与总数都要给出",
                    do_en="give both the column and its total",
                )
            )
        elif (
            not (x[name].dtype.is_numeric() or x[name].dtype == pl.Boolean)
            or not x[name].cast(pl.Float64).is_finite().fill_null(False).all()
        ):
            problems.append(
                Problem(
                    "calibration_value_missing",
                    name,
                    "有缺失或不是数字的值",
                    "has values that are missing or no numbers",
                    do_zh="请先去掉或补上",
                    do_en="leave those rows out or fill them in",
                )
            )
        if total is None or not np.isfinite(total):
            problems.append(Problem("total_bad", name, "总数不是数字", "the total is no number", f"{total}"))
    if not totals:
        problems.append(Problem("margin_unpaired", "totals", "没有给出总数", "no total is given", expected=">= 1"))
    if problems:
        fail(CONTRACT, *problems)
    return bounds or (-np.inf, np.inf)


def bounds_problems(method: str, bounds: tuple[float, float] | None) -> list[Problem]:
    """What is wrong with a method and its bounds on new / old weight."""
    problems = []
    if method not in METHODS:
        problems.append(
            Problem("unknown_choice", "method", "没有这种方法", "there is no such method", method, " ".join(METHODS))
        )
    if (bounds is None and method == "logit") or (bounds is not None and not bounds[0] < 1 < bounds[1]):
        problems.append(
            Problem(
                "bounds_bad",
                "bounds",
                "权重限度必须一小一大，中间是 1",
                "bounds on new / old weight lie on both sides of 1",
                f"{bounds}",
                "low < 1 < high",
            )
        )
    return problems


def not_positive(n: int) -> Problem:
    """`n` weights came out at or below zero."""
    return Problem(
        "weights_not_positive", "weights", "校准后有权重不大于零", "calibration gives weights at or below zero", f"{n}", "0",
        "请用 method=\"raking\" 或给出 bounds", 'use method="raking", or give bounds',
    )  # fmt: skip
