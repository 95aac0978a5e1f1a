"""A poster in the station and 40 interviews elsewhere, where who seldom comes gets little: what weighting by visits mends."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.survey.design import Design
from pipeline.analysis.survey.selection import selection_band
from pipeline.analysis.weighting.visits import visit_weights
from pipeline.simulate.in_memory import draw_sample
from pipeline.simulate.questionnaire import VISITS
from tests.score.asked_of import Asked, asked_of, estimated
from tests.score.districts import District
from tests.score.figures import Figure, Tally, covered
from tests.score.random_samples import raked_design, volunteers

PART = "poster (318) + 40 interviews, hard case"
WEEKS = 2.0
SAID = {code: middle for code, _, middle in VISITS}
WAYS = ("unweighted", "raked", "visits, no interviews", "visits", "visits, raked")


def score(places: list[District], per_district: int) -> list[Figure]:
    """Bias and coverage of unmet need by way of weighting. `places` must be hard cases."""
    tally = Tally()
    for place in places:
        rng = np.random.default_rng([place.seed, 20])
        asked = asked_of(place, 0, ("all",), ("unmet",))
        for _ in range(per_district):
            sample = draw_sample(place.population, 0, rng)
            for way, (rows, design) in _weighted(place, sample.rows, sample.mode).items():
                _add(tally, place, asked, way, rows, design)
    return _figures(tally)


def _weighted(place: District, rows: np.ndarray, mode: np.ndarray) -> dict[str, tuple[np.ndarray, Design]]:
    bands = place.population.people["visits_band"].to_list()
    visits = np.array([SAID[bands[row]] for row in rows])
    even = np.full(len(rows), place.n / len(rows))
    poster = mode == "qr"
    alone = visit_weights(pl.Series(visits[poster]), pl.Series(mode[poster]), weeks=WEEKS, population=place.n)
    both = visit_weights(pl.Series(visits), pl.Series(mode), weeks=WEEKS, population=place.n).weights.to_numpy()
    return {
        "unweighted": (rows, volunteers(even, place.n)),
        "raked": (rows, raked_design(place, rows, even)),
        "visits, no interviews": (rows[poster], volunteers(alone.weights.to_numpy(), place.n)),
        "visits": (rows, volunteers(both, place.n)),
        "visits, raked": (rows, raked_design(place, rows, both)),
    }


def _add(tally: Tally, place: District, asked: Asked, way: str, rows: np.ndarray, design: Design) -> None:
    made = estimated(asked, rows, design)
    table = made.table()
    low, high = table["lci"].to_numpy(), table["uci"].to_numpy()
    band = selection_band(made.est, low, high, response_rate=len(rows) / place.n)
    truth = asked.truth
    tally.add(f"bias, unmet, {way}, points", place.seed, 100 * (made.est - truth))
    tally.add(f"coverage, unmet, {way}", place.seed, covered(low, high, truth))
    held = covered(band["band_low"].to_numpy(), band["band_high"].to_numpy(), truth)
    tally.add(f"band holds, unmet, {way}", place.seed, held)


def _figures(tally: Tally) -> list[Figure]:
    made = []
    for way in WAYS:
        aim = (-1.0, 1.0) if way.startswith("visits") and "no" not in way else (None, None)
        made.append(tally.figure(PART, f"bias, unmet, {way}, points", *aim))
        made.append(tally.figure(PART, f"coverage, unmet, {way}", *((0.93, 0.97) if aim[0] else (None, None))))
        made.append(tally.figure(PART, f"band holds, unmet, {way}", *((0.9, None) if aim[0] else (None, None))))
    return made
