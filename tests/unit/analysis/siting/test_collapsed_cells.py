"""Cells with the same covering actions merged into one row: nothing is lost by it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from pipeline.analysis.siting.collapse import UNCOVERED, collapse
from pipeline.analysis.siting.menu import make_menu
from pipeline.analysis.siting.solve import solve


@st.composite
def cells(draw):
    """Cells × actions, many alike, with weights and areas."""
    n_actions, n_cells = draw(st.integers(1, 4)), draw(st.integers(1, 20))
    covering = np.array(draw(st.lists(st.booleans(), min_size=n_actions * n_cells, max_size=n_actions * n_cells)))
    weight = np.array(draw(st.lists(st.integers(0, 9), min_size=n_cells, max_size=n_cells)), dtype=float)
    area = np.array(draw(st.lists(st.integers(0, 1), min_size=n_cells, max_size=n_cells)))
    return covering.reshape(n_cells, n_actions), weight, area


@settings(max_examples=25, deadline=None)
@given(cells(), st.integers(0, 6))
def test_the_best_plan_is_worth_the_same_before_and_after(world, budget):
    covering, weight, _ = world
    cost = np.arange(1.0, covering.shape[1] + 1)
    merged = collapse(sparse.csr_array(covering), weight)
    whole = solve(make_menu(weight, cost, covering.T), budget).value
    if merged.weight.size:
        assert solve(make_menu(merged.weight, cost, merged.covers), budget).value == pytest.approx(whole)
    else:
        assert whole == 0


@settings(max_examples=25, deadline=None)
@given(cells())
def test_all_weight_is_in_some_row_or_told_as_uncovered(world):
    covering, weight, area = world
    merged = collapse(sparse.csr_array(covering), weight, area)
    assert merged.weight.sum() + merged.uncovered_weight == pytest.approx(weight.sum())
    assert merged.uncovered_weight == pytest.approx(weight[~covering.any(axis=1)].sum())
    inside = merged.row_of != UNCOVERED
    assert (merged.floor_of[merged.row_of[inside]] == area[inside]).all()
    np.testing.assert_array_equal(merged.covers.toarray().T[merged.row_of[inside]], covering[inside])


def test_no_two_rows_are_alike():
    merged = collapse(
        sparse.csr_array(np.array([[1, 0], [1, 0], [0, 1], [1, 0]], dtype=bool)), [1, 2, 3, 4], [0, 0, 0, 1]
    )
    assert merged.weight.tolist() == [3, 3, 4]
    assert merged.floor_of.tolist() == [0, 0, 1]
