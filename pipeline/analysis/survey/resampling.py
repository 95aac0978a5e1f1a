"""Replicate weights made from a design: jackknife, balanced halves, bootstrap.

For estimates without a smooth influence value, and for data given on to others who should not learn strata and clusters. A
replicate treats first-stage units as drawn anew; how far estimates spread over replicates says how uncertain they are
(Wolter 2007). They are no better than linearisation where that holds, and slower.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg

from pipeline.analysis.survey.design import Design
from pipeline.analysis.survey.replicates import Replicates
from pipeline.analysis.weighting.replicates import reweigh_replicates
from pipeline.analysis.weighting.report import Weighted
from pipeline.errors import CONTRACT, Problem, fail

Reweigh = Callable[[np.ndarray, np.ndarray], Weighted]
KINDS = ("JK1", "JKn", "BRR", "Fay", "bootstrap", "subbootstrap")


@dataclass(frozen=True)
class _Units:
    """First-stage units: `of` row → unit, `stratum` of each unit, `n` units in its stratum, `fraction` drawn there."""

    of: np.ndarray
    stratum: np.ndarray
    n: np.ndarray
    fraction: np.ndarray


def with_replicates(
    design: Design, kind: str = "JKn", *, replicates: int = 500, seed: int = 0, rho: float = 0.5,
    weighting: Reweigh | None = None,
) -> Design:  # fmt: skip
    """The design with replicate weights, which estimates then use instead of linearisation.

    `weighting` (rows, their weights → Weighted) rakes or calibrates each replicate as the sample was; needed where the design's weights
    are calibrated, since replicates of calibrated weights would forget what calibration gains. See `make` for the rest.

    >>> import polars as pl; from pipeline.analysis.survey.design import design; from pipeline.analysis.survey.estimates import means
    >>> people = design(pl.DataFrame({"weight": [1.0] * 4}))
    >>> y = {"y": np.array([1.0, 2.0, 3.0, 6.0])}
    >>> bool(np.isclose(means(with_replicates(people, "JK1"), y).se[0], means(people, y).se[0]))
    True
    """
    if design.adjustments and weighting is None:
        what = "权重经过校准，重复权重须逐份重新校准", "weights are calibrated: each replicate must be calibrated too"
        fail(CONTRACT, Problem("bad_design", "weighting", *what))
    made = make(design, kind, replicates=replicates, seed=seed, rho=rho)
    return replace(design, replicates=recalibrated(made, weighting) if weighting else made)


def recalibrated(replicates: Replicates, weighting: Reweigh) -> Replicates:
    """The same replicates, each weighted anew, such as by raking to known margins; see `reweigh_replicates`.

    >>> from pipeline.analysis.weighting.cells import match_cells
    >>> cell, pairs = np.array(["a", "a", "b"]), Replicates(np.array([[2.0, 1.0], [0.0, 1.0], [1.0, 1.0]]), 0.5, np.ones(2), 1)
    >>> recalibrated(pairs, lambda rows, w: match_cells(cell[rows], {"a": 8, "b": 4}, w)).weights.tolist()
    [[8.0, 4.0], [0.0, 4.0], [4.0, 4.0]]
    """
    return replace(replicates, weights=reweigh_replicates(replicates.weights, weighting))


def make(design: Design, kind: str, *, replicates: int = 500, seed: int = 0, rho: float = 0.5) -> Replicates:
    """Replicate weights of a design, in R's conventions.

    JK1: leaves out one unit at a time (one stratum); JKn: the same stratum by stratum; both hold first-stage FPCs.
    BRR: balanced halves of strata with two units each (McCarthy 1969); Fay: halves softened by `rho` (Fay 1989).
    subbootstrap: n − 1 of n units drawn with replacement per stratum (Rao & Wu 1988); bootstrap: n from a population of
    the size known, with replacement where it is not (Canty & Davison 1999). Both need `replicates` and `seed`, and hold no
    FPC but as said. Raises exit 11 (bad_design) where a kind does not fit the design: several strata in JK1, strata of
    other than two units in BRR, a stratum with one unit, or a second stage with FPCs, whose share would be lost.
    """
    units = _units(design)
    _fits(design, units, kind)
    if kind in ("JK1", "JKn"):
        factors, scale, rscales = _jackknife(units, kind)
    elif kind in ("BRR", "Fay"):
        factors = _halves(units, rho if kind == "Fay" else 0.0)
        softened = 1 - (rho if kind == "Fay" else 0.0)
        scale, rscales = 1 / (factors.shape[1] * softened**2), np.ones(factors.shape[1])
    else:
        factors, scale = _bootstrap(units, kind, replicates, np.random.default_rng(seed))
        rscales = np.ones(replicates)
    df = int(np.linalg.matrix_rank(factors, rtol=1e-6)) - 1
    return Replicates(design.weights[:, None] * factors[units.of], scale, rscales, df)


def _units(design: Design) -> _Units:
    _, first, of = np.unique(design.psu, return_index=True, return_inverse=True)
    stratum = np.unique(design.strata[first], return_inverse=True)[1]
    return _Units(of, stratum, np.bincount(stratum)[stratum], design.fraction[first])


def _fits(design: Design, units: _Units, kind: str) -> None:
    sizes = np.bincount(units.stratum)
    faults = []
    if kind not in KINDS:
        faults.append(("没有这种重复权重", "no such kind of replicates", kind, " ".join(KINDS)))
    if design.ssu is not None and design.fraction.any():
        faults.append(("二阶段抽样且有总体单元数：重复权重会漏掉第二阶段", "with FPCs and a second stage, replicates would lose the second stage", "fpc", "—"))  # fmt: skip
    if (sizes < 2).any():
        faults.append(("只有一个抽样单元的层", "strata with a single sampling unit", str(int((sizes < 2).sum())), "0"))
    if kind == "JK1" and len(sizes) > 1:
        faults.append(("JK1 只用于不分层的样本", "JK1 is for samples without strata", str(len(sizes)), "1"))
    if kind in ("BRR", "Fay") and (sizes != 2).any():
        faults.append(("BRR 要求每层正好两个抽样单元", "BRR needs exactly two units in each stratum", str(sizes.tolist()[:9]), "2"))  # fmt: skip
    if kind in ("BRR", "Fay", "subbootstrap") and design.fraction.any():
        faults.append(("这种重复权重不含总体单元数修正", "this kind holds no FPC", "fpc", "—"))
    if kind == "bootstrap" and any(len(np.unique(units.fraction[units.stratum == h])) > 1 for h in np.unique(units.stratum)):  # fmt: skip
        faults.append(("同一层内入样比例不一", "shares drawn differ within a stratum", "fpc", "1"))
    if faults:
        fail(CONTRACT, *[Problem("bad_design", "replicates", zh, en, got, want) for zh, en, got, want in faults])


def _jackknife(units: _Units, kind: str) -> tuple[np.ndarray, float, np.ndarray]:
    """Each unit left out in turn, the others of its stratum standing in."""
    same = units.stratum[:, None] == units.stratum[None, :]
    factors = np.where(same, (units.n / (units.n - 1))[None, :], 1.0)
    np.fill_diagonal(factors, 0.0)
    left = (units.n - 1) / units.n * (1 - units.fraction)
    one = kind == "JK1" and bool(np.isclose(left, left[0]).all())  # drawn with unequal chances, each has its own factor
    return factors, float(left[0]) if one else 1.0, np.ones(len(left)) if one else left


def _halves(units: _Units, rho: float) -> np.ndarray:
    """Balanced halves: rows of a Hadamard matrix say which unit of a stratum is doubled."""
    signs = hadamard_above(int(units.stratum.max()) + 1)[:, 1 : int(units.stratum.max()) + 2]
    order = np.argsort(units.stratum, kind="stable")
    second = np.zeros(len(order), dtype=bool)
    second[order[1::2]] = True
    sign = np.where(second[:, None], -1.0, 1.0) * signs.T[units.stratum]
    return 1 + (1 - rho) * sign


def hadamard_above(strata: int) -> np.ndarray:
    """A Hadamard matrix with more columns than strata: a power of two, or 4k by Paley's construction where that is smaller.

    >>> [hadamard_above(n).shape[0] for n in (1, 3, 4, 10, 12, 18, 21)]
    [2, 4, 8, 12, 16, 20, 24]
    """
    wanted = strata + 1
    power = 1 << (wanted - 1).bit_length()
    primes = [q for q in range(3, power, 4) if q + 1 >= wanted and all(q % d for d in range(2, int(q**0.5) + 1))]
    return _paley(primes[0]) if primes and primes[0] + 1 < power else linalg.hadamard(power)


def _paley(q: int) -> np.ndarray:
    """Hadamard matrix of order q + 1 from the squares modulo a prime q ≡ 3 mod 4 (Paley 1933), its first column all 1."""
    squares = {i * i % q for i in range(1, q)}
    character = np.array([0] + [1 if i in squares else -1 for i in range(1, q)])
    jacobsthal = character[(np.arange(q)[:, None] - np.arange(q)[None, :]) % q]
    skew = np.block([[np.zeros((1, 1)), np.ones((1, q))], [-np.ones((q, 1)), jacobsthal]])
    whole = skew + np.eye(q + 1)
    return whole * whole[:, :1]


def _bootstrap(units: _Units, kind: str, replicates: int, dice: np.random.Generator) -> tuple[np.ndarray, float]:
    """How often each unit is drawn, times what keeps totals right; and the scale."""
    drawn = np.zeros((len(units.stratum), replicates))
    sizes = np.bincount(units.stratum)
    for h, n in enumerate(sizes):
        here = np.flatnonzero(units.stratum == h)
        fraction = units.fraction[here[0]]
        if kind == "subbootstrap":
            drawn[here] = dice.multinomial(n - 1, np.full(n, 1 / n), replicates).T * n / (n - 1)
        elif fraction > 0:
            population = round(n / fraction)
            copies = population // n + (np.arange(n) < population % n)
            drawn[here] = dice.multivariate_hypergeometric(copies, n, replicates).T
        else:
            drawn[here] = dice.multinomial(n, np.full(n, 1 / n), replicates).T
    if kind == "subbootstrap":
        return drawn, 1 / (replicates - 1)
    typical = len(sizes) / (1 / sizes).sum()  # one scale for all strata, as in R: exact where they are alike
    return drawn, typical / (typical - 1) / (replicates - 1)
