"""What must hold of coverage in any world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.access.coverage import coverage, covered_by_place_and_hour
from pipeline.analysis.access.expected import expected_coverage
from pipeline.analysis.access.week import HOUR
from tests.unit.analysis.access.small_worlds import REACH, World, amounts, few, intervals, metres, same, worlds


def minute_by_minute(world: World) -> np.ndarray:
    """Places × services × hours by asking, each minute, each station: the definition, and nothing clever."""
    n_minutes = world.demand.shape[1] * HOUR
    is_open = np.zeros((world.walk.shape[1], n_minutes), dtype=bool)
    for station, opens, closes in world.hours:
        is_open[station, opens:closes] = True
    near = world.walk <= REACH
    covered = (near[:, None, :, None] & world.offers.T[None, :, :, None] & is_open[None, None]).any(axis=2)
    return covered.reshape(*covered.shape[:2], -1, HOUR).mean(axis=3)


@few
@given(worlds())
def test_coverage_is_what_asking_each_minute_gives(world):
    covered = minute_by_minute(world)
    found = world.coverage()
    np.testing.assert_allclose(covered_by_place_and_hour(world.pairs, world.week, world.offers), covered, atol=1e-12)
    np.testing.assert_allclose(found.covered, np.einsum("it,ist->st", world.demand, covered), atol=1e-9)
    np.testing.assert_allclose(found.place_covered, np.einsum("it,ist->is", world.demand, covered), atol=1e-9)
    np.testing.assert_allclose(found.desert_hours, (1 - covered).sum(axis=2), atol=1e-12)
    np.testing.assert_allclose(found.courier_hours, world.demand.sum(axis=0))
    np.testing.assert_allclose(found.place_hours, world.demand.sum(axis=1))


@few
@given(worlds(), st.integers(1, 3))
def test_places_worked_out_a_few_at_a_time_give_the_same(world, chunk):
    same(world.coverage(), coverage(world.pairs, world.week, world.offers, world.demand, chunk=chunk))


@few
@given(worlds(), st.data())
def test_a_closed_station_equals_an_absent_one(world, data):
    n, k = len(world.walk), world.offers.shape[1]
    same(world.coverage(), world.with_station(data.draw(metres(n)), np.ones(k, bool), ()).coverage())


@few
@given(worlds(), st.data())
def test_one_more_open_station_never_lowers_coverage(world, data):
    n, k = len(world.walk), world.offers.shape[1]
    hours = tuple(data.draw(st.lists(intervals(), min_size=1, max_size=2)))
    before = world.coverage()
    after = world.with_station(data.draw(metres(n)), data.draw(amounts(k)) > 0, hours).coverage()
    assert (after.covered >= before.covered - 1e-9).all()
    assert (after.place_covered >= before.place_covered - 1e-9).all()
    assert (after.desert_hours <= before.desert_hours + 1e-9).all()


@few
@given(worlds(), st.data())
def test_splitting_hours_in_two_changes_nothing(world, data):
    halves = []
    for station, opens, closes in world.hours:
        middle = data.draw(st.integers(opens, closes))
        halves += [(station, *two) for two in ((opens, middle), (middle, closes)) if two[0] < two[1]]
    same(world.coverage(), replace(world, hours=tuple(halves)).coverage())


@few
@given(worlds(), st.data())
def test_saying_part_of_the_hours_twice_changes_nothing(world, data):
    again = tuple((station, opens, data.draw(st.integers(opens + 1, closes))) for station, opens, closes in world.hours)
    same(world.coverage(), replace(world, hours=world.hours + again).coverage())


@few
@given(worlds())
def test_services_that_surely_work_or_surely_do_not_give_declared_coverage_exactly(world):
    expected = expected_coverage(world.pairs, world.week, world.offers.astype(float), world.demand)
    same(world.coverage(), expected)


@few
@given(worlds(), st.floats(0, 1))
def test_expected_coverage_never_exceeds_what_is_declared(world, works):
    declared, expected = (
        world.coverage(),
        expected_coverage(world.pairs, world.week, world.offers * works, world.demand),
    )
    assert (expected.covered <= declared.covered + 1e-9).all() and (expected.covered >= -1e-9).all()
    assert (expected.covered >= works * declared.covered - 1e-9).all()  # one station in reach already gives as much
