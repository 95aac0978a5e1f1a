"""The days before and after an event, and which stations it can be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

WINDOW = 14  # days, two whole weeks: every weekday falls on both sides alike
WEEK = 7


@dataclass(frozen=True)
class Days:
    """Counts and hours as grids (stations, days) from the first day to the last; NaN where no log or no known hours.

    `place`: row of each station; `names`: their ids; `kinds`: their classes.
    """

    first: date
    place: dict[str, int]
    names: list[str]
    kinds: np.ndarray
    count: np.ndarray
    hours: np.ndarray

    def slices(self, event: dict, window: int) -> tuple[slice, slice]:
        """The days before and after as columns; a side that reaches beyond the log is cut to the whole weeks within it."""
        start, end = ((event[name] - self.first).days for name in ("from_on", "to_on"))
        before, after = (_within(room, window) for room in (start, self.count.shape[1] - end - 1))
        return slice(start - before, start), slice(end + 1, end + 1 + after)

    def sides(self, event: dict, window: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Counts before, after, hours before, after, of every station; NaN where a day of the side is not logged."""
        before, after = self.slices(event, window)
        return tuple(grid[:, side].sum(axis=1) for grid in (self.count, self.hours) for side in (before, after))


def _within(room: int, window: int) -> int:
    """Days of a side: the window, or as many whole weeks of it as there is room for.

    >>> [_within(room, 14) for room in (20, 14, 13, 6, -3)]
    [14, 14, 7, 0, 0]
    """
    return window if room >= window else max(room, 0) // WEEK * WEEK


def spread_out(days: pl.DataFrame, count: str, exposure: str) -> Days:
    """Station-days as grids. A count outside known hours is left as it is: hours of 0 are a shut day."""
    kept = days.drop_nulls([count]).sort("station_id", "day_on")
    names = kept["station_id"].unique(maintain_order=True).to_list()
    place = {name: number for number, name in enumerate(names)}
    first = kept["day_on"].min() or date(1970, 1, 1)
    n_days = (kept["day_on"].max() - first).days + 1 if kept.height else 0
    grids = np.full((2, len(names), n_days), np.nan)
    row = (
        kept["station_id"].replace_strict(place, return_dtype=pl.Int64).to_numpy() if kept.height else np.empty(0, int)
    )
    column = (kept["day_on"] - first).dt.total_days().to_numpy()
    for grid, name in zip(grids, (count, exposure), strict=True):
        grid[row, column] = kept[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    kinds = kept.group_by("station_id", maintain_order=True).agg(pl.col("class_code").first())["class_code"].to_numpy()
    return Days(first, place, names, kinds, *grids)


def refusal(grid: Days, event: dict, events: pl.DataFrame, window: int, lasts: int | None) -> str:
    """Why nothing can be said of an event, or an empty text."""
    if event["station_id"] is None or event["from_on"] is None or event["to_on"] is None:
        return "no_station" if event["station_id"] is None else "no_date"
    if event["station_id"] not in grid.place:
        return "no_log"
    before, after = grid.slices(event, window)
    if before.start == before.stop or after.start == after.stop:
        return "edge_of_data"
    place = grid.place[event["station_id"]]
    sides = [(grid.count[place, side], grid.hours[place, side]) for side in (before, after)]
    if any(np.isnan(counts).any() for counts, _ in sides):
        return "no_log"
    if any(np.isnan(hours).any() or not hours.sum() for _, hours in sides):
        return "hours_unknown"
    others = events.filter(pl.col("event_id") != event["event_id"])
    return "overlaps_another" if event["station_id"] in _touched(event, others, window, lasts) else ""


def comparisons(grid: Days, event: dict, events: pl.DataFrame, window: int, lasts: int | None) -> np.ndarray:
    """Rows of the stations of the same class, open and logged on both sides, that no event touches in the window."""
    count_before, count_after, hours_before, hours_after = grid.sides(event, window)
    touched = _touched(event, events, window, lasts) | {event["station_id"]}
    free = np.array([name not in touched for name in grid.names])
    alike = grid.kinds == grid.kinds[grid.place[event["station_id"]]]
    logged = ~np.isnan(count_before + count_after) & (hours_before > 0) & (hours_after > 0)
    return np.flatnonzero(free & alike & logged)


def _touched(event: dict, others: pl.DataFrame, window: int, lasts: int | None) -> set[str]:
    """Stations with an event whose days, or days of effect, begin or end within the window of this one."""
    start, end = event["from_on"] - timedelta(days=window), event["to_on"] + timedelta(days=window)
    over = pl.col("to_on") + pl.duration(days=lasts or 0)
    return set(others.filter((pl.col("from_on") <= end) & (over >= start))["station_id"].drop_nulls())
