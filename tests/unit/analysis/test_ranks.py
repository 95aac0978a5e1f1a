from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.comparisons.ranks import rank_sets
from pipeline.analysis.comparisons.tiers import tiers
from pipeline.errors import PipelineError


def equally_correlated(k: int, correlation: float) -> np.ndarray:
    return (1 - correlation) * np.eye(k) + correlation


def test_all_rank_sets_hold_the_true_ranks_at_once_and_no_clear_tier_is_false():
    truth = np.array([0.0, 0.0, 1.0, 2.0, 2.5, 4.0, 4.0, 4.0])
    may_be_from, may_be_to = (
        np.array([1 + (truth > one).sum() for one in truth]),
        np.array([(truth >= one).sum() for one in truth]),
    )
    cov = 0.4 * equally_correlated(8, 0.3)
    draw, held, honest = np.random.default_rng(5), [], []
    for _ in range(150):
        est = draw.multivariate_normal(truth, cov)
        sets = rank_sets(est, cov, n_draws=1000)
        held.append(((sets["rank_from"] <= may_be_to) & (sets["rank_to"] >= may_be_from)).all())
        code = tiers(est, cov, n_draws=1000)["tier_code"].to_numpy()
        side = truth - truth.mean()
        honest.append(not ((code == "clearly_above") & (side <= 0) | (code == "clearly_below") & (side >= 0)).any())
    assert np.mean(held) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 150)
    assert np.mean(honest) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 150)


def test_equal_estimates_share_the_best_rank_and_can_have_any():
    sets = rank_sets([2.0, 2.0, 2.0], np.eye(3))
    assert sets.select("rank", "rank_from", "rank_to").rows() == [(1, 1, 3)] * 3


def test_what_cannot_be_compared_can_have_any_rank_and_others_leave_room_for_it():
    sets = rank_sets([50.0, np.nan, 0.0, 1.0], np.diag([1.0, 1.0, 1.0, 0.0]))
    assert sets.select("rank", "rank_from", "rank_to", "reason_code").rows() == [
        (1, 1, 3, None),
        (None, 1, 4, "no_estimate"),
        (2, 2, 4, None),
        (None, 1, 4, "no_variance"),
    ]


def test_two_estimates_with_the_same_errors_differ_for_certain():
    cov = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    sets = rank_sets([1.0, 1.1, 1.05], cov)
    assert sets.select("rank_from", "rank_to").rows() == [(2, 3), (1, 2), (1, 3)]


def test_positive_correlation_tells_apart_what_independence_would_not():
    est = [0.0, 2.0]
    assert rank_sets(est, np.eye(2))["rank_to"].to_list() == [2, 2]
    assert rank_sets(est, equally_correlated(2, 0.8))["rank_to"].to_list() == [2, 1]


def test_few_degrees_of_freedom_make_sets_wider():
    est = np.arange(6) * 2.0
    width = [
        (s["rank_to"] - s["rank_from"]).sum() for s in (rank_sets(est, np.eye(6) * 0.5, df=df) for df in (None, 3))
    ]
    assert width[1] > width[0]


def test_a_set_by_itself_is_never_wider_nor_is_a_stepped_one():
    est, cov = np.random.default_rng(2).normal(size=10, scale=2), np.eye(10)
    once, steps, alone = (rank_sets(est, cov, stepdown=s, simultaneous=a) for s, a in ((0, 1), (1, 1), (0, 0)))
    assert (once["rank_from"] <= steps["rank_from"]).all() and (once["rank_to"] >= steps["rank_to"]).all()
    assert (once["rank_from"] <= alone["rank_from"]).all() and (once["rank_to"] >= alone["rank_to"]).all()
    assert (alone["rank_to"] - alone["rank_from"]).sum() < (once["rank_to"] - once["rank_from"]).sum()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-30, 30), min_size=1, max_size=7), st.floats(0.01, 100), st.randoms())
def test_units_and_order_do_not_matter_and_the_rank_lies_in_its_set(values, unit, random):
    est, k = np.array(values) / 5, len(values)
    order = random.sample(range(k), k)
    sets = rank_sets(est, np.eye(k), n_draws=500)
    moved = rank_sets(est * unit + 7, np.eye(k) * unit**2, n_draws=500)
    mixed = rank_sets(est[order], np.eye(k), n_draws=500)
    assert ((sets["rank_from"] <= sets["rank"]) & (sets["rank"] <= sets["rank_to"])).all()
    assert (moved["rank_from"] - sets["rank_from"]).abs().max() == 0
    assert (mixed["rank"] == sets["rank"][order]).all()


@pytest.mark.parametrize(
    "cov", [np.eye(2), np.array([[1, 2, 0], [2, 1, 0], [0, 0, 1.0]]), np.array([[1, 0.5, 0], [0, 1, 0], [0, 0, 1.0]])]
)
def test_a_matrix_that_is_no_covariance_of_them_is_refused(cov):
    with pytest.raises(PipelineError) as caught:
        rank_sets([1.0, 2.0, 3.0], cov)
    assert caught.value.problems[0].code == "bad_estimates"


def test_a_reference_is_not_told_apart_from_itself_and_the_others_are_judged_by_it():
    table = tiers([0.0, 5.0, -5.0, np.nan], np.eye(4), reference=0)
    assert table["tier_code"].to_list() == [
        "not_distinguishable",
        "clearly_above",
        "clearly_below",
        "not_distinguishable",
    ]
    assert table["difference"].to_list() == [0.0, 5.0, -5.0, None]


def test_an_average_is_weighted_by_the_persons_there_are():
    table = tiers([0.0, 1.0], np.eye(2) * 0.01, weight=[3, 1])
    assert table["difference"].to_list() == pytest.approx([-0.25, 0.75])
    assert table["difference_se"].to_list() == pytest.approx([0.25 * np.sqrt(0.02), 0.75 * np.sqrt(0.02)])


def test_a_reference_without_an_estimate_is_refused():
    with pytest.raises(PipelineError) as caught:
        tiers([1.0, np.nan], np.eye(2), reference=1)
    assert caught.value.problems[0].code == "bad_reference"
