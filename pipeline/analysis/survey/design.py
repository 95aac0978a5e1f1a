"""How a sample came about, apart from what was answered: strata, clusters, weights, known population sizes.

A design belongs to the rows of one frame, in their order; every array has one value per row. Conventions are those of R's
`survey` (Lumley 2010, Complex Surveys), against which the estimates are tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from pipeline.analysis.survey.replicates import Replicates
from pipeline.errors import CONTRACT, Problem, fail

MEND = "请检查抽样设计的各列", "check the columns of the design"
LONELY = ("fail", "certainty", "remove", "adjust", "average")


class Adjustment(Protocol):
    """What calibrated the weights: it takes out of influence values what the known totals explain."""

    def residuals(self, z: np.ndarray) -> np.ndarray:
        """Weighted influence values (n, k) less what the totals explain."""
        ...


@dataclass(frozen=True)
class Design:
    """Rows of a sample. `strata`, `psu`, `ssu`: numbers, psu unique over strata, ssu over psu. `fraction`: share of the
    first-stage units of its stratum that was drawn (0: taken as infinitely many); under Brewer's approximation each unit's
    own probability. `fraction2`: the same of second-stage units. `lonely`: what a stratum with one unit means."""

    weights: np.ndarray
    strata: np.ndarray
    psu: np.ndarray
    ssu: np.ndarray | None
    fraction: np.ndarray
    fraction2: np.ndarray | None
    lonely: str = "fail"
    adjustments: tuple[Adjustment, ...] = ()
    replicates: Replicates | None = None

    @property
    def n(self) -> int:
        """Rows of the sample."""
        return len(self.weights)

    @property
    def drawn(self) -> np.ndarray:
        """Share of the population drawn with each row, both stages (n,): none where a stage is of unknown size."""
        if self.ssu is None:
            return self.fraction
        return self.fraction * (0.0 if self.fraction2 is None else self.fraction2)

    def degrees_of_freedom(self, rows: np.ndarray | None = None) -> int:
        """First-stage units less strata; of a domain, only those it has members in (as R counts them)."""
        if self.replicates is not None:
            return self.replicates.df
        here = slice(None) if rows is None else np.asarray(rows, dtype=bool)
        return len(np.unique(self.psu[here])) - len(np.unique(self.strata[here]))


def design(
    frame: pl.DataFrame,
    *,
    weights: str | None = "weight",
    strata: str | None = None,
    psu: str | None = None,
    ssu: str | None = None,
    fpc: str | None = None,
    fpc2: str | None = None,
    pps: str | None = None,
    lonely: str = "fail",
    adjustments: tuple[Adjustment, ...] = (),
    replicates: Replicates | None = None,
) -> Design:
    """The design of a sample from columns of its frame.

    `fpc` holds the number of first-stage units in the population of the stratum, or, at most 1, the share drawn; with
    `pps="brewer"` each unit's probability of being drawn (Brewer & Donadio 2003). `fpc2`: second-stage units in the
    first-stage unit. Raises exit 11 with every problem at once: weights that are missing, zero or negative; units in two
    strata; more units drawn than there are; a stratum with one unit, or at the second stage a first-stage unit with one, unless
    `lonely` says what it means.

    >>> people = pl.DataFrame({"weight": [10.0, 10.0, 20.0, 20.0], "class": ["a", "a", "b", "b"], "N": [20, 20, 40, 40]})
    >>> made = design(people, strata="class", fpc="N")
    >>> made.degrees_of_freedom(), made.fraction.tolist()
    (2, [0.1, 0.1, 0.05, 0.05])
    """
    if lonely not in LONELY:
        fail(
            CONTRACT,
            Problem("bad_design", "lonely", "没有这种处理方式", "no such policy", lonely, " ".join(LONELY), *MEND),
        )
    if pps not in (None, "brewer"):
        fail(CONTRACT, Problem("bad_design", "pps", "没有这种近似", "no such approximation", str(pps), "brewer", *MEND))
    w = _weights(frame, weights)
    h = _numbers(frame, strata)
    i = _numbers(frame, psu) if psu else np.arange(frame.height)
    problems = _nested(frame, strata, psu, h, i)
    j = _within(_numbers(frame, ssu), i) if ssu else None
    f1, faults = _fraction(frame, fpc, h, i, strata, pps == "brewer")
    problems += faults
    f2 = None
    if j is not None:
        f2, faults = _fraction(frame, fpc2, i, j, psu)
        problems += faults
    if replicates is not None and len(replicates.weights) != frame.height:
        what = "数据行数与重复权重不符", "the replicate weights do not fit the rows of the frame"
        got = str(len(replicates.weights))
        problems.append(Problem("wrong_length", "replicates", *what, got, str(frame.height), *MEND))
    if lonely == "fail" and replicates is None:
        problems += _lonely(frame, strata, h, i, f1)
        if j is not None and f1.any():
            problems += _lonely(frame, psu, i, j, np.zeros(frame.height) if f2 is None else f2, "ssu")
    if problems:
        fail(CONTRACT, *problems)
    return Design(w, h, i, j, f1, f2, lonely, adjustments, replicates)


def as_drawn_at_random(weights: np.ndarray, population: float | None = None) -> Design:
    """Rows as if drawn singly, each with its own probability: 1 / weight where the weights sum to a population known.

    For volunteers, whose design nobody chose. Units that stand for less than one person count as certain to be there. A
    population smaller than the sample is not that of the sample, which must not pass for a census: no correction.
    """
    w = np.asarray(weights, dtype=float)
    problems = _bad_weights(w, "weights")
    if problems:
        fail(CONTRACT, *problems)
    known = population is not None and population >= len(w)
    fraction = np.minimum(1.0, w.sum() / population / w) if known else np.zeros(len(w))
    return Design(w, np.zeros(len(w), int), np.arange(len(w)), None, fraction, None, lonely="adjust")


def _weights(frame: pl.DataFrame, name: str | None) -> np.ndarray:
    if name is None:
        return np.ones(frame.height)
    _known(frame, name)
    w = frame[name].cast(pl.Float64).to_numpy()
    problems = _bad_weights(w, name)
    if problems:
        fail(CONTRACT, *problems)
    return w


def _bad_weights(w: np.ndarray, name: str) -> list[Problem]:
    bad = ~np.isfinite(w) | (w <= 0)
    if not bad.any():
        return []
    rows = np.flatnonzero(bad)
    where = f"{name}，第{'、'.join(str(row + 1) for row in rows[:5])}行"
    got = f"{len(rows)} / {len(w)}"
    return [
        Problem("bad_weight", where, "权重缺失、为零或为负", "weights are missing, zero or negative", got, "> 0", *MEND)
    ]


def _known(frame: pl.DataFrame, name: str) -> None:
    if name not in frame.columns:
        fail(CONTRACT, Problem("bad_design", name, "没有这一列", "no such column", "", ", ".join(frame.columns), *MEND))


def _numbers(frame: pl.DataFrame, name: str | None) -> np.ndarray:
    """Values of a column as numbers 0, 1, … in their own order; all 0 without one."""
    if name is None:
        return np.zeros(frame.height, dtype=np.int64)
    _known(frame, name)
    if frame[name].null_count():
        what = "分层或抽样单元有缺失", "strata or sampling units are missing"
        fail(CONTRACT, Problem("bad_design", name, *what, str(frame[name].null_count()), "0", *MEND))
    return frame[name].rank("dense").to_numpy().astype(np.int64) - 1


def _within(inner: np.ndarray, outer: np.ndarray) -> np.ndarray:
    """Inner units numbered so that equal names in different outer units are different units."""
    return np.unique(outer * (inner.max(initial=0) + 1) + inner, return_inverse=True)[1]


def _nested(frame: pl.DataFrame, strata: str | None, psu: str | None, h: np.ndarray, i: np.ndarray) -> list[Problem]:
    if strata is None or psu is None:
        return []
    pairs = np.unique(np.stack([i, h], axis=1), axis=0)
    units, counts = np.unique(pairs[:, 0], return_counts=True)
    split = [str(frame[psu][int(np.flatnonzero(i == unit)[0])]) for unit in units[counts > 1]]
    what = "抽样单元跨了两层", "sampling units lie in two strata"
    return [Problem("bad_design", f"{psu} × {strata}", *what, ", ".join(split[:5]), "1", *MEND)] if split else []


def _fraction(
    frame: pl.DataFrame, name: str | None, outer: np.ndarray, inner: np.ndarray, of: str | None, unequal: bool = False
) -> tuple[np.ndarray, list[Problem]]:
    """Share drawn of the units of each outer unit (levels of the column `of`), per row, and what is wrong with the sizes."""
    if name is None:
        return np.zeros(frame.height), []
    _known(frame, name)
    size = frame[name].cast(pl.Float64).to_numpy()
    known = np.isfinite(size) | np.isposinf(size)
    if not known.all() or (size <= 0).any():
        what = "总体单元数缺失、为零或为负", "population sizes are missing, zero or negative"
        return np.zeros(frame.height), [Problem("bad_fpc", name, *what, "", "> 0", *MEND)]
    if unequal:
        what = "入样概率大于1", "a probability of being drawn is above 1"
        over = size > 1
        return size, [Problem("bad_fpc", name, *what, str(size.max()), "≤ 1", *MEND)] if over.any() else []
    n_of = np.bincount(np.unique(np.stack([outer, inner], axis=1), axis=0)[:, 0], minlength=outer.max(initial=-1) + 1)
    shares = (size <= 1).all()  # of the whole column: among counts, 1 is one unit
    least, most = np.full(len(n_of), np.inf), np.zeros(len(n_of))
    np.minimum.at(least, outer, size)
    np.maximum.at(most, outer, size)
    uneven = ~(np.isclose(least, most, rtol=1e-9) | (least == most))
    problems = []
    for unit in np.flatnonzero(uneven | (not shares) & (n_of > least)):
        where = f"{name}，{of} = {frame[of][int(np.flatnonzero(outer == unit)[0])]}" if of else name
        if uneven[unit]:
            what = "同一层内总体单元数不一", "population sizes differ within a stratum"
            problems.append(Problem("bad_fpc", where, *what, f"{least[unit]:g}…{most[unit]:g}", "1", *MEND))
        else:
            what = "抽到的单元多于总体单元数", "more units drawn than there are"
            problems.append(Problem("bad_fpc", where, *what, str(n_of[unit]), f"≤ {least[unit]:g}", *MEND))
    return size if shares else np.minimum(n_of[outer] / size, 1.0), problems


def _lonely(
    frame: pl.DataFrame, strata: str | None, h: np.ndarray, i: np.ndarray, f: np.ndarray, unit: str = "psu"
) -> list[Problem]:
    """Strata (at the second stage: first-stage units) with one unit that do not say all about themselves."""
    pairs = np.unique(np.stack([h, i], axis=1), axis=0)
    single = np.flatnonzero(np.bincount(pairs[:, 0]) == 1)
    rows = [int(np.flatnonzero(h == stratum)[0]) for stratum in single]
    names = [str(frame[strata][row]) if strata else "—" for row in rows if f[row] < 1]
    if not names:
        return []
    return [
        Problem(
            "lonely_psu", strata or unit, "只有一个抽样单元的层", "strata with a single sampling unit",
            got=", ".join(names[:5]), expected="≥ 2",
            do_zh="合并相邻的层，或写明处理方式 lonely（certainty、adjust、average）",
            do_en="merge strata that are alike, or say what one unit means: lonely (certainty, adjust, average)",
        )
    ]  # fmt: skip
