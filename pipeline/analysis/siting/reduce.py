"""A smaller menu with the same best plan: what cannot be paid, adds nothing or is outdone within its group is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pipeline.analysis.siting.collapse import collapse
from pipeline.analysis.siting.menu import NO_GROUP, Bools, Floats, Ints, Menu

MAX_GROUP = 400  # larger groups are not searched for outdone bundles: pairs grow with the square


@dataclass(frozen=True)
class Reduced:
    """`menu` with fewer actions and rows; `action` their numbers in the menu it came from, `fixed` the actions taken for
    certain, `budget` and `floors` what remains of them, `value` what the fixed ones cover."""

    menu: Menu
    action: Ints
    fixed: Ints
    budget: float
    floors: Floats
    value: float
    row_of: Ints


def reduced(menu: Menu, budget: float, keep: Bools, fixed: Ints, floors: Floats) -> Reduced:
    """The menu of the actions in `keep`, once those in `fixed` are taken: their groups and the rows they cover are done with.

    A floor counts down by what the fixed actions cover in its area.
    """
    taken = menu.group[fixed]
    keep = keep & ~np.isin(menu.group, taken[taken != NO_GROUP])
    keep[fixed] = False
    action = np.flatnonzero(keep)
    done = menu.covered(fixed)
    open_rows = np.flatnonzero(~done & (menu.weight > 0))
    cells = sparse.csr_array(menu.covers[action][:, open_rows].T)
    area = menu.floor_of if len(floors) else None
    small = collapse(cells, menu.weight[open_rows], None if area is None else area[open_rows])
    row_of = np.full(menu.n_rows, -1)
    row_of[open_rows] = small.row_of
    return Reduced(
        menu=Menu(small.weight, menu.cost[action], menu.group[action], small.covers, small.floor_of),
        action=action,
        fixed=fixed,
        budget=budget - float(menu.cost[fixed].sum()),
        floors=floors - by_area(menu, done, len(floors)),
        value=float(menu.weight[done].sum()),
        row_of=row_of,
    )


def by_area(menu: Menu, covered: Bools, n_areas: int) -> Floats:
    """Covered weight of each fairness area."""
    if menu.floor_of is None or not n_areas:
        return np.zeros(n_areas)
    counts = covered & (menu.floor_of >= 0)
    return np.bincount(menu.floor_of[counts], menu.weight[counts], minlength=n_areas)


def outdone(menu: Menu, among: Bools) -> Bools:
    """Actions for which their group has another, in `among` too, that costs no more and covers all they cover.

    Of several alike the first stays.

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> menu = make_menu([5, 3], [2, 2, 1], [[1, 0], [1, 1], [0, 1]], group=[0, 0, 0])
    >>> outdone(menu, np.array([True, True, True]))
    array([ True, False, False])
    """
    found = np.zeros(menu.n_actions, dtype=bool)
    worse, better = _pairs(menu.group, among)
    sizes = np.diff(menu.covers.indptr)
    possible = (menu.cost[better] <= menu.cost[worse]) & (sizes[better] >= sizes[worse])
    worse, better = worse[possible], better[possible]
    shared = np.asarray(menu.covers[worse].multiply(menu.covers[better]).sum(axis=1)).ravel()
    alike = (menu.cost[better] == menu.cost[worse]) & (sizes[better] == sizes[worse])
    found[worse[(shared == sizes[worse]) & (~alike | (better < worse))]] = True
    return found


def _pairs(group: Ints, among: Bools) -> tuple[Ints, Ints]:
    """Every ordered pair of different actions of one group."""
    inside = np.flatnonzero(among & (group != NO_GROUP))
    order = inside[np.argsort(group[inside], kind="stable")]
    _, starts, sizes = np.unique(group[order], return_index=True, return_counts=True)
    left, right = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= MAX_GROUP)]):
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.nonzero(~np.eye(size, dtype=bool))
        left.append(members[:, one].ravel())
        right.append(members[:, other].ravel())
    return np.concatenate(left), np.concatenate(right)
