"""Opening-hours text is understood whole or refused; every minute of the week can be counted by hand."""

from __future__ import annotations

import pytest

from pipeline.clean.hours import Interval, parse_hours
from tests.unit.clean.hours_labels import minute

DAYS, WORK, WEEKEND = range(1, 8), range(1, 6), (6, 7)


def week(*spans):
    """Intervals from (days, opens, closes[, mode[, first day, last day]]) with clock texts."""
    return sorted(Interval(day, minute(span[1]), minute(span[2]), *span[3:]) for span in spans for day in span[0])


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
        "8:00-20:00 夏季延长", "8:00", "休息", "每天8:00-20:00，周末10:00-16:00", "2020-2050", "8:00-20:00，" * 60,
    ],
)  # fmt: skip
def test_what_is_not_understood_whole_is_refused(text):
    assert parse_hours(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "周日，周一休息，9:00-17:00",  # both closed, or open on Sundays?
        "周末，节假日休息，9:00-17:00",
        "周一至周五，周末休息，8:30-17:30",
        "8:00-20:00，扫码进入20:00-24:00",  # said of the first, or of the second?
        "有人值守8:00-20:00，20:00-24:00扫码",
        "8:30-11:30；13:30-17:30有人值守",
        "周一至周五8:00-20:00；周末：有人值守9:00-17:00",
        "周一至周五8:30-17:30，周六9:00-12:00有人值守",
        "周一至周五8:00-12:00，14:00-18:00（周六、日），19:00-21:00",
        "周一至周五8:30-17:30，周六9:00-16:00，午休12:00-13:00",  # on Saturdays only?
        "夏季8:00-20:00；冬季9:00-17:00，周一闭馆",  # in winter only?
        "夏季周一至周五8:00-18:00；冬季9:00-17:00",
        "夏季周一至周五8:00-18:00，其余时间9:00-12:00",
        "4月至10月：8:30-18:00；11月至3月：8:30-17:30（工作日）",
        "周一闭馆，其余时间扫码进入",  # on Mondays, too?
        "6-9 p.m.",
        "9am-5",
        "9-12",
        "9-12，2-6",
        "7-8，9-17",
        "8-20日",
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(text):
    assert parse_hours(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周一至周五，法定节假日除外，9:00-17:00", week((WORK, "9:00", "17:00"))),
        ("周一至周五（周三除外）9:00-17:00", week(((1, 2, 4, 5), "9:00", "17:00"))),
        ("8:00-22:00，22:00-8:00扫码", week((DAYS, "8:00", "22:00", "said"), (DAYS, "22:00", "24:00", "scan_in"),
                                          (DAYS, "0:00", "8:00", "scan_in"))),
        ("周日至周四8:00-23:00，周五、周六8:00-次日1:00",
         week(((7, 1, 2, 3, 4), "8:00", "23:00"), ((5, 6), "8:00", "24:00"), ((6, 7), "0:00", "1:00"))),
        ("8:00-次日8:00", week((DAYS, "8:00", "24:00"), (DAYS, "0:00", "8:00"))),
        ("04:30-23:00", week((DAYS, "4:30", "23:00"))),
        ("9am-5pm", week((DAYS, "9:00", "17:00"))),
        ("周一至周五 9-12，14-18", week((WORK, "9:00", "12:00"), (WORK, "14:00", "18:00"))),
        ("周一闭馆，夏季8:00-20:00，冬季8:00-20:00", week((range(2, 8), "8:00", "20:00", "staffed", "05-01", "09-30"),
                                               (range(2, 8), "8:00", "20:00", "staffed", "10-01", "04-30"))),
        ("May 1 - September 30 8:00-20:00", week((DAYS, "8:00", "20:00", "staffed", "05-01", "09-30"))),
    ],
)  # fmt: skip
def test_what_has_one_reading_is_read(text, expected):
    otherwise = "said" if any(one.access_mode == "said" for one in expected) else "staffed"
    assert parse_hours(text, otherwise) == expected


def test_every_interval_lies_within_one_day():
    for text in ("22:00-次日6:00", "周日 22:00-次日2:00", "24小时", "8:00-24:00"):
        assert all(0 <= part.opens < part.closes <= 1440 and 1 <= part.weekday <= 7 for part in parse_hours(text))
