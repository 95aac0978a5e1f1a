"""Would the plan be the same if need, cost, or what works were a little different? The menu is drawn anew and solved each time.

An action chosen in nearly every draw can be funded with confidence; two that take turns cannot be told apart, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import polars as pl

from pipeline.analysis.siting.menu import NO_GROUP, Bools, Floats, Ints, Menu
from pipeline.analysis.siting.plan import Plan
from pipeline.analysis.siting.solve import solve
from pipeline.errors import USAGE, Problem, fail

QUANTILES = (0.1, 0.5, 0.9)
GAP = 1e-3  # of each draw's optimum: far below what draws differ by
SECONDS = 20.0  # for one draw

Draws = Iterable[Menu] | Callable[[int], Menu]


@dataclass(frozen=True)
class Stability:
    """What draws say of a plan.

    `actions`: `action, group, is_in_plan, n_draws, n_chosen, chosen_share`, `gain_p10, gain_p50, gain_p90` of what it covers that
    nothing else of the draw's best plan covers, over draws that chose it (null: none did). `groups`: `group, n_chosen,
    chosen_share` with any action. `draws`: `draw, value, bound, gap, plan_value, plan_cost, plan_is_affordable, regret_share` — what
    the plan covers in the draw, and how far below the draw's best, as a share; `status_code`. `chosen[draw, action]`.
    """

    actions: pl.DataFrame
    groups: pl.DataFrame
    draws: pl.DataFrame
    chosen: Bools

    @property
    def n_draws(self) -> int:
        """Draws solved."""
        return len(self.chosen)


def stability(
    menus: Draws,
    budget: float,
    plan: Plan,
    *,
    n_draws: int = 200,
    gap: float = GAP,
    seconds: float = SECONDS,
    **options: Any,
) -> Stability:
    """How often each action is chosen over draws of the menu, what it adds, and what the plan of the best guess forgoes.

    `menus` are draws, at most `n_draws` of them, or a function from the draw's number to its menu; all have the same actions and groups,
    while weights, costs and coverage may differ. `options` are those of `solve`. Raises `draws_differ`.

    Two actions alike but for the draw take turns:

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> draws = [make_menu([5, 4 + 2 * (at % 2)], [1, 1], [[1, 0], [0, 1]]) for at in range(4)]
    >>> found = stability(draws, 1, solve(draws[0], 1))
    >>> found.actions["chosen_share"].to_list(), found.draws["regret_share"].round(3).to_list()
    ([0.5, 0.5], [0.0, 0.167, 0.0, 0.167])
    """
    chosen, gains, rows = [], [], []
    known = [plan.chosen]
    group: Ints | None = None
    for draw, menu in enumerate(_menus(menus, n_draws)):
        group = menu.group if group is None else group
        if len(menu.group) != len(group) or (menu.group != group).any():
            _fail_draw(draw, len(group), len(menu.group))
        best = solve(menu, budget, gap=gap, seconds=seconds, starts=known, **options)
        known = [plan.chosen, best.chosen]
        chosen.append(_flags(menu.n_actions, best.chosen))
        gains.append(_own_gain(menu, best.chosen))
        rows.append(_draw(draw, menu, budget, plan, best))
    if group is None:
        _fail_draw(0, 1, 0)
    taken = np.array(chosen)
    actions = _actions(taken, np.array(gains), group, plan.chosen)
    return Stability(actions, _groups(taken, group), pl.DataFrame(rows), taken)


def _menus(menus: Draws, n_draws: int) -> Iterator[Menu]:
    return (menus(draw) for draw in range(n_draws)) if callable(menus) else islice(menus, n_draws)


def _flags(n_actions: int, chosen: Ints) -> Bools:
    found = np.zeros(n_actions, dtype=bool)
    found[chosen] = True
    return found


def _own_gain(menu: Menu, chosen: Ints) -> Floats:
    """What each chosen action covers and no other chosen one does; NaN for the others."""
    found = np.full(menu.n_actions, np.nan)
    times = np.bincount(menu.covers[chosen].indices, minlength=menu.n_rows)
    found[chosen] = menu.covers[chosen] @ np.where(times == 1, menu.weight, 0.0)
    return found


def _draw(draw: int, menu: Menu, budget: float, plan: Plan, best: Plan) -> dict[str, Any]:
    """One draw's row; regret is 0 where the plan is as good as the best found, also if dearer than the budget (said beside)."""
    value, cost = menu.value(plan.chosen), float(menu.cost[plan.chosen].sum())
    return {
        "draw": draw,
        "value": best.value,
        "bound": best.bound,
        "gap": best.gap,
        "plan_value": value,
        "plan_cost": cost,
        "plan_is_affordable": cost <= budget * (1 + 1e-9),
        "regret_share": max(1 - value / best.value, 0.0) if best.value else 0.0,
        "status_code": best.status_code,
    }


def _actions(taken: Bools, gains: Floats, group: Ints, plan: Ints) -> pl.DataFrame:
    n_chosen = taken.sum(axis=0)
    quantiles = np.full((len(QUANTILES), len(group)), np.nan)
    ever = n_chosen > 0
    quantiles[:, ever] = np.nanquantile(gains[:, ever], QUANTILES, axis=0)
    return pl.DataFrame(
        {
            "action": np.arange(len(group)),
            "group": group,
            "is_in_plan": _flags(len(group), plan),
            "n_draws": np.full(len(group), len(taken)),
            "n_chosen": n_chosen,
            "chosen_share": n_chosen / len(taken),
            **{f"gain_p{100 * part:.0f}": row for part, row in zip(QUANTILES, quantiles, strict=True)},
        }
    ).with_columns(pl.col("^gain_p.*$").fill_nan(None))


def _groups(taken: Bools, group: Ints) -> pl.DataFrame:
    """How often a station or site gets any bundle: surer than which one."""
    names = np.unique(group[group != NO_GROUP])
    n_chosen = [int(taken[:, group == name].any(axis=1).sum()) for name in names]
    return pl.DataFrame(
        {"group": names, "n_chosen": n_chosen, "chosen_share": np.array(n_chosen, dtype=float) / len(taken)}
    )


def indistinguishable(
    found: Stability, *, together: float = 0.05, either: float = 0.9, often: float = 0.1
) -> pl.DataFrame:
    """Pairs of actions that take turns over draws: seldom both, nearly always one or the other. Which of them is luck of the draw.

    One row per pair: `action, other, chosen_share, other_share, together_share, either_share`. A pair counts if both are chosen in
    at least `often` of the draws, together in at most `together`, and one of them in at least `either`; the surest pairs come first.

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> draws = [make_menu([5, 4 + 2 * (at % 2)], [1, 1], [[1, 0], [0, 1]]) for at in range(4)]
    >>> indistinguishable(stability(draws, 1, solve(draws[0], 1))).select("action", "other", "either_share").rows()
    [(0, 1, 1.0)]
    """
    share = found.chosen.mean(axis=0)
    some = np.flatnonzero((share >= often) & (share <= 1 - often))
    both = found.chosen[:, some].T.astype(float) @ found.chosen[:, some] / max(found.n_draws, 1)
    one, other = np.triu_indices(len(some), 1)
    either_share = share[some[one]] + share[some[other]] - both[one, other]
    kept = (both[one, other] <= together) & (either_share >= either)
    pairs = {
        "action": some[one[kept]],
        "other": some[other[kept]],
        "chosen_share": share[some[one[kept]]],
        "other_share": share[some[other[kept]]],
        "together_share": both[one, other][kept],
        "either_share": either_share[kept],
    }
    return pl.DataFrame(pairs).sort("either_share", "together_share", "action", descending=[True, False, False])


def _fail_draw(draw: int, expected: int, got: int) -> None:
    problem = Problem(
        "draws_differ",
        f"第 {draw} 次抽样 · draw {draw}",
        "各次抽样的行动或分组不同",
        "the draws do not have the same actions and groups",
        got=str(got),
        expected=str(expected),
        do_zh="每次抽样须有相同的行动与分组，只改变权重、费用和覆盖",
        do_en="give every draw the same actions and groups; only weights, costs and coverage may differ",
    )
    fail(USAGE, problem)
