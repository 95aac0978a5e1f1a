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

    `stations` are those within their reach, `pairs` the block's slice of all pairs; of each of these pairs `row` is an index into `near`,
    `column` into `stations`.
    """

    start: int
    stop: int
    near: Indices
    stations: Indices
    pairs: slice
    row: Indices
    column: Indices

    def matrix(self, values: NDArray) -> sparse.csr_array:
        """The values (of all pairs) of this block: `near` × `stations`."""
        starts = np.searchsorted(self.row, np.arange(len(self.near) + 1))
        return sparse.csr_array((values[self.pairs], self.column, starts), shape=(len(self.near), len(self.stations)))

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
        first, last = np.searchsorted(pairs.place, [start, stop])
        near, row = np.unique(pairs.place[first:last] - np.int32(start), return_inverse=True)
        stations, column = np.unique(pairs.station[first:last], return_inverse=True)
        mine = slice(int(first), int(last))
        yield Block(start, stop, near, stations, mine, row.astype(np.int32), column.astype(np.int32))
