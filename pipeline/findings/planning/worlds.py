"""How a plan fares in other worlds the evidence allows: its gain and cost there, and how often it would be chosen again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from pipeline.analysis.siting.menu import Menu
from pipeline.analysis.siting.program import program
from pipeline.findings.planning.bundles import Bundles
from pipeline.findings.planning.draws import drawn_menus
from pipeline.findings.planning.menu import floors_of
from pipeline.findings.planning.now import Now
from pipeline.findings.planning.prices import Prices
from pipeline.findings.planning.settings import rules

NONE = np.zeros(0)
HALF = 0.5 - 1e-9


@dataclass(frozen=True)
class Worlds:
    """Over D draws: `menus`, the same bundles in each; `gain` D × chosen, what each adds to those before it; `cost` D of the whole
    plan; `parts` D × bundles, the part of each in the best plan of the draw; `picked` D × bundles: whether this plan does as much at
    that place (parts of less than a half are the rest of the money, no choice)."""

    menus: tuple[Menu, ...]
    gain: np.ndarray
    cost: np.ndarray
    parts: np.ndarray
    picked: np.ndarray

    def again(self) -> np.ndarray:
        """How often each bundle would be chosen again; nan without draws."""
        return self.picked.mean(axis=0) if len(self.picked) else np.full(self.picked.shape[1], np.nan)

    def places(self, group: np.ndarray) -> np.ndarray:
        """How often the draws' best plans do anything at each group."""
        inside = np.zeros((len(group), int(group.max(initial=0)) + 1))
        inside[np.arange(len(group)), group] = 1.0
        done = self.parts @ inside >= HALF
        return done.mean(axis=0) if len(done) else np.zeros(inside.shape[1])

    def extra(self, v: int, base: np.ndarray) -> np.ndarray:
        """What one bundle adds to some others, in each draw."""
        return np.array([float((menu.covers[[v]] @ (menu.weight * ~menu.covered(base)))[0]) for menu in self.menus])


def tried(
    bundles: Bundles,
    now: Now,
    prices: Prices,
    order: np.ndarray,
    *,
    budget: float,
    draws: int,
    least: np.ndarray | None,
) -> Worlds:
    """A plan (its bundles in `order`) tried on so many draws of need, of what works and of prices; `least`: the share each grid cell
    closes at least, None for no floor."""
    includes = holding(bundles)
    menus = tuple(drawn_menus(bundles, now, prices, draws, rules()["plan"]["seed"]))
    parts = np.zeros((draws, len(bundles)))
    for number, menu in enumerate(menus):
        parts[number], _ = relaxed(menu, budget, None if least is None else floors_of(menu, least))
    return Worlds(
        menus=menus,
        gain=np.array([added(menu, order) for menu in menus]).reshape(draws, len(order)),
        cost=np.array([float(menu.cost[order].sum()) for menu in menus]),
        parts=parts,
        picked=parts @ includes >= HALF,
    )


def relaxed(menu: Menu, budget: float, floors: np.ndarray | None = None) -> tuple[np.ndarray, float]:
    """The part of each bundle in the best plan if parts could be had, and what one more yuan would then bring.

    Nearly all parts are 0 or 1, and the value is within a few thousandths of the best plan's. Floors that cannot be met are left
    aside. The one yuan and a half buys the better bundle and half the other:

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> part, last = relaxed(make_menu([5, 3], [1, 1], [[1, 0], [0, 1]]), 1.5)
    >>> part.round(6).tolist(), round(last, 6)
    ([1.0, 0.5], 3.0)
    """
    for least in ([floors] if floors is not None else []) + [NONE]:
        lp = program(menu, budget, least)
        found = linprog(-lp.objective, A_ub=lp.matrix, b_ub=lp.limit, bounds=(0, 1), method="highs-ds")
        if found.status == 0:
            last = -float(found.ineqlin.marginals[len(lp.shared)]) * lp.worth / lp.money
            return found.x[: menu.n_actions], max(last, 0.0)
    return np.zeros(menu.n_actions), 0.0


def added(menu: Menu, order: np.ndarray) -> np.ndarray:
    """What each action adds to those before it."""
    covered, gains = np.zeros(menu.n_rows, bool), []
    for v in order:
        rows = menu.covers.indices[menu.covers.indptr[v] : menu.covers.indptr[v + 1]]
        gains.append(float(menu.weight[rows[~covered[rows]]].sum()))
        covered[rows] = True
    return np.array(gains)


def holding(bundles: Bundles) -> sparse.csr_array:
    """Bundles × bundles: whether the one (row) does all that the other (column) does at the same place, or more."""
    rows, columns = [], []
    for group in np.unique(bundles.group):
        here = np.flatnonzero(bundles.group == group)
        one = bundles[here]
        does = np.hstack([one.fix, one.add, one.publicise[:, None]])
        more = (does[:, None, :] >= does[None, :, :]).all(axis=2)
        more &= (one.kind[:, None] == one.kind[None, :]) & (one.longer[:, None] >= one.longer[None, :])
        row, column = np.nonzero(more)
        rows.append(here[row])
        columns.append(here[column])
    at = (np.concatenate(rows), np.concatenate(columns)) if rows else (np.zeros(0, int), np.zeros(0, int))
    return sparse.csr_array((np.ones(len(at[0])), at), shape=(len(bundles), len(bundles)))
