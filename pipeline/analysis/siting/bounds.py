"""What no plan can exceed, from prices alone: an upper bound that anybody can check without trusting a solver.

Give each row a price u ≤ its weight, the budget a price λ per yuan, each floor a price ν, all ≥ 0. Then no plan is worth more than

    Σ_e (w_e(1 + ν_f(e)) − u_e) + λ·budget − Σ_f ν_f floor_f + Σ_groups max(0, max_v (Σ_{e covered by v} u_e − λ c_v))

whatever the prices (Lagrangian relaxation; Geoffrion 1974); those of the linear relaxation give the least. The bound falls by a
known amount when an action is demanded or barred, so that actions no better plan can hold, or do without, are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.analysis.siting.menu import NO_GROUP, Floats, Ints, Menu


@dataclass(frozen=True)
class Prices:
    """`row[E]` of covering each row, `money` of a yuan, `floor[F]` of a unit of each floor."""

    row: Floats
    money: float
    floor: Floats


@dataclass(frozen=True)
class Bound:
    """`value` no plan exceeds; `with_action[V]` no plan with the action exceeds; `without_action[V]` no plan without it;
    `money` the price of a yuan among the prices."""

    value: float
    money: float
    with_action: Floats
    without_action: Floats


def bound(menu: Menu, budget: float, floors: Floats, prices: Prices) -> Bound:
    """The bound these prices prove, for all plans, for those with and for those without each action.

    One need of 5 and one of 3; actions of cost 1 cover one each; with 1 to spend and a yuan priced 3:

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> menu = make_menu([5, 3], [1, 1], [[1, 0], [0, 1]])
    >>> found = bound(menu, 1, np.zeros(0), Prices(np.array([5.0, 3.0]), 3.0, np.zeros(0)))
    >>> found.value, found.with_action, found.without_action
    (5.0, array([5., 5.]), array([3., 5.]))
    """
    worth = priced_weight(menu, prices.floor)
    row = np.clip(prices.row, 0.0, worth)
    score = menu.covers @ row - prices.money * menu.cost
    place, best, second = _best_two(menu.group, score)
    spent = prices.money * budget if prices.money else 0.0
    total = float((worth - row).sum() + spent - prices.floor @ floors + best.sum())
    is_best = score >= best[place]
    return Bound(
        value=total,
        money=prices.money,
        with_action=total - best[place] + score,
        without_action=np.where(is_best, total - best[place] + second[place], total),
    )


def priced_weight(menu: Menu, floor_price: Floats) -> Floats:
    """Weight of each row, more where it counts towards a floor that has a price."""
    if menu.floor_of is None or not len(floor_price):
        return menu.weight
    share = np.where(menu.floor_of >= 0, floor_price[menu.floor_of], 0.0)
    return menu.weight * (1 + share)


def prices_of_money(menu: Menu, budget: float, n_floors: int = 0) -> Prices:
    """The best prices with every row at its full weight: cheap, and of use where there is no time for a linear program.

    The bound is then a polygon over λ; its lowest corner is found by halving.
    """
    gain, cost = menu.gain, menu.cost
    paid = cost > 0
    low, high = 0.0, float((gain[paid] / cost[paid]).max(initial=0.0))
    for _ in range(60):
        middle = (low + high) / 2
        score = gain - middle * cost
        place, best, _ = _best_two(menu.group, score)
        chosen = (score >= best[place]) & (score > 0)
        _, first = np.unique(place[chosen], return_index=True)
        low, high = (middle, high) if cost[chosen][first].sum() > budget else (low, middle)
    return Prices(menu.weight, high, np.zeros(n_floors))


def _best_two(group: Ints, score: Floats) -> tuple[Ints, Floats, Floats]:
    """Place of each action's group in the lists of the best and the second best score (0 where below: none is taken)."""
    alone = group == NO_GROUP
    names = np.where(alone, group.max(initial=0) + 1 + np.arange(len(group)), group)
    known, place = np.unique(names, return_inverse=True)
    best, second = np.zeros(len(known)), np.zeros(len(known))
    np.maximum.at(best, place, score)
    ahead = np.full(len(known), -1)
    leads = np.flatnonzero(score >= best[place])
    ahead[place[leads]] = leads  # one of those that lead; another that is level comes second
    rest = np.arange(len(group)) != ahead[place]
    np.maximum.at(second, place[rest], score[rest])
    return place, best, second
