"""How many persons stand behind the smallest keys: counted while they are few, told with a known error beyond."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.analysis.distinct import KEPT, distinct_from_smallest


def test_few_are_counted_and_who_stands_in_two_cells_counts_once() -> None:
    assert distinct_from_smallest([1, 2, 3], [3, 4]) == (4.0, 0.0)
    assert distinct_from_smallest() == (0.0, 0.0)


@pytest.mark.parametrize("n", [5_000, 200_000])
def test_many_are_told_within_the_error_that_is_said(n: int) -> None:
    dice = np.random.default_rng(20230514)
    off = []
    for _ in range(40):
        keys = dice.integers(0, 2**60, n)
        halves = np.sort(keys[: n // 2])[:KEPT], np.sort(keys[n // 2 :])[:KEPT]  # a cell keeps its smallest
        estimate, error = distinct_from_smallest(*(half.tolist() for half in halves))
        off.append((estimate - n) / error)
    assert abs(np.mean(off)) < 3 / np.sqrt(40) and 0.6 < np.std(off) < 1.4
