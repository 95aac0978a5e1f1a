"""Tokens → openings: 8:30-17:30, 下午1:30-5:30, 24小时, a break, the last admission."""

from __future__ import annotations

from pipeline.clean.hours.clock import DAY, Clock, Span, span
from pipeline.clean.hours.reader import SHUT, TIMES, Reader
from pipeline.clean.hours.unread import Unread
from pipeline.clean.hours.words import Part


def opening(reader: Reader) -> None:
    """下午1:30-5:30, 早8:00晚8:00, 8:00开门，20:00关门; or a part of a day on which it is closed (周五下午休息)."""
    if reader.kind() == "part" and reader.kind(1) not in (*TIMES, "colon"):
        part = reader.take().value
        if reader.kind() in SHUT and reader.made and reader.made[-1].kind == "days":
            reader.take()
            reader.add("closed_part", (reader.made.pop().value, part))
            return
        raise Unread("a part of the day without hours")
    first = _time(reader)
    if reader.skip("last_entry"):
        return
    if reader.skip("opens_at"):
        reader.skip("comma", "and")
        last = _time(reader)
        if not reader.skip("closes_at", "closed_or_ends"):
            raise Unread("it opens and never closes")
    elif reader.skip("to") or (first.part and reader.kind() == "part"):  # 早8:00晚8:00 has no dash
        last = _time(reader)
    else:
        raise Unread("one time alone")
    if reader.kind() == "to":
        raise Unread("three times in a row")
    is_break = reader.skip(*SHUT) or _is_named_a_break(reader)
    reader.add("break" if is_break else "span", span(first, last))


def _is_named_a_break(reader: Reader) -> bool:
    """12:00-13:00午休: the word stands behind its hours, and no others follow it."""
    return reader.kind(1) not in ("colon", "part", *TIMES) and bool(reader.skip("break"))


def _time(reader: Reader) -> Clock:
    is_next_day = reader.skip("next_day")
    part: Part | None = None
    if reader.kind() == "part":
        part = reader.take().value
        reader.skip("colon")
    if reader.kind() not in TIMES:
        raise Unread("no time here")
    token = reader.take()
    is_behind = reader.kind() == "part" and reader.token().value.covers_start and reader.kind(1) not in TIMES
    if part is None and is_behind:  # 8:30AM-5:30PM, but not AM8:30-11:30 PM1:30-5:30
        part = reader.take().value
    return Clock(token.value, part, is_next_day, token.text.startswith("0"))


def all_day(reader: Reader) -> None:
    """24小时, be it said twice (全天24小时)."""
    while reader.skip("all_day"):
        pass
    if reader.kind() in ("to", *SHUT):
        raise Unread("all day, and then something else")
    reader.add("span", Span(0, DAY))


def pause(reader: Reader) -> None:
    """午休12:00-13:30; without hours it is not known what is left."""
    reader.take()
    reader.skip("colon")
    before = len(reader.made)
    if reader.kind() not in (*TIMES, "part"):
        raise Unread("a break without hours")
    opening(reader)
    if len(reader.made) != before + 1 or not isinstance(reader.made[-1].value, Span):
        raise Unread("a break without hours")
    reader.add("break", reader.made.pop().value)


def last_entry(reader: Reader) -> None:
    """最后入场16:30: it stays open."""
    reader.take()
    reader.skip("colon")
    _time(reader)
