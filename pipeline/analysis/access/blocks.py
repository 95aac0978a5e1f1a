"""Places in blocks, each with the stations in its reach: what is worked out for one block fits into memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.analysis.access.pairs import Indices, Pairs


@dataclass(frozen=True)
class Block:
    """Places `start` … `stop` − 1, the `stations` within their reach, and their slice `pairs` of all pairs.

    Of each of these pairs: `place` counted from `start`, `column` an index into `stations`.
    """

    start: int
    stop: int
    stations: Indices
    place: Indices
    column: Indices
    pairs: slice

    def matrix(self, values: NDArray) -> sparse.csr_array:
        """The values (of all pairs) of this block: its places × its stations."""
        shape = (self.stop - self.start, len(self.stations))
        starts = np.searchsorted(self.place, np.arange(shape[0] + 1))
        return sparse.csr_array((values[self.pairs], self.column, starts), shape=shape)


def blocks(pairs: Pairs, size: int) -> Iterator[Block]:
    """The places in blocks of `size`, the last of them shorter.

    >>> from pipeline.analysis.access.pairs import from_table
    >>> pairs = from_table([0, 1, 2], [5, 5, 3], [1, 1, 1], 3, 6, 300)
    >>> [(block.start, block.stop, block.stations.tolist(), block.column.tolist()) for block in blocks(pairs, 2)]
    [(0, 2, [5], [0, 0]), (2, 3, [3], [0])]
    """
    for start in range(0, pairs.n_places, size):
        stop = min(start + size, pairs.n_places)
        first, last = np.searchsorted(pairs.place, [start, stop])
        stations, column = np.unique(pairs.station[first:last], return_inverse=True)
        place = pairs.place[first:last] - np.int32(start)
        yield Block(start, stop, stations, place, column.astype(np.int32), slice(int(first), int(last)))
