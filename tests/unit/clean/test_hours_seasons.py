"""Seasonal opening hours become rows that are valid on the days of the season, within the validity of their ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest

from pipeline.clean.hours import occurrences
from pipeline.clean.sheets.tables import build_tables
from pipeline.contracts import load_sources
from pipeline.warehouse.dictionary import tables as dictionary

SUMMER_AND_WINTER = "周一 夏季8:00-20:00，冬季9:00-18:00"


def hours(*ledgers: tuple[str, str | None]) -> list[tuple]:
    """(weekday, opens, closes, valid_from, valid_to) of what ledgers of one station say together, by date."""
    source = load_sources()["station_ledger"]
    told = [
        {"area_code": "QC", "local_code": "S001", "hours": text, "as_of": date.fromisoformat(as_of), "source_row": 1}
        for as_of, text in ledgers
    ]
    columns = [column.name for column in dictionary()["clean.station_hours"].columns]
    only = replace(source, tables=tuple(one for one in source.tables if one.name == "clean.station_hours"))
    table = build_tables(only, pl.DataFrame(told), {"clean.station_hours": columns})["clean.station_hours"]
    assert table["station_id"].unique().to_list() in ([], ["QC-S001"])
    names = ("weekday", "opens_minute", "closes_minute", "valid_from", "valid_to")
    return sorted(table.select(names).rows(), key=lambda row: (row[3], *row[:3]))


@pytest.mark.parametrize(
    ("season", "since", "until", "expected"),
    [
        (("05-01", "09-30"), (2023, 3, 31), (2023, 12, 31), [((2023, 5, 1), (2023, 9, 30))]),
        (("05-01", "09-30"), (2023, 6, 15), (2023, 7, 14), [((2023, 6, 15), (2023, 7, 14))]),  # cut at both ends
        (("05-01", "09-30"), (2023, 10, 1), (2024, 4, 30), []),
        (("10-01", "04-30"), (2024, 1, 15), (2024, 12, 1), [((2024, 1, 15), (2024, 4, 30)), ((2024, 10, 1), (2024, 12, 1))]),
        (("11-01", "02-29"), (2022, 12, 1), (2024, 12, 31), [
            ((2022, 12, 1), (2023, 2, 28)), ((2023, 11, 1), (2024, 2, 29)), ((2024, 11, 1), (2024, 12, 31)),
        ]),
        (("02-29", "03-31"), (2023, 1, 1), (2023, 12, 31), [((2023, 3, 1), (2023, 3, 31))]),
    ],
)  # fmt: skip
def test_a_season_comes_round_within_the_validity(season, since, until, expected):
    found = occurrences(*season, since=date(*since), until=date(*until))
    assert found == [(date(*first), date(*last)) for first, last in expected]


def test_without_an_end_seasons_are_laid_out_for_five_years():
    summers = occurrences("05-01", "09-30", since=date(2023, 3, 31), until=None)
    assert summers == [(date(year, 5, 1), date(year, 9, 30)) for year in range(2023, 2028)]
    winters = occurrences("10-01", "04-30", since=date(2023, 3, 31), until=None)
    assert winters[0] == (date(2023, 3, 31), date(2023, 4, 30)) and winters[-1][1] == date(2028, 3, 30)
    assert len(occurrences("05-01", "09-30", since=date(2024, 2, 29), until=None)) == 5


def test_every_day_of_a_ledgers_validity_has_the_hours_of_its_season():
    rows = hours(("2023-03-31", SUMMER_AND_WINTER), ("2024-06-30", "周一8:00-12:00"))
    assert rows == [
        (1, 540, 1080, date(2023, 3, 31), date(2023, 4, 30)),
        (1, 480, 1200, date(2023, 5, 1), date(2023, 9, 30)),
        (1, 540, 1080, date(2023, 10, 1), date(2024, 4, 30)),
        (1, 480, 1200, date(2024, 5, 1), date(2024, 6, 29)),
        (1, 480, 720, date(2024, 6, 30), None),
    ]


def test_the_latest_ledger_goes_on_through_the_seasons_without_a_gap():
    rows = hours(("2023-03-31", SUMMER_AND_WINTER))
    assert len(rows) == 11  # winter, then five summers and winters
    for one, other in pairwise(rows):
        assert other[3] == one[4] + timedelta(days=1) and one[1] != other[1]
    assert rows[0][3] == date(2023, 3, 31) and rows[-1][4] == date(2028, 3, 30)


def test_hours_of_all_year_stand_beside_those_of_a_season():
    rows = hours(("2023-06-01", "周一 上午8:30-11:30，下午1:30-5:30（夏季2:30-6:00）"))
    assert [row for row in rows if row[4] is None] == [(1, 510, 690, date(2023, 6, 1), None)]
    assert rows[1:3] == [
        (1, 870, 1080, date(2023, 6, 1), date(2023, 9, 30)),
        (1, 810, 1050, date(2023, 10, 1), date(2024, 4, 30)),
    ]


def test_outside_the_only_season_named_hours_are_not_known():
    rows = hours(("2023-10-01", "周一 夏季8:00-20:00"), ("2024-03-01", "周一8:00-12:00"))
    assert rows == [(1, 480, 720, date(2024, 3, 1), None)]


def test_hours_that_the_next_ledger_leaves_out_are_not_carried_on():
    rows = hours(("2023-03-31", "周一8:00-12:00"), ("2023-06-30", None))
    assert rows == [(1, 480, 720, date(2023, 3, 31), date(2023, 6, 29))]  # from then on not said, which is not closed
