"""Ranks of services by need: do the sets hold every true rank at once, and how wide are they?"""

from __future__ import annotations

import numpy as np

from pipeline.analysis.comparisons.ranks import rank_sets
from pipeline.analysis.comparisons.tiers import tiers
from tests.score.asked_of import asked_of, estimated
from tests.score.districts import District
from tests.score.figures import Figure, Tally
from tests.score.random_samples import simple

PART = "ranks of 14 services, n = 310"
DRAWS = 4000  # of the largest statistic: enough for a quantile of .95


def score(places: list[District], per_district: int) -> list[Figure]:
    """Joint coverage of rank sets and truth of tiers, for need in the second wave."""
    tally = Tally()
    for place in places:
        rng = np.random.default_rng([place.seed, 40])
        asked = asked_of(place, 1, ("all",), ("need",))
        truth = asked.truth
        rank = 1 + (truth[None, :] > truth[:, None] + 1e-12).sum(axis=1)
        for _ in range(per_district):
            rows, design = simple(place, rng)
            made = estimated(asked, rows, design)
            sets = rank_sets(made.est, made.cov, n_draws=DRAWS)
            low, high = sets["rank_from"].to_numpy(), sets["rank_to"].to_numpy()
            tally.add("all true ranks in their sets", place.seed, float(((low <= rank) & (rank <= high)).all()))
            tally.add("places in a set", place.seed, high - low + 1)
            tally.add("point ranking entirely right", place.seed, float((sets["rank"].to_numpy() == rank).all()))
            tier = tiers(made.est, made.cov, n_draws=DRAWS)["tier_code"].to_numpy()
            tally.add("all tiers true", place.seed, float(_true_tiers(tier, truth)))
            tally.add("services in a clear tier", place.seed, tier != "not_distinguishable")
    aims = {"all true ranks in their sets": (0.95, None), "places in a set": (), "point ranking entirely right": (),
            "all tiers true": (0.95, None), "services in a clear tier": ()}  # fmt: skip
    return [tally.figure(PART, name, *aim) for name, aim in aims.items()]


def _true_tiers(tier: np.ndarray, truth: np.ndarray) -> bool:
    """Whether nothing is called clearly above or below the average that is not."""
    above, below = tier == "clearly_above", tier == "clearly_below"
    return bool((truth[above] > truth.mean()).all() and (truth[below] < truth.mean()).all())
