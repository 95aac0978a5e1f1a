"""What holds of every opening-hours text, whatever it says."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.hours import Interval, parse_hours
from pipeline.clean.hours.year import YEAR, between, day_number
from tests.unit.clean.hours_labels import labelled

SIGNS = "一二三四五六日"
PIECES = [
    "周一", "至", "周五", "周末", "工作日", "每天", "8:30", "17:30", "13点半", "0830-1730", "-", "—", "，", "；", "、", "（", "）", "\n", " ",
    "上午", "下午", "晚", "次日", "2:00", "24小时", "全天", "夏季", "冬季", "5月1日", "9月30日", "11-4月", "节假日", "除外", "休息", "闭馆", "午休",
    "有人值守", "扫码进入", "其余时间", "照常", "除", "外", "含", "9", "M-F", "p.m.", "看情况", "?", ":", "开门", "关门", "(5.1-9.30)", "停止入场",
]  # fmt: skip
TEXTS = [one["text"] for half in ("written", "heldout") for one in labelled(half)]


def check(parsed: list[Interval] | None) -> None:
    """Every interval lies within a day, none overlaps another of its way of entering and season, all are in order."""
    if parsed is None:
        return
    assert parsed and all(1 <= one.weekday <= 7 and 0 <= one.opens < one.closes <= 1440 for one in parsed)
    assert all((one.from_day is None) == (one.to_day is None) for one in parsed)
    assert [(one.weekday, one.opens) for one in parsed] == sorted((one.weekday, one.opens) for one in parsed)
    for one, other in combinations(parsed, 2):
        same = (one.weekday, one.access_mode) == (other.weekday, other.access_mode) and (
            None in (one.from_day, other.from_day) or (one.from_day, one.to_day) == (other.from_day, other.to_day)
        )
        assert not same or one.closes <= other.opens or other.closes <= one.opens


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text):
    check(parse_hours(text))


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_heap_of_words_breaks_it_or_overlaps(text):
    check(parse_hours(text))
    check(parse_hours(text, "scan_in"))


@given(st.sampled_from(TEXTS), st.sampled_from(PIECES), st.data())
def test_a_word_put_into_a_text_breaks_nothing(text, piece, data):
    at = data.draw(st.integers(0, len(text)))
    check(parse_hours(text[:at] + piece + text[at:]))


@given(st.sampled_from(TEXTS), st.data())
def test_a_text_cut_short_breaks_nothing(text, data):
    first, last = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    check(parse_hours(text[first:last]))


@given(st.sampled_from(TEXTS), st.sampled_from(["另有安排", "第3层", "?", "预约", "14", "视情况", "左右", "楼", "座"]))
def test_a_text_with_a_word_nobody_knows_is_refused(text, word):
    assert parse_hours(f"{text}，{word}") is None


@given(st.sampled_from(TEXTS))
def test_width_and_blanks_change_nothing(text):
    wide = "".join(chr(ord(sign) + 0xFEE0) if "0" <= sign <= "9" or sign == ":" else sign for sign in text)
    assert parse_hours(wide) == parse_hours(text)
    assert parse_hours(f"  {text} \n") == parse_hours(text)


# ------------------------------------------------------------------------------------ written in some notation, read again


@st.composite
def weeks(draw) -> dict[tuple[int, ...], list[tuple[int, int]]]:
    """Shifts of disjoint sets of weekdays: from 5:00 on, half an hour or more long and apart."""
    groups = draw(st.lists(st.integers(0, 2), min_size=7, max_size=7).filter(lambda one: set(one) != {0}))
    week = {}
    for group in sorted(set(groups) - {0}):
        n_shifts = draw(st.integers(1, 2))
        edges = sorted(draw(st.lists(st.integers(10, 48), min_size=2 * n_shifts, max_size=2 * n_shifts, unique=True)))
        shifts = [(30 * edges[i], 30 * edges[i + 1]) for i in range(0, len(edges), 2)]
        week[tuple(day for day in range(1, 8) if groups[day - 1] == group)] = shifts
    return week


def digital(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


def spoken(minute: int) -> str:
    return f"{minute // 60}点{'半' if minute % 60 else ''}"


def halves(minute: int) -> str:
    """上午8:30, 下午1:30, 晚上8:00: the 12-hour clock."""
    if minute == 1440:
        return "晚上12:00"
    name = "上午" if minute < 720 else "中午" if minute < 780 else "下午" if minute < 1080 else "晚上"
    return name + digital(minute if minute < 780 else minute - 720)


def days_listed(days: tuple[int, ...]) -> str:
    return "、".join("周" + SIGNS[day - 1] for day in days)


def days_short(days: tuple[int, ...]) -> str:
    return "星期" + "".join(SIGNS[day - 1] for day in days)


def days_ranged(days: tuple[int, ...]) -> str:
    is_range = len(days) > 1 and days[-1] - days[0] == len(days) - 1
    return f"周{SIGNS[days[0] - 1]}至周{SIGNS[days[-1] - 1]}" if is_range else days_listed(days)


@given(
    weeks(),
    st.sampled_from([digital, spoken, halves]),
    st.sampled_from([days_listed, days_short, days_ranged]),
    st.sampled_from(["-", "—", "～", "至", "到", " - "]),
    st.sampled_from(["，", "、", " ", "/", "和"]),
    st.sampled_from(["；", "\n", "。", "，"]),
    st.booleans(),
)
def test_what_is_written_is_read_again(week, clock, days, dash, between, stop, is_behind):
    clauses = []
    for group, shifts in week.items():
        times = between.join(f"{clock(opens)}{dash}{clock(closes)}" for opens, closes in shifts)
        clauses.append(f"{times}（{days(group)}）" if is_behind else f"{days(group)} {times}")
    expected = sorted(Interval(day, *shift) for group, shifts in week.items() for day in group for shift in shifts)
    assert parse_hours(stop.join(clauses)) == expected


@given(st.integers(1, 12), st.integers(1, 28), st.integers(1, 12), st.integers(1, 28))
def test_a_dated_season_and_the_rest_make_a_year(month, day, last_month, last_day):
    parsed = parse_hours(f"{month}月{day}日至{last_month}月{last_day}日8:00-20:00，其余时间9:00-18:00")
    days = between(day_number(f"{month}-{day}"), day_number(f"{last_month}-{last_day}"))
    if days == YEAR:
        assert parsed is None  # nothing is left for the rest
        return
    seasons = {one.opens: between(day_number(one.from_day), day_number(one.to_day)) for one in parsed}
    assert seasons == {480: days, 540: YEAR - days} and len(parsed) == 14
