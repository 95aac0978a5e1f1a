"""Small random menus, and the truth about them: every subset of the actions looked at."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from pipeline.analysis.siting.menu import Menu, make_menu

ROUNDING = 1e-9


def allowed_subsets(menu: Menu, budget: float) -> list[tuple[int, ...]]:
    """All choices of at most one action a group that the budget pays."""
    found = []
    for size in range(menu.n_actions + 1):
        for subset in combinations(range(menu.n_actions), size):
            groups = [menu.group[action] for action in subset if menu.group[action] >= 0]
            if len(set(groups)) == len(groups) and menu.cost[list(subset)].sum() <= budget * (1 + ROUNDING):
                found.append(subset)
    return found


def by_area(menu: Menu, subset: tuple[int, ...]) -> np.ndarray:
    """Covered weight per area, added up row by row."""
    total = np.zeros(int(menu.floor_of.max()) + 1)
    dense = menu.covers.toarray()
    for row in range(menu.n_rows):
        if any(dense[action, row] for action in subset):
            total[menu.floor_of[row]] += menu.weight[row]
    return total


def value(menu: Menu, subset: tuple[int, ...]) -> float:
    """Weight covered, added up row by row."""
    dense = menu.covers.toarray()
    return sum(menu.weight[row] for row in range(menu.n_rows) if any(dense[action, row] for action in subset))


@st.composite
def menus(draw: st.DrawFn, max_actions: int = 7) -> Menu:
    """Any menu of few actions: groups of any size or none, costs and weights whole, broken or 0, areas 0 to 2."""
    n_actions, n_rows = draw(st.integers(1, max_actions)), draw(st.integers(1, 7))
    number = st.one_of(st.integers(0, 9).map(float), st.sampled_from([0.1, 0.2, 0.3, 0.7, 1.1]))
    return make_menu(
        draw(st.lists(number, min_size=n_rows, max_size=n_rows)),
        draw(st.lists(number, min_size=n_actions, max_size=n_actions)),
        np.array(
            draw(
                st.lists(
                    st.lists(st.booleans(), min_size=n_rows, max_size=n_rows), min_size=n_actions, max_size=n_actions
                )
            )
        ),
        group=draw(st.lists(st.integers(-1, 2), min_size=n_actions, max_size=n_actions)),
        floor_of=draw(st.lists(st.integers(0, 2), min_size=n_rows, max_size=n_rows)),
    )


BUDGETS = st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.0, 2.5, 4.0, 7.0, 12.0, 100.0])
