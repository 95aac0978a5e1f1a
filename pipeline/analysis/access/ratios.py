"""The first step of access: what each station can serve per visit wanted in its reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.access.blocks import Block, blocks
from pipeline.analysis.access.sides import Sides

Floats = NDArray[np.floating]


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

    def handed_out(self, block: Block, service: int) -> Floats:
        """The second step for a block and a service: visits to be had per visit wanted, its places near a station × hours."""
        if self.scale is None:
            return block.matrix(self.sides.weights) @ self.rate[block.stations, service]
        scale = self.scale[self.sides.pairs.station[block.pairs], service]
        near = block.matrix(self.sides.weights)
        near.data = near.data * scale
        return near @ self.rate[block.stations]

    def supplied(self) -> tuple[Floats, Floats]:
        """Visits that stations can serve, services × hours: of those somebody in reach wants, and of the others."""
        sides = self.sides
        if self.scale is None:
            full = sides.by_hour if sides.capacity is None else sides.capacity[:, :, None] * sides.by_hour[:, None, :]
            return (full * self.is_wanted).sum(axis=0, dtype=float), (full * ~self.is_wanted).sum(axis=0, dtype=float)
        capacity = sides.capacity.astype(float)
        everything, used = capacity.T @ sides.by_hour, capacity.T @ (sides.by_hour * self.is_wanted)
        used[sides.share == 0] = 0
        return used, everything - used


def ratios(sides: Sides, chunk: int) -> Ratios:
    """The first step, with places `chunk` at a time."""
    wanted = _wanted_in_reach(sides, chunk)
    is_wanted = wanted > 0
    inverse = np.divide(1, wanted, out=wanted, where=is_wanted)
    if not sides.is_factored:
        full = sides.by_hour if sides.capacity is None else sides.capacity[:, :, None] * sides.by_hour[:, None, :]
        return Ratios(sides, None, full * inverse, is_wanted)
    share = np.divide(1, sides.share, out=np.zeros_like(sides.share), where=sides.share > 0)
    inverse *= sides.by_hour
    return Ratios(sides, sides.capacity * share, inverse, is_wanted)


def _wanted_in_reach(sides: Sides, chunk: int) -> Floats:
    """Σ_i g_ij D_i: stations × hours where all services share one pattern (before their share), else × services × hours."""
    middle = () if sides.is_factored else (sides.n_services,)
    wanted = np.zeros((sides.pairs.n_stations, *middle, sides.n_hours), sides.weights.dtype)
    for block in blocks(sides.pairs, chunk):
        rows, near = sides.wanted_rows(block.start, block.stop), block.matrix(sides.weights).T
        if sides.is_factored:
            wanted[block.stations] += near @ block.kept(rows)
            continue
        for service in range(sides.n_services):
            wanted[block.stations, service] += near @ block.kept(sides.of_service(rows, service, block))
    return wanted
