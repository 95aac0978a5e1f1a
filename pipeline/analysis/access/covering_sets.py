"""Places and hours that the very same stations cover, merged: what is true of one is true of all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.analysis.access.blocks import blocks
from pipeline.analysis.access.demand import Profiled, demand_rows
from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.week import HOUR, Week

Floats = NDArray[np.float64]
_MIXER = 0x9E3779B97F4A7C15  # seed of the stations' random numbers; any would do


@dataclass(frozen=True)
class CoveringSets:
    """Different sets of stations: `members` sets × stations (1 where in the set), and the courier-hours a week, `weight`, for which
    just these are open, in reach, and offer the service. The empty set is left out: nothing can cover it."""

    members: sparse.csr_array
    weight: Floats


def covering_sets(
    pairs: Pairs, week: Week, offers: NDArray[np.bool_], demand: NDArray | Profiled, *, chunk: int
) -> CoveringSets:
    """The sets of stations that cover a place in a segment, for one service; `offers`: of each station.

    Sets are told apart by the sum of a random 64-bit number for each station: that two differ and agree in it has, with a million sets,
    a chance of less than one in ten million.
    """
    number = np.random.default_rng(_MIXER).integers(1, 2**64, pairs.n_stations, dtype=np.uint64).view(np.int64)
    offered = pairs.within(np.inf) if offers.all() else _only(pairs, offers)
    found: dict[str, list] = {"number": [], "weight": [], "place": [], "segment": []}
    for block in blocks(offered, chunk):
        is_open, near = week.schedules[week.schedule[block.stations]], block.matrix(np.ones(len(offered), np.int64))
        sums = near @ np.where(is_open, number[block.stations, None], 0)
        hours = block.kept(demand_rows(demand, block.start, block.stop))[:, week.hour] * (week.minutes / HOUR)
        keys, first, which = np.unique(sums.ravel(), return_index=True, return_inverse=True)
        found["number"].append(keys)
        found["weight"].append(np.bincount(which.ravel(), hours.ravel()))
        found["place"].append(block.start + block.near[first // sums.shape[1]])
        found["segment"].append(first % sums.shape[1])
    columns = {name: np.concatenate(parts) if parts else np.empty(0, np.int64) for name, parts in found.items()}
    return _merged(offered, week, columns)


def _only(pairs: Pairs, offers: NDArray[np.bool_]) -> Pairs:
    kept = offers[pairs.station]
    return Pairs(pairs.n_places, pairs.n_stations, pairs.place[kept], pairs.station[kept], pairs.metres[kept])


def _merged(pairs: Pairs, week: Week, columns: dict[str, NDArray]) -> CoveringSets:
    """Equal sets of different blocks as one, and the stations in each: of a place and segment where it was met."""
    keys, first, which = np.unique(columns["number"], return_index=True, return_inverse=True)
    weight = np.bincount(which.ravel(), columns["weight"], minlength=len(keys))
    kept = np.flatnonzero(keys != 0)
    place, segment = columns["place"][first[kept]], columns["segment"][first[kept]]
    starts = pairs.starts()
    near = sparse.csr_array((np.ones(len(pairs)), pairs.station, starts), shape=(pairs.n_places, pairs.n_stations))
    rows = near[place].tocoo() if len(kept) else near[:0].tocoo()
    member = week.schedules[week.schedule[rows.col], segment[rows.row]] if len(rows.row) else np.empty(0, bool)
    chosen = sparse.csr_array(
        (np.ones(int(member.sum()), np.float32), (rows.row[member], rows.col[member])),
        shape=(len(kept), pairs.n_stations),
    )
    return CoveringSets(chosen, weight[kept])
