"""Whether what is declared works."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from pipeline.analysis.verdicts.works import (
    averages,
    check_log_odds,
    facility_log_odds,
    outcome_log_odds,
    stock_out_log_odds,
    works,
)
from tests.unit.analysis.verdicts.round_rules import WORKS

ODDS = st.lists(st.floats(-8, 8), min_size=1, max_size=12)

calm = settings(deadline=None)  # a loaded machine is no fault of the code


def one(told, looks=1.0, declared=True):
    """p_works of one pair of one service."""
    return works([told], [looks], [0], [declared], 1, WORKS)


def test_a_check_weighs_as_its_chances_and_half_after_the_half_life():
    made = check_log_odds(["met", "met", "not_met", "partly", "unknown"], [0, 100, 0, 0, 0], WORKS)
    assert made == pytest.approx([np.log(4), np.log(2), -np.log(6), -np.log(2), 0])


def test_a_check_from_the_future_weighs_no_more_than_one_of_today():
    assert check_log_odds(["met"], [-50], WORKS) == pytest.approx(check_log_odds(["met"], [0], WORKS))


def test_no_working_facility_is_strong_and_no_facility_says_nothing():
    made = facility_log_odds([2, 2, 0, np.nan, 3], [0, 1, 0, np.nan, np.nan], WORKS)
    assert made == pytest.approx([-np.log(40), np.log(4.9), 0, 0, 0])


@calm
@given(served=st.integers(0, 40), unserved=st.integers(0, 40))
def test_one_more_unserved_request_never_speaks_for_it(served, unserved):
    more = outcome_log_odds([served, served], [unserved, unserved + 1], WORKS)
    assert more[1] < more[0]


def test_requests_without_a_log_say_nothing():
    assert outcome_log_odds([np.nan], [np.nan], WORKS)[0] == 0


def test_stock_outs_weigh_up_to_a_limit_both_ways():
    made = stock_out_log_odds([0, 50, 0, np.nan], [100, 100, 0, np.nan], WORKS)
    assert made == pytest.approx([np.log(5), -np.log(10), 0, 0])


@calm
@given(told=ODDS, step=st.floats(0.1, 5))
def test_better_evidence_for_a_pair_never_makes_it_less_likely_to_work(told, step):
    n = len(told)
    before = works(told, [1] * n, [0] * n, [True] * n, 1, WORKS).probability
    after = works([told[0] + step, *told[1:]], [1] * n, [0] * n, [True] * n, 1, WORKS).probability
    assert (after >= before - 1e-9).all() and after[0] > before[0] - 1e-9


@calm
@given(told=ODDS)
def test_the_beta_has_the_probability_as_its_mean_and_grows_with_looks(told):
    looks = np.arange(len(told))
    made = works(told, looks, np.zeros(len(told)), [True] * len(told), 1, WORKS)
    assert made.a / (made.a + made.b) == pytest.approx(made.probability)
    assert made.a + made.b == pytest.approx(WORKS.between + looks)


def test_a_station_nobody_looked_at_gets_the_average_of_its_service():
    made = works([30, 30, -30, 0], [3, 3, 3, 0], [0, 0, 1, 0], [True] * 4, 2, WORKS)
    assert made.probability[3] == pytest.approx(made.average[0])
    assert made.average[0] > 0.8 > made.average[1]


def test_undeclared_pairs_teach_nothing():
    alone = works([30], [1], [0], [True], 1, WORKS).average
    beside = works([30, -30, -30], [1] * 3, [0] * 3, [True, False, False], 1, WORKS).average
    assert beside == pytest.approx(alone)


def test_without_anything_declared_the_assumed_average_stands():
    assert one(0.0, declared=False).average[0] == pytest.approx(WORKS.prior_mean)


def test_the_average_is_where_learning_comes_to_rest():
    told, group = np.array([3.0, -2.0, 1.0, 0.5, -4.0]), np.array([0, 0, 0, 1, 1])
    found = averages(told, group, 2, (0.8, 4))
    holds = expit(logit(found[group]) + told)
    common = (0.8 * 4 + holds.sum()) / (4 + 5)
    assert found == pytest.approx((common * 4 + np.bincount(group, holds)) / (4 + np.bincount(group)), abs=1e-6)
