"""Amounts that cannot be are refused, all at once, by their rows."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.analysis.access.coverage import coverage
from pipeline.analysis.access.demand import Profiled
from pipeline.analysis.access.expected import coverage_band, expected_coverage
from pipeline.analysis.access.floating_catchment import access, access_totals
from pipeline.analysis.access.pairs import from_table
from pipeline.analysis.access.week import cut
from pipeline.errors import USAGE, PipelineError

PAIRS, WEEK = from_table([0, 1], [0, 0], [50, 80], 2, 1, 300), cut([0], [0], [60], 1, n_hours=1)


def told(run) -> list[str]:
    with pytest.raises(PipelineError) as error:
        run()
    assert error.value.exit_code == USAGE and {problem.code for problem in error.value.problems} == {"bad_quantity"}
    return [problem.where for problem in error.value.problems]


@pytest.mark.parametrize("run", [access, access_totals])
def test_access_names_every_row_that_is_negative_missing_or_too_large(run):
    def bad():
        run(PAIRS, [1, -1], ([[-8]], [[1.5]]), [[np.nan], [np.inf]], [-0.1])

    assert told(bad) == [
        "weights: 行 · rows 1",
        "demand: 行 · rows 0, 1",
        "capacity: 行 · rows 0",
        "open: 行 · rows 0",
        "share: 行 · rows 0",
    ]


def test_access_names_everything_of_another_size():
    assert told(lambda: access(PAIRS, [1], ([[8], [8]], [[1]]), [[10]], [[1]])) == [
        "weights",
        "demand",
        "capacity",
        "share",
    ]
    assert told(lambda: access(PAIRS, [1, 1], [[[8, 8]]], [[10], [10]])) == ["supply"]
    assert told(lambda: access(PAIRS, [1, 1], 8, 10)) == ["demand", "supply"]


def test_a_profile_that_does_not_exist_is_named():
    demand = Profiled(np.array([1.0, -2.0]), np.array([0, 3]), np.array([[1.0]]))
    assert told(lambda: coverage(PAIRS, WEEK, [[True]], demand)) == [
        "demand.people: 行 · rows 1",
        "demand.kind: 行 · rows 1",
    ]


def test_coverage_names_a_probability_above_one_and_demand_below_zero():
    assert told(lambda: expected_coverage(PAIRS, WEEK, [[1.2]], [[1], [-1]])) == [
        "works: 行 · rows 0",
        "demand: 行 · rows 1",
    ]
    assert told(lambda: coverage(PAIRS, WEEK, [[True], [True]], [[1, 1]])) == ["offers", "demand"]
    assert told(lambda: coverage_band(PAIRS, WEEK, [[-1]], [[np.nan]], [[1], [1]], seed=1)) == [
        "alive_a: 行 · rows 0",
        "alive_b: 行 · rows 0",
    ]


def test_a_week_of_other_stations_is_named():
    assert told(lambda: coverage(PAIRS, cut([], [], [], 3, n_hours=1), [[True]], [[1], [1]])) == ["week"]


def test_only_the_first_rows_are_named_and_the_others_counted():
    pairs = from_table(range(30), [0] * 30, [5] * 30, 30, 1, 300)
    assert told(lambda: access(pairs, [-1] * 30, ([[8]], [[1]]), [[1]] * 30)) == [
        "weights: 行 · rows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 … (30)"
    ]
