"""Text cells become dates, times and months, or nothing: never something else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.values import DateSetting, date_faults, dates, datetimes, half_width, is_blank, months


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
        "45060.5",
        " 2023-5-14 ",
        "2023-05-14T08:03:00",
        "2023年5月14号",
        "2023年5月14日（星期日）",
        "2023。5。14",
        "2023-05-14 下午3:00",
        "2023-05-14 8:00-10:00",
    ],
)
def test_a_date_is_read_in_every_way_people_write_it(text):
    assert one(dates, text) == date(2023, 5, 14)


@pytest.mark.parametrize(
    "text",
    ["", None, "昨天", "2023-13-01", "2023-02-30", "14/05/2023", "2023年5月", "5月14日", "3", "19999", "2023-05-14x",
     "23.5.14", "1023.5.14", "5.1-5.3", "2023.5.1-5.3", "2023年5月1日至3日", "2023-05-14-16", "2023年5月14日左右",
     "2023-05-14T20:00:00Z", "2023.5.145"],
)  # fmt: skip
def test_what_is_no_date_is_null(text):
    assert one(dates, text) is None


def test_a_day_without_a_year_is_of_the_delivery_s_year_when_it_had_come():
    at_the_end_of_march = DateSetting(as_of=date(2023, 3, 31))
    read = {
        text: one(dates, text, setting=at_the_end_of_march)
        for text in ("3月31日", "3月8号", "4月1日", "2月29日", "12月20日")
    }
    assert read == {
        "3月31日": date(2023, 3, 31),
        "3月8号": date(2023, 3, 8),
        "4月1日": None,
        "2月29日": None,
        "12月20日": None,
    }
    assert one(datetimes, "3月8日 9:30", setting=at_the_end_of_march) == datetime(2023, 3, 8, 9, 30)


@pytest.mark.parametrize("text", ["2023-5", "2023年5月", "2023.05", "202305", "2023年", "2023年5月上旬"])
def test_a_month_is_no_day_and_says_so(text):
    assert (one(dates, text), one(date_faults, text)) == (None, "date_without_day")


def test_why_a_cell_is_no_date():
    texts = ["5月14日", "5月14", "2月29日", "2月30日", "5月", "13月1日", "昨天", "2023-02-30", "5.14"]
    faults = date_faults(pl.Series(texts)).to_list()
    assert faults == ["date_without_year"] * 3 + ["bad_date", "date_without_year"] + ["bad_date"] * 4
    assert one(date_faults, "上旬", otherwise="bad_time") == "bad_time"


@settings(max_examples=30, deadline=None)
@given(st.integers(20_000 - 1462, 80_000 - 1462))
def test_a_serial_counts_from_1904_where_the_workbook_says_so(serial):
    in_1904 = one(dates, str(serial), setting=DateSetting(epoch_1904=True))
    assert in_1904 == date(1904, 1, 1) + timedelta(days=serial)  # day 0 of that system is the first of January


def test_the_two_systems_are_1462_days_apart():
    assert one(dates, "43598", setting=DateSetting(epoch_1904=True)) == one(dates, "45060") == date(2023, 5, 14)
    assert one(datetimes, "43598.25", setting=DateSetting(epoch_1904=True)) == datetime(2023, 5, 14, 6)
    assert one(dates, "2023-05-14", setting=DateSetting(epoch_1904=True)) == date(
        2023, 5, 14
    )  # no serial, nothing to shift


WAYS = ("{0.year}-{0.month}-{0.day}", "{0.year}/{0.month:02}/{0.day:02}", "{0.year}.{0.month}.{0.day}",
        "{0.year}年{0.month}月{0.day}日", "{0.year}{0.month:02}{0.day:02}", " {0.year} 年 {0.month} 月 {0.day} 号 ")  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.dates(date(1955, 1, 1), date(2099, 12, 31)), st.sampled_from(WAYS))
def test_any_day_comes_back_from_any_way_of_writing_it(day, way):
    assert one(dates, way.format(day)) == day
    assert one(months, way.format(day)) == day.replace(day=1)


LETTERS = st.text(alphabet="0123456789年月日号-./ :T时点分周（）上午零", max_size=14)


@settings(max_examples=10, deadline=None)
@given(st.lists(LETTERS, min_size=40, max_size=40))
def test_a_time_is_one_of_a_day_and_a_day_is_never_also_a_month_without_one(texts):
    cells = pl.Series(texts)
    read = pl.DataFrame(
        {"day": dates(cells), "time": datetimes(cells), "month": months(cells), "fault": date_faults(cells)}
    )
    days, times = read.drop_nulls("day"), read.drop_nulls(["day", "time"])
    assert "date_without_day" not in days["fault"].to_list()
    assert days["month"].to_list() == [day.replace(day=1) for day in days["day"]]
    assert all(time.date() in (day, day + timedelta(days=1)) for day, time in times.select("day", "time").iter_rows())
    assert read.filter(pl.col("time").is_not_null() & pl.col("day").is_null()).is_empty()


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
        ("45060.354166666664", datetime(2023, 5, 14, 8, 30)),
        ("2023-05-14 周日 8:03", datetime(2023, 5, 14, 8, 3)),
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


@pytest.mark.parametrize(
    "text", ["2023-05", "2023年5月", "202305", "2023/5", "2023.05", "2023-05-14", "45060", "2023年5月份"]
)
def test_a_month_is_its_first_day(text):
    assert one(months, text) == date(2023, 5, 1)


@pytest.mark.parametrize("text", ["2023-13", "5月", "", None, "2023"])
def test_what_is_no_month_is_null(text):
    assert one(months, text) is None


def test_half_width_touches_digits_and_outer_spaces_and_makes_blank_null():
    assert half_width(pl.Series(["　１２ ", "  ", None])).to_list() == ["12", None, None]


def test_blank_is_nothing_or_only_spaces():
    assert is_blank(pl.Series(["", "  ", None, "0"])).to_list() == [True, True, True, False]


def test_every_reader_keeps_length_and_takes_an_empty_column():
    empty = pl.Series([], dtype=pl.String)
    assert [len(read(empty)) for read in (dates, datetimes, months, date_faults)] == [0, 0, 0, 0]
