"""Near-optimal prices of a menu of tens of thousands of actions, in seconds, by steps along plan and prices in turn.

The primal-dual hybrid gradient method (Chambolle & Pock 2011) with diagonal step sizes (Pock & Chambolle 2011), averages and restarts
(Applegate et al. 2021, PDLP): two products with the matrix of coverage a step, no factorisation. Every price is a share of
the row's weight and every step relative, so that no unit needs tuning. The budget is kept exactly, by projection; its
multiplier is the price of a yuan. What comes out need not be optimal to be right: any prices prove a bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pipeline.analysis.siting.bounds import Bound, Prices, bound
from pipeline.analysis.siting.menu import NO_GROUP, Floats, Ints, Menu
from pipeline.analysis.siting.reduce import by_area

EVERY = 40  # steps between two looks at the bound
MAX_STEPS = 4000
RESTART_AFTER, RESTART_GAIN = (
    0.36,
    0.5,
)  # of all steps since the last restart; or the distance has fallen to this part (PDLP)


@dataclass(frozen=True)
class _Task:
    """The menu with its step sizes: `x` plan, `y` coverage, `u` row prices, `station` group prices, `area` floor prices."""

    menu: Menu
    budget: float
    floors: Floats
    covers: sparse.csr_array
    covered_by: sparse.csr_array
    place: Ints  # of each action's group among those of two or more; the last place: none
    step_x: Floats
    step_y: Floats
    step_u: Floats
    step_station: Floats
    step_area: Floats


@dataclass
class _Point:
    """A plan and prices, or the sum of several."""

    x: Floats
    y: Floats
    u: Floats
    station: Floats
    area: Floats
    money: float

    def plus(self, other: _Point) -> _Point:
        """The sum, part by part."""
        return _Point(*(getattr(self, part) + getattr(other, part) for part in self.__dataclass_fields__))

    def over(self, n: int) -> _Point:
        """The n-th part of a sum."""
        return _Point(*(getattr(self, part) / n for part in self.__dataclass_fields__))


def primal_dual(
    menu: Menu, budget: float, floors: Floats, start: Ints, *, tolerance: float, seconds: float
) -> tuple[Bound, Floats]:
    """The best bound found and the fractional plan that goes with it; ends when the two are within `tolerance` of each other.

    `start` is a plan to begin with.
    """
    ends = time.perf_counter() + seconds
    task = _task(menu, budget, floors)
    here = _beginning(task, start)
    total, n_total, last = here.over(1), 0, np.inf
    best, plan = bound(menu, budget, floors, Prices(here.u, here.money, here.area)), here.x
    for step in range(1, MAX_STEPS + 1):
        here = _step(task, here)
        total, n_total = (total.plus(here) if n_total else here), n_total + 1
        if step % EVERY:
            continue
        mean = total.over(n_total)
        found = [(point, *_judged(task, point)) for point in (here, mean)]
        nearest, _, distance = min(found, key=lambda one: one[2])
        best = min([best, *(one[1] for one in found)], key=lambda one: one.value)
        plan = nearest.x
        if distance <= tolerance * best.value or time.perf_counter() >= ends:
            break
        if distance <= RESTART_GAIN * last or n_total >= RESTART_AFTER * step:
            here, n_total, last = nearest, 0, distance
    return best, plan


def _task(menu: Menu, budget: float, floors: Floats) -> _Task:
    """Step sizes from the sums of rows and columns of the constraints, each row's constraint in units of its weight."""
    covers, covered_by = sparse.csr_array(menu.covers, dtype=float), sparse.csr_array(menu.covers.T, dtype=float)
    names, place, size = np.unique(menu.group, return_inverse=True, return_counts=True)
    several = (size > 1) & (names != NO_GROUP)
    place = np.where(several, np.cumsum(several) - 1, several.sum())[place]
    gain = covers @ menu.weight
    unit = np.zeros(int(several.sum()) + 1)
    np.maximum.at(unit, place, gain)
    unit[-1] = 0.0
    members = np.maximum(np.bincount(place, minlength=len(unit)), 1)
    by_floor = by_area(menu, np.ones(menu.n_rows, dtype=bool), len(floors))
    return _Task(
        menu=menu,
        budget=budget,
        floors=floors,
        covers=covers,
        covered_by=covered_by,
        place=place,
        step_x=1 / (gain + unit[place]),
        step_y=1 / (menu.weight * (2 if len(floors) else 1)),
        step_u=menu.weight / (1 + np.diff(covered_by.indptr)),
        step_station=unit / members,
        step_area=1 / np.maximum(by_floor, 1e-300),
    )


