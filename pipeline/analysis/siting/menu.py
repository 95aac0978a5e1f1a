"""A menu of changes: what each costs, which cells of unmet need it would cover, and which exclude one another.

A *cell* is a place, service and hour that nothing serves now, a *row* of the menu one cell or several that exactly the same
changes cover; its weight is what covering it is worth (courier-hours a week). An *action* is one bundle of changes at one
station or site. Hours and services pay jointly (a charger is of no use behind a closed door): a bundle is worth more than
its parts one by one. Bundles of one station are therefore actions of one group, of which a plan takes at most one; value is
then a matter of coverage again, and the problem is maximal covering (Church & ReVelle 1974) under a budget.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from pipeline.errors import USAGE, Problem, fail

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Covers = sparse.csr_array  # actions × rows, True where the action covers the row

NO_GROUP = -1


@dataclass(frozen=True)
class Menu:
    """V actions and E rows: `weight[E]`, `cost[V]`, `group[V]` (at most one action of a group; -1: of none), `covers` V × E,
    `floor_of[E]` the area in whose fairness floor a row counts (-1: in none), or None where there are no areas."""

    weight: Floats
    cost: Floats
    group: Ints
    covers: Covers
    floor_of: Ints | None = None

    @property
    def n_actions(self) -> int:
        """Actions there are to choose from."""
        return len(self.cost)

    @property
    def n_rows(self) -> int:
        """Rows of need that could be covered."""
        return len(self.weight)

    @property
    def gain(self) -> Floats:
        """What each action would add by itself."""
        return self.covers @ self.weight

    def covered(self, chosen: ArrayLike) -> Bools:
        """Which rows a choice of actions covers."""
        found = np.zeros(self.n_rows, dtype=bool)
        found[self.covers[np.asarray(chosen, dtype=np.int64)].indices] = True
        return found

    def value(self, chosen: ArrayLike) -> float:
        """Weight that a choice of actions covers, each row once."""
        return float(self.weight[self.covered(chosen)].sum())


def make_menu(
    weight: ArrayLike,
    cost: ArrayLike,
    covers: sparse.sparray | ArrayLike,
    group: ArrayLike | None = None,
    floor_of: ArrayLike | None = None,
) -> Menu:
    """A checked menu. `covers` is actions × rows, sparse or dense; anything but 0 means that the action covers the row.

    Raises `bad_menu` with everything that is wrong, actions and rows counted from 0.

    Two bundles of one station (water; water and charging) and one of another, over needs of 5, 3 and 2 hours:

    >>> menu = make_menu([5, 3, 2], [1, 3, 1], [[1, 0, 0], [1, 1, 0], [0, 0, 1]], group=[0, 0, 1])
    >>> menu.gain, menu.value([1, 2])
    (array([5., 8., 2.]), 10.0)
    """
    worth, price = _vector(weight, float), _vector(cost, float)
    station = np.full(len(price), NO_GROUP) if group is None else _vector(group, np.int64)
    area = None if floor_of is None else _vector(floor_of, np.int64)
    matrix = _matrix(covers)
    shapes = {
        "cost": len(price) == matrix.shape[0],
        "group": len(station) == matrix.shape[0],
        "weight": len(worth) == matrix.shape[1],
        "floor_of": area is None or len(area) == matrix.shape[1],
    }
    sizes = f"{matrix.shape[0]} × {matrix.shape[1]}"
    wrong = [_problem(name, "", f"covers {sizes}") for name, right in shapes.items() if not right]
    rules = {
        ("action", "cost ≥ 0"): ~(np.isfinite(price) & (price >= 0)),
        ("row", "weight ≥ 0"): ~(np.isfinite(worth) & (worth >= 0)),
        ("action", "group ≥ -1"): station < NO_GROUP,
        ("row", "floor_of ≥ -1"): np.zeros(1, bool) if area is None else area < -1,
    }
    wrong += [_problem(_named(kind, bad), "", rule) for (kind, rule), bad in rules.items() if bad.any()]
    if not len(price):
        wrong.append(_problem("cost", "0", "至少一项行动 · at least one action"))
    if wrong:
        fail(USAGE, *wrong)
    return Menu(worth, price, station, matrix, area)


def cover_matrix(action: ArrayLike, row: ArrayLike, n_actions: int, n_rows: int) -> Covers:
    """`covers` from pairs "this action covers this row"; a pair may stand twice. Raises `bad_menu` naming the pairs outside.

    >>> cover_matrix([0, 1, 1], [0, 0, 1], 2, 2).toarray().astype(int)
    array([[1, 0],
           [1, 1]])
    """
    actions, rows = _vector(action, np.int64), _vector(row, np.int64)
    if len(actions) != len(rows):
        fail(USAGE, _problem("action, row", f"{len(actions)}, {len(rows)}", "同样多 · equally many"))
    outside = {
        f"0 ≤ action < {n_actions}": (actions < 0) | (actions >= n_actions),
        f"0 ≤ row < {n_rows}": (rows < 0) | (rows >= n_rows),
    }
    wrong = [_problem(_named("pair", bad), "", rule) for rule, bad in outside.items() if bad.any()]
    if wrong:
        fail(USAGE, *wrong)
    return _matrix(sparse.coo_array((np.ones(len(rows), dtype=bool), (actions, rows)), shape=(n_actions, n_rows)))


def _vector(values: ArrayLike, kind: type) -> NDArray:
    """A one-dimensional array; whole numbers that are none (1.5, NaN) raise `bad_menu`."""
    found = np.atleast_1d(np.asarray(values))
    if kind is np.int64 and found.dtype.kind == "f" and len(found):
        bad = ~(np.isfinite(found) & (found == np.round(found)))
        if bad.any():
            fail(USAGE, _problem(_named("element", bad), "", "整数 · whole numbers"))
    return found.astype(kind)


def _matrix(covers: sparse.sparray | ArrayLike) -> Covers:
    """Actions × rows in canonical form: sorted, each pair once, no stored zeros."""
    found = sparse.csr_array(covers if sparse.issparse(covers) else np.atleast_2d(np.asarray(covers))).astype(bool)
    found.sum_duplicates()
    found.eliminate_zeros()
    return found


def _named(kind: str, bad: Bools) -> str:
    places = np.flatnonzero(bad)
    zh = {"action": "行动", "row": "需求行", "pair": "配对", "element": "元素"}[kind]
    listed = ", ".join(str(place) for place in places[:10]) + (" …" if len(places) > 10 else "")
    return f"{zh} · {kind} {listed}"


def _problem(where: str, got: str, expected: str) -> Problem:
    return Problem(
        "bad_menu",
        where,
        "改进方案清单不成立",
        "this is no menu of changes",
        got=got,
        expected=expected,
        do_zh="请检查传入的列（从 0 起编号）",
        do_en="check the columns passed in (counted from 0)",
    )
