"""Whether people know of a service, by use and by answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.verdicts.known import fit_use, met_log_odds, rates
from tests.unit.analysis.verdicts.round_rules import KNOWN

calm = settings(deadline=None)  # a loaded machine is no fault of the code


def district(seed, n_stations=40, n_services=8, little=0.15, factor=0.5, busy=120.0):
    """Uses, station, service and whether few know: stations and services of very different size, little-known pairs used less."""
    rng = np.random.default_rng(seed)
    s, k = (codes.ravel() for codes in np.indices((n_stations, n_services)))
    mean = busy * rng.gamma(2, 0.5, n_stations)[s] * rng.dirichlet(np.full(n_services, 3))[k] * n_services
    hidden = rng.random(len(s)) < little
    rate = mean * np.where(hidden, factor, 1) * rng.gamma(100, 0.01, len(s))
    return rng.poisson(rate).astype(float), s, k, hidden


def odds(used, s, k):
    use = fit_use(used, s, k, (s.max() + 1, k.max() + 1), KNOWN)
    told = use.log_odds(used, use.expected(s, k))
    return use, told


def test_pairs_few_know_of_are_found_where_use_is_plenty():
    used, s, k, hidden = district(3)
    use, told = odds(used, s, k)
    said = told + np.log((1 - use.little_share) / use.little_share) < 0
    assert (said & hidden).sum() >= 0.8 * hidden.sum()
    assert (said & ~hidden).sum() <= 0.03 * (~hidden).sum()
    assert use.little_factor == pytest.approx(0.5, abs=0.07)
    assert use.little_share == pytest.approx(hidden.mean(), abs=0.06)


def test_where_use_is_rare_nothing_can_be_told():
    used, s, k, _ = district(4, busy=2.0)
    assert np.abs(odds(used, s, k)[1]).max() < 4


def test_where_everybody_knows_few_pairs_are_suspected():
    used, s, k, _ = district(5, little=0.0)
    use, told = odds(used, s, k)
    assert (told + np.log((1 - use.little_share) / use.little_share) < 0).mean() < 0.02


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 99), times=st.integers(2, 5))
def test_more_days_of_the_same_use_make_every_pair_surer_or_leave_it(seed, times):
    used, s, k, _ = district(seed, n_stations=10, n_services=4)
    use = fit_use(used, s, k, (10, 4), KNOWN)
    once, often = use.log_odds([5.0], [20.0]), use.log_odds([5.0 * times], [20.0 * times])
    assert often[0] < once[0] < 0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 99))
def test_numbering_stations_otherwise_changes_nothing(seed):
    used, s, k, _ = district(seed, n_stations=8, n_services=4)
    other = np.random.default_rng(seed).permutation(8)
    first, second = odds(used, s, k)[1], odds(used, other[s], k)[1]
    assert second == pytest.approx(first, abs=1e-6)


def test_a_station_or_service_without_use_lets_expect_nothing():
    used, s, k = np.array([5.0, 3.0, 0.0]), np.array([0, 0, 1]), np.array([0, 1, 0])
    use = fit_use(used, s, k, (2, 3), KNOWN)
    assert np.isnan(use.expected([1, 0], [0, 2])).all()
    assert use.log_odds([0.0], use.expected([1], [0]))[0] == 0
    assert np.isnan(use.rates.log[2]) and np.isfinite(use.rates.log[:2]).all()


def test_without_any_use_nothing_is_known():
    use = fit_use([0.0], [0], [0], (1, 1), KNOWN)
    assert np.isnan(use.expected([0], [0])).all() and use.little_share == KNOWN.little_share


def test_requests_elsewhere_are_counted_against_the_size_of_stations():
    used, s, k = np.array([60.0, 30.0, 20.0, 10.0]), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    use = fit_use(used, s, k, (2, 3), KNOWN)
    found, by_hand = use.asked_for([np.nan, 2.0, 1.0], [0, 0, 1], [0, 2, 2]), rates([3], [use.station.sum()])
    assert (found.log[2], found.error[2]) == pytest.approx((by_hand.log[0], by_hand.error[0]))
    assert np.isnan(found.log[:2]).all()


def test_a_rate_is_known_by_its_count():
    made = rates([0, 5, 500, 5], [10, 10, 10, 0])
    draws = np.random.default_rng(1).gamma(5.5, 1 / 10, 200_000)
    assert made.log[1] == pytest.approx(np.log(draws).mean(), abs=0.01)
    assert made.error[1] == pytest.approx(np.log(draws).std(), abs=0.01)
    assert made.error[0] > made.error[1] > made.error[2] and np.isnan(made.log[3])


@calm
@given(met=st.integers(0, 12), judged=st.integers(1, 12))
def test_every_one_in_need_who_gets_it_speaks_for_being_known(met, judged):
    met = min(met, judged - 1)
    made = met_log_odds([met, met + 1], [judged, judged], [0.6, 0.6], KNOWN)
    assert made[1] > made[0]


@pytest.mark.parametrize(("judged", "usual"), [(0, 0.6), (np.nan, 0.6), (10, 0.0), (10, 1.0), (10, np.nan)])
def test_answers_of_nobody_or_beside_nothing_say_nothing(judged, usual):
    assert met_log_odds([0.0], [judged], [usual], KNOWN)[0] == 0
