"""What makes a table of walking distances, or points to walk between, impossible. All at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.access.rows import is_amount, rows
from pipeline.errors import USAGE, Problem, fail

Floats = NDArray[np.float64]
CHINA = {"lon": (73.0, 136.0), "lat": (3.0, 54.0)}  # no value is in both: a swapped pair always shows
_DO = {"do_zh": "请检查传入的列（行号从 0 起）", "do_en": "check the columns passed in (rows count from 0)"}


def check_points(points: list[Floats], reach_m: float, detour: float) -> None:
    """Raise `bad_points` with every row of places and stations that is no point, and a reach or detour that cannot be."""
    problems = []
    for name, lon, lat in (("places", points[0], points[1]), ("stations", points[2], points[3])):
        if lon.ndim != 1 or lon.shape != lat.shape:
            problems.append(_no_points(name, "经纬度同样多 · as many lon as lat", f"{lon.shape}, {lat.shape}"))
            continue
        finite = np.isfinite(lon) & np.isfinite(lat)
        swapped = finite & _inside(lon, CHINA["lat"]) & _inside(lat, CHINA["lon"])
        ranged = _inside(lon, (-180, 180)) & _inside(lat, (-89, 89))
        faults = {
            "有限的数 · finite numbers": ~finite,
            "先经度后纬度 · longitude, then latitude": swapped,
            "−180 ≤ lon ≤ 180, −89 ≤ lat ≤ 89": finite & ~swapped & ~ranged,
        }
        problems += [_no_points(f"{name}: {rows(bad)}", rule) for rule, bad in faults.items() if bad.any()]
    if not (np.isfinite(reach_m) and reach_m > 0):
        problems.append(_no_points("reach_m", "> 0", f"{reach_m:g}"))
    if not (np.isfinite(detour) and detour >= 1):
        problems.append(_no_points("detour", "≥ 1", f"{detour:g}"))
    if problems:
        fail(USAGE, *problems)


def check_table(place: NDArray, station: NDArray, metres: NDArray, sizes: tuple[int, int], reach_m: float) -> None:
    """Raise `bad_pairs` with every row whose index, metres or repetition cannot be; `sizes`: places, stations."""
    if len({one.shape for one in (place, station, metres)}) != 1 or place.ndim != 1:
        lengths = f"place {place.shape}, station {station.shape}, metres {metres.shape}"
        fail(USAGE, _no_pairs("place, station, metres", "同样多 · equally many", lengths))
    no_place, no_station = ~_is_index(place, sizes[0]), ~_is_index(station, sizes[1])
    faults = {
        f"0 ≤ place < {sizes[0]}": no_place,
        f"0 ≤ station < {sizes[1]}": no_station,
        "metres ≥ 0": ~is_amount(metres),
        "每对一次 · each pair once": _again(place, station, ~(no_place | no_station), sizes[1]),
    }
    problems = [_no_pairs(rows(bad), rule) for rule, bad in faults.items() if bad.any()]
    if not (np.isfinite(reach_m) and reach_m > 0):
        problems.append(_no_pairs("reach_m", "> 0", f"{reach_m:g}"))
    if problems:
        fail(USAGE, *problems)


def _again(place: NDArray, station: NDArray, known: NDArray[np.bool_], n_stations: int) -> NDArray[np.bool_]:
    """Rows whose pair stood before."""
    where = np.flatnonzero(known)
    key = place[where].astype(np.int64) * n_stations + station[where].astype(np.int64)
    again = known.copy()
    again[where[np.unique(key, return_index=True)[1]]] = False
    return again


def _is_index(values: NDArray, n: int) -> NDArray[np.bool_]:
    return is_amount(values) & (values < n) & (np.floor(values) == values)


def _inside(values: Floats, bounds: tuple[float, float]) -> NDArray[np.bool_]:
    return (values >= bounds[0]) & (values <= bounds[1])


def _no_points(where: str, expected: str, got: str = "") -> Problem:
    zh, en = "坐标或步行范围不成立", "these are no points, or no reach"
    return Problem("bad_points", where, zh, en, got=got, expected=expected, **_DO)


def _no_pairs(where: str, expected: str, got: str = "") -> Problem:
    zh, en = "步行距离表不成立", "this is no table of walking distances"
    return Problem("bad_pairs", where, zh, en, got=got, expected=expected, **_DO)
