"""A good plan at once: the most for the money, one action after the other, then one exchanged at a time.

Best ratio or best single action, whichever covers more, is within ½(1 − 1/e) of the optimum under a budget (Khuller, Moss &
Naor 1999); one action per group weakens that. It starts the exact search, and stands in where time runs out.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from pipeline.analysis.siting.menu import NO_GROUP, Bools, Floats, Ints, Menu

MAX_LOOKS = 15_000_000  # at an action while exchanging: under a second; small menus settle long before
WORTH = (0.7, 0.85, 1.0, 1.2)  # of the price of money: what an action must still add per yuan, tried in turn
TINY = 1e-9  # of all weight: less than that is rounding


class Selection:
    """A choice being made: what each action would still add, what is spent, which groups are taken."""

    def __init__(self, menu: Menu, budget: float) -> None:
        self.menu, self.left = menu, budget * (1 + TINY)
        self.chosen: list[int] = []
        self.gain: Floats = menu.gain
        self.value = 0.0  # weight covered by now
        self.noise = TINY * float(menu.weight.sum())
        self._times = np.zeros(menu.n_rows, dtype=np.int64)
        self._free: Bools = np.ones(menu.n_actions, dtype=bool)
        self._actions_of = sparse.csr_array(menu.covers.T)
        self._ratio_cost = np.maximum(menu.cost, 1e-12 * (float(menu.cost.max()) or 1.0))
        self._place, self._order, self._starts = _by_group(menu.group)

    def can(self, action: int) -> bool:
        """Whether an action's group is free and its cost can be paid."""
        return bool(self._free[action] and self.menu.cost[action] <= self.left)

    @property
    def possible(self) -> Bools:
        """Actions whose group is free and whose cost can be paid."""
        return self._free & (self.menu.cost <= self.left)

    def add(self, action: int) -> None:
        """Take an action."""
        self._change(action, 1)
        self.chosen.append(action)

    def remove(self, action: int) -> None:
        """Give an action back."""
        self._change(action, -1)
        self.chosen.remove(action)

    def fill(self, by_ratio: bool = True, barred: int | None = None) -> list[int]:
        """Add what brings most for its cost (the first without `by_ratio`: most outright) until nothing more can be
        paid; returns what was added."""
        added: list[int] = []
        while (best := self._best(by_ratio, barred)) is not None:
            self.add(best)
            added.append(best)
            by_ratio = True
        return added

    def _best(self, by_ratio: bool, barred: int | None) -> int | None:
        possible = self.possible & (self.gain > self.noise)
        if barred is not None:
            possible[barred] = False
        if not possible.any():
            return None
        return int(np.argmax(np.where(possible, self.gain / self._ratio_cost if by_ratio else self.gain, -1.0)))

    def _change(self, action: int, step: int) -> None:
        rows = _row(self.menu.covers, action)
        turned = rows[self._times[rows] == (0 if step > 0 else 1)]
        self._times[rows] += step
        if len(turned):
            self.value += step * float(self.menu.weight[turned].sum())
            actions, repeats = _rows(self._actions_of, turned)
            np.subtract.at(self.gain, actions, step * np.repeat(self.menu.weight[turned], repeats))
        self.left -= step * self.menu.cost[action]
        place = self._place[action]
        self._free[self._order[self._starts[place] : self._starts[place + 1]]] = step < 0


def greedy(menu: Menu, budget: float) -> Ints:
    """Actions by the most weight for the cost, or the best single action where that alone covers more.

    >>> from pipeline.analysis.siting.menu import make_menu
    >>> greedy(make_menu([5, 3, 2], [1, 3, 1], [[1, 0, 0], [1, 1, 0], [0, 0, 1]], group=[0, 0, 1]), 2)
    array([0, 2])
    """
    selection = Selection(menu, budget)
    affordable = np.where(menu.cost <= selection.left, selection.gain, -1.0)
    best = int(np.argmax(affordable))
    single = float(affordable[best])
    selection.fill()
    chosen = [best] if single > selection.value else selection.chosen
    return np.array(sorted(chosen), dtype=np.int64)


def rounded(menu: Menu, budget: float, fractions: Floats, money: float) -> Ints:
    """A plan near a fractional one, `money` being the price of a yuan: large parts first, where they still add their money's worth.

    Then what brings most for its cost; the best over several strictnesses.
    """
    order = np.argsort(-fractions, kind="stable")
    order = order[fractions[order] > 0.05].tolist()
    best: tuple[float, list[int]] = (-1.0, [])
    for worth in WORTH:
        selection = Selection(menu, budget)
        for action in order:
            if selection.can(action) and selection.gain[action] >= worth * money * menu.cost[action]:
                selection.add(action)
        selection.fill()
        best = max(best, (selection.value, selection.chosen), key=lambda one: one[0])
    return np.array(sorted(best[1]), dtype=np.int64)


def improved(menu: Menu, budget: float, chosen: Ints) -> Ints:
    """A plan that no exchange of one action for others betters; never worse than the one given."""
    selection = Selection(menu, budget)
    for action in chosen.tolist():
        selection.add(action)
    selection.fill()
    value = selection.value
    left = MAX_LOOKS // menu.n_actions
    while left > 0:
        before = value
        for action in sorted(selection.chosen)[:left]:
            value = max(_exchange(selection, action, value, by_ratio) for by_ratio in (True, False))
            left -= 1
        if value <= before + selection.noise:
            break
    return np.array(sorted(selection.chosen), dtype=np.int64)


def _exchange(selection: Selection, action: int, value: float, by_ratio: bool) -> float:
    """Put others in an action's place if that covers more; the value afterwards."""
    if action not in selection.chosen:
        return value
    selection.remove(action)
    added = selection.fill(by_ratio, barred=action)
    found = selection.value
    if found > value + selection.noise:
        return found
    for other in reversed(added):
        selection.remove(other)
    selection.add(action)
    return value


def _by_group(group: Ints) -> tuple[Ints, Ints, Ints]:
    """Place of each action's group, the actions in the order of these places, and where each place begins.

    An action of no group has a place of its own.
    """
    own = group.max(initial=0) + 1 + np.arange(len(group))
    _, place, size = np.unique(np.where(group == NO_GROUP, own, group), return_inverse=True, return_counts=True)
    return place, np.argsort(place, kind="stable"), np.concatenate([[0], np.cumsum(size)])


def _row(matrix: sparse.csr_array, row: int) -> Ints:
    return matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]


def _rows(matrix: sparse.csr_array, rows: Ints) -> tuple[Ints, Ints]:
    """Column numbers of several rows one after the other, and how many each has."""
    starts, lengths = matrix.indptr[rows], np.diff(matrix.indptr)[rows]
    shift = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    return matrix.indices[shift + np.arange(len(shift))], lengths
