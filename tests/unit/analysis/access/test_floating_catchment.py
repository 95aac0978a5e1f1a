"""Access: worlds countable by hand, supply that is never lost, and what is said where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.access.catchments import balanced, three_step
from pipeline.analysis.access.demand import Profiled
from pipeline.analysis.access.floating_catchment import AccessTotals, access, access_totals
from pipeline.analysis.access.kernels import binary, gaussian
from pipeline.analysis.access.pairs import from_table
from pipeline.analysis.access.week import open_share
from tests.unit.analysis.access.small_worlds import HOURS, REACH, World, amounts, few, worlds

#        A serves 6 an hour, B 4;    p reaches A,   q reaches A and B,   r reaches nothing
PAIRS = from_table([0, 1, 1], [0, 0, 1], [100, 250, 200], n_places=3, n_stations=2, reach_m=REACH)
DEMAND = np.array([[10.0, 0.0], [20.0, 0.0], [5.0, 0.0]])
CAPACITY, OPEN = np.array([[6.0], [4.0]]), np.array([[1.0, 1.0], [0.5, 1.0]])


def by_definition(world: World, weights, capacity: np.ndarray, share: np.ndarray) -> np.ndarray:
    """A_ist = Σ_j g_ij S_jst / Σ_i g_ij D_ist, written out over all places and stations."""
    near = world.pairs.matrix(weights).toarray()
    wanted = world.demand[:, None, :] * share[None, :, None]
    supply = capacity[:, :, None] * open_share(world.week)[:, None, :]
    reached = np.einsum("ij,ist->jst", near, wanted)
    ratio = np.divide(supply, reached, out=np.zeros_like(supply), where=reached > 0)
    return np.einsum("ij,jst->ist", near, ratio)


def test_two_stations_by_hand():
    found = access(PAIRS, binary(PAIRS.metres, REACH), (CAPACITY, OPEN), DEMAND)
    # A: 6 for 10 + 20; B: half an hour of 4 for 20
    assert found.ratio[:, 0, 0].tolist() == pytest.approx([6 / 30, 2 / 20])
    assert found.values[:, 0, 0].tolist() == pytest.approx([0.2, 0.3, 0.0])
    assert found.is_idle[:, 0].tolist() == [[False, True], [False, True]]


def test_a_place_without_a_station_is_a_desert_and_stays_in_the_table_with_zero():
    found = access(PAIRS, binary(PAIRS.metres, REACH), (CAPACITY, OPEN), DEMAND)
    assert found.place_reason().tolist() == ["", "", "desert"]
    assert found.values[2].tolist() == [[0.0, 0.0]]


def test_a_station_only_on_the_edge_of_a_kernel_that_ends_at_zero_does_not_save_a_place_from_being_a_desert():
    edge = from_table([0], [0], [REACH], 1, 1, REACH)
    found = access(edge, gaussian(edge.metres, REACH), ([[6]], [[1]]), [[10]])
    assert found.place_reason().tolist() == ["desert"] and found.station_reason().tolist() == [[["idle_supply"]]]


def test_no_demand_anywhere_is_idle_supply_and_no_number_that_is_none():
    found = access(PAIRS, binary(PAIRS.metres, REACH), (CAPACITY, OPEN), np.zeros((3, 2)))
    assert set(found.station_reason().ravel()) == {"idle_supply"}
    assert found.values.tolist() == np.zeros((3, 1, 2)).tolist() and np.isfinite(found.ratio).all()
    totals = access_totals(PAIRS, binary(PAIRS.metres, REACH), (CAPACITY, OPEN), np.zeros((3, 2)))
    assert totals.idle.tolist() == [[8.0, 10.0]] and totals.supplied.tolist() == [[0.0, 0.0]]


def test_totals_by_hand():
    totals = access_totals(PAIRS, binary(PAIRS.metres, REACH), (CAPACITY, OPEN), DEMAND)
    assert totals.wanted[0, 0] == 35 and totals.reached[0, 0] == pytest.approx(8) == totals.supplied[0, 0]
    assert totals.shortfall[0, 0] == pytest.approx(10 * 0.8 + 20 * 0.7 + 5)
    assert (totals.wanted_in_deserts[0, 0], totals.n_deserts, totals.idle[0, 1]) == (5, 1, 10)


def test_supply_beyond_what_is_wanted_leaves_no_shortfall_elsewhere_uncounted():
    pairs = from_table([0, 1], [0, 1], [1, 1], 2, 2, REACH)
    totals = access_totals(pairs, [1, 1], ([[30], [2]], [[1], [1]]), [[10], [10]])
    assert totals.shortfall.item() == pytest.approx(8) and totals.reached.item() == pytest.approx(32)


@few
@given(worlds(), st.data())
def test_access_is_its_definition_whatever_form_supply_and_demand_come_in(world, data):
    m, k = world.offers.shape
    capacity, share = data.draw(amounts(m, k)), data.draw(amounts(k)) / 4
    weights = gaussian(world.pairs.metres, REACH)
    wanted = by_definition(world, weights, capacity, share)
    opened = open_share(world.week)
    full = capacity[:, :, None] * opened[:, None, :]
    each = np.tile(share, (len(world.walk), 1))
    forms = [
        ((capacity, opened), world.demand, share),
        ((capacity, opened), world.demand, each),
        (full, world.demand, share),
        (full, world.demand[:, None, :] * share[None, :, None], None),
        ((capacity, opened), Profiled(np.ones(len(world.walk)), np.arange(len(world.walk)), world.demand), each),
    ]
    sums = []
    for supply, demand, part in forms:
        found = access(world.pairs, weights, supply, demand, part, chunk=2)
        np.testing.assert_allclose(found.values, wanted, rtol=1e-12, atol=1e-12)
        sums.append(access_totals(world.pairs, weights, supply, demand, part, chunk=2))
    visits = world.demand[:, None, :] * share[None, :, None]
    for totals in sums:
        np.testing.assert_allclose(totals.wanted, visits.sum(axis=0), atol=1e-12)
        np.testing.assert_allclose(totals.shortfall, (visits * np.maximum(1 - wanted, 0)).sum(axis=0), atol=1e-9)
        for name in AccessTotals.__annotations__:
            np.testing.assert_allclose(getattr(totals, name), getattr(sums[0], name), rtol=1e-12, atol=1e-12)


@few
@given(worlds(), st.data())
def test_supply_is_handed_out_to_the_last_visit(world, data):
    capacity = data.draw(amounts(*world.offers.shape))
    opened = open_share(world.week)
    found = access(world.pairs, gaussian(world.pairs.metres, REACH), (capacity, opened), world.demand)
    supply = (capacity[:, :, None] * opened[:, None, :] * ~found.is_idle).sum(axis=0)
    np.testing.assert_allclose(np.einsum("it,ist->st", world.demand, found.values), supply, rtol=1e-9, atol=1e-9)
    totals = access_totals(world.pairs, gaussian(world.pairs.metres, REACH), (capacity, opened), world.demand)
    assert totals.conservation_error < 1e-9
    np.testing.assert_allclose(totals.supplied, supply, atol=1e-9)


@few
@given(worlds(), st.data())
def test_a_closed_station_takes_nothing_from_the_others(world, data):
    capacity = data.draw(amounts(*world.offers.shape))
    more = world.with_station(np.zeros(len(world.walk)), np.ones(world.offers.shape[1], bool), ())
    plenty = np.vstack([capacity, np.full(capacity.shape[1], 99.0)])
    before = access(world.pairs, binary(world.pairs.metres, REACH), (capacity, open_share(world.week)), world.demand)
    after = access(more.pairs, binary(more.pairs.metres, REACH), (plenty, open_share(more.week)), world.demand)
    np.testing.assert_allclose(after.values, before.values, rtol=1e-12, atol=1e-12)


def test_half_the_digits_give_seven_of_them():
    rng = np.random.default_rng(1)
    place, station = np.divmod(np.arange(600), 20)
    pairs = from_table(place, station, rng.uniform(0, 600, 600), 30, 20, 500)
    given_ = (gaussian(pairs.metres, 500), (rng.random((20, 3)), rng.random((20, HOURS))), rng.random((30, HOURS)))
    fine, coarse = access(pairs, *given_), access(pairs, *given_, dtype=np.float32)
    assert coarse.values.dtype == np.float32
    np.testing.assert_allclose(coarse.values, fine.values, rtol=2e-6)


def test_three_steps_and_balance_by_hand():
    weights = binary(PAIRS.metres, REACH)
    # q shares out: 10 to A, 10 to B. A: 6 / (10 + 10), of which q takes half a share; B: 4 / 10
    first, second = balanced(PAIRS, weights)
    found = access(PAIRS, first, (CAPACITY, np.ones((2, 2))), DEMAND, second=second)
    assert found.values[:, 0, 0].tolist() == pytest.approx([0.3 / 2, 0.3 / 2 + 0.4, 0.0])
    found = access(PAIRS, three_step(PAIRS, weights), (CAPACITY, np.ones((2, 2))), DEMAND)
    assert found.values[:, 0, 0].tolist() == pytest.approx([0.3, 0.3 / 2 + 0.4 / 2, 0.0])
