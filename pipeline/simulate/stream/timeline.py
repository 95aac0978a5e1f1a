"""The days of streamed logs: the months of the small logs at the end, with years of made-up weather before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.weather import FIRST_DAY, LAST_DAY, N_DAYS


@dataclass(frozen=True)
class Month:
    """A calendar month: its label (2022-07), and its days `first` up to before `end`, counted from the first of all."""

    label: str
    first: int
    end: int


@dataclass(frozen=True)
class Timeline:
    """`weather` one row per day (as of the small logs), `season` per day 0 as in March to 1 as in May, `months`."""

    weather: pl.DataFrame
    season: np.ndarray
    months: tuple[Month, ...]

    @property
    def n_days(self) -> int:
        return self.weather.height

    @property
    def first_on(self) -> date:
        return self.weather["day_on"][0]


def first_day(months: int) -> date:
    """The first day of so many months that end with the last day of the small logs.

    >>> first_day(24)
    datetime.date(2021, 6, 1)
    """
    at = LAST_DAY.year * 12 + LAST_DAY.month - months
    return date(at // 12, at % 12 + 1, 1)


def build_timeline(weather: pl.DataFrame, figures: dict[str, Any], rng: np.random.Generator) -> Timeline:
    """All days; `weather` (of the small logs) stays as it is, and a yearly curve with noise stands before it.

    The months of the small logs are always among them.
    """
    first = min(first_day(figures["months"]), FIRST_DAY)
    earlier = [first + timedelta(days=i) for i in range((FIRST_DAY - first).days)]
    whole = pl.concat([_earlier_weather(earlier, figures, rng), weather])
    return Timeline(whole, _season(whole["day_on"].to_list(), figures), _months(whole["day_on"].to_list()))


def _earlier_weather(days: list[date], figures: dict[str, Any], rng: np.random.Generator) -> pl.DataFrame:
    """Coldest about 20 January, wettest in July; yesterday's weather lingers."""
    year = (_day_of_year(days) - 20) / 365.25 * 2 * np.pi
    jumps, noise = rng.normal(0, 2.6, len(days)), np.zeros(len(days))
    for i in range(1, len(days)):
        noise[i] = 0.65 * noise[i - 1] + jumps[i]
    high = figures["mean_celsius"] - figures["swing_celsius"] * np.cos(year) + noise
    low = high - rng.uniform(8.5, 13.5, len(days))
    wet = rng.random(len(days)) < 0.14 - 0.12 * np.cos(year)
    rain = np.where(wet, rng.gamma(0.9, 7.0, len(days)), 0.0)
    columns = {"max_celsius": high.round(1), "min_celsius": low.round(1), "rain_mm": rain.round(1)}
    return pl.DataFrame({"day_on": pl.Series(days, dtype=pl.Date), **columns})


def _day_of_year(days: list[date]) -> np.ndarray:
    return np.array([day.timetuple().tm_yday for day in days], dtype=float)


def _season(days: list[date], figures: dict[str, Any]) -> np.ndarray:
    """Rises in spring and falls in autumn; in the months of the small logs it is theirs."""
    season = np.interp(_day_of_year(days), figures["season_knots"], [0.0, 1.0, 1.0, 0.0])
    season[-N_DAYS:] = np.clip((np.arange(N_DAYS) - 15) / 60, 0, 1)
    return season


def _months(days: list[date]) -> tuple[Month, ...]:
    labels = [f"{day:%Y-%m}" for day in days]
    firsts = [i for i, label in enumerate(labels) if i == 0 or label != labels[i - 1]]
    return tuple(
        Month(labels[first], first, end) for first, end in zip(firsts, [*firsts[1:], len(labels)], strict=True)
    )
