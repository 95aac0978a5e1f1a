"""Plans under a budget, against every subset there is: small menus, so that all choices can be tried one by one."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.siting import plan as status
from pipeline.analysis.siting.exact import branch_and_bound
from pipeline.analysis.siting.greedy import greedy
from pipeline.analysis.siting.menu import NO_GROUP, Menu, make_menu
from pipeline.analysis.siting.solve import solve
from pipeline.errors import USAGE, PipelineError

FEW = settings(max_examples=25, deadline=None)


def fits(menu: Menu, chosen: tuple[int, ...], budget: float) -> bool:
    groups = [g for g in menu.group[list(chosen)] if g != NO_GROUP]
    return menu.cost[list(chosen)].sum() <= budget and len(set(groups)) == len(groups)


def choices(menu: Menu, budget: float) -> list[tuple[int, ...]]:
    """Every choice that the money and the stations allow."""
    actions = range(menu.n_actions)
    every = chain.from_iterable(combinations(actions, n) for n in range(menu.n_actions + 1))
    return [chosen for chosen in every if fits(menu, chosen, budget)]


def covered_by_area(menu: Menu, chosen: tuple[int, ...], n_areas: int) -> np.ndarray:
    inside = menu.covered(list(chosen))
    return np.bincount(menu.floor_of[inside], menu.weight[inside], minlength=n_areas)


@st.composite
def menus(draw, areas: int = 0):
    v, e = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    number = st.integers(0, 9)
    covers = np.array(draw(st.lists(st.booleans(), min_size=v * e, max_size=v * e))).reshape(v, e)
    return make_menu(
        draw(st.lists(number, min_size=e, max_size=e)),
        draw(st.lists(number, min_size=v, max_size=v)),
        covers,
        group=draw(st.lists(st.integers(NO_GROUP, 2), min_size=v, max_size=v)),
        floor_of=draw(st.lists(st.integers(0, areas - 1), min_size=e, max_size=e)) if areas else None,
    )


@FEW
@given(menus(), st.integers(0, 20))
def test_no_choice_is_better(menu, budget):
    best = max(menu.value(list(chosen)) for chosen in choices(menu, budget))
    found = solve(menu, budget)
    assert found.value == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    assert found.gap <= 1e-9


@FEW
@given(menus(), st.integers(0, 20))
def test_the_plan_keeps_to_the_money_and_to_one_bundle_a_station(menu, budget):
    found = solve(menu, budget)
    assert fits(menu, tuple(found.chosen), budget)
    assert found.cost == pytest.approx(menu.cost[found.chosen].sum())
    assert found.value == pytest.approx(menu.value(found.chosen))


@FEW
@given(menus(), st.integers(0, 20), st.integers(0, 10))
def test_more_money_never_brings_less(menu, budget, more):
    assert solve(menu, budget + more).value >= solve(menu, budget).value - 1e-9


@FEW
@given(menus(), st.integers(0, 20))
def test_greedy_lies_below_and_the_relaxation_above(menu, budget):
    found = solve(menu, budget)
    assert found.greedy_value - 1e-9 <= found.value <= found.lp_bound + 1e-9


@FEW
@given(menus(areas=2), st.integers(0, 20), st.integers(0, 6), st.integers(0, 6))
def test_floors_are_kept_where_any_choice_keeps_them_and_the_best_such_choice_is_found(menu, budget, first, second):
    n_areas = int(menu.floor_of.max()) + 1
    least = np.array([first, second])[:n_areas]
    keeping = [c for c in choices(menu, budget) if (covered_by_area(menu, c, n_areas) >= least).all()]
    found = solve(menu, budget, floors=least)
    if keeping:
        assert found.floor_scale == pytest.approx(1)
        assert found.value == pytest.approx(max(menu.value(list(c)) for c in keeping))
        assert (covered_by_area(menu, tuple(found.chosen), n_areas) >= least - 1e-6).all()
    else:
        scales = [
            (covered_by_area(menu, c, n_areas)[least > 0] / least[least > 0]).min() for c in choices(menu, budget)
        ]
        assert found.floor_scale == pytest.approx(min(1.0, max(scales)), abs=1e-6)
        assert found.floor_scale < 1


@FEW
@given(menus(), st.integers(0, 20), st.data())
def test_what_is_forbidden_is_left_out_and_what_is_required_is_in(menu, budget, data):
    action = data.draw(st.integers(0, menu.n_actions - 1))
    without = [c for c in choices(menu, budget) if action not in c]
    found = solve(menu, budget, forbidden=[action])
    assert action not in found.chosen
    assert found.value == pytest.approx(max(menu.value(list(c)) for c in without))
    with_it = [c for c in choices(menu, budget) if action in c]
    found = solve(menu, budget, required=[action])
    if with_it:
        assert action in found.chosen
        assert found.value == pytest.approx(max(menu.value(list(c)) for c in with_it))
    else:
        assert found.status_code == status.INFEASIBLE


def test_a_budget_below_every_price_buys_nothing_and_says_so():
    found = solve(make_menu([5], [3], [[1]]), 2)
    assert (found.status_code, found.value, found.bound, found.gap) == (status.NOTHING_AFFORDABLE, 0, 0, 0)


def test_actions_that_cover_nothing_gain_nothing_and_the_plan_says_so():
    found = solve(make_menu([5], [3], [[0]]), 9)
    assert (found.status_code, found.chosen.tolist()) == (status.NOTHING_TO_GAIN, [])


def test_hours_and_services_of_a_station_pay_jointly():
    """Later hours alone bring 1, heating alone 2, both 9: more than the greedy way by parts would see."""
    menu = make_menu([1, 2, 6], [2, 2, 4], [[1, 0, 0], [0, 1, 0], [1, 1, 1]], group=[0, 0, 0])
    assert solve(menu, 4).chosen.tolist() == [2]
    assert solve(menu, 3).value == 2


@pytest.mark.parametrize("budget", [-1, float("nan")])
def test_what_is_no_budget_is_refused(budget):
    with pytest.raises(PipelineError) as refused:
        solve(make_menu([1], [1], [[1]]), budget)
    assert (refused.value.exit_code, refused.value.problems[0].code) == (USAGE, "bad_budget")


def test_all_faults_of_a_menu_are_told_at_once():
    with pytest.raises(PipelineError) as refused:
        make_menu([1, float("nan")], [-2, 3], [[1, 0], [0, 1]], group=[-5, 0])
    told = " ".join(problem.where for problem in refused.value.problems)
    assert "action 0" in told
    assert "row 1" in told
    assert len(refused.value.problems) == 3


def test_with_nothing_left_to_spend_the_empty_plan_is_the_best_and_not_impossible():
    menu = make_menu([8.0, 13.0], [1, 1], [[1, 0], [0, 1]], floor_of=[0, 1])
    for floors in (np.zeros(0), np.array([-1.0, -5.0])):
        found = branch_and_bound(menu, 0.0, floors, gap=0, seconds=5)
        assert (found.chosen.tolist(), found.value, found.bound) == ([], 0.0, 0.0)


def test_a_floor_that_no_money_reaches_leaves_the_best_plan():
    menu = make_menu([8, 13, 20], [1, 1, 9], np.eye(3), floor_of=[0, 0, 1])
    plan = solve(menu, 1, floors=[1, 20])
    assert (plan.chosen.tolist(), plan.value, plan.bound, plan.floor_scale) == ([1], 13.0, 13.0, 0.0)


@pytest.mark.filterwarnings("error")
def test_what_costs_nothing_is_taken_by_what_it_covers():
    assert greedy(make_menu([5e5, 3.0], [0, 0], np.eye(2)), 0).tolist() == [0, 1]
