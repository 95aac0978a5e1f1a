"""Two clock times → one opening, in minutes. What a time means without a word beside it, and when that is not certain."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.clean.hours.unread import Unread
from pipeline.clean.hours.words import Part, words

DAY = 24 * 60
NOON = DAY // 2
_SMALL_HOURS_END = 360  # a part of the day that is over by then (凌晨) belongs to the night before
_SMALL_HOURS = (60, 300)  # 1:00 to 4:59 without a word: the night, or an afternoon on the 12-hour clock


@dataclass(frozen=True)
class Clock:
    """One time as written: minutes, the part of the day named with it, whether 次日 stands before it."""

    minute: int
    part: Part | None = None
    is_next_day: bool = False
    has_leading_zero: bool = False


@dataclass(frozen=True)
class Span:
    """Open from `opens` to `closes`, beyond 1440 into the next day.

    may_be_afternoon: nothing says whether 2:00-6:00 is meant as 14:00-18:00; something else must.
    may_be_slip: 18:00-8:00 may be a night, or 18:00-20:00 written on the 12-hour clock; something else must tell.
    """

    opens: int
    closes: int
    may_be_afternoon: bool = False
    may_be_slip: bool = False


def span(first: Clock, last: Clock) -> Span:
    """The opening between two times. Raises Unread where the times allow none or several.

    >>> span(Clock(810), Clock(1050))
    Span(opens=810, closes=1050, may_be_afternoon=False, may_be_slip=False)
    """
    opens = _within(first.minute, first.part) if first.part else first.minute
    if opens >= DAY:
        raise Unread("nothing opens at 24:00")
    if last.part and last.part.covers_start and not first.part and first.minute <= NOON:
        raise Unread("6-9 p.m.: the beginning may be meant, too")
    is_24_hour = first.has_leading_zero and last.minute > NOON + 59  # 04:30-23:00
    may_be_afternoon = not first.part and _SMALL_HOURS[0] <= opens < _SMALL_HOURS[1] and not is_24_hour
    closes, may_be_slip = _closes(opens, first, last)
    if not words().shortest <= closes - opens <= DAY:
        raise Unread("shorter than an opening, or longer than a day")
    return Span(opens, closes, may_be_afternoon, may_be_slip)


def _closes(opens: int, first: Clock, last: Clock) -> tuple[int, bool]:
    if last.is_next_day:
        closes = _within(last.minute, last.part) if last.part else last.minute
        return closes + DAY, False
    if last.part:
        closes = _within(last.minute, last.part)
        if closes <= opens and (opens >= NOON or last.part.until <= _SMALL_HOURS_END):
            closes += DAY  # 晚10点至早6点, 上午10点至凌晨1点
        return closes, False
    if last.minute == 0:
        return DAY, False
    if first.part and first.minute <= NOON + 59 and last.minute <= NOON + 59:
        fits = [one for one in (last.minute, last.minute + NOON) if opens < one <= first.part.ends_by]
        if len(fits) != 1:
            raise Unread("the end does not follow from the beginning")
        return fits[0], False
    if last.minute > opens:
        return last.minute, False
    return _night(opens, last)


def _night(opens: int, last: Clock) -> tuple[int, bool]:
    """22:00-6:00 is a night: no clock makes a later hour of the same day of it. 18:00-8:00 may be a slip for 20:00,
    unless a leading zero shows the 24-hour clock; 8:30-5:30 is no night."""
    if opens <= NOON + 59 or last.minute > NOON:
        raise Unread("ends before it begins")
    clear = last.minute + NOON <= opens or (last.has_leading_zero and opens >= words().evening)
    return last.minute + DAY, not clear


def _within(minute: int, part: Part) -> int:
    """The one minute of the day that a time behind 上午, 下午 … stands for."""
    readings = {minute, minute + NOON, minute - NOON if minute >= NOON else minute + DAY if minute == 0 else minute}
    fits = [one for one in readings if part.since <= one <= part.until]
    if len(fits) != 1:
        raise Unread("no such time in that part of the day")
    return fits[0]
