"""What single actions are worth, and what draws of the menu say of a plan."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.analysis.siting.marginal import loss_without, worth
from pipeline.analysis.siting.menu import make_menu
from pipeline.analysis.siting.solve import solve
from pipeline.analysis.siting.stability import indistinguishable, stability
from pipeline.errors import PipelineError

# Station 0: water (5 hours for 1 yuan) or water and charging (8 for 3); station 1: water (2 for 1); station 2: the same water for 2.
MENU = make_menu(
    [5, 3, 2], [1, 3, 1, 2], [[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 1]], group=[0, 0, 1, 2], floor_of=[0, 0, 1]
)
PLAN = solve(MENU, 4)  # actions 1 and 2


def test_every_action_is_set_beside_the_plan():
    found = worth(MENU, PLAN)
    assert found["is_chosen"].to_list() == [False, True, True, False]
    assert found["gain"].to_list() == [5, 8, 2, 2]
    assert found["gain_per_yuan"].to_list() == [5, pytest.approx(8 / 3), 2, 1]
    # water alone instead of both loses the 3 of charging; the second tap adds nothing to the first.
    assert found["gain_beside_plan"].to_list() == [-3, 8, 2, 0]


def test_the_gain_beside_a_plan_is_the_difference_of_two_values():
    rng = np.random.default_rng(3)
    menu = make_menu(rng.random(30), np.ones(12), rng.random((12, 30)) < 0.3, group=[*np.arange(9) // 3, -1, -1, -1])
    plan = solve(menu, 4)
    for row in worth(menu, plan).iter_rows(named=True):
        others = [one for one in plan.chosen if one != row["action"]]
        if row["is_chosen"]:
            expected = plan.value - menu.value(others)
        else:
            others = [one for one in others if menu.group[one] != row["group"] or row["group"] < 0]
            expected = menu.value([*others, row["action"]]) - plan.value
        assert row["gain_beside_plan"] == pytest.approx(expected, abs=1e-9)


def test_what_costs_nothing_has_no_gain_per_yuan():
    menu = make_menu([5, 1], [0, 1], np.eye(2))
    assert worth(menu, solve(menu, 1))["gain_per_yuan"].to_list() == [None, 1.0]


def test_what_a_plan_loses_without_an_action_and_who_comes_in():
    found = loss_without(MENU, 4, PLAN)
    rows = found.select("action", "value_without", "loss", "replaced_by", "status_code").rows()
    # without the large bundle: 5 + 2, whatever is left over; without station 1's water the large one alone, 4 - 3 < 2.
    assert rows == [(1, 7.0, 3.0, [0], "optimal"), (2, 8.0, 2.0, [], "optimal")]
    assert found["loss_share"].to_list() == [0.3, 0.2]


def test_an_action_with_an_equal_is_not_missed():
    assert loss_without(MENU, 5, solve(MENU, 5, required=[2]), [2]).select("loss", "replaced_by").rows() == [(0.0, [3])]


def test_what_else_is_forbidden_stays_forbidden_and_floors_are_passed_on():
    assert loss_without(MENU, 5, PLAN, [2], forbidden=np.array([3]))["loss"].to_list() == [2.0]
    assert loss_without(MENU, 4, PLAN, [1], floors={1: 2.0})["replaced_by"].to_list() == [[0]]


def turns(draw):
    """Action 0 always pays; 1 and 2 take turns, three draws of four for 1."""
    best = [9, 4, 2] if draw % 4 else [9, 2, 4]
    return make_menu(best, [1, 1, 1], np.eye(3), group=[0, 1, 2])


def test_draws_say_how_often_each_is_chosen_and_what_it_gains():
    found = stability(turns, 2, solve(turns(1), 2), n_draws=8)
    assert found.n_draws == 8
    assert found.actions["n_chosen"].to_list() == [8, 6, 2]
    assert found.actions["chosen_share"].to_list() == [1.0, 0.75, 0.25]
    assert found.actions["is_in_plan"].to_list() == [True, True, False]
    assert found.actions.select("gain_p10", "gain_p50", "gain_p90").rows() == [(9, 9, 9), (4, 4, 4), (4, 4, 4)]
    assert found.groups.rows() == [(0, 8, 1.0), (1, 6, 0.75), (2, 2, 0.25)]


def test_regret_is_the_share_of_the_draws_best_that_the_plan_forgoes():
    found = stability(turns, 2, solve(turns(1), 2), n_draws=4).draws
    assert found["value"].to_list() == [13, 13, 13, 13]
    assert found["plan_value"].to_list() == [11, 13, 13, 13]
    assert found["regret_share"].to_list() == [pytest.approx(2 / 13), 0, 0, 0]


def test_a_plan_that_a_draw_makes_too_dear_is_said():
    dear = make_menu([9, 4], [3, 1], np.eye(2))
    found = stability([dear], 2, solve(make_menu([9, 4], [1, 1], np.eye(2)), 2))
    assert found.draws.select("plan_cost", "plan_is_affordable", "value").rows() == [(4.0, False, 4.0)]
    assert found.actions["gain_p50"].to_list() == [None, 4.0]


def test_actions_that_take_turns_are_told_as_a_pair_and_a_sure_one_is_not():
    found = indistinguishable(stability(turns, 2, solve(turns(1), 2), n_draws=8))
    assert found.rows() == [(1, 2, 0.75, 0.25, 0.0, 1.0)]


def test_bundles_of_one_group_take_turns_while_the_group_is_sure():
    def draw(number):
        return make_menu([3, 1 + 4 * (number % 2)], [1, 1], np.eye(2), group=[0, 0])

    found = stability(draw, 1, solve(draw(0), 1), n_draws=6)
    assert found.groups["chosen_share"].to_list() == [1.0]
    assert indistinguishable(found).select("action", "other").rows() == [(0, 1)]


def test_draws_of_other_actions_or_none_are_refused():
    for draws in ([turns(0), MENU], [turns(0), make_menu([9, 4, 2], [1, 1, 1], np.eye(3), group=[0, 1, 1])], []):
        with pytest.raises(PipelineError) as caught:
            stability(draws, 2, PLAN)
        assert [one.code for one in caught.value.problems] == ["draws_differ"]
