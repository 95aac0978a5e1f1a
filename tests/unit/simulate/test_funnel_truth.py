"""The funnel of simulated answers is that of the chances they were drawn with."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.funnel import funnel, path
from pipeline.analysis.survey.design import as_drawn_at_random
from pipeline.simulate.questionnaire import FUNNEL
from pipeline.simulate.survey import PLANS, answer_sheet
from pipeline.simulate.who_answers import weekly_band, weekly_visits

STEPS = [name for name, _, _ in FUNNEL]
SAID = {"1": 1.0, "2": 0.0}


def chances(world, person: int, weekly: np.ndarray) -> np.ndarray:
    """How likely a person is to get as far as each step: who comes to stations has heard of them, found one and been inside."""
    figures = world.assumptions["funnel"]
    station = world.people.table["main_station"][person]
    served = figures["served"] + 0.6 * world.supply.works[station].sum() / max(1, world.supply.exists[station].sum())
    ends = [min(1.0, served), figures["returned"]]
    if weekly_band(weekly[person]) != "0":
        return np.cumprod([1, 1, 1, 1, *ends])
    return np.cumprod([figures["aware"], figures["found"], figures["open"], 0.2, *ends])


@pytest.fixture(scope="module")
def drawn(world):
    """Answers of 500 sheets of people drawn with chances by how often they come, their weights, and the true shares."""
    rng, weekly = np.random.default_rng(8), weekly_visits(world)
    size = (weekly + 1) / (weekly + 1).sum()
    people = rng.choice(len(weekly), 500, p=size)
    sheets = [answer_sheet(world, PLANS[0], int(person), "qr", weekly[person], rng) for person in people]
    said = np.array([[SAID.get(sheet[step], np.nan) for step in STEPS] for sheet in sheets])
    truth = np.mean([chances(world, person, weekly) for person in range(len(weekly))], axis=0)
    return said, 1 / size[people], truth


def test_cumulative_shares_are_recovered_within_their_error(drawn):
    said, weights, truth = drawn
    found = funnel(as_drawn_at_random(weights), path(said), pl.DataFrame({"step": STEPS})).reached
    assert found.se.max() < 0.05
    assert (np.abs(found.est - truth) < 3 * np.maximum(found.se, 0.005)).all()


def test_who_found_the_door_shut_and_came_in_later_is_not_lost_at_the_door(drawn):
    said, weights, truth = drawn
    opened = STEPS.index("open")
    naive = funnel(
        as_drawn_at_random(weights), path(said[:, : opened + 1]), pl.DataFrame({"step": STEPS[: opened + 1]})
    )
    assert naive.reached.est[opened] < truth[opened] - 0.05  # what the question alone would say
