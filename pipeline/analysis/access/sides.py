"""The two sides of access, supply and demand, whatever form they are given in: checked, and one service at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.access.demand import Profiled, demand_rows
from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.quantities import asked_of_demand, check_quantities

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Sides:
    """Supply and demand by service. `capacity` (stations × services) goes with `by_hour` (stations × hours), or is None beside a full
    `by_hour` (stations × services × hours); `share` (services, or places × services) with demand by hour, or is None beside a full
    `wanted` (places × services × hours)."""

    pairs: Pairs
    weights: Floats
    capacity: Floats | None
    by_hour: Floats
    share: Floats | None
    wanted: Floats | Profiled
    n_services: int

    @property
    def n_hours(self) -> int:
        """Hours, as demand has them."""
        return self.wanted.shape[-1]

    def supply(self, service: int) -> Floats:
        """Visits each station can serve in each hour."""
        if self.capacity is None:
            return self.by_hour[:, service]
        return self.capacity[:, service, None] * self.by_hour

    def demand(self, service: int, start: int, stop: int) -> Floats:
        """Visits wanted by places start … stop − 1 in each hour."""
        rows = demand_rows(self.wanted, start, stop)
        if self.share is None:
            return rows[:, service]
        part = self.share[service] if self.share.ndim == 1 else self.share[start:stop, service, None]
        return rows * part


def checked_sides(
    pairs: Pairs,
    weights: ArrayLike,
    supply: ArrayLike | tuple[ArrayLike, ArrayLike],
    demand: ArrayLike | Profiled,
    share: ArrayLike | None,
    dtype: np.dtype,
) -> Sides:
    """All as arrays of one kind of number; raises `bad_quantity` with every shape and row that cannot be."""
    capacity, by_hour = supply if isinstance(supply, tuple) else (None, supply)
    capacity = None if capacity is None else np.asarray(capacity, dtype)
    by_hour, weights = np.asarray(by_hour, dtype), np.asarray(weights, dtype)
    wanted = demand if isinstance(demand, Profiled) else np.asarray(demand, dtype)
    last = (by_hour if capacity is None else capacity).shape
    n_services = last[1] if len(last) > 1 else 1
    if share is None and len(wanted.shape) == 2:
        share = np.ones(n_services)
    share = None if share is None else np.asarray(share, dtype)
    n_hours = wanted.shape[-1] if len(wanted.shape) else 0
    full = (n_services, n_hours)
    asked = [("weights", weights, (len(pairs),), np.inf)]
    asked += asked_of_demand(wanted, (pairs.n_places, *(full if share is None else full[1:])))
    if capacity is None:
        asked += [("supply", by_hour, (pairs.n_stations, *full), np.inf)]
    else:
        asked += [("capacity", capacity, (pairs.n_stations, n_services), np.inf)]
        asked += [("open", by_hour, (pairs.n_stations, n_hours), 1.0)]
    if share is not None:
        shape = (n_services,) if share.ndim == 1 else (pairs.n_places, n_services)
        asked += [("share", share, shape, np.inf)]
    check_quantities(asked)
    return Sides(pairs, weights, capacity, by_hour, share, wanted, n_services)
