"""The best plan in which as few grid cells as possible are left out, as far as that costs little of the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from pipeline.analysis.siting.menu import Menu
from pipeline.analysis.siting.plan import Plan
from pipeline.analysis.siting.program import program
from pipeline.analysis.siting.solve import solve
from pipeline.findings.planning.menu import floors_of
from pipeline.findings.planning.settings import rules

ROUNDING = 1e-9


@dataclass(frozen=True)
class Fair:
    """`plan`, and `free` the best one without a floor; `share` of what it could close that a cell closes at least; `kept`, by
    cell: whether it does (a cell in which nothing can be closed keeps its floor)."""

    plan: Plan
    free: Plan
    share: float
    kept: np.ndarray

    @property
    def binds(self) -> bool:
        """Whether the floor changes the plan."""
        return self.plan is not self.free


def fair_plan(menu: Menu, budget: float, part: float, seconds: float) -> Fair:
    """The best plan in which each grid cell closes at least `part` of the share that the best plan closes on the whole.

    A cell that falls short is brought up to it, the one that lacks least first, where the plan then still closes all but a small
    part of the whole (`fairness_most` in metadata/actions.toml); a cell for which that does not do is left as it is.
    """
    rule = rules()["plan"]
    free = solve(menu, budget, seconds=seconds)
    share = part * free.value / max(float(menu.weight.sum()), ROUNDING)
    floors = floors_of(menu, share)
    if floors is None:
        return Fair(free, free, 0.0, np.ones(0, dtype=bool))
    lack = floors * (1 - ROUNDING) - _by_cell(menu, free.covered, len(floors))
    least, plan, kept = (1 - rule["fairness_most"]) * free.value, free, lack <= 0
    for cell in np.argsort(lack, kind="stable")[kept.sum() :]:
        asked = floors * (kept | (np.arange(len(floors)) == cell))
        if not can_keep(menu, budget, asked, least):
            continue
        found = solve(menu, budget, floors=asked, seconds=rule["fairness_seconds"], starts=[plan.chosen])
        if found.floor_scale >= 1 and found.value >= least * (1 - ROUNDING):
            plan, kept = found, kept | (np.arange(len(floors)) == cell)
    return Fair(plan, free, share, kept)


def can_keep(menu: Menu, budget: float, floors: np.ndarray, least: float) -> bool:
    """Whether a plan with fractions of bundles can keep these floors and cover `least` in all: if not, none can.

    Two cells, one yuan: to cover 8 in all leaves a fifth of the yuan for the second cell, which then covers 1 of its 5.

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> menu = make_menu([9, 5], [1, 1], [[1, 0], [0, 1]], floor_of=[0, 1])
    >>> can_keep(menu, 1, np.array([0.0, 1.0]), least=8), can_keep(menu, 1, np.array([0.0, 2.0]), least=8)
    (True, False)
    """
    lp = program(menu, budget, floors)
    matrix = sparse.vstack([lp.matrix, sparse.csr_array(-lp.objective[None, :])])
    limit = np.append(lp.limit, -least / lp.worth)
    found = linprog(np.zeros(len(lp.objective)), A_ub=matrix, b_ub=limit, bounds=(0, 1), method="highs-ds")
    return found.status == 0


def _by_cell(menu: Menu, covered: np.ndarray, n_cells: int) -> np.ndarray:
    inside = covered & (menu.floor_of >= 0)
    return np.bincount(menu.floor_of[inside], menu.weight[inside], n_cells)
