"""The week cut at every opening and closing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from pipeline.analysis.access.distinct_rows import distinct_rows
from pipeline.analysis.access.week import HOUR, cut, open_share
from pipeline.errors import PipelineError
from tests.unit.analysis.access.small_worlds import few, worlds


def test_segments_end_at_full_hours_openings_and_closings():
    week = cut([0, 1], [30, 90], [150, 120], n_stations=2, n_hours=3)
    assert week.minutes.tolist() == [30, 30, 30, 30, 30, 30] and week.hour.tolist() == [0, 0, 1, 1, 2, 2]
    assert week.open.tolist() == [[False, True, True, True, True, False], [False, False, False, True, False, False]]
    assert open_share(week).tolist() == [[0.5, 1, 0.5], [0, 0.5, 0]]


def test_a_whole_week_has_its_hours_from_monday_midnight_on():
    week = cut([0], [0], [168 * HOUR], n_stations=1)
    assert week.n_hours == 168 and week.minutes.sum() == 10080 and week.open.all()


def test_hours_that_touch_or_overlap_are_one():
    apart = cut([0, 0, 0], [0, 60, 90], [60, 100, 120], n_stations=1, n_hours=2)
    assert apart.open.all()


def test_a_station_inside_the_hours_of_another_closes_alone():
    week = cut([0, 1], [0, 20], [60, 40], n_stations=2, n_hours=1)
    assert week.open.tolist() == [[True, True, True], [False, True, False]]


def test_a_station_without_hours_is_shut_all_week():
    assert open_share(cut([], [], [], n_stations=2)).sum() == 0


def test_stations_of_the_same_hours_share_a_schedule_however_they_are_told():
    week = cut([0, 1, 1, 2], [0, 0, 30, 10], [60, 30, 60, 60], n_stations=4, n_hours=1)
    assert len(week.schedules) == 3
    assert week.schedule[0] == week.schedule[1] and len(set(week.schedule.tolist())) == 3


@few
@given(worlds())
def test_segments_fill_the_week_and_lie_in_one_hour_each(world):
    week = world.week
    begins = np.cumsum(week.minutes) - week.minutes
    assert (week.minutes > 0).all() and week.minutes.sum() == week.n_hours * HOUR
    assert (np.floor(begins / HOUR) == week.hour).all() and (begins + week.minutes <= (week.hour + 1) * HOUR).all()


@few
@given(worlds())
def test_open_minutes_are_those_of_the_union_of_intervals(world):
    minutes = np.zeros((world.walk.shape[1], world.week.n_hours * HOUR))
    for station, opens, closes in world.hours:
        minutes[station, opens:closes] = 1
    np.testing.assert_allclose(open_share(world.week), minutes.reshape(len(minutes), -1, HOUR).mean(axis=2), atol=1e-12)


def test_more_stations_than_are_opened_out_at_once_keep_their_hours():
    n = 20_000
    opens = np.arange(n) % 7 * 10.0
    week = cut(np.arange(n), opens, opens + 60, n_stations=n, n_hours=3)
    assert open_share(week).sum(axis=1).tolist() == [1.0] * n and len(week.schedules) == 7


def test_different_rows_are_found_even_if_all_look_alike_when_mixed(monkeypatch):
    rows = np.array([[1, 2], [3, 4], [1, 2], [0, 0]], dtype=np.uint64)
    monkeypatch.setattr("pipeline.analysis.access.distinct_rows._ODD", np.uint64(0))
    different, which = distinct_rows(rows)
    assert len(different) == 3 and different[which].tolist() == rows.tolist()


def test_hours_that_cannot_be_are_all_told_at_once_by_their_rows():
    with pytest.raises(PipelineError) as error:
        cut([0, 0, 0, 0, 5, 0], [60, -1, np.nan, 0, 0, 9], [30, 30, 30, 10081, 10, 9], n_stations=1)
    assert [(problem.code, problem.where) for problem in error.value.problems] == [
        ("bad_opening", "行 · rows 4"),  # no such station
        ("bad_opening", "行 · rows 2"),  # not finite
        ("bad_opening", "行 · rows 1, 3"),  # outside the week
        ("bad_opening", "行 · rows 0, 5"),  # closes before it opens, or at once
    ]


def test_a_week_needs_as_many_openings_as_closings():
    with pytest.raises(PipelineError, match="equally many"):
        cut([0], [0, 1], [1], n_stations=1)
