"""Volunteers who answer because of their need: does the sensitivity band hold the truth up to odds of 2?"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from pipeline.analysis.survey.estimates import shares
from pipeline.analysis.survey.selection import selection_band
from tests.score.asked_of import asked_of
from tests.score.districts import District
from tests.score.figures import Figure, Tally, covered
from tests.score.random_samples import SIZE, raked_design

PART = "need drives answering, raked"
ODDS = (0.5, 0.75, 1.0, 1.5, 2.0)


def score(places: list[District], per_district: int) -> list[Figure]:
    """Coverage of band and of plain interval for need, by the odds at which those in need answer; one service a sample."""
    tally = Tally()
    for place in places:
        rng = np.random.default_rng([place.seed, 50])
        asked = asked_of(place, 0, ("all",), ("need",))
        n_services = place.need.shape[2]
        for number in range(per_district):
            service = number % n_services
            chosen, labels = asked.chosen[:, [service]], asked.labels[[service]]
            for odds in ODDS:
                answers = rng.random(place.n) < response(chosen[:, 0], odds, SIZE / place.n)
                rows = np.flatnonzero(answers)
                design = raked_design(place, rows, np.full(len(rows), place.n / len(rows)))
                table = shares(design, chosen[rows], np.ones((len(rows), 1)), labels).table()
                ends = [table[name].to_numpy() for name in ("est", "lci", "uci")]
                band = selection_band(*ends, response_rate=len(rows) / place.n)
                truth = asked.truth[[service]]
                name = f"at odds {odds:g}"
                tally.add(f"interval covers {name}", place.seed, covered(ends[1], ends[2], truth))
                tally.add(f"band holds {name}", place.seed, covered(*band.to_numpy().T, truth))
    made = [tally.figure(PART, f"band holds at odds {odds:g}", 0.9) for odds in ODDS]
    return made + [tally.figure(PART, f"interval covers at odds {odds:g}") for odds in ODDS]


def response(needs: np.ndarray, odds: float, rate: float) -> np.ndarray:
    """Chance to answer of each person: those in need at `odds` times the odds of the others, `rate` on average.

    >>> response(np.array([True, False]), 1.0, 0.25).round(6).tolist()
    [0.25, 0.25]
    """
    share = needs.mean()

    def chances(others: float) -> tuple[float, float]:
        return odds * others / (1 - others + odds * others), others

    def excess(others: float) -> float:
        theirs, _ = chances(others)
        return share * theirs + (1 - share) * others - rate

    theirs, others = chances(brentq(excess, 1e-9, 1 - 1e-9))
    return np.where(needs, theirs, others)
