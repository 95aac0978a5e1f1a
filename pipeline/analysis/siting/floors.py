"""Fairness floors: at least so much covered in each area, or the largest common part of it that the budget reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from pipeline.analysis.siting.menu import Floats, Ints, Menu
from pipeline.analysis.siting.program import program
from pipeline.analysis.siting.quiet import quiet
from pipeline.analysis.siting.reduce import Reduced, by_area
from pipeline.errors import USAGE, Problem, fail

SLACK = 1e-9  # of a floor: less than that short is rounding


@dataclass(frozen=True)
class Reached:
    """`scale` of the floors that `chosen` keeps (1: all of them)."""

    scale: float
    chosen: Ints


def as_floors(menu: Menu, floors: Mapping[int, float] | ArrayLike | None) -> Floats:
    """Floors as an array by area code; none where nothing is asked. Raises `bad_floors` naming the areas.

    A mapping names areas; an array has one element per area.
    """
    if floors is None:
        return np.zeros(0)
    if isinstance(floors, Mapping):
        area, least = np.array(list(floors), dtype=np.int64), np.array(list(floors.values()), dtype=float)
    else:
        least = np.atleast_1d(np.asarray(floors, dtype=float))
        area = np.arange(len(least))
    n_areas = 0 if menu.floor_of is None else int(menu.floor_of.max(initial=-1)) + 1
    rules = {
        "≥ 0": ~(np.isfinite(least) & (least >= 0)),
        "floor_of": (area < 0) | ((area >= n_areas) & (least > 0)),
    }
    wrong = [_problem(area[bad], rule) for rule, bad in rules.items() if bad.any()]
    if wrong:
        fail(USAGE, *wrong)
    found = np.zeros(n_areas)
    found[area[area < n_areas]] = least[area < n_areas]
    return found if (found > 0).any() else np.zeros(0)


def keeps(menu: Menu, chosen: Ints, floors: Floats) -> bool:
    """Whether a plan covers as much in every area as its floor asks."""
    return bool((by_area(menu, menu.covered(chosen), len(floors)) >= floors * (1 - SLACK)).all())


def reach(small: Reduced, least: Floats, seconds: float) -> Reached:
    """A plan that keeps the largest common part of all floors `least`; the best found where time runs out.

    max s ≤ 1 such that every area has s × floor: the same program with one more unknown.
    """
    menu, n_areas = small.menu, len(least)
    task = program(menu, small.budget, small.floors)
    column = np.zeros((task.matrix.shape[0], 1))
    column[-n_areas:, 0] = least / task.worth
    already = least - small.floors  # what is taken for certain covers so much
    limit = np.concatenate([task.limit[:-n_areas], already / task.worth])
    aim = np.zeros(task.matrix.shape[1] + 1)
    aim[-1] = -1.0
    with quiet():
        solved = milp(
            aim,
            constraints=LinearConstraint(sparse.csr_array(sparse.hstack([task.matrix, column])), -np.inf, limit),
            bounds=Bounds(0, 1),
            integrality=np.arange(len(aim)) < menu.n_actions,
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0},
        )
    chosen = np.empty(0, dtype=np.int64)
    if solved.x is not None:
        taken = np.flatnonzero(solved.x[: menu.n_actions] > 0.5)
        chosen = taken if menu.cost[taken].sum() <= small.budget * (1 + SLACK) else chosen
    got = already + by_area(menu, menu.covered(chosen), n_areas)
    asked = least > 0
    return Reached(min(1.0, float((got[asked] / least[asked]).min())), chosen)


def _problem(areas: Ints, rule: str) -> Problem:
    return Problem(
        "bad_floors",
        "地块 · area " + ", ".join(str(area) for area in areas[:10].tolist()),
        "公平底线不成立",
        "this is no floor of an area",
        expected=rule,
        do_zh="请检查公平底线：不小于 0，所属地块须在清单的 floor_of 中",
        do_en="check the floors: not below 0, and of areas that floor_of of the menu names",
    )
