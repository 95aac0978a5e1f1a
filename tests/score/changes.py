"""Change between two waves: two samples drawn apart, a third of the people asked again, and one panel asked twice."""

from __future__ import annotations

import numpy as np

from pipeline.analysis.survey.change import change
from pipeline.analysis.survey.estimates import Estimates
from tests.score.asked_of import asked_of, estimated
from tests.score.districts import District
from tests.score.figures import Figure, Tally, covered
from tests.score.random_samples import SIZE, of_strata, simple

PART = "change between two waves, n = 310 each"
AGAIN = {"drawn apart": None, "a third asked again": SIZE // 3, "the same people": SIZE}


def score(places: list[District], per_district: int) -> list[Figure]:
    """Coverage of the change of need and unmet need of every service."""
    tally = Tally()
    for place in places:
        rng = np.random.default_rng([place.seed, 60])
        waves = [asked_of(place, wave, ("all",), ("need", "unmet")) for wave in (0, 1)]
        truth = waves[1].truth - waves[0].truth
        for _ in range(per_district):
            rows, design = simple(place, rng)
            before = estimated(waves[0], rows, design)
            for name, again in AGAIN.items():
                later = second_sample(place, rows, again, rng)
                now = estimated(waves[1], later, of_strata(np.zeros(SIZE, int), np.array([place.n])))
                _add(tally, place.seed, name, (now, later), (before, rows), truth)
    made = [tally.figure(PART, f"coverage, {name}", 0.93, 0.97) for name in AGAIN]
    return [*made, *(tally.figure(PART, f"width, {name}") for name in AGAIN)]


def second_sample(place: District, first: np.ndarray, again: int | None, rng: np.random.Generator) -> np.ndarray:
    """310 persons: any of the frame, or so many of the first sample and the rest of those not in it."""
    if again is None:
        return rng.choice(place.n, SIZE, replace=False)
    others = np.setdiff1d(np.arange(place.n), first)
    kept, new = rng.choice(first, again, replace=False), rng.choice(others, SIZE - again, replace=False)
    return np.concatenate([kept, new])


def _add(
    tally: Tally,
    district: int,
    name: str,
    now: tuple[Estimates, np.ndarray],
    before: tuple[Estimates, np.ndarray],
    truth: np.ndarray,
) -> None:
    _, same_now, same_before = np.intersect1d(now[1], before[1], return_indices=True)
    found = change(now[0], before[0], same_now=same_now, same_before=same_before)
    low, high = found["change_lci"].to_numpy(), found["change_uci"].to_numpy()
    tally.add(f"coverage, {name}", district, covered(low, high, truth))
    tally.add(f"width, {name}", district, high - low)
