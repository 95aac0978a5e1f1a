"""Random samples of known designs, simple and stratified, and uneven answering weighted back: do the intervals cover?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from pipeline.analysis.survey.design import Design, as_drawn_at_random
from pipeline.analysis.weighting.cells import match_cells
from pipeline.analysis.weighting.rake import rake
from tests.score.asked_of import MEASURES, asked_of, estimated, tally_shares
from tests.score.districts import District
from tests.score.figures import Figure, Tally

SIZE = 310
DOMAINS = ("all", "platform", "sector")
Draw = Callable[[District, np.random.Generator], tuple[np.ndarray, Design]]


def score(places: list[District], per_district: int, name: str) -> list[Figure]:
    """Coverage and bias of the design of this name."""
    tally, number = Tally(), list(DRAWS).index(name)
    for place in places:
        rng = np.random.default_rng([place.seed, number])
        asked = asked_of(place, 0, DOMAINS)
        for _ in range(per_district):
            rows, design = DRAWS[name](place, rng)
            tally_shares(tally, place.seed, asked, estimated(asked, rows, design))
    return [made for made in _figures(name, tally) if made.n]


def _figures(name: str, tally: Tally) -> list[Figure]:
    made = []
    for measure in MEASURES:
        made += [tally.figure(name, f"coverage, {measure}, {where}", 0.93, 0.97) for where in ("all", "domains")]
        made.append(tally.figure(name, f"coverage, {measure}, n 10-49"))
        made.append(tally.figure(name, f"bias, {measure}, points", -0.5, 0.5))
    return made


def simple(place: District, rng: np.random.Generator) -> tuple[np.ndarray, Design]:
    """310 persons of the frame, all alike."""
    rows = np.sort(rng.choice(place.n, SIZE, replace=False))
    return rows, of_strata(np.zeros(SIZE, int), np.array([place.n]))


def stratified(place: District, rng: np.random.Generator) -> tuple[np.ndarray, Design]:
    """The same share of every platform, two persons at least."""
    platform = place.domains["platform"]
    sizes = np.bincount(platform)
    wanted = np.maximum(np.round(sizes * SIZE / place.n).astype(int), 2)
    drawn = [rng.choice(np.flatnonzero(platform == stratum), n, replace=False) for stratum, n in enumerate(wanted)]
    rows = np.sort(np.concatenate(drawn))
    return rows, of_strata(platform[rows], sizes)


def of_strata(strata: np.ndarray, sizes: np.ndarray) -> Design:
    """Persons drawn without replacement from strata of known sizes."""
    weights = (sizes / np.maximum(np.bincount(strata, minlength=len(sizes)), 1))[strata]
    return Design(weights, strata, np.arange(len(strata)), None, 1 / weights, None, "fail")


def uneven(place: District, rng: np.random.Generator) -> np.ndarray:
    """310 persons; platforms and shifts differ up to four times in how willingly they answer, whatever they need."""
    platform, shift = place.domains["platform"], place.domains["shift"]
    willing = np.linspace(0.7, 1.4, platform.max() + 1)[platform] * np.linspace(1.4, 0.7, shift.max() + 1)[shift]
    return np.sort(rng.choice(place.n, SIZE, replace=False, p=willing / willing.sum()))


def poststratified(place: District, rng: np.random.Generator) -> tuple[np.ndarray, Design]:
    """Uneven answering, weighted to platform × half of the shifts; cells of which nobody answered go to their platform."""
    rows = uneven(place, rng)
    cells = place.domains["platform"] * 2 + (place.domains["shift"] >= 2)
    few = np.bincount(cells[rows], minlength=cells.max() + 1) < 5
    cells = np.where(few[cells], cells // 2 * 2 + 1000, cells)
    known = np.isin(cells, cells[rows])
    cells = np.where(known, cells, cells[rows][0])  # nobody of a platform answered: pooled with the first cell
    levels, sizes = np.unique(cells, return_counts=True)
    made = match_cells(cells[rows], dict(zip(levels.tolist(), sizes.tolist(), strict=True)), np.ones(SIZE))
    return rows, volunteers(made.weights, place.n, made.adjustment)


def raked(place: District, rng: np.random.Generator) -> tuple[np.ndarray, Design]:
    """Uneven answering, raked to platform, shift and sector."""
    rows = uneven(place, rng)
    return rows, raked_design(place, rows, np.full(SIZE, place.n / SIZE))


def raked_design(place: District, rows: np.ndarray, weights: np.ndarray) -> Design:
    """Weights raked to platform, shift and sector, as the design of volunteers drawn singly."""
    margins, totals = {}, {}
    for name in ("platform", "shift", "sector"):
        codes = place.domains[name]
        levels, sizes = np.unique(codes, return_counts=True)
        there = np.isin(levels, codes[rows])
        margins[name] = codes[rows]
        whole = sizes[there] * place.n / sizes[there].sum()
        totals[name] = dict(zip(levels[there].tolist(), whole.tolist(), strict=True))
    made = rake(margins, totals, weights)
    return volunteers(made.weights, place.n, made.adjustment)


def volunteers(weights: np.ndarray, population: int, adjustment: object = None) -> Design:
    """People whose design nobody chose, with weights that sum to the population, calibrated or not."""
    drawn = as_drawn_at_random(weights, population)
    return replace(drawn, adjustments=(adjustment,)) if adjustment is not None else drawn


DRAWS: dict[str, Draw] = {
    "simple random, n = 310": simple,
    "stratified by platform, n = 310": stratified,
    "uneven answering, post-stratified": poststratified,
    "uneven answering, raked": raked,
}
