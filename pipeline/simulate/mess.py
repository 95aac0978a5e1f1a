"""Ways in which people write one and the same thing: dates, ticks, spellings of stations, times, numbers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from pipeline.simulate.defects import Record
from pipeline.simulate.weather import FIRST_DAY

EXCEL_EPOCH = date(1899, 12, 30)
TICKS = (("√", "×"), ("是", "否"), ("有", "无"), (1, "×"), ("✓", "/"))
UNRESOLVABLE = ("路口新开的驿站", "东边那家中介", "待定", "流动服务点")


def date_cell(day: date | None, rng: np.random.Generator, *, tidy: float = 0.55) -> Any:
    """A day in one of five notations."""
    if day is None:
        return None
    if rng.random() < tidy:
        return day
    style = int(rng.integers(0, 4))
    texts = (f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}")
    return serial(day) if style == 3 else texts[style]


def serial(day: date) -> int:
    """The day as a spreadsheet serial number (1900 system).

    >>> serial(date(2023, 5, 14))
    45060
    """
    return (day - EXCEL_EPOCH).days


def month_cell(day: date, rng: np.random.Generator) -> Any:
    """A month in one of four notations."""
    style = int(rng.integers(0, 4))
    return (f"{day.year}年{day.month}月", f"{day.year}-{day.month:02d}", f"{day.year}.{day.month}", day.replace(day=1))[
        style
    ]


def moment(minutes: int) -> datetime:
    """The wall-clock time so many minutes after the first day of the logs began."""
    return datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day) + timedelta(minutes=int(minutes))


def moment_cell(minutes: int, rng: np.random.Generator) -> Any:
    """A time in one of four notations."""
    at = moment(minutes)
    style = int(rng.integers(0, 5))
    texts = (
        f"{at.year}.{at.month}.{at.day} {at:%H:%M}",
        f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute}分",
        f"{at:%Y-%m-%d %H:%M}",
    )
    return at if style > 2 else texts[style]


def tick(value: bool | None, style: int) -> Any:
    """A tick or a cross in the row's own style; None stays blank (which is not "no")."""
    return None if value is None else TICKS[style][0 if value else 1]


def station_text(name: str, local_code: str, record: Record, rng: np.random.Generator, *, tidy: float = 0.8) -> str:
    """A station as somebody writes it: right, with other spaces and brackets, shortened, or with a wrong character.

    Shortened and wrong spellings go into the list of aliases; spaces and brackets need none.
    """
    if rng.random() < tidy:
        return name
    style = int(rng.integers(0, 4))
    if style == 0:
        return name.replace("（", "(").replace("）", ")")
    if style == 1:
        return f"{name[:4]} {name[4:]} "
    spelling = name.replace("暖心驿站", "") if style == 2 else name.replace("驿站", "译站")
    record.aliases[spelling] = local_code
    return spelling


def people_text(value: int, rng: np.random.Generator) -> Any:
    """A count of people: plain, about, more than, or with a unit."""
    style = int(rng.integers(0, 8))
    rounded = max(10, round(value, -2 if value >= 1000 else -1))
    if style == 0:
        return f"约{rounded}"
    if style == 1 and value > 10:
        below = value // (100 if value >= 1000 else 10) * (100 if value >= 1000 else 10)
        return f"{below}余" if below else value
    return f"{value}人" if style == 2 else value
