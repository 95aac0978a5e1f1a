"""The best plan of menus small enough to work out on paper, and what is said where there is no choice."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.analysis.siting.menu import make_menu
from pipeline.analysis.siting.solve import solve
from pipeline.errors import PipelineError

# Station 0: water alone (5 hours a week for 1 yuan) or water and charging (8 for 3); station 1: water (2 for 1).
MENU = make_menu([5, 3, 2], [1, 3, 1], [[1, 0, 0], [1, 1, 0], [0, 0, 1]], group=[0, 0, 1])


@pytest.mark.parametrize(
    ("budget", "chosen", "value"),
    [(1, [0], 5), (2, [0, 2], 7), (3, [1], 8), (3.5, [1], 8), (4, [1, 2], 10), (99, [1, 2], 10)],
)
def test_the_plan_of_every_budget(budget, chosen, value):
    plan = solve(MENU, budget)
    assert plan.chosen.tolist() == chosen
    assert (plan.value, plan.bound, plan.gap, plan.status_code) == (value, value, 0.0, "optimal")
    assert plan.cost == MENU.cost[chosen].sum()
    assert plan.covered.tolist() == MENU.covered(chosen).tolist()
    assert plan.greedy_value <= plan.value <= plan.lp_bound + 1e-9


def test_bundles_pay_where_parts_alone_do_not():
    # Longer hours alone cover nothing, a charger alone 1; together they also cover the night's 10: greedy takes charger and water.
    menu = make_menu([1, 10, 2], [3, 3, 6, 3], [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 0, 1]], group=[0, 0, 0, 1])
    assert solve(menu, 6).chosen.tolist() == [2]


def test_greedy_falls_short_where_the_best_ratio_blocks_the_best_pair():
    # 8 for 3 yuan is more a yuan than 5 for 2; but two of the latter fit into 4 yuan, and nothing beside the former.
    menu = make_menu([4, 4, 1, 1], [2, 2, 3], [[1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0]])
    plan = solve(menu, 4)
    assert (plan.chosen.tolist(), plan.value, plan.greedy_value) == ([0, 1], 10, 8)


def test_what_costs_nothing_is_taken_even_without_a_budget():
    menu = make_menu([5, 3], [0, 1], [[1, 0], [0, 1]])
    plan = solve(menu, 0)
    assert (plan.chosen.tolist(), plan.value, plan.status_code) == ([0], 5, "optimal")


def test_an_unlimited_budget_takes_the_best_bundle_of_every_station():
    assert solve(MENU, np.inf).chosen.tolist() == [1, 2]


def test_a_budget_below_every_cost_buys_nothing_and_says_so():
    for budget in (0, 0.5):
        plan = solve(MENU, budget)
        assert (plan.status_code, plan.chosen.tolist(), plan.value, plan.bound, plan.gap) == (
            "nothing_affordable",
            [],
            0,
            0,
            0,
        )


def test_actions_that_cover_nothing_gain_nothing():
    menu = make_menu([5, 0], [9, 1], [[1, 0], [0, 1]])
    plan = solve(menu, 3)
    assert (plan.status_code, plan.chosen.tolist(), plan.bound) == ("nothing_to_gain", [], 0)


def test_required_actions_are_taken_and_forbidden_ones_are_not():
    assert solve(MENU, 4, required=[0]).chosen.tolist() == [0, 2]
    assert solve(MENU, 4, forbidden=[1]).chosen.tolist() == [0, 2]
    assert solve(MENU, 1, required=[2]).chosen.tolist() == [2]
    assert solve(MENU, 4, forbidden=[0, 1, 2]).status_code == "nothing_affordable"


@pytest.mark.parametrize(
    ("budget", "options"), [(2, {"required": [1]}), (9, {"required": [0, 1]}), (9, {"required": [0], "forbidden": [0]})]
)
def test_what_cannot_be_had_together_is_infeasible(budget, options):
    plan = solve(MENU, budget, **options)
    assert (plan.status_code, plan.chosen.tolist(), plan.value, plan.bound) == ("infeasible", [], 0, 0)


# Area 0 has 10 and 9 to gain, area 1 only 2: without a floor it gets nothing.
AREAS = make_menu([10, 9, 2], [1, 1, 1], np.eye(3), floor_of=[0, 0, 1])


def test_a_floor_moves_the_plan_to_the_area_left_out():
    assert solve(AREAS, 2).chosen.tolist() == [0, 1]
    for floors in ({1: 2.0}, [0.0, 2.0], {1: 1.5}):
        plan = solve(AREAS, 2, floors=floors)
        assert (plan.chosen.tolist(), plan.value, plan.bound, plan.floor_scale) == ([0, 2], 12, 12, 1)


def test_floors_out_of_reach_are_cut_by_one_factor_and_said():
    plan = solve(AREAS, 1, floors={0: 20.0, 1: 2.0})
    assert plan.floor_scale == 0  # one action cannot serve both areas
    plan = solve(AREAS, 2, floors={0: 20.0, 1: 2.0})
    assert (plan.chosen.tolist(), plan.floor_scale) == ([0, 2], 0.5)
    plan = solve(AREAS, 99, floors={1: 8.0})
    assert (plan.chosen.tolist(), plan.floor_scale) == ([0, 1, 2], 0.25)


def test_floors_count_what_is_required():
    plan = solve(AREAS, 2, floors={1: 2.0}, required=[2])
    assert (plan.chosen.tolist(), plan.floor_scale) == ([0, 2], 1)
    plan = solve(AREAS, 1, floors={0: 20.0, 1: 2.0}, required=[2])
    assert (plan.chosen.tolist(), plan.floor_scale) == ([2], 0)
    assert solve(AREAS, 1, floors={1: 4.0}, required=[2]).floor_scale == 0.5


def test_a_plan_to_start_from_changes_nothing_but_the_way():
    for starts in ([[0, 2]], [[1], [0]], [[0, 1, 2]]):
        assert solve(MENU, 4, starts=starts).chosen.tolist() == [1, 2]


def wide(n_actions=300, n_rows=400, seed=5):
    rng = np.random.default_rng(seed)
    dense = rng.random((n_actions, n_rows)) < 0.05
    return make_menu(rng.lognormal(0, 1, n_rows), rng.integers(1, 9, n_actions), dense, group=np.arange(n_actions) // 3)


def test_without_time_the_plan_is_no_worse_than_the_greedy_one_and_the_bound_holds():
    menu = wide()
    best = solve(menu, 60, gap=0.02)
    hurried = solve(menu, 60, seconds=1e-6)
    assert hurried.status_code == "time_limit"
    assert hurried.greedy_value <= hurried.value <= best.bound
    assert hurried.bound >= best.value
    assert hurried.gap == pytest.approx((hurried.bound - hurried.value) / hurried.value)


def test_a_menu_too_wide_for_the_simplex_method_has_the_same_optimum(monkeypatch):
    menu = wide(120, 150)
    exact = solve(menu, 25)
    for module in ("solve", "relax"):
        monkeypatch.setattr(f"pipeline.analysis.siting.{module}.SIMPLEX", 0)
    plan = solve(menu, 25)
    assert (plan.value, plan.status_code) == (pytest.approx(exact.value), "optimal")
    assert exact.lp_bound <= plan.lp_bound * (1 + 1e-9) <= exact.lp_bound * (1 + 1e-4)
    near = solve(menu, 25, gap=0.05)
    assert near.gap <= 0.05 and near.value <= exact.value <= near.bound * (1 + 1e-9)


def test_a_gap_that_is_allowed_is_kept_and_printed():
    plan = solve(wide(), 60, gap=0.02)
    assert plan.status_code in ("optimal", "within_gap")
    assert plan.gap <= 0.02


def test_the_same_menu_gives_the_same_plan():
    first, second = (solve(wide(120, 150), 25) for _ in range(2))
    assert first.chosen.tolist() == second.chosen.tolist()
    assert (first.value, first.bound, first.lp_bound) == (second.value, second.bound, second.lp_bound)


@pytest.mark.parametrize(
    ("budget", "options", "names"),
    [
        (-1, {}, ["budget"]),
        (float("nan"), {"gap": 1.0, "seconds": 0}, ["budget", "gap", "seconds"]),
        (1, {"gap": float("nan")}, ["gap"]),
    ],
)
def test_a_budget_that_is_none_is_refused(budget, options, names):
    with pytest.raises(PipelineError) as caught:
        solve(MENU, budget, **options)
    assert [(one.code, one.where) for one in caught.value.problems] == [("bad_budget", name) for name in names]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"required": [7]}, "unknown_action"),
        ({"forbidden": [-1]}, "unknown_action"),
        ({"floors": {0: 1.0}}, "bad_floors"),  # the menu has no areas
    ],
)
def test_actions_and_areas_that_are_not_there_are_refused(options, code):
    with pytest.raises(PipelineError) as caught:
        solve(MENU, 4, **options)
    assert [one.code for one in caught.value.problems] == [code]


def test_floors_that_are_none_are_named():
    with pytest.raises(PipelineError) as caught:
        solve(AREAS, 4, floors={0: -1.0, 1: float("nan"), 5: 2.0})
    assert [one.where for one in caught.value.problems] == ["地块 · area 0, 1", "地块 · area 5"]
