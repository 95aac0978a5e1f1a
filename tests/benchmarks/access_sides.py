"""Access and coverage of a made-up world, in a process of its own: `python -m tests.benchmarks.access_sides SIDE PLACES STATIONS PER`.

PER: stations in reach of a place, on average; SIDE: `written_out` (access of every place, service and hour) or `totals`. Prints one
JSON line: seconds of each step, peak_mb, and what shows that the work was done.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.analysis.access.coverage import coverage
from pipeline.analysis.access.demand import Profiled
from pipeline.analysis.access.floating_catchment import access, access_totals
from pipeline.analysis.access.kernels import gaussian
from pipeline.analysis.access.pairs import within_walk
from pipeline.analysis.access.week import cut, open_share

REACH, DETOUR, SERVICES, DAY = 500, 1.3, 8, 24 * 60
KINDS, PROFILES = 40, 12  # of opening hours, of demand over the week


@dataclass(frozen=True)
class World:
    """Points on a square, opening intervals, capacity (stations × services; half of them 0), demand and its share by service."""

    points: tuple[np.ndarray, ...]
    hours: tuple[np.ndarray, ...]
    capacity: np.ndarray
    demand: Profiled
    share: np.ndarray


def world(n_places: int, n_stations: int, per_place: float) -> World:
    """A world of no place, the same at every call. Openings lie on half hours; a third of the stations close at weekends."""
    rng = np.random.default_rng(1)
    side = np.sqrt(np.pi * (REACH / DETOUR) ** 2 * n_stations / per_place)
    degrees = side / 85_500, side / 111_000
    points = tuple(
        at + rng.random(n) * degrees[axis] for n in (n_places, n_stations) for axis, at in enumerate((116.4, 39.9))
    )
    opens = rng.integers(12, 20, KINDS) * 30
    closes = opens + rng.integers(14, 26, KINDS) * 30
    station, day = np.divmod(np.arange(n_stations * 7), 7)
    kind = rng.integers(0, KINDS, n_stations)[station]
    kept = (day < 5) | (kind % 3 > 0)
    hours = tuple(one[kept] for one in (station, day * DAY + opens[kind], day * DAY + closes[kind]))
    capacity = rng.integers(2, 12, (n_stations, SERVICES)) * (rng.random((n_stations, SERVICES)) < 0.5)
    people = rng.integers(1, 30, n_places).astype(float)
    demand = Profiled(people, rng.integers(0, PROFILES, n_places), 0.1 + rng.random((PROFILES, 168)))
    return World(points, hours, capacity.astype(float), demand, rng.uniform(0.05, 0.3, SERVICES))


def timed(seconds: dict[str, float], name: str, run: Callable[[], Any]) -> Any:
    """Run, and note how long it took, and of this the processor, which other work on the machine hardly changes."""
    started, worked = time.perf_counter(), time.process_time()
    found = run()
    seconds[name], seconds[f"{name}_processor"] = time.perf_counter() - started, time.process_time() - worked
    return found


def peak_mb() -> float:
    """Largest resident set of this process; `ru_maxrss` would count what the parent held when it started us."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(side: str, n_places: int, n_stations: int, per_place: float) -> dict[str, float]:
    """Every step on its own; what is checked is not timed."""
    here, seconds = world(n_places, n_stations, per_place), {}
    pairs = timed(seconds, "pairs", lambda: within_walk(*here.points, REACH, detour=DETOUR))
    week = timed(seconds, "week", lambda: cut(*here.hours, n_stations))
    opened = timed(seconds, "open", lambda: open_share(week))
    weights = timed(seconds, "kernel", lambda: gaussian(pairs.metres, REACH))
    covered = timed(seconds, "coverage", lambda: coverage(pairs, week, here.capacity > 0, here.demand))
    given = (pairs, weights, (here.capacity, opened))
    if side == "written_out":
        rows = here.demand.rows(0, n_places)
        found = timed(seconds, "access", lambda: access(*given, rows, here.share, dtype=np.float32))
        reached = float((np.einsum("it,ist->st", rows, found.values) * here.share[:, None]).sum())
        lost = abs(reached / float((here.capacity[:, :, None] * opened[:, None] * ~found.is_idle).sum()) - 1)
    else:
        lost = timed(seconds, "access", lambda: access_totals(*given, here.demand, here.share)).conservation_error
    twice = covered.covered.sum() / covered.place_covered.sum() - 1
    return {
        **seconds,
        "peak_mb": peak_mb(),
        "n_pairs": len(pairs),
        "lost": lost,
        "counted_otherwise": float(abs(twice)),
    }


if __name__ == "__main__":
    name, *sizes = sys.argv[1:]
    print(json.dumps(measure(name, int(sizes[0]), int(sizes[1]), float(sizes[2]))))
