"""The best plan for certain, by branch and bound (HiGHS) over the few actions that the bound leaves open."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from pipeline.analysis.siting.bounds import Bound
from pipeline.analysis.siting.menu import Floats, Ints, Menu
from pipeline.analysis.siting.program import Program, program
from pipeline.analysis.siting.quiet import quiet
from pipeline.analysis.siting.reduce import reduced

FIRST, GROWTH = (
    100,
    4,
)  # actions (or twice those of the known plan) the search begins with; how they grow if that proves nothing
HALF = 0.5  # of the time left that a search among fewer than all open actions may take
PRESOLVED = (
    1000  # actions above which the solver may simplify first; below it gains nothing, and prints lines nobody asked for
)
ROUNDING = 1e-9  # of a sum: less than that is rounding


@dataclass(frozen=True)
class Found:
    """The best plan known (None: none was found that keeps the floors), its value, and what no plan exceeds."""

    chosen: Ints | None
    value: float
    bound: float


def search(
    menu: Menu, budget: float, floors: Floats, relaxed: Bound, known: Found, *, gap: float, seconds: float
) -> Found:
    """The best plan, starting from a known one.

    The actions that better plans are likeliest to hold come first. No plan with an action left out is worth more than
    `level`; if those taken in yield a plan worth that, it is the best of all; if not, more are taken in.
    """
    ends = time.perf_counter() + seconds
    order = np.argsort(-relaxed.with_action, kind="stable")
    size = max(FIRST, 2 * (0 if known.chosen is None else len(known.chosen)))
    while not is_close(known, gap) and (left := ends - time.perf_counter()) > 0:
        n_open = int((relaxed.with_action > known.value).sum())
        level = known.value if size >= n_open else float(relaxed.with_action[order[size]])
        within = left if size >= n_open else HALF * left
        found = _above(menu, budget, floors, relaxed, max(level, known.value), gap=gap / 4, seconds=within)
        best = max(known, found, key=lambda one: one.value)
        known = Found(best.chosen, best.value, max(best.value, min(known.bound, max(found.bound, level))))
        if size >= n_open:
            break
        size *= GROWTH
    return known


def is_close(found: Found, gap: float) -> bool:
    """Whether a plan is within the gap of what no plan exceeds."""
    return found.bound <= found.value * (1 + max(gap, ROUNDING))


def _above(
    menu: Menu, budget: float, floors: Floats, relaxed: Bound, guess: float, *, gap: float, seconds: float
) -> Found:
    """The best plan worth more than `guess`; its bound says nothing about plans that are worth less."""
    nothing = Found(None, -np.inf, -np.inf)
    keep = relaxed.with_action > guess
    fixed = np.flatnonzero(keep & (relaxed.without_action <= guess))
    groups = menu.group[fixed]
    if len(np.unique(groups[groups >= 0])) < (groups >= 0).sum() or menu.cost[fixed].sum() > budget * (1 + ROUNDING):
        return nothing
    left = max(budget - float(menu.cost[fixed].sum()), 0.0) + ROUNDING * budget
    small = reduced(menu, budget, keep & (menu.cost <= left), fixed, floors)
    if seconds <= 0:
        return Found(None, -np.inf, relaxed.value)
    inner = branch_and_bound(small.menu, left, small.floors, gap=gap, seconds=seconds)
    if inner.chosen is None:
        return Found(None, -np.inf, inner.bound + small.value)
    chosen = np.sort(np.concatenate([small.fixed, small.action[inner.chosen]]))
    value = menu.value(chosen)
    return Found(chosen, value, max(value, inner.bound + small.value))


def branch_and_bound(menu: Menu, budget: float, floors: Floats, *, gap: float, seconds: float) -> Found:
    """The solver's answer for a menu, checked: whole actions, within the budget; value and coverage worked out anew.

    Where its tolerance lets a plan pass that is a trifle too dear, that plan and those that contain it are ruled out and it solves again.
    """
    if not menu.n_actions:
        return Found(np.empty(0, dtype=np.int64), 0.0, 0.0) if (floors <= 0).all() else Found(None, -np.inf, -np.inf)
    ends = time.perf_counter() + seconds
    task = program(menu, budget, floors)
    constraints = [LinearConstraint(task.matrix, -np.inf, task.limit)]
    while True:
        solved = _solved(task, menu.n_actions, constraints, gap, ends - time.perf_counter())
        if solved.x is None:
            dual = solved.mip_dual_bound
            bound = -dual * task.worth if dual is not None and np.isfinite(dual) else float(menu.weight.sum())
            return Found(None, -np.inf, -np.inf if solved.status == 2 else bound)
        chosen = np.flatnonzero(solved.x[: menu.n_actions] > 0.5)
        if menu.cost[chosen].sum() <= budget * (1 + ROUNDING):
            value = menu.value(chosen)
            return Found(chosen, value, max(value, -solved.mip_dual_bound * task.worth))
        ruled_out = np.zeros(len(task.objective))
        ruled_out[chosen] = 1.0
        constraints.append(LinearConstraint(ruled_out[None, :], -np.inf, len(chosen) - 1))


def _solved(
    task: Program, n_actions: int, constraints: list[LinearConstraint], gap: float, seconds: float
) -> OptimizeResult:
    whole = np.arange(len(task.objective)) < n_actions
    options = {"mip_rel_gap": gap, "time_limit": max(seconds, 0.01), "presolve": n_actions > PRESOLVED}
    with quiet():
        return milp(-task.objective, constraints=constraints, bounds=Bounds(0, 1), integrality=whole, options=options)
