"""The first step of access: what each station can serve per visit wanted in its reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.access.blocks import Block, blocks
from pipeline.analysis.access.demand import demand_rows
from pipeline.analysis.access.sides import Sides

Floats = NDArray[np.floating]
STATIONS = 4096  # stations added up at a time


@dataclass(frozen=True)
class Ratios:
    """Capacity over visits wanted in reach. Factored: `scale` (stations × services) times `rate` (stations × hours); else `scale` is
    None and `rate` stations × services × hours. 0 where nothing is wanted; `is_wanted`, of the shape of `rate`, says where not."""

    sides: Sides
    scale: Floats | None
    rate: Floats
    is_wanted: NDArray[np.bool_]

    def written_out(self) -> Floats:
        """Stations × services × hours."""
        return self.rate if self.scale is None else self.scale[:, :, None] * self.rate[:, None, :]

    def idle(self) -> NDArray[np.bool_]:
        """Stations × services × hours: nobody in reach wants any."""
        if self.scale is None:
            return ~self.is_wanted
        return ~(self.is_wanted[:, None, :] & (self.sides.share > 0)[None, :, None])

    def handed_out(self, block: Block) -> Iterator[Floats]:
        """The second step for a block, one service after the other: visits to be had per visit wanted, `near` × hours."""
        near, rate = block.matrix(self.sides.weights), self.rate[block.stations]
        if self.scale is None:
            yield from (near @ rate[:, service] for service in range(self.sides.n_services))
            return
        weights, scale = near.data, self.scale[self.sides.pairs.station[block.pairs]]
        for of_service in scale.T:
            near.data = weights * of_service
            yield near @ rate

    def supplied(self) -> tuple[Floats, Floats]:
        """Visits that stations can serve, services × hours: of those somebody in reach wants, and of the others."""
        sides, wanted = self.sides, self.sides.factor[:, None] > 0
        used, everything = (np.zeros((sides.n_services, sides.n_hours)) for _ in range(2))
        for start in range(0, sides.pairs.n_stations, STATIONS):
            some = slice(start, start + STATIONS)
            if self.scale is None:
                supply = sides.supply(some)
                everything += supply.sum(axis=0)
                used += (supply * self.is_wanted[some]).sum(axis=0)
            else:
                everything += sides.capacity[some].T @ sides.by_hour[some]
                used += sides.capacity[some].T @ (sides.by_hour[some] * self.is_wanted[some])
        return used * wanted, everything - used * wanted


def ratios(sides: Sides, chunk: int) -> Ratios:
    """The first step, with places `chunk` at a time."""
    wanted = _wanted_in_reach(sides, chunk)
    is_wanted = wanted > 0
    inverse = np.divide(1, wanted, out=wanted, where=is_wanted)
    if not sides.is_factored:
        return Ratios(sides, None, sides.supply(slice(None)) * inverse, is_wanted)
    share = np.divide(1, sides.share, out=np.zeros_like(sides.share), where=sides.share > 0)
    inverse *= sides.by_hour
    return Ratios(sides, sides.capacity * share, inverse, is_wanted)


def _wanted_in_reach(sides: Sides, chunk: int) -> Floats:
    """Σ_i g_ij D_i: stations × hours where all services share one pattern (before their share), else × services × hours."""
    middle = () if sides.is_factored else (sides.n_services,)
    wanted = np.zeros((sides.pairs.n_stations, *middle, sides.n_hours), sides.weights.dtype)
    for block in blocks(sides.pairs, chunk):
        places, near = block.start + block.near, block.matrix(sides.weights).T
        rows = block.kept(demand_rows(sides.wanted, block.start, block.stop))
        if sides.is_factored:
            wanted[block.stations] += near @ rows
            continue
        for service, factor in enumerate(sides.factor):
            wanted[block.stations, service] += near @ sides.of_service(rows, service, places) * factor
    return wanted
