"""What is scored in memory, piece by piece, two pieces at a time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial

from tests.score import changes, gaps, logs, posters, random_samples, rankings, self_selection, stations
from tests.score.districts import districts
from tests.score.figures import Figure

AT_ONCE = 2
SAMPLES_A_WORLD = 20  # a world of logs holds 60 stations, a sample one district
Job = Callable[[int, int], list[Figure]]


def jobs() -> dict[str, Job]:
    """Every piece: of so many districts, so many samples each."""
    made: dict[str, Job] = {name: partial(_random, name) for name in random_samples.DRAWS}
    kinds = (posters, stations, gaps, rankings, self_selection, changes)
    return made | {kind.__name__.rsplit(".", 1)[-1]: partial(_of, kind.__name__) for kind in kinds} | {"logs": _logs}


def _random(name: str, n_districts: int, per_district: int) -> list[Figure]:
    return random_samples.score(districts(n_districts), per_district, name)


def _of(module: str, n_districts: int, per_district: int) -> list[Figure]:
    places = districts(n_districts, met_by_visits=module == posters.__name__)
    return sys.modules[module].score(places, per_district)


def _logs(n_districts: int, per_district: int) -> list[Figure]:
    return logs.score(max(n_districts * per_district // SAMPLES_A_WORLD, 3))


def score_in_memory(n_districts: int, samples: int, only: str = "") -> list[Figure]:
    """All figures in the order of `jobs`; `samples` of each design in all, `only` of jobs whose name holds this text."""
    chosen = {name: job for name, job in jobs().items() if only in name}
    found: dict[str, list[Figure]] = {}
    with ProcessPoolExecutor(AT_ONCE) as pool:
        waiting = {pool.submit(job, n_districts, max(samples // n_districts, 1)): name for name, job in chosen.items()}
        for done in progress(as_completed(waiting), len(waiting)):
            found[waiting[done]] = done.result()
    return [figure for name in chosen for figure in found[name]]


def progress(things: Iterator, n: int) -> Iterator:
    """Passes things on, with a line on how many of `n` are done and how long the rest may take."""
    started = time.monotonic()
    for number, thing in enumerate(things, start=1):
        left = (time.monotonic() - started) / number * (n - number)
        print(f"\r{number} / {n} · {left:.0f} s left  ", end="" if number < n else "\n", file=sys.stderr, flush=True)
        yield thing
