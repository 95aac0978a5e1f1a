"""Holidays, make-up workdays and weather of a day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from pipeline.analysis.use.calendar import day_features

YEAR = [date(2023, 1, 1) + timedelta(days=n) for n in range(365)]


def test_a_year_has_its_holidays_and_the_workdays_moved_onto_weekends():
    table = day_features(YEAR)
    moved = table.filter("is_makeup_workday")
    assert moved["day_on"].to_list() == [
        date(2023, 1, 28), date(2023, 1, 29), date(2023, 4, 23), date(2023, 5, 6), date(2023, 6, 25), date(2023, 10, 7),
        date(2023, 10, 8),
    ]  # fmt: skip
    assert set(moved["weekday"]) == {"6", "7"}
    assert table.filter(pl.col("day_on").is_between(date(2023, 9, 29), date(2023, 10, 6)))["is_holiday"].all()
    assert not table.filter(pl.col("day_on") == date(2023, 3, 4))["is_holiday"][0]  # a common Saturday


def test_days_beyond_the_table_and_without_weather_are_unknown_not_common():
    table = day_features([date(2003, 5, 1), date(2023, 5, 2)])
    assert table["is_holiday"].to_list() == [None, True]
    assert table.select("heat", "cold", "is_wet").null_count().row(0) == (2, 2, 2)


def test_each_day_has_one_row_however_often_it_is_named():
    assert day_features([YEAR[3], YEAR[1], YEAR[3]])["day_on"].to_list() == [YEAR[1], YEAR[3]]


def test_the_thresholds_of_heat_cold_and_rain_can_be_others():
    sky = pl.DataFrame({"day_on": [YEAR[0]], "max_celsius": [31.5], "min_celsius": [-2.0], "rain_mm": [1.0]})
    assert day_features(YEAR[:1], sky).select("heat", "cold", "is_wet").row(0) == (3.5, 7.0, True)
    other = day_features(YEAR[:1], sky, heat_from=30, cold_below=0, wet_from=5)
    assert other.select("heat", "cold", "is_wet").row(0) == (1.5, 2.0, False)
