"""Whether a service is there: by the ledger, or by the log where the ledger does not say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from pipeline.analysis.verdicts.given import looked_log_odds, negative_binomial, presence, there_log_odds
from tests.unit.analysis.verdicts.round_rules import DECLARED, GIVEN

RULES = (DECLARED, GIVEN)

calm = settings(deadline=None)  # a loaded machine is no fault of the code


def found(ticked, told, looked=None, kind=None):
    """Presence of pairs of one service."""
    n = len(ticked)
    kinds = np.zeros(n, int), np.zeros(n, int) if kind is None else np.array(kind)
    return presence(ticked, told, np.zeros(n) if looked is None else looked, kinds, RULES)


@calm
@given(y=st.integers(0, 60), mean=st.floats(0.1, 80), shape=st.floats(0.2, 50))
def test_the_negative_binomial_is_that_of_scipy(y, mean, shape):
    expected = nbinom.logpmf(y, shape, shape / (shape + mean))
    assert negative_binomial(np.array([float(y)]), np.array([mean]), shape)[0] == pytest.approx(expected, abs=1e-7)


def test_uses_are_weighed_against_wrong_entries():
    noise = 0.003 * 100 + 0.001
    expected = nbinom.logpmf(4, 1.5, 1.5 / 11.5) - poisson.logpmf(4, noise)
    assert there_log_odds([4], [10], [100], GIVEN)[0] == pytest.approx(expected)


@calm
@given(n=st.integers(0, 30))
def test_every_further_served_use_speaks_for_its_being_there(n):
    made = there_log_odds([n, n + 1], [10, 10], [50, 50], GIVEN)
    assert made[1] > made[0]


@pytest.mark.parametrize(("served", "expected"), [(None, 10), (3, None), (3, 0)])
def test_without_a_log_or_an_expectation_nothing_is_said(served, expected):
    assert there_log_odds([served], [expected], [10], GIVEN)[0] == 0


def test_a_tick_stands_whatever_the_log_says():
    made = found([1, 0, 1, 0], [-20, 20, 20, -20])
    assert made.declared.tolist() == [1, 0, 1, 0]
    assert made.given[1] > 0.99 > 0.01 > made.given[3]


def test_undeclared_and_without_a_log_it_may_be_given_as_often_as_elsewhere():
    made = found([0, 0, 0, 0], [20, -20, -20, 0])
    assert made.given[3] == pytest.approx((0.05 * 20 + 1) / 23, abs=0.06)


def test_blanks_that_prove_absent_are_not_taken_for_declared():
    many = [np.nan] * 20
    absent = found([1, 1, 0, *many], [0, 0, -9, *[-9] * 20]).declared[3:]
    there = found([1, 1, 0, *many], [0, 0, -9, *[9] * 20]).declared[3:]
    assert absent.max() < 0.05 and there.min() > 0.8


def test_a_blank_without_a_log_leans_to_what_blanks_with_a_log_are():
    among_absent = found([1, 0, *[np.nan] * 10, np.nan], [0, -9, *[-9] * 10, 0])
    among_there = found([1, 0, *[np.nan] * 10, np.nan], [0, -9, *[9] * 10, 0])
    assert among_absent.declared[-1] < 0.25 < among_there.declared[-1]


def test_blanks_of_stations_without_any_tick_are_of_another_kind():
    ticked = [1, 0, *[np.nan] * 10, np.nan]
    told, kind = [0, -9, *[-9] * 10, 0], [0] * 12 + [1]
    assert found(ticked, told, kind=kind).declared[-1] > found(ticked, told).declared[-1]


def test_what_checks_hold_is_declared_and_what_they_leave_out_is_not():
    looked = looked_log_odds([True, False, False], [True, True, False], DECLARED)
    assert looked == pytest.approx([np.log(9), -np.log(9), 0])
    blank = found([1, 0, np.nan, np.nan, np.nan], [0, -9, 0, 0, 0], np.append([0, 0], looked)).declared[2:]
    assert blank[0] > blank[2] > blank[1]


@calm
@given(ticks=st.lists(st.sampled_from([1.0, 0.0, np.nan]), min_size=1, max_size=8), told=st.floats(-40, 40))
def test_chances_are_chances(ticks, told):
    made = found(ticks, [told] * len(ticks))
    for values in (made.declared, made.given):
        assert ((values >= 0) & (values <= 1)).all()