def _beginning(task: _Task, start: Ints) -> _Point:
    """The plan given, and prices that are its own: 0 where it covers twice, most of the weight where once, all of it where not."""
    menu = task.menu
    x = np.zeros(menu.n_actions)
    x[start] = 1.0
    times = task.covered_by @ x
    u = menu.weight * np.select([times > 1.5, times > 0.5], [0.0, 0.7], 1.0)
    return _Point(x, np.minimum(times, 1.0), u, np.zeros(len(task.step_station)), np.zeros(len(task.floors)), 0.0)


def _step(task: _Task, at: _Point) -> _Point:
    """One step: the plan along its prices, then the prices along where the plan is heading."""
    worth = task.menu.weight * (1 + _of_rows(task, at.area))
    x, money = _within_budget(task, at.x + task.step_x * (task.covers @ at.u - at.station[task.place]), at.money)
    y = np.clip(at.y + task.step_y * (worth - at.u), 0.0, 1.0)
    ahead_x, ahead_y = 2 * x - at.x, 2 * y - at.y
    u = np.maximum(at.u + task.step_u * (ahead_y - task.covered_by @ ahead_x), 0.0)
    taken = np.bincount(task.place, ahead_x, minlength=len(at.station))
    station = np.maximum(at.station + task.step_station * (taken - 1), 0.0)
    return _Point(x, y, u, station, _area_prices(task, at.area, ahead_y), money)


def _within_budget(task: _Task, wanted: Floats, money: float) -> tuple[Floats, float]:
    """The nearest plan that can be paid, and the price of a yuan that makes it so: Newton's method on a falling polygon."""
    cost, slope = task.menu.cost, task.step_x * task.menu.cost
    low, high = 0.0, np.inf
    for _ in range(30):
        x = np.clip(wanted - slope * money, 0.0, 1.0)
        over = float((cost * x).sum()) - task.budget
        low, high = (money, high) if over > 0 else (low, money)
        if abs(over) <= 1e-7 * task.budget or (money == 0 and over <= 0):
            break
        falling = float((cost * slope)[(x > 0) & (x < 1)].sum())
        money += over / falling if falling else (1.0 if over > 0 else -money)
        if not low <= money <= high:
            money = (low + high) / 2 if np.isfinite(high) else 2 * low + 1e-12
    return x, money


def _area_prices(task: _Task, price: Floats, y: Floats) -> Floats:
    if not len(price):
        return price
    return np.maximum(price + task.step_area * (task.floors - _by_area(task, y)), 0.0)


def _by_area(task: _Task, y: Floats) -> Floats:
    area = np.asarray(task.menu.floor_of)
    counts = area >= 0
    return np.bincount(area[counts], (task.menu.weight * y)[counts], minlength=len(task.floors))


def _of_rows(task: _Task, price: Floats) -> Floats | float:
    if not len(price):
        return 0.0
    area = np.asarray(task.menu.floor_of)
    return np.where(area >= 0, price[area], 0.0)


def _judged(task: _Task, at: _Point) -> tuple[Bound, float]:
    """The bound of a point's prices, and how far its plan, cut down to what is allowed, stays below it."""
    found = bound(task.menu, task.budget, task.floors, Prices(at.u, at.money, at.area))
    taken = np.bincount(task.place, at.x, minlength=len(at.station))
    taken[-1] = 1.0
    x = at.x / np.maximum(taken, 1.0)[task.place]
    spent = float((task.menu.cost * x).sum())
    x *= min(1.0, task.budget / spent) if spent else 1.0
    y = np.minimum(task.covered_by @ x, 1.0)
    short = np.maximum(task.floors - _by_area(task, y), 0.0).sum() if len(task.floors) else 0.0
    return found, abs(found.value - float((task.menu.weight * y).sum())) + float(short)
