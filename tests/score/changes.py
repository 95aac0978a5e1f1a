"""Change between two waves: two samples drawn apart, and one panel asked twice."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.differences import with_difference
from pipeline.analysis.estimates import contrasts, shares
from tests.score.asked_of import Asked, asked_of
from tests.score.districts import District
from tests.score.figures import Figure, Tally, covered
from tests.score.random_samples import simple

PART = "change between two waves, n = 310 each"


def score(places: list[District], per_district: int) -> list[Figure]:
    """Coverage of the change of need and unmet need of every service."""
    tally = Tally()
    for place in places:
        rng = np.random.default_rng([place.seed, 60])
        waves = [asked_of(place, wave, ("all",), ("need", "unmet")) for wave in (0, 1)]
        truth = waves[1].truth - waves[0].truth
        for _ in range(per_district):
            _apart(tally, place, waves, truth, rng)
            _panel(tally, place, waves, truth, rng)
    made = [tally.figure(PART, f"coverage, {name}", 0.93, 0.97) for name in ("samples apart", "same people")]
    return [*made, *(tally.figure(PART, f"width, {name}") for name in ("samples apart", "same people"))]


def _apart(tally: Tally, place: District, waves: list[Asked], truth: np.ndarray, rng: np.random.Generator) -> None:
    tables = []
    for asked in waves:
        rows, design = simple(place, rng)
        tables.append(shares(design, asked.chosen[rows], asked.whole[rows], asked.labels).table())
    before = tables[0].select(pl.col("est", "lci", "uci").name.suffix("_before"))
    both = with_difference(tables[1].select("est", "lci", "uci").hstack(before))
    _add(tally, "samples apart", place.seed, both["change_lci"].to_numpy(), both["change_uci"].to_numpy(), truth)


def _panel(tally: Tally, place: District, waves: list[Asked], truth: np.ndarray, rng: np.random.Generator) -> None:
    rows, design = simple(place, rng)
    k = len(truth)
    labels = pl.concat([asked.labels.with_columns(wave=pl.lit(number)) for number, asked in enumerate(waves)])
    chosen, whole = (
        np.concatenate([getattr(asked, name)[rows] for asked in waves], axis=1) for name in ("chosen", "whole")
    )
    both = shares(design, chosen, whole, labels)
    table = contrasts(both, np.hstack([-np.eye(k), np.eye(k)]), waves[0].labels).table()
    _add(tally, "same people", place.seed, table["lci"].to_numpy(), table["uci"].to_numpy(), truth)


def _add(tally: Tally, name: str, district: int, low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> None:
    tally.add(f"coverage, {name}", district, covered(low, high, truth))
    tally.add(f"width, {name}", district, high - low)
