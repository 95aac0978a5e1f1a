"""Places in blocks, each with the stations in its reach: what is worked out for one block fits into memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.analysis.access.pairs import Indices, Pairs

PLACES = 2048  # places worked out at a time, unless it is said otherwise: their 168 hours stay near the processor


@dataclass(frozen=True)
class Block:
    """Places `start` … `stop` − 1; `near`, those of them with any station in reach, counted from `start`.

    `stations` are those within their reach, `pairs` the block's slice of all pairs. Those of near[i] begin at starts[i] of the slice (one
    more at the end); `column` is an index into `stations`.
    """

    start: int
    stop: int
    near: Indices
    stations: Indices
    pairs: slice
    starts: Indices
    column: Indices

    def matrix(self, values: NDArray) -> sparse.csr_array:
        """The values (of all pairs) of this block: `near` × `stations`."""
        shape = (len(self.near), len(self.stations))
        return sparse.csr_array((values[self.pairs], self.column, self.starts), shape=shape)

    def kept(self, rows: NDArray) -> NDArray:
        """Of rows for all places of the block, those `near`."""
        return rows if len(self.near) == len(rows) else rows[self.near]


def blocks(pairs: Pairs, size: int) -> Iterator[Block]:
    """The places in blocks of `size`, the last of them shorter.

    >>> from pipeline.analysis.access.pairs import from_table
    >>> pairs = from_table([0, 2, 3], [5, 5, 3], [1, 1, 1], 4, 6, 300)
    >>> [(block.start, block.near.tolist(), block.stations.tolist(), block.column.tolist()) for block in blocks(pairs, 3)]
    [(0, [0, 2], [5], [0, 0]), (3, [0], [3], [0])]
    """
    for start in range(0, pairs.n_places, size):
        stop = min(start + size, pairs.n_places)
        mine = slice(*np.searchsorted(pairs.place, [start, stop]).tolist())
        place = pairs.place[mine] - np.int32(start)
        first = np.flatnonzero(np.diff(place, prepend=-1))
        stations, column = np.unique(pairs.station[mine], return_inverse=True)
        starts = np.append(first, len(place)).astype(np.int32)
        yield Block(start, stop, place[first], stations, mine, starts, column.astype(np.int32))
