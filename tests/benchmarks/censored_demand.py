"""Demand that is known, stock that runs out, days in memory: how far each rate lies from the truth, how often intervals cover."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.use.demand import hourly_rates

HOURS = 10.0
WAYS = ("recorded", "ratio", "model")


def days(
    seed: int, *, spread: float = 0.15, shared: float = 0.0, n_stations: int = 60, n_days: int = 90
) -> pl.DataFrame:
    """One row per station and open day: the true rate, what was recorded, and what until the stock-out.

    Stations of 0.6 to 4 visits an hour, 15 % of days shut, stock for 0.6 to 1.1 of a day's mean demand; who comes after the last of it
    leaves no record. `spread`: variance of a day's factor at a station; `shared`: of a factor that all stations share.
    """
    dice = np.random.default_rng(seed)
    shape = (n_stations, n_days)
    rate = dice.uniform(0.6, 4.0, n_stations)
    stock = np.maximum(1, dice.uniform(0.6, 1.1, n_stations) * rate * HOURS).astype(int)[:, None]
    factor = (dice.gamma(1 / spread, spread, shape) if spread else 1.0) * (
        dice.gamma(1 / shared, shared, n_days) if shared else 1.0
    )
    came = dice.poisson(rate[:, None] * HOURS * factor * np.ones(shape))
    is_out = came >= stock
    last_of_it = dice.beta(np.broadcast_to(stock, shape), np.where(is_out, came - stock, 0) + 1) * HOURS
    table = pl.DataFrame({
        "station_id": np.repeat(np.arange(n_stations), n_days), "day_on": np.tile(np.arange(n_days), n_stations),
        "true_rate": np.repeat(rate, n_days), "n_visits": np.minimum(came, stock).ravel(), "open_hours": HOURS,
        "hours_until_stock_out": np.where(is_out, last_of_it, HOURS).ravel(),
    })  # fmt: skip
    return table.with_columns(n_visits_until_stock_out="n_visits").filter(dice.random(table.height) >= 0.15)


def demand_error(seeds: range, *, spread: float = 0.15, shared: float = 0.0, n_stations: int = 60) -> pl.DataFrame:
    """One row per way (`recorded`, `ratio` and `model` until stock-out): `bias` (mean relative error over stations), its Monte-Carlo error
    `bias_mc`, `rmse`, `coverage` of 95 % intervals and its `coverage_mc`."""
    errors = {way: [] for way in WAYS}
    covers = {way: [] for way in WAYS}
    for seed in seeds:
        table = days(seed, spread=spread, shared=shared, n_stations=n_stations)
        true = table.group_by("station_id", maintain_order=True).agg(pl.col("true_rate").first())["true_rate"]
        recorded = {"count": "n_visits", "exposure": "open_hours", "even_days": True}
        for way, how in zip(WAYS, (recorded, {"even_days": True}, {}), strict=True):
            found = hourly_rates(table, ["station_id"], **how)
            errors[way].append(float((found["est"] / true - 1).mean()))
            covers[way].append(float(((found["lci"] <= true) & (true <= found["uci"])).mean()))
            errors.setdefault(f"{way}_sq", []).append(float(((found["est"] / true - 1) ** 2).mean()))
    mc = lambda values: float(np.std(values, ddof=1) / np.sqrt(len(values)))  # noqa: E731
    return pl.DataFrame([
        {"way": way, "bias": float(np.mean(errors[way])), "bias_mc": mc(errors[way]), "rmse": float(np.mean(errors[f"{way}_sq"])) ** 0.5,
         "coverage": float(np.mean(covers[way])), "coverage_mc": mc(covers[way])}
        for way in WAYS
    ])  # fmt: skip
