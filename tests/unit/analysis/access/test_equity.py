"""The worst-covered tenth of courier-hours, cut exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.access.equity import worst_decile
from pipeline.errors import PipelineError
from tests.unit.analysis.access.small_worlds import few

PLACES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20)), min_size=1, max_size=20)


def test_ten_equal_places_have_one_worst():
    assert worst_decile([0.9, 0.2, *[1.0] * 8], [5] * 10) == pytest.approx(0.2)


def test_a_place_larger_than_a_tenth_is_its_own_worst_decile():
    assert worst_decile([0.3, 0.9], [50, 50]) == pytest.approx(0.3)


def test_the_last_place_counts_as_far_as_it_is_needed():
    # a tenth of 100: 4 hours at 0, then 6 of those at ½
    assert worst_decile([0.5, 0.0, 1.0], [36, 4, 60]) == pytest.approx(0.3)


def test_nobody_is_no_number():
    assert np.isnan(worst_decile([0.5], [0.0])) and np.isnan(worst_decile([], []))


@few
@given(PLACES)
def test_the_worst_are_never_better_off_than_all(places):
    share, weight = (np.array(one, dtype=float) for one in zip(*places, strict=True))
    if not weight.sum():
        return
    mean = share @ weight / weight.sum()
    parts = [worst_decile(share, weight, part) for part in (0.1, 0.3, 1.0)]
    assert parts[0] <= parts[1] + 1e-12 and parts[1] <= parts[2] + 1e-12
    assert parts[2] == pytest.approx(mean)


@few
@given(PLACES, st.integers(1, 5))
def test_cutting_a_place_in_pieces_changes_nothing(places, pieces):
    share, weight = (np.array(one, dtype=float) for one in zip(*places, strict=True))
    cut = worst_decile(np.repeat(share, pieces), np.repeat(weight / pieces, pieces))
    assert cut == pytest.approx(worst_decile(share, weight), nan_ok=True)


def test_what_cannot_be_is_told_all_at_once():
    with pytest.raises(PipelineError) as error:
        worst_decile([0.5, 1.5], [1.0, -1.0], part=2.0)
    assert [(problem.code, problem.where) for problem in error.value.problems] == [
        ("bad_quantity", "share: 行 · rows 1"),
        ("bad_quantity", "weight: 行 · rows 1"),
        ("bad_quantity", "part: 行 · rows 0"),
    ]
