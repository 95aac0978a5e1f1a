"""Daily weather of a northern Chinese spring, and what it does to use."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

FIRST_DAY = date(2023, 3, 1)
LAST_DAY = date(2023, 5, 31)
N_DAYS = (LAST_DAY - FIRST_DAY).days + 1


def days() -> list[date]:
    """Every day of the three months of logs."""
    return [FIRST_DAY + timedelta(days=i) for i in range(N_DAYS)]


def build_weather(rng: np.random.Generator) -> pl.DataFrame:
    """One row per day: max_celsius, min_celsius, rain_mm."""
    noise = np.zeros(N_DAYS)
    for i in range(1, N_DAYS):  # yesterday's weather lingers
        noise[i] = 0.65 * noise[i - 1] + rng.normal(0, 2.6)
    day = np.arange(N_DAYS)
    high = 10.5 + 19.5 * day / N_DAYS + noise
    low = high - rng.uniform(8.5, 13.5, N_DAYS)
    wet = rng.random(N_DAYS) < 0.11 + 0.10 * day / N_DAYS
    rain = np.where(wet, rng.gamma(0.9, 7.0, N_DAYS), 0.0)
    return pl.DataFrame(
        {
            "day_on": days(),
            "max_celsius": high.round(1),
            "min_celsius": low.round(1),
            "rain_mm": rain.round(1),
        }
    )
