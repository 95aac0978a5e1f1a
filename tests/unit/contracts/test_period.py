"""Quarters have names, bounds and neighbours."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from pipeline.contracts import period_bounds, period_of, previous_period, same_quarter_last_year
from pipeline.contracts.period import is_period


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2023, 1, 1), "2023Q1"),
        (date(2023, 3, 31), "2023Q1"),
        (date(2023, 4, 1), "2023Q2"),
        (date(2023, 12, 31), "2023Q4"),
    ],
)
def test_a_day_lies_in_one_quarter(day, period):
    assert period_of(day) == period


def test_bounds_cover_the_year_without_gap():
    bounds = [period_bounds(f"2024Q{number}") for number in range(1, 5)]
    assert bounds[0][0] == date(2024, 1, 1) and bounds[3][1] == date(2024, 12, 31)
    assert all((later[0] - earlier[1]).days == 1 for earlier, later in pairwise(bounds))


def test_neighbours_cross_the_year():
    assert (previous_period("2023Q1"), previous_period("2023Q3"), same_quarter_last_year("2023Q1")) == (
        "2022Q4",
        "2023Q2",
        "2022Q1",
    )


@pytest.mark.parametrize("text", ["2023Q5", "2023q2", "23Q2", "2023", ""])
def test_what_is_no_quarter_is_refused(text):
    assert not is_period(text)
    with pytest.raises(ValueError):
        period_bounds(text)
