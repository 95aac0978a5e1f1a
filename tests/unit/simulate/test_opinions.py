"""Opinions of services, the answers that show them, and the truth about them."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_series_equal

from pipeline.contracts import load_variables
from pipeline.simulate.opinions import CATEGORIES, KANO_ANSWERS, KANO_SERVICES, kano_pair
from pipeline.simulate.questionnaire import ASKED, NOT_SHOWN
from pipeline.simulate.scoring_truth import kano, needs_by_platform, service_satisfaction, visits_bands
from pipeline.simulate.second_wave import MATRICES, UNUSED, questions_of
from pipeline.simulate.survey import answer_waves

# functional answer down, dysfunctional answer across, both from like to dislike (Berger 1993)
TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
LETTERS = dict(zip(CATEGORIES, "MOAIR", strict=True))


@pytest.fixture(scope="module")
def waves(world):
    return answer_waves(world, np.random.default_rng(1), np.random.default_rng(2))


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_pair_of_answers_falls_into_the_category_it_was_made_for(category):
    rng = np.random.default_rng(5)
    for _ in range(40):
        there, not_there = (KANO_ANSWERS.index(answer) for answer in kano_pair(category, rng))
        assert TABLE[there][not_there] == LETTERS[category]


def test_only_the_second_wave_asks_the_further_questions_and_links_them(world):
    first, second = questions_of(world, 0), questions_of(world, 1)
    assert second[: len(first)] == first
    assert tuple(question.variable for question in second[len(first) :]) == MATRICES
    assert set(MATRICES) <= set(load_variables())
    assert [item.code for item in second[-1].items] == list(KANO_SERVICES)
    assert len({item.text for question in second for item in question.items}) == sum(len(q.items) for q in second)


def test_honest_answers_say_what_is_true_of_the_person(world, waves):
    first, second = waves
    assert not any(name in row for row in first.rows for name in MATRICES)
    honest = [row for row in second.rows if row["_cheat"] == ""]
    marks = [(row["_person"], row["service_satisfaction"]) for row in honest if "service_satisfaction" in row]
    shown = [(person, mark) for person, mark in marks if mark != NOT_SHOWN]
    codes = world.supply.codes
    for person, row in shown:
        for code, mark in zip(ASKED, row, strict=True):
            k = codes.index(code)
            assert mark == (str(world.opinions.satisfaction[person, k]) if world.opinions.used[person, k] else UNUSED)
    assert len(shown) > 10 and any(mark == NOT_SHOWN for _, mark in marks)
    never = {row["_person"] for row in honest if row["visits_per_week"] == "0"}
    assert {person for person, mark in marks if mark == NOT_SHOWN} <= never


def test_the_same_persons_answer_whatever_the_luck_of_the_further_questions(world, waves):
    again = answer_waves(world, np.random.default_rng(1), np.random.default_rng(99))
    for one, other in zip(waves, again, strict=True):
        assert [row["_person"] for row in one.rows] == [row["_person"] for row in other.rows]
        assert [row.get("need") for row in one.rows] == [row.get("need") for row in other.rows]


def test_truth_counts_the_attached_alone(world):
    n = int(world.people.table["is_attached"].sum())
    bands = visits_bands(world)
    assert bands["n_persons"].sum() == n and bands["share"].sum() == pytest.approx(1)
    assert set(kano(world).group_by("service_code").agg(pl.col("n_persons").sum())["n_persons"]) == {n}
    satisfied = service_satisfaction(world)
    assert satisfied.filter(pl.col("n_users") == 0)["mean"].null_count() == (satisfied["n_users"] == 0).sum()
    assert satisfied["mean"].drop_nulls().is_between(1, 5).all()


def test_needs_by_platform_add_up_to_all_needs(world):
    frame = world.people.table["is_attached"].to_numpy()
    added = (
        needs_by_platform(world)
        .group_by("period_code", "service_code", maintain_order=True)
        .agg(pl.col("n_need").sum())
    )
    true = np.concatenate([need[frame].sum(axis=0) for need in world.people.need])
    assert_series_equal(added.sort("period_code", maintain_order=True)["n_need"], pl.Series("n_need", true))
