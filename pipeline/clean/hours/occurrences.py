"""The seasons of an opening-hours text on the calendar."""

from __future__ import annotations

from datetime import date, timedelta

from pipeline.clean.hours.words import words


def occurrences(from_day: str, to_day: str, *, since: date, until: date | None) -> list[tuple[date, date]]:
    """The days from `from_day` to `to_day` (month-day, over the turn of the year where `to_day` is the earlier) of every year,
    cut to what lies between `since` and `until`, both included. Without an end they are laid out for `years_ahead` years
    (metadata/hours.toml): nobody has confirmed them since.

    >>> [(str(a), str(b)) for a, b in occurrences("10-01", "04-30", since=date(2023, 3, 31), until=date(2023, 12, 31))]
    [('2023-03-31', '2023-04-30'), ('2023-10-01', '2023-12-31')]
    """
    last = until or _on(since.year + words().years_ahead, f"{since:%m-%d}") - timedelta(days=1)
    found = []
    for year in range(since.year - 1, last.year + 1):
        begins = max(_on(year, from_day), since)
        ends = min(_on(year if from_day <= to_day else year + 1, to_day, is_end=True), last)
        if begins <= ends:
            found.append((begins, ends))
    return found


def _on(year: int, day: str, *, is_end: bool = False) -> date:
    """A month-day of a year; 29 February in a short year is 1 March as a beginning, 28 February as an end."""
    month, number = map(int, day.split("-"))
    if (month, number) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
        return date(year, 2, 28) if is_end else date(year, 3, 1)
    return date(year, month, number)
