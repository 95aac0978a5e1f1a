"""What one action is worth: by itself, beside a plan, and what the plan would lose without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import polars as pl

from pipeline.analysis.siting.menu import NO_GROUP, Bools, Floats, Ints, Menu
from pipeline.analysis.siting.plan import INFEASIBLE, Plan
from pipeline.analysis.siting.solve import solve


def worth(menu: Menu, plan: Plan) -> pl.DataFrame:
    """Every action beside a plan: one row per action.

    Columns: `action, group, cost, is_chosen`; `gain` by itself and `gain_per_yuan`; `gain_beside_plan`: what the plan covers
    only because of it (of a chosen one), or what the plan would cover more with it in place of its group's action (of another;
    below 0 where that would be a loss, and the budget aside). Null: `gain_per_yuan` of what costs nothing.

    Bundles of 1 and 3 yuan at one station, one of 1 yuan at another; the plan holds the last two:

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> menu = make_menu([5, 3, 2], [1, 3, 1], [[1, 0, 0], [1, 1, 0], [0, 0, 1]], group=[0, 0, 1])
    >>> worth(menu, solve(menu, 4)).select("gain", "gain_beside_plan").rows()
    [(5.0, -3.0), (8.0, 8.0), (2.0, 2.0)]
    """
    gain = menu.gain
    chosen = np.zeros(menu.n_actions, dtype=bool)
    chosen[plan.chosen] = True
    per_yuan = np.divide(gain, menu.cost, out=np.full(menu.n_actions, np.nan), where=menu.cost > 0)
    return pl.DataFrame(
        {
            "action": np.arange(menu.n_actions),
            "group": menu.group,
            "cost": menu.cost,
            "is_chosen": chosen,
            "gain": gain,
            "gain_per_yuan": pl.Series(per_yuan).fill_nan(None),
            "gain_beside_plan": _beside(menu, chosen),
        }
    )


def _beside(menu: Menu, chosen: Bools) -> Floats:
    """What each action adds to the plan without its group's action, less what that one adds."""
    times = menu.covers.T @ chosen.astype(float)
    once = menu.covers @ np.where(times == 1, menu.weight, 0.0)
    never = menu.covers @ np.where(times == 0, menu.weight, 0.0)
    result = np.where(chosen, once, never)
    holder = {int(menu.group[action]): action for action in np.flatnonzero(chosen) if menu.group[action] != NO_GROUP}
    for action in np.flatnonzero(~chosen & np.isin(menu.group, list(holder))):
        instead = holder[int(menu.group[action])]
        freed = np.zeros(menu.n_rows)
        only = menu.covers[[instead]].indices
        freed[only[times[only] == 1]] = 1.0
        gained = float((menu.covers[[action]] @ (menu.weight * freed))[0])
        result[action] += gained - once[instead]
    return result


def loss_without(
    menu: Menu, budget: float, plan: Plan, actions: Iterable[int] | None = None, **options: Any
) -> pl.DataFrame:
    """What the best plan loses when one of its actions may not be had, and which actions then come in.

    One row for each of `actions` (by default all that are chosen): `action, cost, value_without, bound_without, loss` (of the plan's
    value), `loss_share, n_replaced_by, replaced_by` (list of actions), `status_code` of the plan without it. An action with little
    loss has an equal: it need not be this one. With a gap in `options` (those of `solve`) a loss is known to that gap only.

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> menu = make_menu([5, 3, 2], [1, 3, 1], [[1, 0, 0], [1, 1, 0], [0, 0, 1]], group=[0, 0, 1])
    >>> loss_without(menu, 4, solve(menu, 4)).select("action", "loss", "replaced_by").rows()
    [(1, 3.0, [0]), (2, 2.0, [])]
    """
    rows = [
        _without(menu, budget, plan, int(action), options) for action in (plan.chosen if actions is None else actions)
    ]
    return pl.DataFrame(rows, schema=_LOSS)


_LOSS = {
    "action": pl.Int64,
    "cost": pl.Float64,
    "value_without": pl.Float64,
    "bound_without": pl.Float64,
    "loss": pl.Float64,
    "loss_share": pl.Float64,
    "n_replaced_by": pl.Int64,
    "replaced_by": pl.List(pl.Int64),
    "status_code": pl.String,
}


def _without(menu: Menu, budget: float, plan: Plan, action: int, options: Mapping[str, Any]) -> dict[str, Any]:
    barred: Ints = np.union1d(np.asarray(options.get("forbidden", []), dtype=np.int64), [action])
    other = solve(menu, budget, **{**options, "forbidden": barred, "starts": [plan.chosen]})
    loss = None if other.status_code == INFEASIBLE else max(plan.value - other.value, 0.0)
    new = np.setdiff1d(other.chosen, plan.chosen).tolist()
    return {
        "action": action,
        "cost": float(menu.cost[action]),
        "value_without": other.value,
        "bound_without": other.bound,
        "loss": loss,
        "loss_share": loss / plan.value if loss is not None and plan.value else None,
        "n_replaced_by": len(new),
        "replaced_by": new,
        "status_code": other.status_code,
    }
