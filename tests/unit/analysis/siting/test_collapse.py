"""Merging cells that the same actions cover changes no plan's value."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from scipy import sparse

from pipeline.analysis.siting.collapse import collapse
from pipeline.analysis.siting.menu import make_menu
from tests.unit.analysis.siting.every_subset import allowed_subsets, by_area, menus, value


def test_cells_of_one_set_and_area_are_one_row_in_the_order_they_came():
    cells = sparse.csr_array([[0, 1], [1, 1], [0, 1], [0, 0], [0, 1]])
    found = collapse(cells, [5, 1, 2, 9, 4], floor_of=[0, 0, 0, 0, 1])
    assert found.weight.tolist() == [7, 1, 4]
    assert found.floor_of.tolist() == [0, 0, 1]
    assert found.row_of.tolist() == [0, 1, 0, -1, 2]
    assert found.uncovered_weight == 9
    assert found.covers.toarray().astype(int).tolist() == [[0, 1, 0], [1, 1, 1]]


def test_unsorted_indices_are_the_same_set():
    unsorted = sparse.csr_array((np.ones(4), [1, 0, 0, 1], [0, 2, 4]), shape=(2, 2))
    assert collapse(unsorted, [1, 2]).weight.tolist() == [3]


@settings(max_examples=60, deadline=None)
@given(menus())
def test_every_choice_covers_the_same_weight_in_every_area(menu):
    found = collapse(menu.covers.T, menu.weight, menu.floor_of)
    assert np.isclose(found.weight.sum() + found.uncovered_weight, menu.weight.sum())
    if not len(found.weight):
        assert menu.covers.nnz == 0
        return
    merged = make_menu(found.weight, menu.cost, found.covers, menu.group, found.floor_of)
    for subset in allowed_subsets(menu, np.inf):
        assert np.isclose(merged.value(list(subset)), value(menu, subset))
        kept = by_area(merged, subset)
        assert np.allclose(np.pad(kept, (0, 3 - len(kept))), np.pad(by_area(menu, subset), (0, 2))[:3])
