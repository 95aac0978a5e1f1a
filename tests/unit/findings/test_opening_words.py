"""Hours as people write them: days alike together, nights in one piece, and the same minutes as in the table."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.findings.finding import Context
from pipeline.findings.profiles.opening import in_words, opening_words
from tests.unit.findings.small_district import district

CASES = {
    "每天 全天": {day: [(0, 1440)] for day in range(1, 8)},
    "周一至周五 09:00–18:00；周六、周日不开放": {day: [(540, 1080)] for day in range(1, 6)},
    "周一、周三 09:00–18:00；周二、周四至周日不开放": {1: [(540, 1080)], 3: [(540, 1080)]},
    "每天 22:00–次日02:00": {day: [(0, 120), (1320, 1440)] for day in range(1, 8)},
    "周一至周六不开放": {},
}


@pytest.mark.parametrize("words", [words for words, week in CASES.items() if week])
def test_weeks_read_as_people_write_them(words):
    assert in_words(CASES[words], "zh") == words


def test_a_week_without_hours_is_closed_throughout():
    assert (in_words({}, "zh"), in_words({}, "en")) == ("每天不开放", "closed every day")


intervals = (
    st.lists(st.integers(0, 24), min_size=2, max_size=4, unique=True)
    .map(sorted)
    .map(lambda hours: [(a * 60, b * 60) for a, b in zip(hours[::2], hours[1::2], strict=False)])
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.integers(1, 7), intervals, max_size=7))
def test_the_words_hold_as_many_minutes_as_the_week(week):
    told = 0
    for part in in_words(week, "en").split("; "):
        if part.startswith("closed"):
            continue
        days = days_in(part)
        told += days * part.count("all day") * 1440
        for opens, closes, night in re.findall(r"(\d\d:\d\d)–(\d\d:\d\d)( the next day)?", part):
            told += days * (minute(closes) - minute(opens) + (1440 if night else 0))
    assert told == sum(closes - opens for day in week.values() for opens, closes in day)


def days_in(part):
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    if part.startswith("every day"):
        return 7
    head = re.match(r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?: to |, )?)+", part)[0]
    runs = [names.index(b) - names.index(a) + 1 for a, b in re.findall(r"(\w{3}) to (\w{3})", head)]
    return sum(runs) + len(re.findall(r"\w{3}", re.sub(r"\w{3} to \w{3}", "", head)))


def minute(clock):
    return int(clock[:2]) * 60 + int(clock[3:])


def test_only_hours_valid_on_the_last_day_count_and_ways_in_are_apart():
    con = district()
    rows = [(1, 540, 1080, "staffed", "2023-03-31", None), (1, 0, 1440, "scan_in", "2023-03-31", None),
            (1, 600, 660, "staffed", "2022-01-01", "2023-03-30")]  # fmt: skip
    for weekday, opens, closes, mode, since, until in rows:
        con.execute(
            "insert into clean.station_hours by name select 'QC-S1' as station_id, 'QC' as area_code, ? as weekday, ? as opens_minute, "
            "? as closes_minute, ? as access_mode_code, cast(? as date) as valid_from, cast(? as date) as valid_to, "
            "'f' as source_file_id, '' as source_sheet, 1 as source_row",
            [weekday, opens, closes, mode, since, until],
        )
    labels = {
        ("access_modes", "staffed"): ("有人值守", "Staffed"),
        ("access_modes", "scan_in"): ("扫码进入", "Scan in"),
    }
    context = Context("2023Q2", date(2023, 4, 1), date(2023, 6, 30), date(2023, 5, 20), True, ("QC",), labels=labels)
    said = opening_words(con, context).row(0, named=True)
    assert said["hours_zh"] == "有人值守：周一 09:00–18:00；周二至周日不开放。扫码进入：周一 全天；周二至周日不开放"
