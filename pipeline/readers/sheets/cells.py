"""One workbook cell as text: numbers as people wrote them, dates in ISO, nothing rounded and nothing trimmed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

UNSEEN = " \t\r\n\u3000\xa0"
_DURATION = re.compile(r"(-?)PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
EXACT = 1e15  # beyond this a float no longer holds every whole number


def text_of(value: Any) -> str:
    """The text of one cell.

    >>> text_of(3.0), text_of(2.5), text_of(13800000001.0), text_of(True), text_of(dt.date(2023, 5, 14))
    ('3', '2.5', '13800000001', 'TRUE', '2023-05-14')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)
    if isinstance(value, dt.datetime):
        return (_to_second(value) if value.microsecond else value).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return "" if value is None else str(value)


def duration_text(value: Any) -> Any:
    """A duration as OpenDocument writes it, in hours as others do; everything else as it is.

    >>> duration_text("PT30H05M00S"), duration_text("PTA"), duration_text(3.0)
    ('30:05:00', 'PTA', 3.0)
    """
    found = _DURATION.fullmatch(value) if value.__class__ is str and "PT" in value else None
    return "{}{:0>2}:{:0>2}:{:0>2}".format(*found.groups()) if found else value


def is_blank(value: Any) -> bool:
    """Nothing that a person sees."""
    return value is None or (value.__class__ is str and not value.strip(UNSEEN))


def is_blank_row(row: Sequence[Any]) -> bool:
    """A row in which a person sees nothing."""
    return all(map(is_blank, row))


def _to_second(value: dt.datetime) -> dt.datetime:
    """Excel stores times as fractions of a day: 08:03:00 comes back a few microseconds off."""
    off = value.microsecond
    if off < 1000:
        return value.replace(microsecond=0)
    return value.replace(microsecond=0) + dt.timedelta(seconds=1) if off >= 999_000 else value
