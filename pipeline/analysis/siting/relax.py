"""The linear relaxation: fractions of actions allowed. Its optimum is the bound, its dual values are the prices.

Of many actions few can ever pay: the program begins with these, and takes in those that its prices show to be worth it until there
are none (sifting; Bixby et al. 1992). The bound of every round holds for all actions.
"""

from __future__ import annotations

import time

import numpy as np
from scipy.optimize import linprog

from pipeline.analysis.siting.bounds import Bound, Prices, bound, priced_weight, prices_of_money
from pipeline.analysis.siting.menu import Bools, Floats, Ints, Menu
from pipeline.analysis.siting.program import program
from pipeline.analysis.siting.reduce import reduced

ALL_AT_ONCE = 5000  # actions: below, sifting saves nothing
CLOSE = 1e-7  # of the bound: rounds that gain less than that end
NONE: Ints = np.empty(0, dtype=np.int64)


def relax(menu: Menu, budget: float, floors: Floats, start: Ints, seconds: float) -> Bound:
    """The bound of the linear relaxation, or of what was known of it when time ran out.

    `start` is a good plan: its actions, and those that would sell at its prices, make the first program.
    """
    ends = time.perf_counter() + seconds
    found = bound(menu, budget, floors, prices_of_money(menu, budget, len(floors)))
    core = _first_actions(menu, start)
    while (left := ends - time.perf_counter()) > 0:
        solved = _prices(menu, budget, floors, core, left)
        if solved is None:
            break
        prices, reached = solved
        fresh = bound(menu, budget, floors, prices)
        found = min(found, fresh, key=lambda one: one.value)
        entering = _promising(~core & (fresh.score > CLOSE * reached), fresh.score, int(core.sum()))
        if found.value <= reached * (1 + CLOSE) or not len(entering):
            break
        core[entering] = True
    return found


def _first_actions(menu: Menu, start: Ints) -> Bools:
    """All actions of a small menu; of a large one those of the plan and those that by themselves beat its dearest yuan."""
    core = np.ones(menu.n_actions, dtype=bool)
    if menu.n_actions > ALL_AT_ONCE:
        ratio = menu.gain / np.maximum(menu.cost, 1e-300)
        core = np.zeros(menu.n_actions, dtype=bool)
        core[np.argsort(-ratio, kind="stable")[: max(ALL_AT_ONCE // 2, 4 * len(start))]] = True
        core[start] = True
    return core


def _promising(possible: Bools, score: Floats, size: int) -> Ints:
    """Of the possible actions those with the highest scores, at most as many as there are already."""
    found = np.flatnonzero(possible)
    return found[np.argsort(-score[found], kind="stable")[:size]]


def _prices(menu: Menu, budget: float, floors: Floats, core: Bools, seconds: float) -> tuple[Prices, float] | None:
    """Prices that are best for the actions in `core`, and the optimum of their relaxation; None if time ran out.

    A row that only actions outside `core` cover is priced at its whole weight: whoever covers it is worth a look.
    """
    small = reduced(menu, budget, core, NONE, floors)
    lp = program(small.menu, budget, small.floors)
    solved = linprog(
        -lp.objective, A_ub=lp.matrix, b_ub=lp.limit, bounds=(0, 1), method="highs-ds", options={"time_limit": seconds}
    )
    if solved.status != 0:
        return None
    duals = np.maximum(-solved.ineqlin.marginals, 0.0)
    n_shared, n_floors = len(lp.shared), len(floors)
    floor_price = duals[len(duals) - n_floors :]
    worth = priced_weight(menu, floor_price)
    share = np.ones(small.menu.n_rows + 1)  # of its weight that a row is priced at; the last: rows of no action here
    full = priced_weight(small.menu, floor_price)[lp.shared]
    share[lp.shared] = np.minimum(duals[:n_shared] * lp.worth / full, 1.0)
    return Prices(
        worth * share[small.row_of], duals[n_shared] * lp.worth / lp.money, floor_price
    ), -solved.fun * lp.worth
