"""What kind of day it was: weekday, public holiday, make-up workday, heat, cold and rain.

Mainland China moves weekends about (调休): a Sunday before a long holiday may be a workday. The State Council's yearly
table stands in the package chinesecalendar and needs no network.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import chinese_calendar
import polars as pl

HEAT_FROM = 28.0  # °C, daily maximum
COLD_BELOW = 5.0  # °C, daily minimum
WET_FROM = 1.0  # mm a day
COVARIATES = ("heat", "cold", "is_wet", "weekday", "is_holiday", "is_makeup_workday")


def holiday_and_makeup(day: date) -> tuple[bool | None, bool | None]:
    """Whether a day is free for a named public holiday, and whether it is a workday moved onto a weekend.

    None, None for years that the table does not reach: an unknown day is not a common one.

    >>> holiday_and_makeup(date(2023, 5, 1)), holiday_and_makeup(date(2023, 4, 23))
    ((True, False), (False, True))
    >>> holiday_and_makeup(date(2023, 5, 7)), holiday_and_makeup(date(1999, 5, 1))
    ((False, False), (None, None))
    """
    try:
        is_free, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None, None
    return is_free and name is not None, not is_free and name is not None


def day_features(
    days: Iterable[date],
    weather: pl.DataFrame | None = None,
    *,
    heat_from: float = HEAT_FROM,
    cold_below: float = COLD_BELOW,
    wet_from: float = WET_FROM,
) -> pl.DataFrame:
    """One row per day: what may move use that day.

    In: days (repeats allowed); `weather` with `day_on, max_celsius, min_celsius, rain_mm`, one row per day.
    Out, sorted by day: `day_on`; `weekday` as text, 1 Monday to 7 Sunday; `is_holiday`, `is_makeup_workday`; `heat`, degrees of
    the daily maximum above `heat_from`; `cold`, degrees of the daily minimum below `cold_below`; `is_wet`, rain of at least
    `wet_from` mm. Null where weather or the holiday table do not reach.

    >>> hot = pl.DataFrame({"day_on": [date(2023, 5, 1)], "max_celsius": [31.0], "min_celsius": [4.0], "rain_mm": [0.2]})
    >>> day_features([date(2023, 5, 1)], hot).select("weekday", "is_holiday", "heat", "cold", "is_wet").row(0)
    ('1', True, 3.0, 1.0, False)
    """
    unique = sorted(set(days))
    told = [holiday_and_makeup(day) for day in unique]
    table = pl.DataFrame(
        {
            "day_on": unique,
            "weekday": [str(day.isoweekday()) for day in unique],
            "is_holiday": [holiday for holiday, _ in told],
            "is_makeup_workday": [makeup for _, makeup in told],
        },
        schema={"day_on": pl.Date, "weekday": pl.String, "is_holiday": pl.Boolean, "is_makeup_workday": pl.Boolean},
    )
    empty = pl.DataFrame(schema={"day_on": pl.Date, **dict.fromkeys(("max_celsius", "min_celsius", "rain_mm"), pl.Float64)})  # fmt: skip
    sky = (empty if weather is None else weather).select("day_on", "max_celsius", "min_celsius", "rain_mm")
    return table.join(sky, on="day_on", how="left", validate="1:1", maintain_order="left").select(
        *table.columns,
        (pl.col("max_celsius") - heat_from).clip(lower_bound=0).alias("heat"),
        (cold_below - pl.col("min_celsius")).clip(lower_bound=0).alias("cold"),
        (pl.col("rain_mm") >= wet_from).alias("is_wet"),
    )
