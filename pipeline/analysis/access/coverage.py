"""Coverage: of the hours couriers spend here, the part with an open station within reach that offers the service.

A place is covered in a segment of the week if any station in reach is open and offers it; segments are cut at every opening and
closing, so that the union of opening hours is exact (the largest open share of an hour would miss disjoint parts of it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.access.blocks import PLACES, Block, blocks
from pipeline.analysis.access.demand import Profiled, demand_rows
from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.quantities import asked_of_demand, check_quantities
from pipeline.analysis.access.unions import unions
from pipeline.analysis.access.week import Week

Floats = NDArray[np.float64]


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
        shares, which = unions(pairs, week, offers > 0, block)
        here, length = block.kept(here), shares.sum(axis=1)
        for service in range(offers.shape[1]):
            covered = shares[which[:, service]]
            covered *= here
            sums.add(block, service, covered, length[which[:, service]])
    return sums.total


def covered_by_place_and_hour(pairs: Pairs, week: Week, offers: ArrayLike) -> Floats:
    """Places × services × hours: the part of each hour with an open station in reach that offers it. For small worlds."""
    offers, _ = checked_coverage(pairs, week, offers, np.zeros((pairs.n_places, week.n_hours)), "offers")
    found = np.zeros((pairs.n_places, offers.shape[1], week.n_hours))
    for block in blocks(pairs, PLACES):
        shares, which = unions(pairs, week, offers > 0, block)
        found[block.start + block.near] = shares[which]
    return found


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


@dataclass(frozen=True)
class Sums:
    """What of coverage has been added up so far; the arrays grow in place."""

    total: Coverage

    @classmethod
    def of(cls, n_places: int, n_services: int, n_hours: int) -> Sums:
        """Nothing yet, and every hour a desert."""
        by_place, hours = (n_places, n_services), (n_services, n_hours)
        desert = np.full(by_place, float(n_hours))
        return cls(Coverage(np.zeros(n_hours), np.zeros(hours), np.zeros(n_places), np.zeros(by_place), desert))

    def add_demand(self, block: Block, demand: Floats) -> None:
        """Couriers at a block's places, places × hours."""
        self.total.courier_hours[:] += demand.sum(axis=0)
        self.total.place_hours[block.start : block.stop] = demand.sum(axis=1)

    def add(self, block: Block, service: int, covered: Floats, hours: Floats) -> None:
        """Courier-hours covered, the block's places near a station × hours; and how many hours each of them is covered."""
        places = block.start + block.near
        self.total.covered[service] += covered.sum(axis=0)
        self.total.place_covered[places, service] = covered.sum(axis=1)
        self.total.desert_hours[places, service] -= hours
