"""The linear relaxation: fractions of actions allowed. Its optimum is a bound, its dual values are the prices that prove it."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from pipeline.analysis.siting.bounds import Bound, Prices, bound, priced_weight, prices_of_money
from pipeline.analysis.siting.menu import Floats, Ints, Menu
from pipeline.analysis.siting.primal_dual import primal_dual
from pipeline.analysis.siting.program import program

SIMPLEX = 100_000  # pairs of action and row: below, the simplex method is as quick and exact to the last digit
NEAR = 1e-5  # of the bound: how near larger menus come to the optimum of the relaxation where the optimal plan is asked for


def relax(
    menu: Menu, budget: float, floors: Floats, start: Ints, *, gap: float = 0.0, seconds: float = 60.0
) -> tuple[Bound, Floats]:
    """The bound of the linear relaxation and the fractional plan that goes with it; what was known where time ran out.

    `start` is a good plan; for large menus the bound comes within half of `gap` of the relaxation's optimum, as a rule much nearer.
    """
    if menu.covers.nnz > SIMPLEX:
        return primal_dual(menu, budget, floors, start, tolerance=max(gap / 2, NEAR), seconds=seconds)
    found = _by_simplex(menu, budget, floors, seconds)
    if found is not None:
        return found
    plan = np.zeros(menu.n_actions)
    plan[start] = 1.0
    return bound(menu, budget, floors, prices_of_money(menu, budget, len(floors))), plan


def _by_simplex(menu: Menu, budget: float, floors: Floats, seconds: float) -> tuple[Bound, Floats] | None:
    """Optimal prices and plan of the relaxation; None if time ran out."""
    task = program(menu, budget, floors)
    options = {"time_limit": max(seconds, 0.01)}
    solved = linprog(
        -task.objective, A_ub=task.matrix, b_ub=task.limit, bounds=(0, 1), method="highs-ds", options=options
    )
    if solved.status != 0:
        return None
    duals = np.maximum(-solved.ineqlin.marginals, 0.0)
    n_shared = len(task.shared)
    floor_price = duals[len(duals) - len(floors) :]
    row = priced_weight(menu, floor_price).copy()  # a row of one group needs no price: it is that group's at its weight
    row[task.shared] = duals[:n_shared] * task.worth
    prices = Prices(row, duals[n_shared] * task.worth / task.money, floor_price)
    return bound(menu, budget, floors, prices), solved.x[: menu.n_actions]
