"""What happened around the stations that may change how they are used: activity days and suggestions, some carried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import Assumptions
from pipeline.simulate.stations import Stations
from pipeline.simulate.supply import Supply
from pipeline.simulate.weather import FIRST_DAY, N_DAYS

AS_OF = date(2023, 5, 31)
START = date(2023, 1, 1)
DAYS = (AS_OF - START).days
ELSEWHERE = -1
SUGGESTED = ("charging", "water", "meal_heating", "rest", "toilet")
SCHEMA = {
    "station": pl.Int64, "month_on": pl.Date, "topic": pl.String, "status": pl.String, "reply_days": pl.Int64,
    "service": pl.Int64, "closed_on": pl.Date,
}  # fmt: skip


@dataclass(frozen=True)
class Events:
    """`activities` one row per activity day: station (ELSEWHERE: not at one), held_on, is_summer, n_items, n_visits.
    `suggestions` one row each: station, month_on, topic, status, reply_days, service (ELSEWHERE: none), closed_on (null:
    not carried out)."""

    activities: pl.DataFrame
    suggestions: pl.DataFrame


def build_events(stations: Stations, supply: Supply, assumptions: Assumptions, rng: np.random.Generator) -> Events:
    """Activity days of last summer and this year, and suggestions since last June."""
    return Events(
        _activities(stations.n, assumptions["activity"], rng), _suggestions(stations.n, supply, assumptions, rng)
    )


def _activities(n_stations: int, figures: dict[str, Any], rng: np.random.Generator) -> pl.DataFrame:
    rows = []
    for i in range(figures["summer"] + figures["this_year"]):
        summer = i < figures["summer"]
        first, days, low, high = (date(2022, 6, 20), 75, 60, 260) if summer else (START, DAYS, 10, 80)
        items = int(rng.integers(low, high))
        at_station = rng.random() < figures["at_station"]
        rows.append({
            "station": int(rng.integers(n_stations)) if at_station else ELSEWHERE,
            "held_on": first + timedelta(days=int(rng.integers(0, days))), "is_summer": summer, "n_items": items,
            "n_visits": int(items * rng.uniform(0.5, 0.9)),
        })  # fmt: skip
    return pl.DataFrame(rows)


def _suggestions(n_stations: int, supply: Supply, assumptions: Assumptions, rng: np.random.Generator) -> pl.DataFrame:
    figures = assumptions["suggestion"]
    rows = []
    for _ in range(figures["count"]):
        last_year = rng.random() < 0.5
        month = date(2022, 6 + int(rng.integers(0, 7)), 1) if last_year else date(2023, 1 + int(rng.integers(0, 5)), 1)
        station = int(rng.integers(n_stations)) if rng.random() < figures["at_station"] else ELSEWHERE
        status = str(rng.choice(["adopted", "in_progress", "declined", "open"], p=[0.45, 0.25, 0.1, 0.2]))
        closed = month + timedelta(days=int(rng.integers(20, 80)))
        rows.append({
            "station": station, "month_on": month, "topic": str(rng.choice(["hours", "facility", "traffic", "access", "other"])),
            "status": status, "reply_days": int(rng.integers(2, 60)) if status != "open" else None,
            "service": _service(station, supply, figures["names_service"], rng),
            "closed_on": closed if status == "adopted" and closed <= AS_OF else None,
        })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def _service(station: int, supply: Supply, share: float, rng: np.random.Generator) -> int:
    """What a suggestion about a station concerns: a service in daily use that works there, if one is named at all."""
    wanted = [supply.codes.index(code) for code in SUGGESTED]
    there = [k for k in wanted if station != ELSEWHERE and supply.works[station, k]]
    luck, place = rng.random(), int(rng.integers(1 << 20))
    return there[place % len(there)] if there and luck < share else ELSEWHERE


def lifted_days(events: Events, n_stations: int, days: int) -> np.ndarray:
    """Station × day of the logs: whether an activity day was held there in the `days` days before."""
    lifted = np.zeros((n_stations, N_DAYS), dtype=bool)
    for station, held_on in events.activities.select("station", "held_on").iter_rows():
        if station != ELSEWHERE:
            after = (held_on - FIRST_DAY).days + 1
            lifted[station, max(after, 0) : max(after + days, 0)] = True
    return lifted


def fixes(events: Events) -> pl.DataFrame:
    """Suggestions carried out while logs were kept: number (place in the ledger, from 1), station, service, closed_on, day.

    Of two for one service at one station, the first counts. What was carried out before the first day of the logs is part
    of what is usual there.
    """
    day = (pl.col("closed_on") - pl.lit(FIRST_DAY)).dt.total_days()
    return (
        events.suggestions.with_row_index("number", offset=1)
        .filter(pl.col("closed_on").is_not_null() & (pl.col("service") != ELSEWHERE))
        .with_columns(day.alias("day"))
        .filter(pl.col("day").is_between(1, N_DAYS - 1))
        .sort("day", "number")
        .unique(["station", "service"], keep="first", maintain_order=True)
        .select("number", "station", "service", "closed_on", "day")
    )
