"""Access: visits to be had per visit wanted, by place, service and hour (two-step floating catchment).

Step one: what a station can serve, over what is wanted within its reach, R_jst = S_jst / Σ_i g_ij D_ist. Step two: what a place can
reach of that, A_ist = Σ_j g_ij R_jst. g is 1 within reach (Luo & Wang 2003) or falls with distance (Luo & Qi 2009; Dai 2010).
All supply is handed out: Σ_i D_ist A_ist = Σ_j S_jst over stations that anybody in reach wants something of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from pipeline.analysis.access.blocks import blocks
from pipeline.analysis.access.demand import Profiled
from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.sides import Sides, checked_sides

Floats = NDArray[np.floating]
DESERT, IDLE_SUPPLY = "desert", "idle_supply"
PLACES = 4096  # places worked out at a time


@dataclass(frozen=True)
class Access:
    """`values` (places × services × hours): visits to be had per visit wanted, 0 where none is in reach. `ratio` (stations × services ×
    hours): capacity over the visits wanted in reach; it means nothing where `is_idle` (nobody in reach wants any; 0 stands there).
    `is_desert` (places): no station in reach at all."""

    values: Floats
    ratio: Floats
    is_idle: NDArray[np.bool_]
    is_desert: NDArray[np.bool_]

    def place_reason(self) -> NDArray[np.str_]:
        """Of each place: `desert` (no station in reach, access 0), or empty."""
        return np.where(self.is_desert, DESERT, "")

    def station_reason(self) -> NDArray[np.str_]:
        """Stations × services × hours: `idle_supply` (nobody in reach wants any: no ratio), or empty."""
        return np.where(self.is_idle, IDLE_SUPPLY, "")


@dataclass(frozen=True)
class AccessTotals:
    """Sums over places or stations, each services × hours, in visits: `wanted` Σ D, `reached` Σ D·A, `supplied` Σ S of stations that are
    not idle, `idle` Σ S of those that are, `shortfall` Σ D·max(0, 1 − A), `wanted_in_deserts` the part of `wanted` without any
    station in reach; and `n_deserts`, the places without."""

    wanted: Floats
    reached: Floats
    supplied: Floats
    idle: Floats
    shortfall: Floats
    wanted_in_deserts: Floats
    n_deserts: int

    @property
    def conservation_error(self) -> float:
        """Largest |Σ D·A − Σ S| of any service and hour, relative to the largest Σ S: rounding, and no more."""
        return float(np.abs(self.reached - self.supplied).max() / max(float(self.supplied.max()), 1e-300))


def access(
    pairs: Pairs,
    weights: ArrayLike,
    supply: ArrayLike | tuple[ArrayLike, ArrayLike],
    demand: ArrayLike | Profiled,
    share: ArrayLike | None = None,
    *,
    chunk: int = PLACES,
    dtype: DTypeLike = np.float64,
) -> Access:
    """Access of every place, service and hour, written out (for totals of large worlds: `access_totals`).

    In: `weights` one per pair (a kernel of `pairs.metres`); `supply` visits an hour, as stations × services × hours, or as a pair
    (capacity stations × services, open share stations × hours) to be multiplied; `demand` places × hours with `share` (services, or places ×
    services) of it that wants each service (all of it without `share`), or visits wanted, places × services × hours. `dtype`
    float32 halves the memory at 7 digits. Raises `bad_quantity`.

    Two places want 10 and 30 visits; both reach the one station, which can serve 8:

    >>> from pipeline.analysis.access.pairs import from_table
    >>> pairs = from_table([0, 1], [0, 0], [50, 80], 2, 1, 300)
    >>> access(pairs, [1, 1], ([[8]], [[1]]), [[10], [30]]).values.ravel().tolist()
    [0.2, 0.2]
    """
    sides = checked_sides(pairs, weights, supply, demand, share, np.dtype(dtype))
    shape = (sides.n_services, sides.n_hours)
    ratio = np.empty((pairs.n_stations, *shape), dtype)
    is_idle = np.empty((pairs.n_stations, *shape), bool)
    for service in range(shape[0]):
        ratio[:, service], is_idle[:, service] = _ratio(sides, service, chunk)
    values = np.empty((pairs.n_places, *shape), dtype)
    for block in blocks(pairs, chunk):
        reached = block.matrix(sides.weights) @ ratio[block.stations].reshape(len(block.stations), -1)
        values[block.start : block.stop] = reached.reshape(-1, *shape)
    return Access(values, ratio, is_idle, ~_has_station(sides))


def access_totals(
    pairs: Pairs,
    weights: ArrayLike,
    supply: ArrayLike | tuple[ArrayLike, ArrayLike],
    demand: ArrayLike | Profiled,
    share: ArrayLike | None = None,
    *,
    chunk: int = PLACES,
    dtype: DTypeLike = np.float64,
) -> AccessTotals:
    """Sums of access by service and hour, never holding more than one service's stations × hours. In as `access`.

    >>> from pipeline.analysis.access.pairs import from_table
    >>> totals = access_totals(from_table([0], [0], [50], 2, 1, 300), [1], ([[8]], [[1]]), [[10], [30]])
    >>> totals.reached.item(), totals.shortfall.item(), totals.wanted_in_deserts.item(), totals.n_deserts
    (8.0, 32.0, 30.0, 1)
    """
    sides = checked_sides(pairs, weights, supply, demand, share, np.dtype(dtype))
    found = {name: np.zeros((sides.n_services, sides.n_hours)) for name in AccessTotals.__annotations__}
    desert = ~_has_station(sides)
    for service in range(sides.n_services):
        ratio, is_idle = _ratio(sides, service, chunk)
        offered = sides.supply(service)
        found["supplied"][service] = np.where(is_idle, 0, offered).sum(axis=0, dtype=float)
        found["idle"][service] = np.where(is_idle, offered, 0).sum(axis=0, dtype=float)
        for block in blocks(pairs, chunk):
            reached = block.matrix(sides.weights) @ ratio[block.stations]
            wanted = sides.demand(service, block.start, block.stop)
            dry = desert[block.start : block.stop]
            found["wanted"][service] += wanted.sum(axis=0, dtype=float)
            found["reached"][service] += (wanted * reached).sum(axis=0, dtype=float)
            found["shortfall"][service] += (wanted * np.maximum(1 - reached, 0)).sum(axis=0, dtype=float)
            found["wanted_in_deserts"][service] += wanted[dry].sum(axis=0, dtype=float)
    return AccessTotals(**{**found, "n_deserts": int(desert.sum())})


def _ratio(sides: Sides, service: int, chunk: int) -> tuple[Floats, NDArray[np.bool_]]:
    """One service: capacity over what is wanted in reach, stations × hours, 0 where nothing is; and where that is."""
    wanted = np.zeros((sides.pairs.n_stations, sides.n_hours), sides.weights.dtype)
    for block in blocks(sides.pairs, chunk):
        here = sides.demand(service, block.start, block.stop)
        wanted[block.stations] += block.matrix(sides.weights).T @ here
    is_idle = wanted == 0
    ratio = np.divide(sides.supply(service), wanted, out=np.zeros_like(wanted), where=~is_idle)
    return ratio, is_idle


def _has_station(sides: Sides) -> NDArray[np.bool_]:
    """Places with a station whose weight is above zero."""
    return np.bincount(sides.pairs.place[sides.weights > 0], minlength=sides.pairs.n_places) > 0
