"""What weighting refuses: weights that are none, margins and totals that do not fit each other. All at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipeline.errors import CONTRACT, Problem, fail

AGREE = 1e-8  # margins of one population have one sum, up to rounding
TABLE = 1_000_000  # whole-number levels closer together than this are looked up in a table


@dataclass(frozen=True)
class Margin:
    """One weighting variable: `codes` (n,) index `levels`; `totals` (levels,) are the known totals."""

    name: str
    codes: np.ndarray
    levels: tuple[Any, ...]
    totals: np.ndarray

    def label(self, k: int) -> str:
        """How a message names level `k`."""
        return f"{self.name} = {self.levels[k]}"


def checked_margins(
    margins: Mapping[str, Any], totals: Mapping[str, Mapping[Any, float]], weights: np.ndarray
) -> list[Margin]:
    """The margins as codes and totals. Raises exit 11 with every weight, margin, level and total that does not fit.

    >>> checked_margins({"platform": ["a", "b"]}, {"platform": {"b": 5, "a": 7}}, np.ones(2))[0].codes.tolist()
    [1, 0]
    """
    problems = weight_problems(weights)
    names = [*margins, *(name for name in totals if name not in margins)]
    strange = [name for name in names if name not in margins or name not in totals]
    problems += [_one_sided(name, has_column=name in margins) for name in strange]
    if not names:
        fail(CONTRACT, Problem("margin_unpaired", "margins", "没有给出边际", "no margin is given", expected=">= 1"))
    found = []
    for name in names:
        if name not in strange:
            margin, wrong = _margin(name, margins[name], totals[name], len(weights))
            problems += wrong
            found += [] if wrong else [margin]
    problems += _disagreement(found) if len(found) == len(names) else []
    if problems:
        fail(CONTRACT, *problems)
    return found


def weight_problems(weights: np.ndarray) -> list[Problem]:
    """Nothing, or the problem of weights that are missing, infinite, zero or negative (or none at all)."""
    if weights.ndim == 1 and len(weights) and weights.min() > 0 and np.isfinite(weights).all():  # NaN > 0 is false
        return []
    kinds = {"missing": ~np.isfinite(weights), "zero": weights == 0, "negative": weights < 0}
    got = ", ".join(f"{int(bad.sum())} {kind}" for kind, bad in kinds.items() if bad.any()) or f"shape {weights.shape}"
    return [Problem("bad_weight", "weights", "权重缺失、为零或为负", "weights are missing, zero or negative", got, "> 0",
                     "请先去掉或修正这些行", "drop or mend those rows first")]  # fmt: skip


def _margin(name: str, values: Any, totals: Mapping[Any, float], n: int) -> tuple[Margin, list[Problem]]:
    levels, series = tuple(totals), values if isinstance(values, pl.Series) else pl.Series(values)
    wanted = np.array([np.nan if totals[level] is None else float(totals[level]) for level in levels])
    if len(series) != n:
        wrong = Problem(
            "wrong_length", name, "长度与权重不同", "is not as long as the weights", f"{len(series)}", f"{n}"
        )
        return Margin(name, np.empty(0, dtype=np.int64), levels, wanted), [wrong]
    codes = _codes(series, levels)
    margin = Margin(name, codes, levels, wanted)
    problems = [
        Problem("total_bad", margin.label(k), "总数必须大于零", "the total must be above zero", f"{total}", "> 0")
        for k, total in enumerate(wanted)
        if not (np.isfinite(total) and total > 0)
    ]
    seen = np.bincount(codes[codes >= 0], minlength=len(levels))
    problems += [
        Problem("level_not_in_sample", margin.label(k), "有总数，样本中却没有人", "has a total, but nobody in the sample",
                 "0", ">= 1", "请合并类别", "merge it with another level")
        for k in np.flatnonzero(seen == 0)
    ]  # fmt: skip
    return margin, problems + _without_total(name, series, codes)


def _without_total(name: str, series: pl.Series, codes: np.ndarray) -> list[Problem]:
    if (codes >= 0).all():
        return []
    counts = series.filter(pl.Series(codes < 0)).rename("level").value_counts().sort("level", nulls_last=True)
    return [
        Problem("level_without_total", f"{name} = {'missing' if level is None else level}", "样本中有，却没有总数",
                 "is in the sample, but has no total", f"{count}", "0", "请补上总数或去掉这些行", "add its total, or leave those rows out")
        for level, count in counts.rows()
    ]  # fmt: skip


def _codes(series: pl.Series, levels: tuple[Any, ...]) -> np.ndarray:
    """The place of each value among `levels`; -1 where it has none."""
    whole = series.dtype.is_integer() and not series.null_count() and all(isinstance(one, int) for one in levels)
    if whole and len(series) and levels and max(levels) - min(levels) < TABLE:
        values, low = series.to_numpy(), min(levels)
        table = np.full(max(levels) - low + 3, -1, dtype=np.int32)  # one more at each end, for values outside
        table[np.array(levels) - low + 1] = np.arange(len(levels))
        return table[np.clip(values.astype(np.int64) - low + 1, 0, len(table) - 1)]
    texts = pl.Series([_text(level) for level in levels], dtype=pl.String)
    known = series.cast(pl.String).cast(pl.Enum(texts), strict=False).to_physical()
    return known.cast(pl.Int32).fill_null(-1).to_numpy()


def _text(level: Any) -> str:
    return str(level).lower() if isinstance(level, bool) else str(level)


def _disagreement(margins: list[Margin]) -> list[Problem]:
    first = margins[0]
    return [
        Problem("totals_disagree", f"{first.name}, {margin.name}", "两个边际的总和不同", "two margins have different sums",
                 f"{first.totals.sum():.10g}, {margin.totals.sum():.10g}", "one population",
                 "请用同一来源、同一时点的总数", "take totals of one source and one day")
        for margin in margins[1:]
        if abs(margin.totals.sum() / first.totals.sum() - 1) > AGREE
    ]  # fmt: skip


def _one_sided(name: str, *, has_column: bool) -> Problem:
    zh, en = ("没有总数", "has no totals") if has_column else ("没有这一列", "has totals, but no column")
    return Problem("margin_unpaired", name, zh, en, "", "", "列与总数都要给出", "give both the column and its totals")
