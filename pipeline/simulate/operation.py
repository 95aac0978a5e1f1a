"""Troubles of running a station: intervals without stock, and times it was shut against its hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import Assumptions
from pipeline.simulate.stations import Stations
from pipeline.simulate.supply import Supply
from pipeline.simulate.weather import N_DAYS

STOCKED = ("water", "charging", "meal_heating", "medicine", "cold_storage", "meal_discount")
REASONS = ("设备检修", "人员休假", "场地另有安排", "停水停电", "内部培训")
NEVER = 1 << 20


@dataclass(frozen=True)
class Operation:
    """`stock_outs` and `closures` one row per interval, in minutes since the first day; `out` and `shut` the same as
    arrays to look up: station × service × day × (start, end) and station × day × (start, end), minutes of the day."""

    stock_outs: pl.DataFrame
    closures: pl.DataFrame
    out: np.ndarray
    shut: np.ndarray


def build_operation(
    stations: Stations, supply: Supply, assumptions: Assumptions, rng: np.random.Generator
) -> Operation:
    """Stock-outs of every stocked service, more where it fails; closures of a few hours to three days."""
    figures = assumptions["operation"]
    n, k = stations.n, len(supply.codes)
    stocked = np.isin(supply.codes, STOCKED)
    chance = np.where(supply.works, figures["stock_out_per_day"], figures["stock_out_failing_per_day"])
    chance = chance * stocked * supply.exists
    happens = rng.random((n, k, N_DAYS)) < chance[:, :, None]
    start = rng.integers(9 * 60 + 30, 16 * 60, happens.shape)
    end = np.minimum(start + rng.integers(60, 480, happens.shape), 24 * 60)
    out = np.full((n, k, N_DAYS, 2), NEVER)
    out[happens] = np.stack([start[happens], end[happens]], axis=-1)
    station, service, day = np.nonzero(happens)
    stock_outs = pl.DataFrame(
        {"station": station, "service": service, "start": day * 1440 + start[happens], "end": day * 1440 + end[happens]}
    )
    closures = _closures(n, figures["closures_per_station"], rng)
    return Operation(stock_outs, closures, out, _by_day(closures, n))


def _closures(n: int, mean: float, rng: np.random.Generator) -> pl.DataFrame:
    station = np.repeat(np.arange(n), rng.poisson(mean, n))
    start = rng.integers(0, N_DAYS - 4, len(station)) * 1440 + rng.choice(
        [0, 8 * 60, 12 * 60, 13 * 60 + 30], len(station)
    )
    length = rng.choice([180, 240, 600, 1440, 2880, 4320], len(station), p=[0.3, 0.25, 0.2, 0.12, 0.08, 0.05])
    reason = np.array(REASONS)[rng.integers(0, len(REASONS), len(station))]
    table = pl.DataFrame({"station": station, "start": start, "end": start + length, "reason": reason})
    return (
        table.sort("station", "start")
        .unique(["station"], keep="first", maintain_order=True)
        .vstack(table.sort("station", "start").filter(pl.int_range(pl.len()).over("station") == 1))
        .sort("station", "start")
    )


def _by_day(closures: pl.DataFrame, n: int) -> np.ndarray:
    shut = np.full((n, N_DAYS, 2), NEVER)
    for station, start, end in closures.select("station", "start", "end").iter_rows():
        for day in range(start // 1440, min((end - 1) // 1440, N_DAYS - 1) + 1):
            first, last = max(start - day * 1440, 0), min(end - day * 1440, 1440)
            known = shut[station, day]
            shut[station, day] = (min(first, known[0]), max(last, known[1] if known[1] != NEVER else 0))
    return shut
