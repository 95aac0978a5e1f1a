"""Why totals cannot be met: which of them is in conflict with the others, and the range it could have.

With the ratio new / old weight within bounds, the totals that weights can reach form a convex set. A linear programme
finds the totals that must give way (least sum of relative shortfalls); for each of these, two more find the smallest
and the largest value it can take while the others are met. Solved by HiGHS (Huangfu & Hall 2018, Mathematical
Programming Computation 10: 119-142).
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack

from pipeline.analysis.weighting.checks import Margin
from pipeline.errors import CONTRACT, Problem, fail

MET = 1e-6  # relative: closer than this a total counts as met


def attainable(
    x: np.ndarray | csr_array,
    weights: np.ndarray,
    totals: np.ndarray,
    bounds: tuple[float, float],
    column: int,
    others: list[int],
) -> tuple[float, float] | None:
    """Smallest and largest Σ weight · g · x[:, column] with g within `bounds` while the totals of `others` are met.

    `x` (n, p), `weights` (n,), `totals` (p,). None where the others cannot be met at all.

    Two persons of weight 10, who may count half to double; their sum is to stay 20:

    >>> x = np.array([[1.0, 1.0], [1.0, 0.0]])
    >>> [float(end) for end in attainable(x, np.array([10.0, 10.0]), np.array([20.0, 8.0]), (0.5, 2.0), 1, [0])]
    [5.0, 15.0]
    """
    scale = np.where(totals == 0, 1.0, np.abs(totals))
    scaled = csr_array(x).multiply(weights[:, None]).multiply(1 / scale[None, :]).tocsc()
    goal = scaled[:, [column]].toarray().ravel()
    meet = {"A_eq": scaled[:, others].T, "b_eq": (totals / scale)[others]} if others else {}
    ends = []
    for sign in (1, -1):
        found = linprog(sign * goal, **meet, bounds=_finite(bounds), method="highs")
        if found.status == 2:
            return None
        ends.append(sign * found.fun * scale[column] if found.status == 0 else sign * -np.inf)
    return ends[0], ends[1]


def conflicts(
    x: np.ndarray | csr_array, weights: np.ndarray, totals: np.ndarray, bounds: tuple[float, float]
) -> list[tuple[int, float, float]]:
    """The columns of `x` whose totals cannot be met together with the rest, each with the range it can have."""
    x = csr_array(x)
    scale = np.where(totals == 0, 1.0, np.abs(totals))
    scaled = csr_array(x.multiply(weights[:, None]).multiply(1 / scale[None, :]))
    n, p = x.shape
    elastic = hstack([scaled.T, eye_array(p), -eye_array(p)]).tocsr()
    free = [_finite(bounds)] * n + [(0, None)] * (2 * p)
    costs = np.concatenate([np.zeros(n), np.ones(2 * p)])
    solved = linprog(costs, A_eq=elastic, b_eq=totals / scale, bounds=free, method="highs")
    if solved.status != 0:
        return []
    short = solved.x[n : n + p] + solved.x[n + p :] > MET
    met, found = [int(column) for column in np.flatnonzero(~short)], []
    for column in np.flatnonzero(short):
        ends = attainable(x, weights, totals, bounds, int(column), met)
        if ends is None:
            continue
        slack = MET * scale[column]
        if ends[0] - slack <= totals[column] <= ends[1] + slack:
            met.append(int(column))
        else:
            found.append((int(column), *ends))
    return found


def refuse(
    names: list[str],
    x: np.ndarray | csr_array,
    weights: np.ndarray,
    totals: np.ndarray,
    bounds: tuple[float, float],
    error: float,
) -> NoReturn:
    """Stop with exit 11: the totals in conflict and the ranges they can have; or, where all could just be met, that the
    weights did not settle (the largest relative error left)."""
    within = f", {bounds[0]:g} <= g <= {bounds[1]:g}" if np.isfinite(bounds).any() and bounds != (0.0, np.inf) else ""
    problems = [
        Problem(
            "totals_unattainable", names[column], "在其他总数和权重限度之内，达不到这个总数",
            "this total cannot be met together with the others and the bounds on the weights",
            f"{totals[column]:.10g}", f"{low:.10g} ... {high:.10g}{within}",
            "请核对总数、合并类别，或放宽权重限度", "check the total, merge levels, or widen the bounds",
        )
        for column, low, high in conflicts(x, weights, totals, bounds)
    ]  # fmt: skip
    unsettled = Problem(
        "weights_unsettled", ", ".join(dict.fromkeys(name.split(" = ")[0] for name in names)), "权重没有收敛",
        "the weights do not settle", f"{error:.2g}", "< 1e-10",
        "总数处在能达到的边缘：请合并人少的类别", "the totals lie at the edge of what can be met: merge small levels",
    )  # fmt: skip
    fail(CONTRACT, *(problems or [unsettled]))


def indicators(margins: list[Margin]) -> tuple[list[str], csr_array, np.ndarray]:
    """Margins as columns of zeros and ones, one per level: their names, the columns, their totals."""
    n, names = len(margins[0].codes), [margin.label(k) for margin in margins for k in range(len(margin.levels))]
    starts = np.cumsum([0, *(len(margin.levels) for margin in margins[:-1])])
    columns = np.concatenate([margin.codes + start for margin, start in zip(margins, starts, strict=True)])
    rows = np.tile(np.arange(n), len(margins))
    x = csr_array((np.ones(len(rows)), (rows, columns)), shape=(n, len(names)))
    return names, x, np.concatenate([margin.totals for margin in margins])


def _finite(bounds: tuple[float, float]) -> tuple[float | None, float | None]:
    low, high = bounds
    return (low if np.isfinite(low) else None), (high if np.isfinite(high) else None)
