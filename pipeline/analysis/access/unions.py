"""When any of the stations in reach is open: unions of opening hours, each different one worked out once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.access.blocks import Block
from pipeline.analysis.access.distinct_rows import distinct_rows
from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.week import Week

Floats = NDArray[np.float64]


def unions(pairs: Pairs, week: Week, offers: NDArray[np.bool_], block: Block) -> tuple[Floats, NDArray[np.integer]]:
    """The part of each hour that any station in reach is open and offers the service, for a block's places near a station.

    `offers`: stations × services. Out: the different unions there are (unions × hours, 0 … 1), and which of them is that of each place
    and service. Hours are united as bits, 64 segments of the week at a time.
    """
    station = pairs.station[block.pairs]
    words = week.bits.view(np.uint64)[week.schedule[station]]
    offered = np.where(offers[station][:, :, None], words[:, None, :], np.uint64(0))
    united = np.bitwise_or.reduceat(offered, block.starts[:-1], axis=0) if len(station) else offered
    different, which = distinct_rows(united.reshape(-1, words.shape[1]))
    return week.by_hour(week.unpacked(different.view(np.uint8))), which.reshape(united.shape[:2])
