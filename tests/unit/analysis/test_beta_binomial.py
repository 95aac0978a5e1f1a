from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.small_areas.beta_binomial import beta_binomial
from pipeline.errors import PipelineError


def sampled(seed: int, areas: int = 60, people: int = 18, asked: float = 4):
    """A simulated street: the true share of each area among its people, and the answers of those asked."""
    draw = np.random.default_rng(seed)
    yes = draw.binomial(people, draw.beta(3.6, 4.4, areas))
    n = np.minimum(draw.poisson(asked, areas), people)
    return yes / people, draw.hypergeometric(yes, people - yes, n), n, np.full(areas, people)


def test_intervals_hold_the_true_shares_and_estimates_are_nearer_than_direct_ones():
    held, error, direct = [], [], []
    for seed in range(15):
        truth, x, n, people = sampled(seed)
        areas = beta_binomial(x, n, population=people).areas
        low, high = areas["lci"].to_numpy(), areas["uci"].to_numpy()
        held.append(np.mean((low <= truth + 1e-9) & (truth - 1e-9 <= high)))
        asked = n > 0
        error.append(np.mean((areas["est"].to_numpy() - truth)[asked] ** 2))
        direct.append(np.mean((x[asked] / n[asked] - truth[asked]) ** 2))
    assert 0.93 <= np.mean(held) <= 0.98
    assert np.sqrt(np.mean(error) / np.mean(direct)) <= 0.7


def test_intervals_as_if_the_areas_spread_were_known_are_shorter():
    _, x, n, _ = sampled(1)
    honest, sure = (beta_binomial(x, n, hyper_known=known).areas for known in (False, True))
    assert (honest["uci"] - honest["lci"]).mean() > (sure["uci"] - sure["lci"]).mean()
    assert honest["est"].equals(sure["est"])


def test_an_area_where_everybody_was_asked_is_known():
    areas = beta_binomial([3, 1, 5, 2], [4, 6, 9, 3], population=[4, 60, 60, 60]).areas
    assert areas.row(0)[:1] + areas.row(0)[2:4] == (0.75, 0.75, 0.75)


def test_an_area_without_respondents_is_predicted_from_the_others_and_says_so():
    result = beta_binomial([2, 5, 8, 0], [10, 10, 10, 0])
    assert result.reason_code is None
    assert result.areas.row(3, named=True) == {
        "est": pytest.approx(0.5),
        "shrinkage": 0.0,
        "lci": pytest.approx(1 - result.areas["uci"][3], abs=1e-6),
        "uci": result.areas["uci"].max(),
        "n": 0.0,
        "reason_code": "no_sample",
    }


@pytest.mark.parametrize(
    ("x", "n", "reason", "est"),
    [
        ([5, 5, 5], [10, 10, 10], "no_spread", 0.5),
        ([4, 4, 4], [4, 4, 4], "all_equal", 1.0),
        ([0, 0, 0], [4, 4, 4], "all_equal", 0.0),
        ([1, 0, 1], [1, 1, 1], "spread_unknown", 2 / 3),
        ([5, 0], [9, 0], "too_few_areas", 5 / 9),
    ],
)
def test_what_cannot_be_borrowed_is_said_and_no_interval_is_a_point(x, n, reason, est):
    result = beta_binomial(x, n)
    assert (result.reason_code, result.areas["est"][0]) == (reason, pytest.approx(est))
    assert result.areas["lci"][0] <= est <= result.areas["uci"][0] < result.areas["lci"][0] + 1
    assert result.areas["uci"][0] - result.areas["lci"][0] > 0.05


def test_without_enough_areas_nothing_is_predicted_where_nobody_answered():
    row = beta_binomial([5, 0], [9, 0]).areas.row(1, named=True)
    assert np.isnan([row["est"], row["lci"], row["uci"], row["shrinkage"]]).all()
    assert row["reason_code"] == "no_sample"


def test_all_faults_of_the_counts_are_told_at_once():
    with pytest.raises(PipelineError) as caught:
        beta_binomial([3, np.nan, 1], [2, 5, -1], population=[20, 20, 0])
    assert {problem.code for problem in caught.value.problems} == {"bad_area_counts"}
    assert {problem.expected for problem in caught.value.problems} == {
        "0 ≤ x ≤ n",
        "n ≥ 0",
        "seen ≥ 0",
    }


def test_more_yes_than_were_asked_is_a_fault():
    with pytest.raises(PipelineError) as caught:
        beta_binomial([1, 1, 1], [2, 2, 2], population=[9, 9, 9], seen=[2, 2, 2], yes=[1, 3, 1])
    assert [problem.expected for problem in caught.value.problems] == ["0 ≤ yes ≤ seen"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=8), st.randoms())
def test_yes_and_no_are_mirrors_and_the_order_of_areas_does_not_matter(pairs, random):
    x, n = np.array([yes for yes, _ in pairs]), np.array([yes + no for yes, no in pairs])
    people = n + 12
    areas = beta_binomial(x, n, population=people).areas.select("est", "lci", "uci").to_numpy()
    mirrored = beta_binomial(n - x, n, population=people).areas.select("est", "uci", "lci").to_numpy()
    order = random.sample(range(len(n)), len(n))
    mixed = beta_binomial(x[order], n[order], population=people[order]).areas.select("est", "lci", "uci").to_numpy()
    assert areas[:, 0] == pytest.approx(1 - mirrored[:, 0], abs=1e-4, nan_ok=True)
    assert mixed == pytest.approx(areas[order], abs=1e-4, nan_ok=True)
    assert np.all((areas >= 0) & (areas <= 1) | np.isnan(areas))


def test_those_asked_count_as_they_answered_whatever_their_weights():
    """Ten of twenty persons asked, all said no; their weights say half of the area says yes: that is about the other ten."""
    made = beta_binomial([5, 5, 5], [10, 10, 10], population=[20, 20, 20], seen=[10, 10, 10], yes=[0, 5, 10]).areas
    assert made["est"].round(6).to_list() == [0.25, 0.5, 0.75]
    assert made["uci"][0] <= 0.5 and made["lci"][2] >= 0.5
