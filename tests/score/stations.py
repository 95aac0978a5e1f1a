"""Stations with five respondents each: intervals of the share among the persons there are, direct and shrunken."""

from __future__ import annotations

import numpy as np

from pipeline.analysis.small_areas.beta_binomial import beta_binomial
from pipeline.analysis.survey.intervals import share_interval
from tests.score.districts import District
from tests.score.figures import Figure, Tally, covered
from tests.score.random_samples import SIZE

PART = "60 stations, n = 310 in all"
SERVICES_A_SAMPLE = 2


def score(places: list[District], per_district: int) -> list[Figure]:
    """Coverage, width and error of unmet need by station; two services a sample, in turn."""
    tally = Tally()
    for place in places:
        rng = np.random.default_rng([place.seed, 30])
        station, unmet = place.domains["station"], place.unmet[0]
        size = np.bincount(station, minlength=station.max() + 1)
        for number in range(per_district):
            rows = rng.choice(place.n, SIZE, replace=False)
            n = np.bincount(station[rows], minlength=len(size))
            for service in range(SERVICES_A_SAMPLE):
                yes = unmet[:, (SERVICES_A_SAMPLE * number + service) % unmet.shape[1]]
                x = np.bincount(station[rows], yes[rows], len(size))
                _add(tally, place.seed, x[size > 0], n[size > 0], size[size > 0], np.bincount(station, yes)[size > 0])
    return _figures(tally)


def _add(tally: Tally, district: int, x: np.ndarray, n: np.ndarray, size: np.ndarray, yes: np.ndarray) -> None:
    truth, seen = yes / size, n > 0
    areas = beta_binomial(x, n, population=size).areas
    low, high, est = (areas[name].to_numpy() for name in ("lci", "uci", "est"))
    hit = covered(low, high, truth)
    tally.add("coverage, shrunken", district, hit[seen])
    tally.add("coverage, shrunken, n = 0", district, hit[~seen])
    tally.add("width, shrunken", district, (high - low)[seen])
    with np.errstate(invalid="ignore", divide="ignore"):
        share, left = x / n, 1 - n / size
        se = np.sqrt(share * (1 - share) / (n - 1) * left)
        first, last, _ = share_interval(share, np.where(n > 1, se, 0.0), n / np.maximum(left, 1e-9), SIZE - 1)
    tally.add("coverage, direct", district, covered(first, last, truth)[seen])
    tally.add("width, direct", district, (last - first)[seen])
    tally.add("square, direct", district, (share - truth)[seen] ** 2)
    tally.add("square, shrunken", district, (est - truth)[seen] ** 2)


def _figures(tally: Tally) -> list[Figure]:
    names = {"coverage, shrunken": (0.93, None), "coverage, shrunken, n = 0": (0.93, None), "width, shrunken": (),
             "coverage, direct": (), "width, direct": ()}  # fmt: skip
    made = [tally.figure(PART, name, *aim) for name, aim in names.items()]
    shrunken, direct = (tally.figure(PART, f"square, {name}") for name in ("shrunken", "direct"))
    ratio = np.sqrt(shrunken.value / direct.value)
    error = ratio / 2 * np.hypot(shrunken.error / shrunken.value, direct.error / direct.value)
    return [*made, Figure(PART, "RMSE, shrunken / direct", float(ratio), float(error), shrunken.n, None, 0.7)]
