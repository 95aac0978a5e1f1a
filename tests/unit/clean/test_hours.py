"""Opening-hours text is understood whole or refused; every minute of the week can be counted by hand."""

from __future__ import annotations

import pytest

from pipeline.clean.hours import Interval, parse_hours

DAYS, WORK, WEEKEND = range(1, 8), range(1, 6), (6, 7)


def week(*spans):
    """Intervals from (days, opens, closes[, mode]) with clock texts."""
    return sorted(
        Interval(day, minute(span[1]), minute(span[2]), span[3] if len(span) > 3 else "staffed")
        for span in spans
        for day in span[0]
    )


def minute(clock):
    """`8:30` as minutes after midnight."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8:00-20:00", week((DAYS, "8:00", "20:00"))),
        ("8：00—20：00", week((DAYS, "8:00", "20:00"))),
        ("8:00～20:00", week((DAYS, "8:00", "20:00"))),
        ("每天 8点至20点", week((DAYS, "8:00", "20:00"))),
        ("周一至周五 8:30-17:30", week((WORK, "8:30", "17:30"))),
        ("工作日8:30-17:30", week((WORK, "8:30", "17:30"))),
        ("周末10:00-16:00", week((WEEKEND, "10:00", "16:00"))),
        ("周一至周五9:00-18:00；周六、周日10:00-16:00", week((WORK, "9:00", "18:00"), (WEEKEND, "10:00", "16:00"))),
        ("周一至周五9:00-18:00 周六日10:00-16:00", week((WORK, "9:00", "18:00"), (WEEKEND, "10:00", "16:00"))),
        ("星期一到星期五。9:30-17:00", week((WORK, "9:30", "17:00"))),
        ("8:00-12:00，13:00-18:00", week((DAYS, "8:00", "12:00"), (DAYS, "13:00", "18:00"))),
        ("周一、三、五 9:00-11:00", week(((1, 3, 5), "9:00", "11:00"))),
        ("周五至周一 9:00-11:00", week(((5, 6, 7, 1), "9:00", "11:00"))),
        ("24小时", week((DAYS, "0:00", "24:00"))),
        ("全天", week((DAYS, "0:00", "24:00"))),
        ("10:00-24:00", week((DAYS, "10:00", "24:00"))),
        ("22:00-次日6:00", week((DAYS, "22:00", "24:00"), (DAYS, "0:00", "6:00"))),
        ("20:00-8:00", week((DAYS, "20:00", "24:00"), (DAYS, "0:00", "8:00"))),
        ("周日 22:00-次日2:00", week(((7,), "22:00", "24:00"), ((1,), "0:00", "2:00"))),
        ("8:00-20:00（节假日除外）", week((DAYS, "8:00", "20:00"))),
        ("8:00-20:00，法定节假日休息", week((DAYS, "8:00", "20:00"))),
        ("8:00-20:00，周末休息", week((WORK, "8:00", "20:00"))),
        ("每天8:00-20:00；周二休息", week(((1, 3, 4, 5, 6, 7), "8:00", "20:00"))),
        ("周一至周五 9:00-17:00，周六日不开放", week((WORK, "9:00", "17:00"))),
        ("扫码进入 24小时", week((DAYS, "0:00", "24:00", "scan_in"))),
        ("24小时（扫码进入）", week((DAYS, "0:00", "24:00", "scan_in"))),
        (
            "有人值守8:00-20:00，扫码20:00-24:00",
            week((DAYS, "8:00", "20:00"), (DAYS, "20:00", "24:00", "scan_in")),
        ),
        (
            "8:00-20:00有人值守，20:00-24:00扫码",
            week((DAYS, "8:00", "20:00"), (DAYS, "20:00", "24:00", "scan_in")),
        ),
        ("9:00:00-18:00:00", week((DAYS, "9:00", "18:00"))),
    ],
)
def test_hours_are_understood(text, expected):
    assert parse_hours(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "看情况", "", "17:00-13:00", "25:00-26:00", "8:75-9:00", "8:00-8:00",
        "8:00-20:00 夏季延长", "8:00", "休息", "每天8:00-20:00，周末10:00-16:00",
    ],
)  # fmt: skip
def test_what_is_not_understood_whole_is_refused(text):
    assert parse_hours(text) is None


def test_every_interval_lies_within_one_day():
    for text in ("22:00-次日6:00", "周日 22:00-次日2:00", "24小时", "8:00-24:00"):
        assert all(0 <= part.opens < part.closes <= 1440 and 1 <= part.weekday <= 7 for part in parse_hours(text))
