"""The best plan within a budget, and proof of how good it is.

The steps, each in its own module: leave out what cannot be in the answer (reduce), a good plan at once (greedy), what no plan
exceeds (relax, bounds), the best plan among what the two leave open (exact).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pipeline.analysis.siting import plan as status
from pipeline.analysis.siting.exact import ROUNDING, Found, is_close, search
from pipeline.analysis.siting.floors import SLACK, as_floors, keeps
from pipeline.analysis.siting.greedy import Selection, greedy, improved, rounded
from pipeline.analysis.siting.menu import NO_GROUP, Bools, Floats, Ints, Menu
from pipeline.analysis.siting.plan import Plan
from pipeline.analysis.siting.reach import PRECISE, Reached, reach
from pipeline.analysis.siting.reduce import Reduced, outdone, reduced
from pipeline.analysis.siting.relax import SIMPLEX, relax
from pipeline.errors import USAGE, Problem, fail

NONE: Ints = np.empty(0, dtype=np.int64)


def solve(
    menu: Menu,
    budget: float,
    *,
    floors: Mapping[int, float] | ArrayLike | None = None,
    gap: float = 0.0,
    seconds: float = 60.0,
    forbidden: ArrayLike | None = None,
    required: ArrayLike | None = None,
    starts: Iterable[ArrayLike] = (),
) -> Plan:
    """The plan that covers the most weight for at most `budget`, at most one action of each group.

    `floors`: least weight to be covered in each area (`Menu.floor_of`), by area or as one element each; where the budget
    does not reach them all, the largest common part of them, said in `floor_scale`. `gap`: how far below the proven bound the
    plan may stay, as a share of its value; 0 asks for the optimum. `seconds`: after these the best plan so far is
    returned with the bound so far. `forbidden` and `required` are actions; `starts` are plans that may be good (of a similar menu).

    The same menu gives the same plan, unless time runs out. Raises `bad_budget`, `bad_floors`, `unknown_action`.

    The bundle of 3 yuan covers 8; for one yuan more the other station's 2 hours come on top:

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> menu = make_menu([5, 3, 2], [1, 3, 1], [[1, 0, 0], [1, 1, 0], [0, 0, 1]], group=[0, 0, 1])
    >>> plan = solve(menu, 4)
    >>> plan.chosen, plan.value, plan.cost, plan.bound, plan.status_code
    (array([1, 2]), 10.0, 4.0, 10.0, 'optimal')
    """
    began = time.perf_counter()
    _check(budget, gap, seconds)
    least = as_floors(menu, floors)
    bar, take = _actions(menu, forbidden, "forbidden"), _actions(menu, required, "required")
    if _contradict(menu, budget, bar, take):
        return _empty(menu, status.INFEASIBLE, began)
    small = _small(menu, budget, bar, take, least)
    if not small.menu.n_actions:
        return _without_choice(menu, budget, small, bar, least, began)
    ends = began + seconds
    first = greedy(small.menu, small.budget)
    kept = _first_plan(small, least, [first, *_carried(small, starts)], ends - time.perf_counter())
    known, asked = kept.chosen, small.floors - (1 - kept.scale + SLACK) * least
    relaxed, fractions = relax(small.menu, small.budget, asked, known, gap=gap, seconds=ends - time.perf_counter())
    if time.perf_counter() < ends:
        near = rounded(small.menu, small.budget, fractions, relaxed.money)
        known = _best(small.menu, asked, [known, near, improved(small.menu, small.budget, near)])
    value = small.menu.value(known)
    start = Found(known, value, max(relaxed.value, value))
    found = search(small.menu, small.budget, asked, relaxed, start, gap=gap, seconds=ends - time.perf_counter())
    is_proven = kept.scale >= kept.most * (1 - 2 * PRECISE)  # that the floors cannot be kept better
    code = status.OPTIMAL if is_close(found, 0) else status.WITHIN_GAP
    return Plan(
        **_outcome(menu, np.concatenate([take, small.action[found.chosen]]), found.bound + small.value),
        status_code=code if is_proven and is_close(found, gap) else status.TIME_LIMIT,
        greedy_value=small.menu.value(first) + small.value,
        lp_bound=max(relaxed.value, value) + small.value,
        floor_scale=kept.scale,
        floor_bound=kept.most,
        seconds=time.perf_counter() - began,
    )


def _small(menu: Menu, budget: float, bar: Ints, take: Ints, least: Floats) -> Reduced:
    """The menu without what cannot be in the best plan."""
    left = budget - menu.cost[take].sum()
    keep = (menu.cost <= left + ROUNDING * budget) & (menu.gain > 0)
    keep[bar] = False
    keep &= ~outdone(menu, keep)
    small = reduced(menu, budget, keep, take, least)
    return reduced(menu, budget, _of(menu, small.action[small.menu.gain > 0]), take, least)


def _first_plan(small: Reduced, least: Floats, plans: list[Ints], seconds: float) -> Reached:
    """The best of some plans after exchanges; where none keeps the floors, one that does, as far as can be, and how far."""
    if small.menu.covers.nnz <= SIMPLEX:  # a larger menu's plan is made from its relaxation
        plans = [*plans, *(improved(small.menu, small.budget, plan) for plan in plans)]
    if any(keeps(small.menu, plan, small.floors) for plan in plans):
        return Reached(1.0, _best(small.menu, small.floors, plans))
    reached = reach(small, least, seconds / 3)
    selection = Selection(small.menu, small.budget)
    for action in reached.chosen.tolist():
        selection.add(action)
    selection.fill()
    return replace(reached, chosen=np.array(sorted(selection.chosen), dtype=np.int64))


def _best(menu: Menu, floors: Floats, plans: list[Ints]) -> Ints:
    """The plan of most value among those that keep the floors (the first, if none does)."""
    keeping = [plan for plan in plans if keeps(menu, plan, floors)]
    return max(keeping or plans[:1], key=menu.value)


def _carried(small: Reduced, starts: Iterable[ArrayLike]) -> list[Ints]:
    """Plans in the numbers of the smaller menu, as far as they can be had."""
    place = {int(action): at for at, action in enumerate(small.action)}
    found = []
    for start in starts:
        selection = Selection(small.menu, small.budget)
        for action in np.asarray(start, dtype=np.int64).tolist():
            if (at := place.get(action)) is not None and selection.can(at):
                selection.add(at)
        found.append(np.array(sorted(selection.chosen), dtype=np.int64))
    return found


def _without_choice(menu: Menu, budget: float, small: Reduced, bar: Ints, least: Floats, began: float) -> Plan:
    """The plan where there is nothing to choose: what is required, or nothing, and why."""
    allowed = np.ones(menu.n_actions, dtype=bool)
    allowed[bar] = False
    code = status.OPTIMAL
    if not len(small.fixed):
        affordable = (allowed & (menu.cost <= budget * (1 + ROUNDING))).any()
        code = status.NOTHING_TO_GAIN if affordable else status.NOTHING_AFFORDABLE
    asked = least > 0
    kept = (least - small.floors)[asked] / least[asked]
    return _empty(menu, code, began, small.fixed, min(1.0, float(kept.min(initial=1.0))))


def _empty(menu: Menu, code: str, began: float, chosen: Ints = NONE, scale: float = 1.0) -> Plan:
    value = menu.value(chosen)
    seconds = time.perf_counter() - began
    return Plan(
        **_outcome(menu, chosen, value),
        status_code=code,
        greedy_value=value,
        lp_bound=value,
        floor_scale=scale,
        floor_bound=scale,
        seconds=seconds,
    )


def _outcome(menu: Menu, chosen: Ints, bound: float) -> dict[str, Any]:
    """What a choice covers and costs, and how near it is to the bound."""
    covered = menu.covered(chosen)
    value = float(menu.weight[covered].sum())
    above = max(bound - value, 0.0)
    if above <= ROUNDING * value:
        above = 0.0
    return {
        "chosen": np.sort(chosen),
        "covered": covered,
        "value": value,
        "cost": float(menu.cost[chosen].sum()),
        "bound": value + above,
        "gap": above / value if value > 0 else float(above > 0),
    }


def _contradict(menu: Menu, budget: float, bar: Ints, take: Ints) -> bool:
    """Whether what is required cannot be had: too dear, two of one group, or forbidden too."""
    group = menu.group[take][menu.group[take] != NO_GROUP]
    too_dear = menu.cost[take].sum() > budget * (1 + ROUNDING)
    return bool(too_dear or len(np.unique(group)) < len(group) or np.isin(take, bar).any())


def _of(menu: Menu, actions: Ints) -> Bools:
    found = np.zeros(menu.n_actions, dtype=bool)
    found[actions] = True
    return found


def _actions(menu: Menu, actions: ArrayLike | None, name: str) -> Ints:
    """Action numbers, each once; raises `unknown_action`."""
    found = np.unique(np.asarray([] if actions is None else actions, dtype=np.int64))
    outside = found[(found < 0) | (found >= menu.n_actions)]
    if len(outside):
        problem = Problem(
            "unknown_action",
            name,
            "清单中没有这项行动",
            "the menu has no such action",
            got=", ".join(map(str, outside[:10].tolist())),
            expected=f"0 … {menu.n_actions - 1}",
            do_zh="行动从 0 起编号",
            do_en="actions are counted from 0",
        )
        fail(USAGE, problem)
    return found


def _check(budget: float, gap: float, seconds: float) -> None:
    limits = {
        "budget": (budget, not budget >= 0),
        "gap": (gap, not 0 <= gap < 1),
        "seconds": (seconds, not seconds > 0),
    }
    expected = {"budget": "≥ 0", "gap": "0 ≤ gap < 1", "seconds": "> 0"}
    wrong = [
        Problem(
            "bad_budget",
            name,
            "预算或求解设置不成立",
            "this is no budget, gap or time limit",
            got=str(value),
            expected=expected[name],
            do_zh="请改正该数",
            do_en="correct the number",
        )
        for name, (value, is_wrong) in limits.items()
        if is_wrong
    ]
    if wrong:
        fail(USAGE, *wrong)
