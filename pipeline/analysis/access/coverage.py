"""Coverage: of the hours couriers spend here, the part with an open station within reach that offers the service.

A place is covered in a segment of the week if any station in reach is open and offers it; segments are cut at every opening and
closing, so that the union of opening hours is exact (the largest open share of an hour would miss disjoint parts of it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.access.blocks import Block, blocks
from pipeline.analysis.access.demand import Profiled, demand_rows
from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.quantities import asked_of_demand, check_quantities
from pipeline.analysis.access.week import Week

Floats = NDArray[np.float64]
PLACES = 4096  # places worked out at a time


@dataclass(frozen=True)
class Coverage:
    """Numerators and denominators, in courier-hours a week; a share is one over the other.

    `courier_hours` (hours of the week) all there are; `covered` (services × hours) those covered; `place_hours` (places) all of a place;
    `place_covered` (places × services) those covered; `desert_hours` (places × services) hours a week without any, whoever is there.
    """

    courier_hours: Floats
    covered: Floats
    place_hours: Floats
    place_covered: Floats
    desert_hours: Floats

    def share(self) -> Floats:
        """Of each service: covered courier-hours over all; NaN if there are none."""
        total = self.courier_hours.sum()
        return self.covered.sum(axis=1) / total if total else np.full(len(self.covered), np.nan)


def coverage(
    pairs: Pairs, week: Week, offers: ArrayLike, demand: ArrayLike | Profiled, *, chunk: int = PLACES
) -> Coverage:
    """Courier-hours covered, by service and hour, and by place.

    In: `pairs` within the radius; `offers` stations × services, whether a station offers it; `demand` places × hours, couriers
    there. Raises `bad_quantity`.

    Two couriers stand an hour at a place whose station opens after half of it:

    >>> from pipeline.analysis.access.pairs import from_table
    >>> from pipeline.analysis.access.week import cut
    >>> found = coverage(from_table([0], [0], [50], 1, 1, 300), cut([0], [30], [60], 1, n_hours=1), [[True]], [[2.0]])
    >>> found.courier_hours.tolist(), found.covered.tolist(), found.desert_hours.tolist()
    ([2.0], [[1.0]], [[0.5]])
    """
    offers, demand = checked_coverage(pairs, week, offers, demand, "offers")
    sums = Sums.of(pairs.n_places, offers.shape[1], week.n_hours)
    for block in blocks(pairs, chunk):
        here = demand_rows(demand, block.start, block.stop)
        sums.add_demand(block, here)
        for service in range(offers.shape[1]):
            shares, which = _open_patterns(pairs, week, offers[:, service] > 0, block)
            sums.add(block, service, here, shares[which])
    return sums.coverage()


def covered_by_place_and_hour(pairs: Pairs, week: Week, offers: ArrayLike) -> Floats:
    """Places × services × hours: the part of each hour with an open station in reach that offers it. For small worlds."""
    offers, _ = checked_coverage(pairs, week, offers, np.zeros((pairs.n_places, week.n_hours)), "offers")
    everything = next(blocks(pairs, max(pairs.n_places, 1)), None)
    if everything is None:
        return np.zeros((0, offers.shape[1], week.n_hours))
    found = [_open_patterns(pairs, week, one > 0, everything) for one in offers.T]
    return np.stack([shares[which] for shares, which in found], axis=1)


def checked_coverage(
    pairs: Pairs, week: Week, stations: ArrayLike, demand: ArrayLike | Profiled, name: str
) -> tuple[Floats, NDArray | Profiled]:
    """Stations × services (between 0 and 1) and demand as arrays; raises `bad_quantity` where they do not fit."""
    stations = np.asarray(stations, dtype=float)
    demand = demand if isinstance(demand, Profiled) else np.asarray(demand, dtype=float)
    services = stations.shape[1] if stations.ndim == 2 else 1
    asked = [(name, stations, (pairs.n_stations, services), 1.0)]
    asked += [("week", week.schedule, (pairs.n_stations,), np.inf)]
    check_quantities(asked + asked_of_demand(demand, (pairs.n_places, week.n_hours)))
    return stations, demand


def _open_patterns(
    pairs: Pairs, week: Week, offers: NDArray[np.bool_], block: Block
) -> tuple[Floats, NDArray[np.integer]]:
    """Which hours are covered: the different unions of opening hours there are (patterns × hours), and each place's pattern."""
    station = pairs.station[block.pairs]
    kept = offers[station]
    place, words = block.place[kept], week.bits.view(np.uint64)[week.schedule[station[kept]]]
    united = np.zeros((block.stop - block.start, words.shape[1]), dtype=np.uint64)
    first = np.flatnonzero(np.diff(place, prepend=-1))
    if len(first):
        united[place[first]] = np.bitwise_or.reduceat(words, first, axis=0)
    patterns, which = np.unique(united, axis=0, return_inverse=True)
    return week.by_hour(week.unpacked(patterns.view(np.uint8))), which.ravel()


@dataclass(frozen=True)
class Sums:
    """What of coverage has been added up so far; the arrays grow in place."""

    total: Coverage

    @classmethod
    def of(cls, n_places: int, n_services: int, n_hours: int) -> Sums:
        """Nothing yet, and every hour a desert."""
        shape = (n_places, n_services)
        desert = np.full(shape, float(n_hours))
        return cls(
            Coverage(
                np.zeros(n_hours), np.zeros((n_services, n_hours)), np.zeros(n_places), np.zeros(shape), desert
            )
        )  # fmt: skip

    def add_demand(self, block: Block, demand: Floats) -> None:
        """Couriers of a block's places, places × hours."""
        self.total.courier_hours[:] += demand.sum(axis=0)
        self.total.place_hours[block.start : block.stop] = demand.sum(axis=1)

    def add(self, block: Block, service: int, demand: Floats, covered: Floats) -> None:
        """The part of each hour a block's places are covered, places × hours."""
        both = demand * covered
        places = slice(block.start, block.stop)
        self.total.covered[service] += both.sum(axis=0)
        self.total.place_covered[places, service] = both.sum(axis=1)
        self.total.desert_hours[places, service] -= covered.sum(axis=1)

    def coverage(self) -> Coverage:
        """The sums."""
        return self.total
