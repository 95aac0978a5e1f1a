"""Tokens → sets of weekdays: open on them, closed on them, or like the others."""

from __future__ import annotations

from pipeline.clean.hours.reader import HOLIDAY, SHUT, Reader
from pipeline.clean.hours.unread import Unread


def name(reader: Reader) -> None:
    """Weekdays, open or closed or as usual on them."""
    days, has_comma = weekdays(reader)
    if reader.kind() == "colon" and reader.kind(1) in SHUT:
        reader.take()
    if reader.kind() in SHUT:
        if has_comma and not any(one.kind == "days" for one in reader.made):
            raise Unread("周日，周一休息: which of them is closed?")
        reader.add("excepted" if reader.take().kind == "except" else "closed", days)
    elif reader.skip("as_usual"):
        reader.add("as_usual", days)
    elif days == {HOLIDAY} and reader.skip("notice"):
        reader.add("closed", days)
    else:
        reader.add("days", days)
    if reader.made[-1].kind != "days":
        reader.skip("as_usual", "except_after")


def weekdays(reader: Reader) -> tuple[frozenset[int], bool]:
    """A list of weekdays and ranges of them, and whether a comma stands in it."""
    days, has_comma = _weekday_range(reader), False
    while True:
        if reader.kind() == "day":
            days |= _weekday_range(reader)
        elif reader.kind() in ("and", "comma") and reader.kind(1) == "day":
            has_comma |= reader.take().kind == "comma"
            days |= _weekday_range(reader)
        else:
            return days, has_comma


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
    days, has_comma = weekdays(reader)
    if has_comma:
        raise Unread("closed until where?")
    if ended:
        reader.skip("except_after")
    reader.add("excepted" if ended else "closed", days)


def including(reader: Reader) -> None:
    """含节假日: those days are like the others, which `statements` checks."""
    reader.take()
    if reader.kind() != "day":
        raise Unread("including what?")
    reader.add("as_usual", weekdays(reader)[0])
