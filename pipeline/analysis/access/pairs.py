"""Places and stations within a walk of each other: one row a pair, never all against all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from pipeline.analysis.access.distance import metres as straight_metres
from pipeline.analysis.access.distance import metres_per_degree
from pipeline.analysis.access.pair_checks import check_points, check_table

Floats = NDArray[np.float64]
Indices = NDArray[np.int32]
DETOUR = 1.3  # streets are longer than the straight line, by 1.2 to 1.4 in most towns: an assumption, to be printed
_APART = (
    1024.0  # degrees from one band of latitude to the next in the order of stations: more than there are of longitude
)


@dataclass(frozen=True)
class Pairs:
    """Which stations are within reach of which place, and how far: sorted by place, then station, each pair once.

    `place`, `station` index the places (0 … n_places − 1) and stations (0 … n_stations − 1); `metres` are walking metres.
    """

    n_places: int
    n_stations: int
    place: Indices
    station: Indices
    metres: Floats

    def __len__(self) -> int:
        return len(self.place)

    def within(self, metres: float) -> Pairs:
        """Only the pairs up to and including so many walking metres."""
        near = self.metres <= metres
        return Pairs(self.n_places, self.n_stations, self.place[near], self.station[near], self.metres[near])

    def starts(self) -> NDArray[np.int64]:
        """Where each place's pairs begin; one more at the end."""
        return np.searchsorted(self.place, np.arange(self.n_places + 1))

    def matrix(self, values: ArrayLike) -> sparse.csr_array:
        """A value for each pair as a sparse matrix, places × stations."""
        shape = (self.n_places, self.n_stations)
        return sparse.csr_array((np.asarray(values), self.station, self.starts()), shape=shape)


def within_walk(
    place_lon: ArrayLike,
    place_lat: ArrayLike,
    station_lon: ArrayLike,
    station_lat: ArrayLike,
    reach_m: float,
    *,
    detour: float = DETOUR,
) -> Pairs:
    """Every pair whose walk, `detour` times the straight line, is at most `reach_m` metres.

    In: WGS-84 or CGCS2000 degrees of places and of stations. Stations are sorted into bands of latitude as high as the reach;
    of each place only those in its band and the two beside it, and within the reach to the east and west, are measured: time
    and memory grow with the pairs there are. Raises `bad_points` with every row that is no point (not finite, out of range,
    longitude and latitude swapped) and a reach or detour that cannot be.

    >>> pairs = within_walk([116.46, 116.46], [39.91, 39.95], [116.461], [39.91], 300)
    >>> pairs.place.tolist(), pairs.station.tolist(), pairs.metres.round(1).tolist()
    ([0], [0], [111.2])
    """
    points = [np.atleast_1d(np.asarray(one, dtype=float)) for one in (place_lon, place_lat, station_lon, station_lat)]
    check_points(points, reach_m, detour)
    place, station = _candidates(*points, reach_m / detour)
    walk = detour * straight_metres(points[0][place], points[1][place], points[2][station], points[3][station])
    near = walk <= reach_m
    return _in_order(place[near], station[near], walk[near], len(points[0]), len(points[2]))


def from_table(
    place: ArrayLike, station: ArrayLike, metres: ArrayLike, n_places: int, n_stations: int, reach_m: float
) -> Pairs:
    """Pairs of a given table of walking distances, such as a routing service's; what is beyond `reach_m` is left out.

    In, one element per row: indices of place and station from 0, walking metres from the one to the other. Raises `bad_pairs`
    (all rows at once) for an index out of range, metres that are negative or no number, and a pair that stands twice.

    >>> pairs = from_table([1, 0, 0], [0, 1, 0], [120, 80, 900], n_places=2, n_stations=2, reach_m=300)
    >>> pairs.place.tolist(), pairs.station.tolist(), pairs.metres.tolist()
    ([0, 1], [1, 0], [80.0, 120.0])
    """
    place, station, metres = (np.asarray(one) for one in (place, station, metres))
    check_table(place, station, metres, (n_places, n_stations), reach_m)
    near = np.flatnonzero(metres <= reach_m)
    return _in_order(place[near], station[near], metres[near], n_places, n_stations)


def _in_order(place: NDArray, station: NDArray, metres: NDArray, n_places: int, n_stations: int) -> Pairs:
    order = np.argsort(place.astype(np.int64) * n_stations + station.astype(np.int64), kind="stable")
    found = place[order].astype(np.int32), station[order].astype(np.int32), metres[order].astype(np.float64)
    return Pairs(n_places, n_stations, *found)


def _candidates(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats, reach: float) -> tuple[NDArray, NDArray]:
    """Pairs that may be within `reach` metres: neighbouring bands of latitude, and not too far east or west."""
    height = reach * (1 + 1e-9) / float(metres_per_degree(0.0)[1])  # a degree to the north is shortest at the equator
    keys = np.floor(to_lat / height) * _APART + to_lon  # one number orders by band, then longitude
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    own = np.floor(lat / height) * _APART + lon
    visit = np.argsort(own, kind="stable")  # looked up in their order, neighbours are still at hand
    furthest = np.minimum(
        np.abs(lat[visit]) + 1.5 * height, 89.9
    )  # a degree to the east is shortest nearest to the pole
    width = np.minimum(reach * (1 + 1e-9) / metres_per_degree(furthest)[0], 360.0)
    width += 4 * np.spacing(np.abs(keys).max(initial=1.0))  # what rounding of the keys may hide
    places, stations = [], []
    for step in (-_APART, 0.0, _APART):
        middle = own[visit] + step
        first = np.searchsorted(keys, middle - width, side="left")
        count = np.searchsorted(keys, middle + width, side="right") - first
        places.append(np.repeat(visit, count))
        offset = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        stations.append(order[np.repeat(first, count) + offset])
    return np.concatenate(places), np.concatenate(stations)
