"""Any prices prove a bound: no plan exceeds it, none with (without) an action exceeds the one with (without) it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.siting.bounds import Prices, bound, prices_of_money
from pipeline.analysis.siting.menu import make_menu
from pipeline.analysis.siting.primal_dual import primal_dual
from pipeline.analysis.siting.relax import relax
from tests.unit.analysis.siting.every_subset import BUDGETS, allowed_subsets, by_area, menus, value

NO_FLOORS = np.zeros(0)
NOTHING = np.empty(0, dtype=np.int64)


@settings(max_examples=60, deadline=None)
@given(menus(5), BUDGETS, st.integers(0, 2**31), st.booleans())
def test_no_plan_exceeds_the_bound_of_any_prices(menu, budget, seed, has_floors):
    rng = np.random.default_rng(seed)
    n_areas = int(menu.floor_of.max()) + 1 if has_floors else 0
    floors = rng.uniform(0, 3, n_areas)
    prices = Prices(rng.uniform(0, 1.3, menu.n_rows) * menu.weight, rng.uniform(0, 3), rng.uniform(0, 1, n_areas))
    found = bound(menu, budget, floors, prices)
    for subset in allowed_subsets(menu, budget):
        if has_floors and (by_area(menu, subset) < floors).any():
            continue
        worth, slack = value(menu, subset), 1e-7
        assert worth <= found.value + slack
        for action in range(menu.n_actions):
            limit = found.with_action if action in subset else found.without_action
            assert worth <= limit[action] + slack


@settings(max_examples=60, deadline=None)
@given(menus(5), BUDGETS)
def test_the_price_of_money_alone_proves_a_bound(menu, budget):
    found = bound(menu, budget, NO_FLOORS, prices_of_money(menu, budget))
    assert max(value(menu, subset) for subset in allowed_subsets(menu, budget)) <= found.value + 1e-7


def test_the_relaxation_of_a_menu_by_hand():
    # Two actions of 2 yuan and 3 yuan to spend, 10 each: one and a half of them, 15.
    menu = make_menu([10, 10], [2, 2], [[1, 0], [0, 1]])
    found, fractions = relax(menu, 3, NO_FLOORS, NOTHING)
    assert np.isclose(found.value, 15)
    assert np.isclose(fractions.sum(), 1.5)


def sprinkled(n_actions: int, n_rows: int, seed: int):
    """A menu of actions in pairs, the second of a pair covering what the first does and more."""
    rng = np.random.default_rng(seed)
    dense = rng.random((n_actions, n_rows)) < 0.08
    dense[1::2] |= dense[::2]
    cost = np.where(np.arange(n_actions) % 2, 2.0, 1.0)
    return make_menu(
        rng.lognormal(0, 1, n_rows), cost, dense, group=np.arange(n_actions) // 2, floor_of=np.arange(n_rows) % 3
    )


def test_primal_dual_steps_find_the_prices_that_the_simplex_finds():
    for seed, budget in ((1, 6.0), (2, 15.0)):
        menu = sprinkled(120, 200, seed)
        exact, _ = relax(menu, budget, NO_FLOORS, NOTHING)
        near, plan = primal_dual(menu, budget, NO_FLOORS, np.array([0]), tolerance=1e-4, seconds=20)
        assert exact.value <= near.value * (1 + 1e-9)
        assert near.value <= exact.value * (1 + 2e-4)
        assert (menu.cost * plan).sum() <= budget * (1 + 1e-6)
        assert plan.min() >= 0 and plan.max() <= 1


def test_primal_dual_steps_see_floors():
    menu = sprinkled(120, 200, 3)
    free, _ = relax(menu, 8.0, NO_FLOORS, NOTHING)
    first_area = make_menu(menu.weight * (menu.floor_of == 0), menu.cost, menu.covers, menu.group)
    floors = np.array([0.95 * relax(first_area, 8.0, NO_FLOORS, NOTHING)[0].value, 0.0, 0.0])
    exact, _ = relax(menu, 8.0, floors, NOTHING)
    near, _ = primal_dual(menu, 8.0, floors, np.array([0]), tolerance=1e-4, seconds=20)
    assert exact.value < free.value * 0.999  # the floor costs something
    assert exact.value <= near.value * (1 + 1e-9)
    assert near.value <= exact.value * (1 + 1e-3)
