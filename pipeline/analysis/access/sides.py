"""The two sides of access, supply and demand, whatever form they are given in: checked, and one service at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.access.demand import Profiled, demand_sum
from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.quantities import asked_of_demand, check_quantities

Floats = NDArray[np.floating]
Supply = ArrayLike | tuple[ArrayLike, ArrayLike]


@dataclass(frozen=True)
class Sides:
    """Supply and demand by service. `capacity` (stations × services) goes with `by_hour` (stations × hours), or is None beside a full
    `by_hour` (stations × services × hours); `share` (services, or places × services) goes with demand `wanted` by hour, or is None beside
    a full `wanted` (places × services × hours)."""

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

    @property
    def is_factored(self) -> bool:
        """Whether all services share one pattern of supply and of demand, so that one sum over places does for all."""
        return self.capacity is not None and self.share is not None and self.share.ndim == 1

    def supply(self, stations: slice) -> Floats:
        """Visits some stations can serve, × services × hours."""
        if self.capacity is None:
            return self.by_hour[stations]
        return self.capacity[stations, :, None] * self.by_hour[stations, None, :]

    @property
    def factor(self) -> Floats:
        """Services: what `of_service` leaves out because it is the same for all places."""
        return self.share if self.share is not None and self.share.ndim == 1 else np.ones(self.n_services)

    def of_service(self, rows: Floats, service: int, places: slice | NDArray) -> Floats:
        """Visits wanted of one service but for its `factor`; `rows`: demand of the `places`."""
        if self.share is None:
            return rows[:, service]
        return rows if self.share.ndim == 1 else rows * self.share[places, service, None]

    def wanted_in_all(self, weights: Floats) -> Floats:
        """Services × hours: visits wanted by all places, each times its weight."""
        if self.share is None:
            return np.einsum("i,ist->st", weights, self.wanted)
        if self.share.ndim == 1:
            return self.share[:, None] * demand_sum(self.wanted, weights[:, None])
        return demand_sum(self.wanted, weights[:, None] * self.share)

    def is_near(self) -> NDArray[np.bool_]:
        """Places with a station whose weight is above zero."""
        return np.bincount(self.pairs.place[self.weights > 0], minlength=self.pairs.n_places) > 0


def checked_sides(
    pairs: Pairs,
    weights: ArrayLike,
    supply: Supply,
    demand: ArrayLike | Profiled,
    share: ArrayLike | None,
    dtype: np.dtype,
) -> Sides:
    """All as arrays of one kind of number; raises `bad_quantity` with every shape and row that cannot be."""
    capacity, by_hour = supply if isinstance(supply, tuple) else (None, supply)
    capacity = None if capacity is None else np.asarray(capacity, dtype)
    by_hour, weights = np.asarray(by_hour, dtype), np.asarray(weights, dtype)
    wanted = demand.astype(dtype) if isinstance(demand, Profiled) else np.asarray(demand, dtype)
    shape = (by_hour if capacity is None else capacity).shape
    n_services = shape[1] if len(shape) > 1 else 1
    if share is None and len(wanted.shape) == 2:
        share = np.ones(n_services)
    share = None if share is None else np.asarray(share, dtype)
    sides = Sides(pairs, weights, capacity, by_hour, share, wanted, n_services)
    _check(sides)
    return sides


def _check(sides: Sides) -> None:
    pairs, n_services = sides.pairs, sides.n_services
    n_hours = sides.wanted.shape[-1] if len(sides.wanted.shape) else 0
    by_service = (n_services, n_hours)
    asked = [("weights", sides.weights, (len(pairs),), np.inf)]
    asked += asked_of_demand(sides.wanted, (pairs.n_places, *(by_service if sides.share is None else (n_hours,))))
    if sides.capacity is None:
        asked += [("supply", sides.by_hour, (pairs.n_stations, *by_service), np.inf)]
    else:
        asked += [("capacity", sides.capacity, (pairs.n_stations, n_services), np.inf)]
        asked += [("open", sides.by_hour, (pairs.n_stations, n_hours), 1.0)]
    if sides.share is not None:
        shape = (n_services,) if sides.share.ndim == 1 else (pairs.n_places, n_services)
        asked += [("share", sides.share, shape, np.inf)]
    check_quantities(asked)
