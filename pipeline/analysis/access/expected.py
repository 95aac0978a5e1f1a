"""Coverage to be expected when what is declared works only with some probability, and how sure that is.

A place is left uncovered in a segment only if none of the open stations in reach works: 1 − Π(1 − p). **Assumed: stations fail
independently of each other**; where they fail together (one supplier, one cut of power), both the gaps and the band are wider.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.access.blocks import PLACES, blocks
from pipeline.analysis.access.coverage import Coverage, Sums, checked_coverage
from pipeline.analysis.access.covering_sets import CoveringSets, covering_sets
from pipeline.analysis.access.demand import Profiled, demand_rows
from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.quantities import check_quantities
from pipeline.analysis.access.week import Week

Floats = NDArray[np.float64]
SETS = 4096  # sets of stations looked at together


def expected_coverage(
    pairs: Pairs, week: Week, works: ArrayLike, demand: ArrayLike | Profiled, *, chunk: int = PLACES
) -> Coverage:
    """Courier-hours expected to be covered, as `coverage`; `works` (stations × services) is the probability that a station which is
    open really serves (0 where it does not offer the service).

    One product of logarithms for each service: Σ_j log(1 − p_j) over the open stations in reach; p = 1 is exact.

    >>> from pipeline.analysis.access.pairs import from_table
    >>> from pipeline.analysis.access.week import cut
    >>> pairs, week = from_table([0, 0], [0, 1], [50, 50], 1, 2, 300), cut([0, 1], [0, 0], [60, 60], 2, n_hours=1)
    >>> round(expected_coverage(pairs, week, [[0.5], [0.5]], [[100.0]]).covered.item(), 6)
    75.0
    """
    works, demand = checked_coverage(pairs, week, works, demand, "works")
    sums = Sums.of(pairs.n_places, works.shape[1], week.n_hours)
    with np.errstate(divide="ignore"):
        fails = np.log1p(-works)
    for block in blocks(pairs, chunk):
        here = demand_rows(demand, block.start, block.stop)
        sums.add_demand(block, here)
        here = block.kept(here)
        is_open, near = week.schedules[week.schedule[block.stations]], block.matrix(np.ones(len(pairs)))
        for service in range(works.shape[1]):
            none = near @ np.where(is_open, fails[block.stations, service, None], 0.0)
            reached = week.by_hour(-np.expm1(none))
            sums.add(block, service, here * reached, reached.sum(axis=1))
    return sums.total


class Band(NamedTuple):
    """Of each service, the part of courier-hours covered: ends of the band, and the mean of the draws."""

    low: Floats
    high: Floats
    mean: Floats


def coverage_band(
    pairs: Pairs,
    week: Week,
    alive_a: ArrayLike,
    alive_b: ArrayLike,
    demand: ArrayLike | Profiled,
    *,
    offers: ArrayLike | None = None,
    draws: int = 1000,
    seed: int,
    level: float = 0.9,
) -> Band:
    """Band of covered shares over what may work: in each draw p ~ Beta(a, b), and the service works, all week, with probability p.

    In: `alive_a`, `alive_b` stations × services (checks that found it working, or not, plus ½ each); `offers` likewise, False where a
    station does not offer it. The mean agrees with `expected_coverage` of a / (a + b) but for the luck of the draws. NaN without
    courier-hours. Raises `bad_quantity`.

    >>> from pipeline.analysis.access.pairs import from_table
    >>> from pipeline.analysis.access.week import cut
    >>> pairs, week = from_table([0], [0], [50], 1, 1, 300), cut([0], [0], [60], 1, n_hours=1)
    >>> coverage_band(pairs, week, [[5]], [[0]], [[100.0]], draws=10, seed=1).low.tolist()
    [1.0]
    """
    a, b = np.asarray(alive_a, dtype=float), np.asarray(alive_b, dtype=float)
    check_quantities([("alive_a", a, a.shape, np.inf), ("alive_b", b, a.shape, np.inf)])
    # One draw of p is used for one draw of what works: together that is a coin of probability a / (a + b).
    chance = np.divide(a, a + b, out=np.zeros_like(a), where=a + b > 0)
    if offers is not None:
        chance = np.where(np.asarray(offers, dtype=bool), chance, 0.0)
    chance, demand = checked_coverage(pairs, week, chance, demand, "alive_a, alive_b")
    total = sum(float(demand_rows(demand, block.start, block.stop).sum()) for block in blocks(pairs, PLACES))
    rng = np.random.default_rng(seed)
    shares = np.empty((chance.shape[1], draws))
    for service in range(chance.shape[1]):
        sets = covering_sets(pairs, week, chance[:, service] > 0, demand, chunk=PLACES)
        shares[service] = _covered(sets, chance[:, service], draws, rng)
    shares = shares / total if total else np.full_like(shares, np.nan)
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2], axis=1)
    return Band(low, high, shares.mean(axis=1))


def _covered(sets: CoveringSets, chance: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Courier-hours covered in each draw."""
    works = (rng.random((draws, len(chance))) < chance).T.astype(np.float32)
    covered = np.zeros(draws)
    for start in range(0, len(sets.weight), SETS):
        some = slice(start, start + SETS)
        covered += sets.weight[some] @ (sets.members[some] @ works > 0)
    return covered
