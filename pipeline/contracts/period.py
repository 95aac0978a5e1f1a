"""Reporting quarters: their names, bounds and neighbours."""

from __future__ import annotations

import re
from datetime import date, timedelta

_PERIOD = re.compile(r"(\d{4})Q([1-4])")


def period_of(day: date) -> str:
    """The quarter a day lies in.

    >>> period_of(date(2023, 5, 14))
    '2023Q2'
    """
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def is_period(text: str) -> bool:
    """Whether `text` names a quarter such as 2023Q2."""
    return _PERIOD.fullmatch(text) is not None


def period_bounds(period: str) -> tuple[date, date]:
    """First and last day of a quarter.

    >>> period_bounds("2023Q2")
    (datetime.date(2023, 4, 1), datetime.date(2023, 6, 30))
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"not a quarter such as 2023Q2: {period!r}")
    year, quarter = int(match[1]), int(match[2])
    first = date(year, 3 * quarter - 2, 1)
    following = date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)
    return first, following - timedelta(days=1)


def previous_period(period: str) -> str:
    """The quarter before.

    >>> previous_period("2023Q1")
    '2022Q4'
    """
    return period_of(period_bounds(period)[0] - timedelta(days=1))


def same_quarter_last_year(period: str) -> str:
    """The same quarter, a year before.

    >>> same_quarter_last_year("2023Q1")
    '2022Q1'
    """
    return f"{int(period[:4]) - 1}{period[4:]}"
