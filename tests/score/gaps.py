"""Gap lists: which services of which grid cells lack more than 10 points, and how many of those listed do not."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.comparisons.multiplicity import FALSE_SHARE, PRACTICAL_GAP, gap_list
from tests.score.asked_of import asked_of, estimated
from tests.score.districts import District
from tests.score.figures import Figure, Tally
from tests.score.random_samples import raked, simple

LISTS = {"14 services": "all", "grid cell × service": "cell"}
DRAWS = {"n = 310": simple, "uneven, raked": raked}


def score(places: list[District], per_district: int) -> list[Figure]:
    """False discovery rate and power of lists of unmet need, by kind of list and of sample."""
    figures = []
    for number, (drawn, draw) in enumerate(DRAWS.items()):
        tally = Tally()
        for place in places:
            rng = np.random.default_rng([place.seed, 70, number])
            of = {name: asked_of(place, 0, (domain,), ("unmet",)) for name, domain in LISTS.items()}
            for _ in range(per_district):
                rows, design = draw(place, rng)
                for name, asked in of.items():
                    table = estimated(asked, rows, design).table()
                    _add(tally, place.seed, name, table, asked.truth, design.degrees_of_freedom())
        figures += _figures(f"gap lists, {drawn}", tally)
    return figures


def _add(tally: Tally, district: int, name: str, table: pl.DataFrame, truth: np.ndarray, df: int) -> None:
    found = gap_list(table["est"], table["se"], df=df, n_eff=table["n_eff"])["is_gap"].fill_null(False).to_numpy()
    bare = (table["lci"] > PRACTICAL_GAP).fill_null(False).to_numpy()
    true = truth > PRACTICAL_GAP
    for way, listed in (("BH", found), ("unadjusted", bare)):
        tally.add(f"FDR, {name}, {way}", district, false_share(listed, true))
        tally.add(f"power, {name}, {way}", district, listed[true])


def false_share(listed: np.ndarray, true: np.ndarray) -> float:
    """Share of those listed that are not true; 0 of an empty list.

    >>> false_share(np.array([True, True, False]), np.array([True, False, True]))
    0.5
    """
    return float((listed & ~true).sum() / max(listed.sum(), 1))


def _figures(part: str, tally: Tally) -> list[Figure]:
    made = []
    for name in LISTS:
        made.append(tally.figure(part, f"FDR, {name}, BH", None, FALSE_SHARE))
        made.append(tally.figure(part, f"power, {name}, BH"))
        made.append(tally.figure(part, f"FDR, {name}, unadjusted"))
        made.append(tally.figure(part, f"power, {name}, unadjusted"))
    return made
