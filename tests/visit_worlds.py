"""A made-up population of couriers of whom 19 % never come to a station; unmet need falls with visits. Samples of 300 from
a poster and 40 interviews, and how far off each way of weighing is."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.optimize import brentq

from pipeline.analysis.survey.design import design
from pipeline.analysis.survey.estimates import shares
from pipeline.analysis.weighting.visits import visit_weights

N, WEEKS, NEVER = 1126, 2.0, 0.19
BOUNDS, NUMBERS = (0.08, 1, 2.5, 4.5, 6.5), np.array([0, 0.5, 1.5, 3.5, 5.5, 8.0])
POSTERS = ("thinned", "per_visit", "proportional")


def population(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Visits a week and unmet need of every courier."""
    visits = np.where(rng.random(N) < NEVER, 0.0, rng.gamma(1.2, 2.2, N))
    visits[visits < BOUNDS[0]] = 0.0
    return visits, rng.random(N) < 0.75 - 0.45 * (1 - np.exp(-visits / 2))


def sample(visits: np.ndarray, poster: str, rng: np.random.Generator, n_poster: int = 300, n_interviews: int = 40):
    """Persons who answered, and how (qr, intercept). `thinned`: noticed with 22 % a visit, then a fixed number of those;
    `per_visit`: everybody who noticed; `proportional`: a fixed number, as often as they come."""
    noticed = 1 - (1 - 0.22) ** (WEEKS * visits)
    if poster == "per_visit":
        q = brentq(lambda q: (1 - (1 - q) ** (WEEKS * visits)).sum() - n_poster, 1e-6, 0.999)
        found = np.flatnonzero(rng.random(N) < 1 - (1 - q) ** (WEEKS * visits))
    else:
        chance = noticed if poster == "thinned" else visits
        found = rng.choice(N, n_poster, replace=False, p=chance / chance.sum())
    met = rng.choice(np.setdiff1d(np.arange(N), found), n_interviews, replace=False)
    return np.concatenate([found, met]), np.array(["qr"] * len(found) + ["intercept"] * n_interviews)


def said(visits: np.ndarray) -> np.ndarray:
    """Visits as the question's bands have them."""
    return NUMBERS[np.searchsorted(BOUNDS, visits, side="right")]


def bias_of_unmet_need(poster: str, *, n_runs: int, seed: int) -> dict[str, float]:
    """Mean error of unmet need (as a share): unweighted, by visits without the interviews, and with them."""
    rng = np.random.default_rng(seed)
    errors = []
    for _ in range(n_runs):
        visits, need = population(rng)
        persons, mode = sample(visits, poster, rng)
        from_poster, y = mode == "qr", need[persons].astype(float)
        alone = _weights(visits[persons[from_poster]], mode[from_poster])
        joint = _weights(visits[persons], mode)
        errors.append(
            [y[from_poster].mean(), np.average(y[from_poster], weights=alone), np.average(y, weights=joint)]
            - need.mean()
        )
    return dict(zip(("unweighted", "visits_only", "with_interviews"), np.mean(errors, axis=0).tolist(), strict=True))


def coverage_of_unmet_need(poster: str, *, n_runs: int, seed: int) -> float:
    """Share of 95 % intervals of unmet need, from weights with the interviews, that hold the truth."""
    rng, held = np.random.default_rng(seed), 0
    for _ in range(n_runs):
        visits, need = population(rng)
        persons, mode = sample(visits, poster, rng)
        made = visit_weights(pl.Series(said(visits[persons])), pl.Series(mode), weeks=WEEKS, population=N)
        frame = pl.DataFrame({"weight": made.weights, "chance": made.inclusion.clip(0, 1)})
        drawn = design(frame, fpc="chance", pps="brewer", adjustments=(made.adjustment,) if made.adjustment else ())
        found = shares(
            drawn, need[persons][:, None], np.ones((len(persons), 1)), pl.DataFrame({"x": ["unmet"]})
        ).table()
        held += found["lci"].item() <= need.mean() <= found["uci"].item()
    return held / n_runs


def _weights(visits: np.ndarray, mode: np.ndarray) -> np.ndarray:
    return visit_weights(pl.Series(said(visits)), pl.Series(mode), weeks=WEEKS, population=N).weights.to_numpy()
