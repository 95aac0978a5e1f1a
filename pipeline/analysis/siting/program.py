"""The menu as a linear program: one unknown per action (taken or not), one per row that several groups can cover.

    max Σ_v l_v x_v + Σ_e w_e y_e   with   y_e ≤ Σ_{v covers e} x_v,   Σ c_v x_v ≤ budget,   Σ_{v of a group} x_v ≤ 1

A row that one group alone can cover needs no unknown: as at most one of the group is taken, its weight belongs to the actions
(l_v). y stays continuous: with whole x it is whole by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pipeline.analysis.siting.menu import NO_GROUP, Bools, Floats, Ints, Menu

SIZE = 1e4  # the objective and the budget are scaled to this: the solver's tolerances are absolute
SMALL = 1e-9  # of the dearest action: a budget below that is none


@dataclass(frozen=True)
class Program:
    """minimise -objective @ (x, y) with matrix @ (x, y) ≤ limit, in units of `worth` (weight) and `money` (cost); `shared`
    the rows with an unknown; constraints in the order rows, budget, groups, floors."""

    objective: Floats
    matrix: sparse.csr_array
    limit: Floats
    shared: Ints
    worth: float
    money: float
    n_groups: int


def program(menu: Menu, budget: float, floors: Floats) -> Program:
    """The linear program of a menu; floors ask for covered weight per area."""
    worth = max(float(menu.weight.sum()), 1e-300) / SIZE
    most = float(menu.cost.sum())
    money = _unit(min(budget, most), menu.cost) / SIZE
    mine = _of_one_group(menu)
    shared = np.flatnonzero(~mine)
    linear = menu.covers @ (menu.weight * mine) / worth
    links = sparse.hstack([-sparse.csr_array(menu.covers.T[shared]).astype(float), sparse.eye_array(len(shared))])
    groups = _group_rows(menu.group)
    rest = sparse.vstack([sparse.csr_array(menu.cost[None, :] / money), groups])
    blocks = [links, sparse.hstack([rest, sparse.csr_array((rest.shape[0], len(shared)))])]
    limits = [np.zeros(len(shared)), [min(budget, most) / money], np.ones(groups.shape[0])]
    if len(floors):
        blocks.append(_floor_rows(menu, mine, shared, len(floors)) / -worth)
        limits.append(-floors / worth)
    return Program(
        objective=np.concatenate([linear, menu.weight[shared] / worth]),
        matrix=sparse.csr_array(sparse.vstack(blocks)),
        limit=np.concatenate(limits),
        shared=shared,
        worth=worth,
        money=money,
        n_groups=groups.shape[0],
    )


def _unit(most: float, cost: Floats) -> float:
    """What money is counted in: what can be spent, or the dearest action where that is next to nothing (a cost over it would overflow)."""
    dearest = float(cost.max(initial=0.0))
    return most if most > SMALL * dearest else dearest or 1.0


def _of_one_group(menu: Menu) -> Bools:
    """Rows whose actions are all of one group (or which one action alone covers)."""
    own = menu.group.max(initial=0) + 1 + np.arange(menu.n_actions)
    name = np.where(menu.group == NO_GROUP, own, menu.group)
    action, row = menu.covers.tocoo().coords
    least, most = np.full(menu.n_rows, np.iinfo(np.int64).max), np.full(menu.n_rows, -1)
    np.minimum.at(least, row, name[action])
    np.maximum.at(most, row, name[action])
    return least >= most


def _group_rows(group: Ints) -> sparse.csr_array:
    """One constraint for every group of two or more."""
    inside = np.flatnonzero(group != NO_GROUP)
    _, place, size = np.unique(group[inside], return_inverse=True, return_counts=True)
    several = size[place] > 1
    row = np.unique(place[several], return_inverse=True)[1]
    shape = (int((size > 1).sum()), len(group))
    return sparse.csr_array((np.ones(len(row)), (row, inside[several])), shape=shape)


def _floor_rows(menu: Menu, mine: Bools, shared: Ints, n_areas: int) -> sparse.csr_array:
    """Covered weight of each area as a sum over x and y."""
    area = np.asarray(menu.floor_of)
    counted = np.flatnonzero(area >= 0)
    by_row = sparse.csr_array((menu.weight[counted], (area[counted], counted)), shape=(n_areas, menu.n_rows))
    own = by_row @ sparse.diags_array(mine.astype(float))
    return sparse.csr_array(sparse.hstack([own @ menu.covers.T.astype(float), by_row[:, shared]]))
