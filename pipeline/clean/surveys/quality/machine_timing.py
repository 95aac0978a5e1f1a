"""Time as a machine keeps it: sheets sent at even steps, in one and the same number of seconds, or at one second of the minute.

How many sheets it takes is reckoned from how crowded the wave is around them, so that a busy wave needs longer runs; the
limits say how many such runs may come about by chance in the whole wave.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import stats

MINUTE = 60
LAGS = 60  # a step is looked for between a sheet and the next so many


def machine_timed(submitted: np.ndarray, seconds: np.ndarray, limits: Mapping[str, float]) -> np.ndarray:
    """Whether each sheet bears a sign of a machine. `submitted`: seconds since an epoch; `seconds`: time taken; both float
    with NaN where unknown. Platforms that write whole minutes are told from the data."""
    found = np.zeros(len(submitted), dtype=bool)
    for times in (submitted, submitted - seconds):
        known = np.flatnonzero(~np.isnan(times))
        if len(known) >= limits["least_sheets"]:
            found[known] |= even_steps(times[known].astype(np.int64), limits)
    known = np.flatnonzero(~np.isnan(seconds))
    found[known] |= same_seconds(seconds[known].astype(np.int64), limits)
    known = np.flatnonzero(~np.isnan(submitted))
    found[known] |= same_second_of_minute(submitted[known].astype(np.int64), limits)
    return found


def unit_of(values: np.ndarray) -> int:
    """60 where nine tenths of the times are whole minutes, else 1 (seconds).

    >>> unit_of(np.array([60, 120, 600])), unit_of(np.array([60, 121, 605]))
    (60, 1)
    """
    return MINUTE if len(values) and (values % MINUTE == 0).mean() > 0.9 else 1


def even_steps(times: np.ndarray, limits: Mapping[str, float]) -> np.ndarray:
    """Whether each time is part of a run at even steps that is too long for chance.

    >>> rng = np.random.default_rng(1)
    >>> honest, machine = rng.integers(0, 10**6, 100), 500_000 + 45 * np.arange(10)
    >>> limits = {"least_sheets": 5, "false_runs": 0.01, "tolerance_seconds": 1, "longest_step_minutes": 60}
    >>> even_steps(np.concatenate([honest, machine]), limits).sum(), even_steps(honest, limits).sum()
    (np.int64(10), np.int64(0))
    """
    unit = unit_of(times)
    slack = int(limits["tolerance_seconds"]) if unit == 1 else 0
    longest = int(limits["longest_step_minutes"] * MINUTE / unit)
    order = np.argsort(times, kind="stable")
    ranked = times[order] // unit
    starts, nexts = _first_steps(ranked, 2 * slack + 1, longest)
    found = np.zeros(len(times), dtype=bool)
    if not len(starts):
        return found
    length = _run_lengths(ranked, starts, nexts, slack)
    crowd = np.searchsorted(ranked, ranked + MINUTE * 30 // unit) - np.searchsorted(
        ranked, ranked - MINUTE * 30 // unit
    )
    hit = np.minimum(crowd / (MINUTE * 60 / unit) * (2 * slack + 1), 0.95)[starts]
    needed = np.maximum(limits["least_sheets"], 2 + np.log(len(starts) / limits["false_runs"]) / -np.log(hit))
    for place in np.flatnonzero(length >= needed)[np.argsort(-length[length >= needed], kind="stable")]:
        if not (found[order[starts[place]]] and found[order[nexts[place]]]):
            found[order[_run(ranked, starts[place], nexts[place], slack)]] = True
    return found


def _first_steps(ranked: np.ndarray, least: int, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of times whose distance may be the step of a run."""
    starts, nexts = [], []
    for lag in range(1, min(LAGS, len(ranked) - 1) + 1):
        step = ranked[lag:] - ranked[:-lag]
        own = np.flatnonzero((step >= least) & (step <= longest))
        starts.append(own)
        nexts.append(own + lag)
    return np.concatenate(starts or [np.empty(0, int)]), np.concatenate(nexts or [np.empty(0, int)])


def _run_lengths(ranked: np.ndarray, starts: np.ndarray, nexts: np.ndarray, slack: int) -> np.ndarray:
    """How many times lie on the run that each pair begins."""
    length, step = np.full(len(starts), 2), ranked[nexts] - ranked[starts]
    alive, at = np.arange(len(starts)), nexts.copy()
    while len(alive):
        at, on = _next(ranked, at, step[alive], slack)
        alive, at = alive[on], at[on]
        length[alive] += 1
    return length


def _next(ranked: np.ndarray, at: np.ndarray, step: np.ndarray, slack: int) -> tuple[np.ndarray, np.ndarray]:
    """The time one step on, and whether there is one."""
    target = ranked[at] + step
    place = np.searchsorted(ranked, target - slack)
    inside = np.minimum(place, len(ranked) - 1)
    return inside, (place < len(ranked)) & (ranked[inside] <= target + slack)


def _run(ranked: np.ndarray, start: int, after: int, slack: int) -> list[int]:
    """The places of one run."""
    places, step = [start, after], ranked[[after]] - ranked[[start]]
    while True:
        at, on = _next(ranked, np.array([places[-1]]), step, slack)
        if not on[0]:
            return places
        places.append(int(at[0]))


def same_seconds(seconds: np.ndarray, limits: Mapping[str, float]) -> np.ndarray:
    """Whether each sheet took exactly as long as far too many others, against the times just below and above."""
    unit = unit_of(seconds)
    counts = np.bincount(np.maximum(seconds, 0) // unit)
    reach = np.maximum(3, np.arange(len(counts)) // 10)
    total = np.concatenate([[0], np.cumsum(counts)])
    low, high = (
        np.maximum(np.arange(len(counts)) - reach, 0),
        np.minimum(np.arange(len(counts)) + reach + 1, len(counts)),
    )
    expected = np.maximum((total[high] - total[low] - counts) / np.maximum(high - low - 1, 1), 1 / 3)
    chance = stats.poisson.sf(counts - 1, expected) * np.count_nonzero(counts)
    heap = (chance < limits["false_heaps"]) & (counts >= limits["least_sheets"])
    return heap[np.maximum(seconds, 0) // unit]


def same_second_of_minute(submitted: np.ndarray, limits: Mapping[str, float]) -> np.ndarray:
    """Whether each sheet came at the same second of the minute as far too many others of its hour."""
    if unit_of(submitted) != 1 or not len(submitted):
        return np.zeros(len(submitted), dtype=bool)
    hour, second = submitted // 3600, submitted % MINUTE
    _, own_hour, in_hour = np.unique(hour, return_inverse=True, return_counts=True)
    _, own_heap, in_heap = np.unique(hour * MINUTE + second, return_inverse=True, return_counts=True)
    n, k = in_hour[own_hour], in_heap[own_heap]
    chance = stats.binom.sf(k - 1, n, 1 / MINUTE) * len(in_hour) * MINUTE
    return (chance < limits["false_heaps"]) & (k >= limits["least_sheets"])
