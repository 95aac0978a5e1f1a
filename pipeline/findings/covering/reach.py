"""Access place by place: what stations can serve, shared out among those who want it within reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.access.coverage import coverage
from pipeline.analysis.access.floating_catchment import access
from pipeline.analysis.access.week import open_share
from pipeline.findings.district import District
from pipeline.findings.district.rules import visits_per_hour

DESERT, NO_COURIERS, NOT_ASKED, NO_DEMAND = "desert", "no_couriers", "not_asked", "no_demand"


@dataclass(frozen=True)
class Reach:
    """One service in a week. Of each place: visits `wanted`, `reached` of what stations can serve, and `shortfall` where less than one is
    to be had for each wanted; courier-hours `covered` within the radius, and `in_reach` within the catchment. `is_idle`: stations whose
    supply nobody in reach wants at any open hour. nan and False where the survey did not ask for the service (`is_asked`)."""

    service: str
    is_asked: bool
    wanted: np.ndarray
    reached: np.ndarray
    shortfall: np.ndarray
    covered: np.ndarray
    in_reach: np.ndarray
    is_idle: np.ndarray


def reaches(district: District) -> Iterator[Reach]:
    """Every service in season, one after the other: places × hours are held for one of them at a time."""
    catchment = district.pairs.within(district.walking.catchment_m)
    weights, opened = district.walking.weights(catchment.metres), open_share(district.week)
    demand = district.presence
    near = coverage(district.near, district.week, district.offers, demand).place_covered
    far = coverage(catchment, district.week, district.offers, demand).place_covered
    uses = visits_per_hour(district.services)
    for k, service in enumerate(district.services):
        supply = (district.capacity * district.works)[:, [k]], opened
        share = district.need[:, [k]] * uses[k]
        asked = bool(np.isfinite(share).all())
        if asked:
            found = access(catchment, weights, supply, demand, share)
            wanted, value = demand * share, found.values[:, 0]
            short = wanted * np.maximum(1 - value, 0)
            sums = [one.sum(axis=1) for one in (wanted, wanted * value, short)]
            offering = district.offers[:, [k]] & (opened > 0)
            idle = offering.any(axis=1) & (found.is_idle[:, 0] | ~offering).all(axis=1)
        else:
            sums, idle = [np.full(len(demand), np.nan)] * 3, np.zeros(len(opened), bool)
        yield Reach(service, asked, *sums, near[:, k], far[:, k], idle)
