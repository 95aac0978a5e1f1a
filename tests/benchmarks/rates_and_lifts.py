"""Station-days in memory whose truth is known: how often intervals of rate ratios and of lifts hold it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from pipeline.analysis.use.lift import lift
from pipeline.analysis.use.rates import rate_ratios

FIRST = date(2023, 3, 1)
RATIOS = {"heat": 1.03, "is_holiday": 0.7, "is_wet": 0.8}


def weather_world(
    seed: int, *, n_stations: int = 30, n_days: int = 92, alpha: float = 0.3, shared: float = 0.02
) -> pl.DataFrame:
    """Station-days moved by heat, a holiday of five days and rain (`RATIOS`); `shared`: variance of a factor that all stations share."""
    dice = np.random.default_rng(seed)
    day = np.arange(n_days)
    features = {
        "heat": np.maximum(0, dice.normal(-3, 6, n_days)),
        "is_holiday": (day >= 56) & (day < 61),
        "is_wet": dice.random(n_days) < 0.15,
    }
    mean = (
        9
        * np.exp(dice.normal(-1.5, 1, (n_stations, 1)))
        * np.prod([RATIOS[name] ** column for name, column in features.items()], axis=0)
    )
    count = dice.poisson(mean * dice.gamma(1 / shared, shared, n_days) * dice.gamma(1 / alpha, alpha, mean.shape))
    return pl.DataFrame({
        "station_id": np.repeat(np.arange(n_stations), n_days), "day_on": np.tile(day, n_stations), "open_hours": 9.0, "n_visits": count.ravel(),
        **{name: np.tile(column, n_stations) for name, column in features.items()},
    })  # fmt: skip


def rates_cover(seeds: range, **world: float) -> pl.DataFrame:
    """One row per term: `bias` of the log ratio and `coverage` of 95 % intervals, each with its Monte-Carlo error."""
    found = [rate_ratios(weather_world(seed, **world), list(RATIOS)).table for seed in seeds]
    rows = []
    for term, true in RATIOS.items():
        row = pl.concat([table.filter(pl.col("term") == term) for table in found]).drop_nulls("lci")
        error = np.log(row["rate_ratio"].to_numpy() / true)
        rows.append(
            {"of": term, "true": true, **_scored(error, ((row["lci"] <= true) & (true <= row["uci"])).to_numpy())}
        )
    return pl.DataFrame(rows)


def lift_world(
    seed: int, *, n_events: int = 6, effect: float = 1.25, n_stations: int = 60, n_days: int = 92, alpha: float = 0.4
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Station-days of three classes with sizes as uneven as the sample's, and events whose effect lasts two weeks."""
    dice = np.random.default_rng(seed)
    level = dice.gamma(0.7, 12, (n_stations, 1)) + 0.3
    mean = level * dice.gamma(1 / alpha, alpha, (n_stations, n_days)) * dice.gamma(50, 0.02, n_days)
    stations, days = dice.choice(n_stations, n_events, replace=False), dice.integers(14, n_days - 14, n_events)
    for station, day in zip(stations, days, strict=True):
        mean[station, day + 1 : day + 15] *= effect
        mean[station, day] *= 3
    table = pl.DataFrame({
        "station_id": np.repeat([f"S{n}" for n in range(n_stations)], n_days), "class_code": np.repeat([str(n % 3) for n in range(n_stations)], n_days),
        "day_on": [FIRST + timedelta(days=n) for n in range(n_days)] * n_stations, "n_visits": dice.poisson(mean).ravel(), "open_hours": 9.0,
    })  # fmt: skip
    events = pl.DataFrame({"event_id": [str(n) for n in range(n_events)], "station_id": [f"S{n}" for n in stations],
                           "from_on": [FIRST + timedelta(days=int(day)) for day in days]})  # fmt: skip
    return table, events.with_columns(to_on="from_on")


def lifts_cover(seeds: range, *, effect: float = 1.25, **world: float) -> pl.DataFrame:
    """One row: `bias` of the pooled log ratio, `coverage`, and `told`, the share of worlds whose interval leaves 1 out (power, or false alarms at 1)."""
    pooled = pl.concat([lift(*lift_world(seed, effect=effect, **world)).pooled for seed in seeds]).drop_nulls("lci")
    error = np.log(pooled["rate_ratio"].to_numpy() / effect)
    covers = ((pooled["lci"] <= effect) & (effect <= pooled["uci"])).to_numpy()
    told = float(((pooled["lci"] > 1) | (pooled["uci"] < 1)).mean())
    return pl.DataFrame([{"of": "lift", "true": effect, **_scored(error, covers), "told": told}])


def _scored(error: np.ndarray, covers: np.ndarray) -> dict[str, float]:
    n = len(error)
    coverage = float(covers.mean())
    return {"n": n, "bias": float(error.mean()), "bias_mc": float(error.std(ddof=1) / np.sqrt(n)), "coverage": coverage,
            "coverage_mc": float(np.sqrt(coverage * (1 - coverage) / n))}  # fmt: skip
