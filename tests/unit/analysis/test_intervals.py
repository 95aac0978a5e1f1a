"""Intervals of shares: which one when, what they cover, and that they stay between 0 and 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.analysis.survey import intervals


def one(p, se, n=50.0, df=1e6):
    low, high, n_eff = intervals.share_interval(np.array([p]), np.array([se]), np.array([n]), df)
    return float(low[0]), float(high[0]), float(n_eff[0])


def test_wilson_is_the_textbook_interval() -> None:
    right = stats.binomtest(7, 20).proportion_ci(method="wilson")
    low, high = intervals.wilson(np.array([0.35]), np.array([20.0]), 1e9)
    assert (low[0], high[0]) == (pytest.approx(right.low, rel=1e-6), pytest.approx(right.high, rel=1e-6))


@pytest.mark.parametrize("yes", [0, 7, 20])
def test_beta_is_clopper_and_pearson_where_people_are_drawn_singly(yes) -> None:
    right = stats.binomtest(yes, 20).proportion_ci(method="exact")
    low, high = intervals.beta(np.array([yes / 20]), np.array([20.0]))
    assert (low[0], high[0]) == (pytest.approx(right.low), pytest.approx(right.high))


def test_many_get_the_logit_few_get_wilson_none_or_all_get_beta() -> None:
    many, few = one(0.3, 0.05), one(0.3, 0.12)
    assert many[:2] == pytest.approx([float(x[0]) for x in intervals.logit(np.array([0.3]), np.array([0.05]), 1e6)])
    assert few[:2] == pytest.approx([float(x[0]) for x in intervals.wilson(np.array([0.3]), np.array([few[2]]), 1e6)])
    assert one(0.0, 0.0, 20)[:2] == (0.0, pytest.approx(1 - 0.025 ** (1 / 20)))


def test_an_fpc_may_raise_the_effective_number_above_the_number_asked() -> None:
    assert one(0.5, 0.02, n=300)[2] == pytest.approx(625)


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.floats(0, 0.6), st.floats(1, 500), st.integers(1, 200))
def test_every_interval_lies_between_0_and_1_and_holds_its_share(p, se, n, df) -> None:
    low, high, _ = one(p, se, n, df)
    assert 0 <= low <= p + 1e-9 and p - 1e-9 <= high <= 1


def test_nobody_and_no_degrees_of_freedom_give_no_interval() -> None:
    assert np.isnan(one(np.nan, np.nan)[:2]).all()
    assert np.isnan(one(0.4, 0.05, df=0)[:2]).all()
    assert np.isnan(intervals.t_interval(np.array([1.0]), np.array([0.1]), 0)).all()


def test_rare_answers_are_covered_where_a_wald_interval_is_not() -> None:
    """p = .05, 40 people: Wald covers about .87."""
    dice = np.random.default_rng(2)
    p = dice.binomial(40, 0.05, 4000) / 40
    se = np.sqrt(p * (1 - p) / 39)
    low, high, _ = intervals.share_interval(p, se, np.full(4000, 40.0), 39)
    wald = (np.abs(p - 0.05) <= 1.96 * se).mean()
    assert ((low <= 0.05) & (high >= 0.05)).mean() > 0.93 > 0.9 > wald
