"""Against every subset of small random menus: nothing allowed covers more, and the bound is never below the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.analysis.siting.menu import make_menu
from pipeline.analysis.siting.reach import PRECISE
from pipeline.analysis.siting.solve import solve
from tests.unit.analysis.siting.every_subset import BUDGETS, ROUNDING, allowed_subsets, by_area, menus, value

CLOSE = 1e-8  # of the value: sums in another order


def check(menu, budget, plan, best):
    """What holds of every plan."""
    groups = menu.group[plan.chosen]
    assert len(set(groups[groups >= 0])) == (groups >= 0).sum()
    assert plan.cost <= budget * (1 + ROUNDING)
    assert plan.value == pytest.approx(value(menu, tuple(plan.chosen)))
    assert plan.value == pytest.approx(best, rel=CLOSE, abs=CLOSE)
    assert plan.bound >= best - CLOSE
    assert plan.gap <= 1e-6
    assert plan.status_code in ("optimal", "nothing_affordable", "nothing_to_gain")


@settings(max_examples=40, deadline=None)
@given(menus(), BUDGETS)
@example(make_menu([1, 1, 1], [0.1, 0.2, 0.3], np.eye(3)), 0.6)  # 0.1 + 0.2 + 0.3 is above 0.6 in binary
@example(make_menu([1e-9, 1e9], [1, 1], np.eye(2)), 2.0)
def test_no_allowed_choice_covers_more(menu, budget):
    best = max(value(menu, subset) for subset in allowed_subsets(menu, budget))
    check(menu, budget, solve(menu, budget), best)


@settings(max_examples=40, deadline=None)
@given(menus(6), BUDGETS, st.lists(st.sampled_from([0.0, 1.0, 3.0, 6.0]), min_size=3, max_size=3))
def test_floors_are_kept_or_cut_by_the_largest_factor_there_is(menu, budget, floors):
    floors = np.array(floors)[: int(menu.floor_of.max()) + 1]
    asked = floors > 0
    subsets = allowed_subsets(menu, budget)
    scale = max(float((by_area(menu, one)[asked] / floors[asked]).min(initial=1.0)) for one in subsets)
    scale = min(1.0, scale)
    plan = solve(menu, budget, floors=floors)
    assert scale * (1 - PRECISE) - 1e-7 <= plan.floor_scale <= scale + 1e-7
    assert plan.floor_bound >= scale - 1e-7
    kept = [one for one in subsets if (by_area(menu, one) >= floors * plan.floor_scale - 1e-7).all()]
    check(menu, budget, plan, max(value(menu, one) for one in kept))
    assert (by_area(menu, tuple(plan.chosen)) >= floors * plan.floor_scale - 1e-6).all()


@settings(max_examples=25, deadline=None)
@given(menus(6), BUDGETS, st.data())
def test_what_is_forbidden_is_left_and_what_is_required_is_taken(menu, budget, data):
    some = st.sets(st.integers(0, menu.n_actions - 1), max_size=2)
    forbidden, required = data.draw(some), data.draw(some)
    allowed = [one for one in allowed_subsets(menu, budget) if required <= set(one) and not forbidden & set(one)]
    plan = solve(menu, budget, forbidden=list(forbidden), required=list(required))
    if not allowed:
        assert plan.status_code == "infeasible"
        return
    assert required <= set(plan.chosen.tolist()) and not forbidden & set(plan.chosen.tolist())
    check(menu, budget, plan, max(value(menu, one) for one in allowed))


@settings(max_examples=25, deadline=None)
@given(menus(), BUDGETS, BUDGETS)
def test_more_budget_never_lowers_the_value(menu, one, other):
    low, high = sorted((one, other))
    assert solve(menu, low).value <= solve(menu, high).value + CLOSE


@settings(max_examples=25, deadline=None)
@given(menus(), BUDGETS, st.floats(0.001, 1e6), st.floats(0.001, 1e6))
def test_units_of_money_and_weight_do_not_matter(menu, budget, money, worth):
    scaled = make_menu(menu.weight * worth, menu.cost * money, menu.covers, menu.group)
    assert solve(scaled, budget * money).value == pytest.approx(solve(menu, budget).value * worth, rel=1e-7)
