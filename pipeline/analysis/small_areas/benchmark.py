"""Small areas that add up: move all estimates alike until their weighted sum is the total that is better known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from pipeline.analysis.choices import one_of
from pipeline.analysis.small_areas.counts import Floats
from pipeline.errors import USAGE, Problem, fail


@dataclass(frozen=True)
class Benchmarked:
    """`areas`: the frame given with `est`, `lci`, `uci` moved; `factor`: what estimates were multiplied with ("ratio")
    or what was added to them ("difference"); `n_capped`: areas that would have left the bounds and stay at them."""

    areas: pl.DataFrame
    factor: float
    n_capped: int


def benchmark(
    areas: pl.DataFrame,
    weight: ArrayLike,
    total: float,
    *,
    method: Literal["ratio", "difference"] = "ratio",
    bounds: tuple[float, float] = (0.0, 1.0),
) -> Benchmarked:
    """Areas' estimates moved so that Σ weight × est = `total`, the direct estimate for all areas together.

    In: `areas` with `est, lci, uci`, one `weight` per area (persons there are, say), the `total` on that scale: for a
    direct share, share × Σ weight. Areas without an estimate (NaN) or a weight of 0 stay as they are and must not be in
    the total. No estimate leaves `bounds`: one that would is held at the bound and the others move further. Intervals
    move with their estimates; that the total is itself an estimate is not in them. Source: Rao & Molina 2015, §6.4.6
    (ratio and difference benchmarking). Raises `benchmark_out_of_reach` where no move within the bounds does it.

    Two areas of 10 and 30 persons whose 5 + 15 should be 22: a tenth more in each.

    >>> areas = pl.DataFrame({"est": [0.5, 0.5], "lci": [0.2, 0.4], "uci": [0.8, 0.6]})
    >>> result = benchmark(areas, [10, 30], 22)
    >>> round(result.factor, 3), result.areas["est"].round(3).to_list()
    (1.1, [0.55, 0.55])
    """
    one_of("method", method, ("ratio", "difference"))
    est, size = areas["est"].cast(pl.Float64).to_numpy(), np.asarray(weight, dtype=float)
    if len(size) != len(est) or not (np.isfinite(size) & (size >= 0)).all() or not np.isfinite(total):
        fail(USAGE, _problem("weight", f"{len(size)}", f"{len(est)} × ≥ 0"))
    used = np.isfinite(est) & (size > 0)
    factor, capped = _factor(est[used], size[used], float(total), method, bounds)
    columns = [name for name in ("est", "lci", "uci") if name in areas.columns]
    moved = [
        pl.Series(
            name, np.where(used, _move(areas[name].cast(pl.Float64).to_numpy(), factor, method, bounds), areas[name])
        )
        for name in columns
    ]
    return Benchmarked(areas.with_columns(moved), factor, capped)


def _move(values: Floats, factor: float, method: str, bounds: tuple[float, float]) -> Floats:
    return np.clip(values * factor if method == "ratio" else values + factor, *bounds)


def _factor(est: Floats, size: Floats, total: float, method: str, bounds: tuple[float, float]) -> tuple[float, int]:
    """The factor (or shift), with the areas it pushes beyond a bound held there: each round holds more of them."""
    held = np.zeros(len(est), dtype=bool)
    factor = 1.0 if method == "ratio" else 0.0
    for _ in range(len(est) + 1):
        at_bound = float((size * _move(est, factor, method, bounds))[held].sum())
        free = float(((size * est) if method == "ratio" else size)[~held].sum())
        rest = total - at_bound
        need = rest if method == "ratio" else rest - float((size * est)[~held].sum())
        if free == 0:
            if abs(need) > 1e-9 * max(abs(total), 1.0):
                break
            return factor, int(held.sum())
        factor = need / free
        raw = est * factor if method == "ratio" else est + factor
        beyond = (raw < bounds[0] - 1e-12) | (raw > bounds[1] + 1e-12)
        if not (beyond & ~held).any():
            return factor, int(beyond.sum())
        held |= beyond
    low, high = (float(bound * size.sum()) for bound in bounds)
    fail(USAGE, _problem("total", f"{total:g}", f"{low:g} – {high:g}"))


def _problem(where: str, got: str, expected: str) -> Problem:
    return Problem(
        "benchmark_out_of_reach",
        where,
        "各区域之和无法调整到这个总数",
        "the areas cannot be made to add up to this total",
        got=got,
        expected=expected,
        do_zh="总数应与权重同一单位（占比 × 人数），只含有估计值的区域",
        do_en="give the total in the unit of the weights (share × persons), of the areas that have an estimate",
    )
