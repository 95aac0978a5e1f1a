"""Seasons as sets of the days of a year: 1 for 1 January … 366 for 31 December, 29 February always among them."""

from __future__ import annotations

from datetime import date, timedelta

_LEAP = date(2000, 1, 1)
YEAR = frozenset(range(1, 367))


def day_number(day: str) -> int:
    """`03-01` → 61. Raises ValueError for a day no calendar has.

    >>> day_number("12-31"), day_number("02-29")
    (366, 60)
    """
    month, number = day.split("-")
    return (date(2000, int(month), int(number)) - _LEAP).days + 1


def between(first: int, last: int) -> frozenset[int]:
    """The days from `first` to `last`, both included; over the turn of the year where `last` is before `first`.

    >>> len(between(day_number("11-01"), day_number("02-29")))
    121
    """
    days = range(first, last + 1) if first <= last else (*range(first, 367), *range(1, last + 1))
    return frozenset(days)


def ranges(days: frozenset[int]) -> list[tuple[str, str]]:
    """The unbroken ranges of days as month-day, one over the turn of the year in one piece.

    >>> ranges(YEAR - between(day_number("05-01"), day_number("09-30")))
    [('10-01', '04-30')]
    """
    firsts = sorted(day for day in days if (day - 2) % 366 + 1 not in days)
    found = []
    for first in firsts:
        last = first
        while last % 366 + 1 in days:
            last = last % 366 + 1
        found.append((_month_day(first), _month_day(last)))
    return found


def _month_day(number: int) -> str:
    return (_LEAP + timedelta(days=number - 1)).strftime("%m-%d")
