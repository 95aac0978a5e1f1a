"""Who answers a wave: a poster sample that sees frequent visitors more, and an intercept sample off the stations."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.questionnaire import VISITS
from pipeline.simulate.world import World


def wanted_sample(world: World, number: int) -> tuple[int, int]:
    """How many are to answer a wave by the poster and off the stations: fewer in a small world."""
    figures = world.assumptions["survey"]
    n_attached = int(world.people.table["is_attached"].sum())
    share = min(n_attached / (1100 * world.assumptions["population"]["frame_factor"]), 1.0)
    poster = round((figures["second_wave"] if number else figures["first_wave"]) * share)
    return poster, round(figures["intercept"] * share) or 1


def draw_respondents(
    frame: np.ndarray,
    weekly: np.ndarray,
    urge: np.ndarray,
    figures: dict[str, float],
    wanted: tuple[int, int],
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Who answers by the poster, and who of the others is asked off the stations, out of a frame.

    Within the two weeks of the field every visit shows the poster with the same chance (`see_poster_per_visit`), so who
    comes `weekly` times a week answers the more often; `urge` weighs how willing each person is. The intercept sample is
    a simple random one of the rest.
    """
    chance = 1 - (1 - figures["see_poster_per_visit"]) ** (2 * weekly)
    chance = chance * urge + 1e-9
    n = min(wanted[0], int((chance > 1e-6).sum()) - 1)
    poster = rng.choice(frame, n, replace=False, p=chance / chance.sum())
    rest = np.setdiff1d(frame, poster)
    return poster, rng.choice(rest, min(wanted[1], len(rest)), replace=False)


def weekly_visits(world: World) -> np.ndarray:
    """Usual station visits a week of every person: what an activity day or a fix adds is no habit."""
    visits = world.visits.visits.filter((pl.col("person") >= 0) & ~pl.col("is_added"))
    counts = np.bincount(visits["person"].to_numpy(), minlength=world.people.table.height)
    return counts / (world.weather.height / 7)


def weekly_band(visits: float) -> str:
    """The option of the question on visits per week."""
    bounds = (0.08, 1.0, 2.5, 4.5, 6.5)
    return VISITS[sum(visits >= bound for bound in bounds)][0]
