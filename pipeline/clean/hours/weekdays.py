"""Tokens → sets of weekdays: open on them, closed on them, or like the others."""

from __future__ import annotations

from pipeline.clean.hours.reader import HOLIDAY, SHUT, Reader
from pipeline.clean.hours.unread import Unread

WORKING = frozenset(range(1, 6))


def name(reader: Reader) -> None:
    """Weekdays, open or closed or as usual on them."""
    parts = weekdays(reader)
    days = frozenset().union(*parts)
    if reader.kind() == "colon" and reader.kind(1) in SHUT:
        reader.take()
    if reader.kind() in SHUT:
        _closed(reader, parts)
    elif reader.skip("as_usual"):
        reader.add("as_usual", days)
    elif days == {HOLIDAY} and reader.skip("notice"):
        reader.add("closed", days)
    else:
        reader.add("days", days)
    if reader.made[-1].kind != "days":
        reader.skip("as_usual", "except_after")


def _closed(reader: Reader, parts: list[frozenset[int]]) -> None:
    """周六、周日休息. With commas between it must be clear where the closed days begin: 周一至周五，节假日休息 does not close a
    working week, 周六，周日休息 follows the days on which it is open, 周日，周一休息 may mean anything."""
    *before, last = parts
    days = frozenset().union(*parts)
    if before and last == {HOLIDAY} and len(days & WORKING) >= 4:
        reader.add("days", frozenset().union(*before))
        days = last
    elif before and not any(one.kind == "days" for one in reader.made):
        raise Unread("which of them is closed?")
    reader.add("excepted" if reader.take().kind == "except" else "closed", days)


def weekdays(reader: Reader) -> list[frozenset[int]]:
    """Weekdays and ranges of them, one set per part between commas."""
    parts = [_weekday_range(reader)]
    while True:
        if reader.kind() == "and" and reader.kind(1) == "day":
            reader.take()
        if reader.kind() == "day":
            parts[-1] |= _weekday_range(reader)
        elif reader.kind() == "comma" and reader.kind(1) == "day":
            reader.take()
            parts.append(_weekday_range(reader))
        else:
            return parts


def _weekday_range(reader: Reader) -> frozenset[int]:
    first = reader.take().value
    while reader.kind() == "to" and reader.kind(1) == "day":
        reader.take()
        last = reader.take().value
        if HOLIDAY in first | last:
            if first != last:
                raise Unread("from a weekday to a holiday")
            continue  # 除夕至初六
        if len(first) != 1 or len(last) != 1:
            raise Unread("a range of sets")
        one, other = min(first), min(last)
        if one == other:
            raise Unread("from a day to itself")
        first = frozenset(range(one, other + 1) if one < other else (*range(one, 8), *range(1, other + 1)))
    return first


def named_closed(reader: Reader) -> None:
    """除周一外, 休息日：周一."""
    ended = reader.take().kind == "except_before"
    if reader.kind() != "day":
        raise Unread("closed, but when?")
    days, *more = weekdays(reader)
    if more:
        raise Unread("closed until where?")
    if ended:
        reader.skip("except_after")
    reader.add("excepted" if ended else "closed", days)


def including(reader: Reader) -> None:
    """含节假日: those days are like the others, which `statements` checks."""
    reader.take()
    if reader.kind() != "day":
        raise Unread("including what?")
    reader.add("as_usual", frozenset().union(*weekdays(reader)))
