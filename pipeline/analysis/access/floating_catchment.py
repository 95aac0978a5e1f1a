"""Access: visits to be had per visit wanted, by place, service and hour (two-step floating catchment).

Step one: what a station can serve, over what is wanted within its reach, R_jst = S_jst / Σ_i g_ij D_ist. Step two: what a place can
reach of that, A_ist = Σ_j g_ij R_jst. g is 1 within reach (Luo & Wang 2003) or falls with distance (Luo & Qi 2009; Dai 2010).
All supply is handed out: Σ_i D_ist A_ist = Σ_j S_jst over stations that anybody in reach wants something of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from pipeline.analysis.access.blocks import PLACES, blocks
from pipeline.analysis.access.demand import Profiled, demand_rows
from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.quantities import check_quantities
from pipeline.analysis.access.ratios import ratios
from pipeline.analysis.access.sides import checked_sides

Floats = NDArray[np.floating]
DESERT, IDLE_SUPPLY = "desert", "idle_supply"


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
    second: ArrayLike | None = None,
    chunk: int = PLACES,
    dtype: DTypeLike = np.float64,
) -> Access:
    """Access of every place, service and hour, written out (for totals of large worlds: `access_totals`).

    In: `weights` one per pair (a kernel of `pairs.metres`); `supply` visits an hour, as stations × services × hours, or as a tuple
    (capacity stations × services, open share stations × hours) to be multiplied; `demand` places × hours with `share` (services, or places ×
    services) of it that wants each service (all of it without `share`), or visits wanted, places × services × hours. `second`: weights
    of the second step where they are others (`balanced`). `dtype` float32 halves the memory, at 7 digits. Raises `bad_quantity`.

    Two places want 10 and 30 visits; both reach the one station, which can serve 8:

    >>> from pipeline.analysis.access.pairs import from_table
    >>> pairs = from_table([0, 1], [0, 0], [50, 80], 2, 1, 300)
    >>> access(pairs, [1, 1], ([[8]], [[1]]), [[10], [30]]).values.ravel().tolist()
    [0.2, 0.2]
    """
    sides = checked_sides(pairs, weights, supply, demand, share, np.dtype(dtype))
    back = sides.weights if second is None else np.asarray(second, dtype)
    check_quantities([("second", back, sides.weights.shape, np.inf)])
    shape = (sides.n_services, sides.n_hours)
    found = ratios(sides, chunk)
    ratio = found.written_out()
    values = pairs.matrix(back) @ ratio.reshape(pairs.n_stations, -1)
    return Access(values.reshape(-1, *shape), ratio, found.idle(), ~sides.is_near())


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
    """Sums of access by service and hour; places are worked out `chunk` at a time and not kept. In as `access`.

    Where supply is a tuple and `share` goes by service, one table of stations × hours is all that is held.

    >>> from pipeline.analysis.access.pairs import from_table
    >>> totals = access_totals(from_table([0], [0], [50], 2, 1, 300), [1], ([[8]], [[1]]), [[10], [30]])
    >>> totals.reached.item(), totals.shortfall.item(), totals.wanted_in_deserts.item(), totals.n_deserts
    (8.0, 32.0, 30.0, 1)
    """
    sides = checked_sides(pairs, weights, supply, demand, share, np.dtype(dtype))
    found, is_near = ratios(sides, chunk), sides.is_near()
    reached, served = (np.zeros((sides.n_services, sides.n_hours)) for _ in range(2))
    for block in blocks(pairs, chunk):
        rows = block.kept(demand_rows(sides.wanted, block.start, block.stop))
        for service, had in enumerate(found.handed_out(block)):
            want = sides.of_service(rows, service, block.start + block.near)
            reached[service] += np.einsum("it,it->t", want, had)
            served[service] += np.einsum("it,it->t", want, np.minimum(had, 1, out=had))
    factor, wanted = sides.factor[:, None], sides.wanted_in_all(np.ones(pairs.n_places))
    supplied, idle = found.supplied()
    dry = sides.wanted_in_all((~is_near).astype(float))
    return AccessTotals(wanted, reached * factor, supplied, idle, wanted - served * factor, dry, int((~is_near).sum()))
