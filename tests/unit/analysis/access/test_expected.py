"""Coverage to be expected, and its band."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.access.covering_sets import covering_sets
from pipeline.analysis.access.expected import coverage_band, expected_coverage
from pipeline.analysis.access.pairs import from_table
from pipeline.analysis.access.week import HOUR, cut
from tests.unit.analysis.access.small_worlds import few, worlds


def two_stations(opens: tuple[int, int] = (0, 0)):
    """One place, two stations in reach, each open for one hour of two."""
    pairs = from_table([0, 0], [0, 1], [50, 60], 1, 2, 300)
    return pairs, cut([0, 1], opens, [one + 60 for one in opens], 2, n_hours=2)


def test_two_stations_at_once_fail_together_only_by_chance():
    found = expected_coverage(*two_stations(), [[0.5], [0.8]], [[100.0, 100.0]])
    assert found.covered[0].tolist() == pytest.approx([90, 0])
    assert found.desert_hours.item() == pytest.approx(1.1)


def test_one_after_the_other_they_do_not_help_each_other():
    found = expected_coverage(*two_stations((0, 60)), [[0.5], [0.8]], [[100.0, 100.0]])
    assert found.covered[0].tolist() == pytest.approx([50, 80])


def test_a_station_that_surely_works_leaves_exactly_nothing_uncovered():
    found = expected_coverage(*two_stations(), [[1.0], [0.3]], [[7.0, 0.0]])
    assert found.covered[0, 0] == 7.0 and found.desert_hours.item() == 1.0


def test_hours_half_overlapping_are_joined_piece_by_piece():
    found = expected_coverage(*two_stations((0, 30)), [[0.5], [0.5]], [[60.0, 60.0]])
    # first half hour A alone, second both, third B alone
    assert found.covered[0].tolist() == pytest.approx([0.5 * 30 + 0.75 * 30, 0.5 * 30])


@settings(max_examples=10, deadline=None)
@given(worlds(), st.integers(0, 2**32 - 1))
def test_the_mean_of_the_draws_is_the_expected_coverage(world, seed):
    rng = np.random.default_rng(seed)
    alive, dead = (rng.integers(0, 5, world.offers.shape) + 0.5 for _ in range(2))
    draws = 400
    band = coverage_band(
        world.pairs, world.week, alive, dead, world.demand, offers=world.offers, draws=draws, seed=seed
    )
    works = world.offers * alive / (alive + dead)
    wanted = expected_coverage(world.pairs, world.week, works, world.demand).share()
    if not world.demand.sum():
        assert np.isnan([*band.low, *band.mean, *wanted]).all()
        return
    # a share between 0 and 1 of mean μ has a variance of at most μ(1 − μ); five standard errors, as many draws are made
    allowed = 5 * np.sqrt(np.maximum(wanted * (1 - wanted), 0) / draws) + 1e-9
    assert (np.abs(band.mean - wanted) <= allowed).all()
    assert (band.low <= band.mean + 1e-9).all() and (band.mean <= band.high + 1e-9).all()


def test_the_mean_is_within_three_errors_and_the_band_is_that_of_the_coin():
    """Ten places, each with a station of its own: the number of those that work is binomial."""
    pairs = from_table(range(10), range(10), [1] * 10, 10, 10, 300)
    week = cut(range(10), [0] * 10, [60] * 10, 10, n_hours=1)
    band = coverage_band(pairs, week, np.full((10, 1), 8), np.full((10, 1), 2), np.ones((10, 1)), draws=4000, seed=1)
    error = np.sqrt(0.8 * 0.2 / 10 / 4000)
    assert abs(band.mean.item() - 0.8) < 3 * error
    assert (band.low.item(), band.high.item()) == (
        pytest.approx(0.6),
        pytest.approx(1.0),
    )  # 5 % and 95 % of Bin(10, 0.8)


def test_the_same_seed_gives_the_same_band():
    given_ = (*two_stations(), [[3.5], [1.5]], [[0.5], [2.5]], [[10.0, 5.0]])
    one, other = (coverage_band(*given_, draws=50, seed=7) for _ in range(2))
    assert [each.tolist() for each in one] == [each.tolist() for each in other]


def test_checks_that_all_went_one_way_leave_nothing_to_chance():
    band = coverage_band(*two_stations(), [[1], [0]], [[0], [0]], [[1.0, 1.0]], draws=20, seed=1)
    assert (band.low.item(), band.mean.item(), band.high.item()) == (0.5, 0.5, 0.5)


def test_places_and_hours_with_the_same_stations_are_one_set():
    pairs = from_table([0, 0, 1, 1, 2], [0, 1, 0, 1, 1], [1] * 5, 3, 2, 300)
    week = cut([0, 1], [0, 30], [60, 60], 2, n_hours=1)
    sets = covering_sets(pairs, week, np.array([True, True]), np.array([[10.0], [20.0], [40.0]]), chunk=2)
    found = {tuple(row): weight for row, weight in zip(sets.members.toarray().tolist(), sets.weight, strict=True)}
    # the first half hour A alone for places 0 and 1; the second A and B for these, B for place 2
    assert found == {(1, 0): 15.0, (1, 1): 15.0, (0, 1): 20.0}


@few
@given(worlds(), st.integers(1, 3))
def test_sets_hold_all_courier_hours_that_are_covered(world, chunk):
    found = world.coverage()
    for service, offers in enumerate(world.offers.T):
        sets = covering_sets(world.pairs, world.week, offers, world.demand, chunk=chunk)
        assert sets.weight.sum() == pytest.approx(found.covered[service].sum(), abs=1e-9)
        assert (np.diff(sets.members.indptr) > 0).all()
        assert HOUR * sets.weight.sum() <= HOUR * found.courier_hours.sum() + 1e-6
