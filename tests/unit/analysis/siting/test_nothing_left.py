"""Where nothing is left to spend, or nothing costs anything."""

import numpy as np
import pytest

from pipeline.analysis.siting.exact import branch_and_bound
from pipeline.analysis.siting.greedy import greedy
from pipeline.analysis.siting.menu import make_menu
from pipeline.analysis.siting.solve import solve


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
