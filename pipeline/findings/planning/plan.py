"""The plan under a budget: the best bundles, what each adds, and how it fares in other worlds the evidence allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.analysis.siting.menu import Menu
from pipeline.analysis.siting.plan import Plan
from pipeline.findings.planning.bundles import Bundles, costs
from pipeline.findings.planning.candidates import candidates, lacking
from pipeline.findings.planning.fairness import Fair, fair_plan
from pipeline.findings.planning.menu import menu_of, offer
from pipeline.findings.planning.now import Now
from pipeline.findings.planning.prices import Prices, charged
from pipeline.findings.planning.settings import rules
from pipeline.findings.planning.worlds import Worlds, tried


@dataclass(frozen=True)
class Proposal:
    """`bundles` on the menu, with `once`, `yearly` and `cost` (charged); `menu` and the plan within `budget`, with its floor (`fair`).

    `order` the chosen bundles, the one that adds most first; `gain` what each adds to those before it, in courier-hours a week
    (they sum up to the plan's value); `worlds` how it fares in draws.
    """

    now: Now
    bundles: Bundles
    once: np.ndarray
    yearly: np.ndarray
    cost: np.ndarray
    menu: Menu
    fair: Fair
    budget: float
    order: np.ndarray
    gain: np.ndarray
    worlds: Worlds

    @property
    def plan(self) -> Plan:
        """The plan proposed."""
        return self.fair.plan

    @property
    def price_of_fairness(self) -> float:
        """Courier-hours a week that the floor costs."""
        return max(self.fair.free.value - self.fair.plan.value, 0.0)

    @property
    def closable(self) -> float:
        """Courier-hours a week that the whole menu together would cover."""
        return float(self.menu.weight.sum())


def propose(now: Now, prices: Prices, budget: float, *, draws: int, floor_share: float | None = None) -> Proposal:
    """The best plan of one district for a budget, tried on so many draws."""
    rule = rules()["plan"]
    bundles = candidates(now, prices)
    once, yearly = costs(bundles, prices, now.district.services, lacking(now))
    cost = charged(once, yearly)
    menu = menu_of(bundles, now, cost, offer(bundles, now))
    part = rule["floor_share"] if floor_share is None else floor_share
    fair = fair_plan(menu, budget, part, rule["seconds"])
    order, gain = in_order(menu, fair.plan.chosen)
    least = fair.share * fair.kept if fair.binds else None
    worlds = tried(bundles, now, prices, order, budget=budget, draws=draws if len(order) else 0, least=least)
    return Proposal(now, bundles, once, yearly, cost, menu, fair, budget, order, gain, worlds)


def in_order(menu: Menu, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chosen actions so that each adds as much as any left could, and what it adds to those before it."""
    rest, covered, order, gains = [int(v) for v in chosen], np.zeros(menu.n_rows, bool), [], []
    rows = {v: menu.covers.indices[menu.covers.indptr[v] : menu.covers.indptr[v + 1]] for v in rest}
    while rest:
        worth = [float(menu.weight[rows[v][~covered[rows[v]]]].sum()) for v in rest]
        at = int(np.argmax(worth))
        order.append(rest.pop(at))
        gains.append(worth[at])
        covered[rows[order[-1]]] = True
    return np.array(order, dtype=np.int64), np.array(gains)
