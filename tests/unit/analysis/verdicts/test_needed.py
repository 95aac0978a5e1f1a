"""How sure it is that a service is needed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from pipeline.analysis.verdicts.needed import (
    STRENGTHS,
    Logits,
    common_strength,
    drawn_to,
    need_from_use,
    p_at_least,
    p_logit_at_least,
    put_together,
    scattered,
)

SHARES = st.floats(0.01, 0.99)

calm = settings(deadline=None)  # a loaded machine is no fault of the code


@calm
@given(x=st.integers(0, 30), more=st.integers(0, 30), wider=SHARES, strength=st.floats(1, 500))
def test_a_drawn_share_lies_between_its_own_and_the_wider_one(x, more, wider, strength):
    n = x + more
    mean, variance = (values[0] for values in drawn_to([x], [n], [wider], [0.001], strength))
    low, high = sorted((x / n if n else wider, wider))
    assert low - 1e-12 <= mean <= high + 1e-12
    assert 0 < variance < 0.25 + 0.001


def test_without_answers_a_place_is_the_wider_place_and_known_no_better():
    mean, variance = drawn_to([0], [0], [0.2], [0.004], 15.0)
    assert mean[0] == pytest.approx(0.2)
    assert variance[0] == pytest.approx(0.16 / 16 + 0.004)


def test_places_far_apart_are_found_less_alike_than_places_all_the_same():
    rng, n, mean = np.random.default_rng(1), np.full(200, 30), np.full(200, 0.3)
    alike = rng.binomial(n, 0.3)
    apart = rng.binomial(n, rng.beta(0.3 * 12, 0.7 * 12, 200))
    assert common_strength(alike, n, mean) > 200
    assert common_strength(apart, n, mean) == pytest.approx(12, rel=0.4)


@pytest.mark.parametrize("n", [[0, 1, 1], []])
def test_single_answers_tell_nothing_of_how_alike_places_are(n):
    middle = np.sqrt(STRENGTHS[0] * STRENGTHS[-1])
    assert common_strength([0] * len(n), n, [0.5] * len(n)) == pytest.approx(middle)


@calm
@given(mean=SHARES, width=st.floats(0.001, 0.9), limit=SHARES)
def test_the_tail_is_that_of_the_beta_with_this_mean_and_variance(mean, width, limit):
    variance = mean * (1 - mean) * width
    strength = 1 / width - 1
    expected = beta.sf(limit, mean * strength, (1 - mean) * strength)
    assert p_at_least([mean], [variance], limit)[0] == pytest.approx(expected, abs=1e-9)


def test_a_share_known_for_sure_is_above_or_below_and_an_unknown_one_is_neither():
    made = p_at_least([0.2, 0.1, 0.05, np.nan], [0.0, 0.0, 0.0, 0.1], 0.1)
    assert made[:3].tolist() == [1.0, 1.0, 0.0] and np.isnan(made[3])


def test_few_people_scatter_about_the_share_behind_them():
    assert scattered([0.5], [0.0], 25)[0] == pytest.approx(0.01)
    assert scattered([0.5], [0.02], 1e9)[0] == pytest.approx(0.02)


def test_need_follows_use_along_a_straight_line():
    rate = np.log([1.0, 2.0, 4.0, 8.0, 16.0, 2.0])
    share = 1 / (1 + np.exp(-(rate - 3)))
    share[5] = np.nan  # not asked about, used like the second
    made = need_from_use(rate, [1e-6] * 6, share, 5)
    assert made.mean[5] == pytest.approx(np.log(2) - 3)
    assert made.error[5] == pytest.approx(0, abs=1e-4) and np.isnan(made.mean[:5]).all()


RATE, SHARE = np.log([1, 2, 4, 8, 16, 2]), [0.05, 0.12, 0.2, 0.4, 0.6, None]


def test_a_rate_little_known_makes_need_less_sure():
    errors = [need_from_use(RATE, [0.1] * 5 + [error], SHARE, 5).error[5] for error in (0.1, 0.5, 2.0)]
    assert errors == sorted(errors)


def test_a_service_hardly_used_bends_the_line_of_no_other():
    first = need_from_use(RATE, [0.1] * 6, SHARE, 5).mean[5]
    beside = need_from_use(np.append(RATE, -9.0), [0.1] * 6 + [2.2], [*SHARE, 0.9], 5).mean[5]
    assert beside == pytest.approx(first)


@pytest.mark.parametrize(
    "share",
    [
        pytest.param([0.1, 0.2, 0.3, None, None, None], id="too few asked about"),
        pytest.param([0.6, 0.4, 0.3, 0.2, 0.1, None], id="use falls with need"),
    ],
)
def test_use_that_tells_nothing_of_need_gives_none(share):
    assert np.isnan(need_from_use(RATE, [0.1] * 6, share, 5).mean).all()


def logits(mean, error):
    return Logits(np.array([mean]), np.array([error]))


@calm
@given(first=st.floats(-3, 3), second=st.floats(-3, 3), sure=st.floats(0.1, 2), unsure=st.floats(0.1, 2))
def test_two_estimates_together_lie_between_and_are_surer_than_each(first, second, sure, unsure):
    made = put_together(logits(first, sure), logits(second, unsure))
    assert min(first, second) - 1e-9 <= made.mean[0] <= max(first, second) + 1e-9
    assert made.error[0] < min(sure, unsure)


def test_two_unknown_estimates_stay_unknown():
    made = put_together(logits(np.nan, np.nan), logits(np.nan, np.nan))
    assert np.isnan([made.mean[0], made.error[0]]).all()


@calm
@given(logit=st.floats(-5, 5), error=st.floats(0.1, 3), lower=SHARES, higher=SHARES)
def test_a_higher_limit_is_reached_less_surely(logit, error, lower, higher):
    lower, higher = sorted((lower, higher))
    share = logits(logit, error)
    assert p_logit_at_least(share, lower)[0] >= p_logit_at_least(share, higher)[0]
