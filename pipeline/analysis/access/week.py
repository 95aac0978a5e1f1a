"""The week cut at every opening and closing, so that within a piece a station is open or shut and nothing between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.access.distinct_rows import distinct_rows
from pipeline.analysis.access.rows import rows
from pipeline.errors import USAGE, Problem, fail

Floats = NDArray[np.float64]
HOUR = 60  # minutes
WEEK_HOURS = 168
_STATIONS = 8192  # so many are opened out at a time


@dataclass(frozen=True)
class Week:
    """Segments of the week, and in which of them each station is open.

    Of each segment: its `minutes` and the `hour` of the week (0 = Monday 00:00 to 01:00) it lies in. Stations with the same hours
    share a schedule: `schedule` says which, and `bits` holds the schedules, eight segments a byte, whole words of 64.
    """

    minutes: Floats
    hour: NDArray[np.int64]
    schedule: NDArray[np.int32]
    bits: NDArray[np.uint8]

    @property
    def n_hours(self) -> int:
        """Hours of the week: 168, but for tests."""
        return int(self.hour[-1]) + 1

    @property
    def open(self) -> NDArray[np.bool_]:
        """Stations × segments: open? Written out; for many stations use `schedules` and `schedule`."""
        return self.schedules[self.schedule]

    @property
    def schedules(self) -> NDArray[np.bool_]:
        """Schedules × segments: open?"""
        return self.unpacked(self.bits)

    def unpacked(self, bits: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Rows of packed segments as truth values."""
        return np.unpackbits(bits, axis=1, count=len(self.minutes)).astype(bool)

    def by_hour(self, segments: NDArray) -> Floats:
        """Rows × segments of anything between 0 and 1 → rows × hours: its mean over each hour's minutes."""
        first = np.searchsorted(self.hour, np.arange(self.n_hours))
        return np.add.reduceat(segments * self.minutes, first, axis=1) / HOUR


def cut(
    station: ArrayLike,
    opens_minute: ArrayLike,
    closes_minute: ArrayLike,
    n_stations: int,
    *,
    n_hours: int = WEEK_HOURS,
) -> Week:
    """The week, cut at every full hour and wherever a station opens or closes.

    In, one element per opening interval: station (index from 0), minutes of the week (0 = Monday 00:00) from which and until which it
    is open. Intervals of a station may touch or overlap: they are united. A station without any is shut all week. Raises
    `bad_opening` with every row that is inverted, empty, outside the week, not finite or of no station.

    Open from half past the first hour to the end of the second, of two hours:

    >>> week = cut([0], [30], [120], n_stations=2, n_hours=2)
    >>> week.minutes.tolist(), week.hour.tolist(), week.open.tolist()
    ([30.0, 30.0, 60.0], [0, 0, 1], [[False, True, True], [False, False, False]])
    """
    stations = np.asarray(station)
    opens, closes = (np.asarray(one, dtype=float) for one in (opens_minute, closes_minute))
    _check(stations, opens, closes, n_stations, n_hours * HOUR)
    edges = np.unique(np.concatenate([np.arange(n_hours + 1.0) * HOUR, opens, closes]))
    begins, ends = np.searchsorted(edges, opens), np.searchsorted(edges, closes)
    packed = _packed(stations.astype(np.int64), begins, ends, n_stations, len(edges) - 1)
    different, schedule = distinct_rows(packed.view(np.uint64))
    hour = np.floor(edges[:-1] / HOUR).astype(np.int64)
    return Week(np.diff(edges), hour, schedule.ravel().astype(np.int32), different.view(np.uint8))


def open_share(week: Week) -> Floats:
    """Stations × hours: the part of each hour the station is open.

    >>> open_share(cut([0], [30], [120], n_stations=1, n_hours=2)).tolist()
    [[0.5, 1.0]]
    """
    return week.by_hour(week.schedules)[week.schedule]


def _packed(stations: NDArray, begins: NDArray, ends: NDArray, n_stations: int, n_segments: int) -> NDArray[np.uint8]:
    """Segments each station is open in, as bits: openings less closings so far, above zero."""
    width = -(-n_segments // 64) * 8
    packed = np.zeros((n_stations, width), dtype=np.uint8)
    order = np.argsort(stations, kind="stable")
    for start in range(0, n_stations, _STATIONS):
        stop = min(start + _STATIONS, n_stations)
        mine = order[slice(*np.searchsorted(stations, [start, stop], sorter=order))]
        change = np.zeros((stop - start, n_segments + 1), dtype=np.int32)
        np.add.at(change, (stations[mine] - start, begins[mine]), 1)
        np.subtract.at(change, (stations[mine] - start, ends[mine]), 1)
        is_open = np.cumsum(change[:, :-1], axis=1) > 0
        packed[start:stop, : -(-n_segments // 8)] = np.packbits(is_open, axis=1)
    return packed


def _check(station: NDArray, opens: Floats, closes: Floats, n_stations: int, last: int) -> None:
    if not (station.shape == opens.shape == closes.shape and station.ndim == 1):
        shapes = f"station {station.shape}, opens_minute {opens.shape}, closes_minute {closes.shape}"
        fail(USAGE, _problem("station, opens_minute, closes_minute", "同样多 · equally many", shapes))
    finite = np.isfinite(opens) & np.isfinite(closes)
    faults = {
        f"0 ≤ station < {n_stations}": ~((station >= 0) & (station < n_stations) & (np.floor(station) == station)),
        "有限的数 · finite numbers": ~finite,
        f"0 ≤ opens, closes ≤ {last}": finite & ~((opens >= 0) & (closes >= 0) & (opens <= last) & (closes <= last)),
        "opens < closes": finite & (opens >= closes),
    }
    problems = [_problem(rows(bad), rule) for rule, bad in faults.items() if bad.any()]
    if problems:
        fail(USAGE, *problems)


def _problem(where: str, expected: str, got: str = "") -> Problem:
    return Problem(
        "bad_opening",
        where,
        "开放时段不成立",
        "these are no opening hours",
        got=got,
        expected=expected,
        do_zh="跨周日 24 点的时段请拆成两段；行号从 0 起",
        do_en="split what runs over the end of Sunday in two; rows count from 0",
    )
