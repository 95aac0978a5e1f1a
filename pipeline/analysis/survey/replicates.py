"""Replicate weights that came with the data, and what their spread means for the variance.

A replicate is the sample weighted as if drawn a little differently; the spread of an estimate over replicates estimates
its variance: scale · Σ rscale_r (θ_r − θ̄)² (Wolter 2007, Introduction to Variance Estimation). resampling.py makes them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.errors import CONTRACT, Problem, fail


@dataclass(frozen=True)
class Replicates:
    """`weights` (n, R) whole weights of each replicate; `rscales` (R,); `df`; `about_estimate`: squares are taken about the
    full-sample estimate rather than the mean of the replicates."""

    weights: np.ndarray
    scale: float
    rscales: np.ndarray
    df: int
    about_estimate: bool = False


def given(
    weights: np.ndarray, kind: str, *, scale: float | None = None, rscales: np.ndarray | None = None, rho: float = 0.0,
    df: int | None = None, about_estimate: bool = False,
) -> Replicates:  # fmt: skip
    """Replicate weights that came with the data; `kind`: JK1, JKn, BRR, Fay, bootstrap. Raises exit 11 for a wrong shape.

    What the kind does not fix must be given: `rscales` of JKn. `df` is the rank of the weights less one (as in R).

    >>> given(np.array([[2.0, 0.0], [0.0, 2.0]]), "JK1").scale
    0.5
    """
    w = np.asarray(weights, dtype=float)
    if w.ndim != 2 or not np.isfinite(w).all() or (w < 0).any():
        fail(CONTRACT, Problem("bad_weight", "replicates", "重复权重缺失、为负或形状不对", "replicate weights are missing, negative or misshapen",
                               got=str(w.shape), expected="(n, R)"))  # fmt: skip
    n_replicates = w.shape[1]
    usual = {
        "JK1": (n_replicates - 1) / n_replicates, "JKn": 1.0, "BRR": 1 / n_replicates,
        "Fay": 1 / (n_replicates * (1 - rho) ** 2), "bootstrap": 1 / (n_replicates - 1),
    }  # fmt: skip
    if kind not in usual:
        fail(CONTRACT, Problem("bad_design", "replicates", "没有这种重复权重", "no such kind of replicates", got=kind, expected=" ".join(usual)))  # fmt: skip
    if kind == "JKn" and rscales is None:
        fail(
            CONTRACT,
            Problem("bad_design", "rscales", "JKn 需要每个重复的系数", "JKn needs a factor for every replicate"),
        )
    factors = np.ones(n_replicates) if rscales is None else np.asarray(rscales, dtype=float)
    if len(factors) != n_replicates:
        fail(CONTRACT, Problem("bad_design", "rscales", "系数个数与重复个数不符", "as many factors as replicates are needed",
                               got=str(len(factors)), expected=str(n_replicates)))  # fmt: skip
    return Replicates(
        w,
        usual[kind] if scale is None else scale,
        factors,
        int(np.linalg.matrix_rank(w, rtol=1e-6)) - 1 if df is None else df,
        about_estimate,
    )
