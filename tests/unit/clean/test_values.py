"""Text cells become dates, times, months and numbers, or nothing: never something else."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from pipeline.clean.values import dates, datetimes, half_width, is_blank, months, numbers


def one(function, text, **options):
    """What a function makes of one cell."""
    return function(pl.Series([text], dtype=pl.String), **options).item()


@pytest.mark.parametrize(
    "text",
    [
        "2023-05-14",
        "2023/5/14",
        "2023.5.14",
        "2023年5月14日",
        "２０２３－０５－１４",
        "20230514",
        "45060",
        " 2023-5-14 ",
        "2023-05-14T08:03:00",
    ],
)
def test_a_date_is_read_in_every_way_people_write_it(text):
    assert one(dates, text) == date(2023, 5, 14)


@pytest.mark.parametrize(
    "text",
    ["", None, "昨天", "2023-13-01", "2023-02-30", "14/05/2023", "2023年5月", "5月14日", "3", "19999", "2023-05-14x"],
)
def test_what_is_no_date_is_null(text):
    assert one(dates, text) is None


def test_a_day_without_a_year_needs_the_year_of_the_delivery():
    assert one(dates, "5月14日", year=2023) == date(2023, 5, 14)
    assert one(dates, "2月29日", year=2023) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-05-14 08:03", datetime(2023, 5, 14, 8, 3)),
        ("2023/5/14 8:03:09", datetime(2023, 5, 14, 8, 3, 9)),
        ("2023年5月14日8时3分", datetime(2023, 5, 14, 8, 3)),
        ("2023-05-14T08:03:00", datetime(2023, 5, 14, 8, 3)),
        ("2023-05-14", datetime(2023, 5, 14)),
        ("2023-05-14 24:00", datetime(2023, 5, 15)),
        ("2023-05-14 8：03", datetime(2023, 5, 14, 8, 3)),
        ("2023年5月14日 8点", datetime(2023, 5, 14, 8)),
        ("45060", datetime(2023, 5, 14)),
    ],
)
def test_a_time_is_read_in_every_way_people_write_it(text, expected):
    assert one(datetimes, text) == expected


@pytest.mark.parametrize(
    "text",
    ["2023-05-14 下午3:00", "2023-05-14 25:00", "2023-05-14 24:30", "2023-05-14 08:61", "2023-05-14 早上", "2023-05-14T08:03:00+08:00",
     "2023-05-14T08:03:00Z", "08:03", "", None],
)  # fmt: skip
def test_a_time_that_is_not_understood_whole_is_null_and_never_midnight(text):
    assert one(datetimes, text) is None


@pytest.mark.parametrize("text", ["2023-05", "2023年5月", "202305", "2023/5", "2023.05", "2023-05-14", "45060"])
def test_a_month_is_its_first_day(text):
    assert one(months, text) == date(2023, 5, 1)


@pytest.mark.parametrize("text", ["2023-13", "5月", "", None, "2023"])
def test_what_is_no_month_is_null(text):
    assert one(months, text) is None


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("3", 3, "eq"),
        ("２０", 20, "eq"),
        ("-2.5", -2.5, "eq"),
        ("1,200", 1200, "eq"),
        ("1,234,567", 1234567, "eq"),
        ("12台", 12, "eq"),
        ("35㎡", 35, "eq"),
        ("约20", 20, "approx"),
        ("近30万", 300000, "lt"),
        ("超过1100", 1100, "gt"),
        ("20余", 20, "gt"),
        ("300多人", 300, "gt"),
        ("20余万", 200000, "gt"),
        ("30多万人", 300000, "gt"),
        ("3万余", 30000, "gt"),
        ("4.5万", 45000, "eq"),
        ("100以上", 100, "gt"),
        ("100+", 100, "gt"),
    ],
)
def test_a_number_keeps_what_was_said_about_it(text, value, qualifier):
    found, said = numbers(pl.Series([text]))
    assert (found.item(), said.item()) == (value, qualifier)


@pytest.mark.parametrize("text", ["很多", "3-5", "1,23", "12,3456", "2台3个", "30亿", "一百", "", None, "1e5"])
def test_what_is_no_number_is_null_and_has_no_qualifier(text):
    found, said = numbers(pl.Series([text], dtype=pl.String))
    assert (found.item(), said.item()) == (None, None)


def test_half_width_touches_digits_and_outer_spaces_and_makes_blank_null():
    assert half_width(pl.Series(["　１２ ", "  ", None])).to_list() == ["12", None, None]


def test_blank_is_nothing_or_only_spaces():
    assert is_blank(pl.Series(["", "  ", None, "0"])).to_list() == [True, True, True, False]


def test_every_reader_keeps_length_and_takes_an_empty_column():
    empty = pl.Series([], dtype=pl.String)
    assert [len(dates(empty, year=2023)), len(datetimes(empty)), len(months(empty)), len(numbers(empty)[0])] == [
        0,
        0,
        0,
        0,
    ]
