"""Fairness floors: at least so much covered in each area."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from pipeline.analysis.siting.menu import Floats, Ints, Menu
from pipeline.analysis.siting.reduce import by_area
from pipeline.errors import USAGE, Problem, fail

SLACK = 1e-9  # of a floor: less than that short is rounding


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
