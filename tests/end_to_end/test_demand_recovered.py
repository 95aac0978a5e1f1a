"""Demand that is known, and stock that runs out: what recorded use, open days and the rate until stock-out make of it.

Sixty stations with one service, ninety days, 15 % of days shut, a stock of 0.6 to 1.1 of a day's mean demand. Who comes after the
last of it leaves no record.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import duckdb
import numpy as np
import polars as pl
import pytest

from pipeline.analysis.use.demand import hourly_rates
from pipeline.warehouse import marts
from pipeline.warehouse.load import load
from tests.unit.marts.small_world import ORIGIN, code, station
from tests.unit.warehouse.empty import empty_warehouse

FIRST, N_DAYS, N_STATIONS = date(2023, 4, 1), 90, 60
OPENS, CLOSES = 9 * 60, 19 * 60
HOURS = (CLOSES - OPENS) / 60


def lived(seed: int, spread: float) -> tuple[np.ndarray, dict[str, list[dict]]]:
    """True visits per open hour of every station, and what its log and its ledgers say. `spread`: how much demand varies
    from day to day (the variance of a factor with mean 1)."""
    rng = np.random.default_rng(seed)
    rate = rng.uniform(0.6, 4.0, N_STATIONS)
    stock = np.maximum(1, rng.uniform(0.6, 1.1, N_STATIONS) * rate * HOURS).astype(int)
    events, closures, stock_outs = [], [], []
    for number, (hourly, left) in enumerate(zip(rate, stock, strict=True)):
        place = {"station_id": f"QC-S{number}", "area_code": "QC", **ORIGIN}
        for day in range(N_DAYS):
            morning = datetime(FIRST.year, FIRST.month, FIRST.day) + timedelta(days=day)
            if 0 < day < N_DAYS - 1 and rng.random() < 0.15:
                closures.append(
                    {**place, "started_at": morning, "ended_at": morning + timedelta(days=1), "reason": "检修"}
                )
                continue
            factor = rng.gamma(1 / spread, spread) if spread else 1.0
            came = np.sort(rng.uniform(OPENS * 60, CLOSES * 60, rng.poisson(hourly * factor * HOURS))).astype(int)
            moments = [morning + timedelta(seconds=int(second)) for second in came]
            events += [{"used_at": moment, **place} for moment in moments[:left]]
            if len(moments) >= left:
                stock_outs.append(
                    {
                        **place,
                        "service_code": "water",
                        "started_at": moments[left - 1],
                        "ended_at": morning + timedelta(days=1),
                    }
                )
    return rate, {"clean.service_events": events, "clean.closures": closures, "clean.stock_outs": stock_outs}


@cache
def built(spread: float = 0.0, with_times: bool = True) -> tuple[duckdb.DuckDBPyConnection, np.ndarray]:
    """The warehouse of such a life with its marts, and the true rates."""
    rate, told = lived(20230514, spread)
    con = empty_warehouse()
    if not with_times:
        midnight = [
            {"started_at": datetime.combine(row["started_at"].date(), datetime.min.time()), "ended_at": None}
            for row in told["clean.stock_outs"]
        ]
        told["clean.stock_outs"] = [row | bare for row, bare in zip(told["clean.stock_outs"], midnight, strict=True)]
    fixed = {
        "event_kind_code": "use",
        "service_code": "water",
        "user_group_code": "rider",
        "n_visits": 1,
        "outcome_code": "served",
    }
    week = {
        "opens_minute": OPENS,
        "closes_minute": CLOSES,
        "access_mode_code": "staffed",
        "valid_from": FIRST,
        "area_code": "QC",
        **ORIGIN,
    }
    load(con, {
        "ref.areas": pl.DataFrame([{"area_code": "QC", "label_zh": "晴川", "label_en": "Qingchuan", "tz": "Asia/Shanghai"}]),
        "ref.codes": pl.DataFrame([code("services", "water", 0)]),
        "clean.stations": pl.DataFrame([station(f"S{n}", "fixed", None) | {"as_of": FIRST} for n in range(N_STATIONS)], infer_schema_length=None),
        "clean.station_hours": pl.DataFrame([{"station_id": f"QC-S{n}", "weekday": d, **week} for n in range(N_STATIONS) for d in range(1, 8)]),
        **{name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in told.items()},
        "clean.service_events": pl.DataFrame(told["clean.service_events"]).with_columns(pl.lit(v).alias(k) for k, v in fixed.items()),
    })  # fmt: skip
    marts.build(con)
    return con, rate


@cache
def estimates(spread: float = 0.0, with_times: bool = True) -> pl.DataFrame:
    """mart.demand_rates beside the true rate, and recorded use per hour of the timetable."""
    con, rate = built(spread, with_times)
    truth = pl.DataFrame({"station_id": [f"QC-S{n}" for n in range(N_STATIONS)], "true_rate": rate})
    found = con.sql(f"select *, n_visits / {N_DAYS * HOURS} as by_timetable from mart.demand_rates").pl()
    return truth.join(found, on="station_id", how="left", validate="1:1")


def bias(table: pl.DataFrame, column: str) -> float:
    """Mean relative error over the stations."""
    return float((table[column] / table["true_rate"] - 1).mean())


def test_recorded_use_is_far_below_demand_and_the_rate_until_stock_out_is_not():
    table = estimates()
    error = table["visits_per_open_hour_until_stock_out"] / table["true_rate"] - 1
    print({name: round(bias(table, name), 4) for name in ("by_timetable", "recorded_per_open_hour", "visits_per_open_hour_until_stock_out")},
          "rmse", round(float((error**2).mean() ** 0.5), 4))  # fmt: skip
    assert bias(table, "by_timetable") < -0.25
    assert bias(table, "recorded_per_open_hour") < -0.10
    assert abs(bias(table, "visits_per_open_hour_until_stock_out")) < 0.01
    assert float((error**2).mean() ** 0.5) < 0.05
    assert set(table["demand_basis_code"]) == {"until_stock_out"}


def test_where_demand_varies_from_day_to_day_the_rate_runs_low_and_still_beats_recorded_use():
    table = estimates(spread=0.15)
    print(
        {
            name: round(bias(table, name), 4)
            for name in ("by_timetable", "recorded_per_open_hour", "visits_per_open_hour_until_stock_out")
        }
    )
    assert -0.10 < bias(table, "visits_per_open_hour_until_stock_out") < 0
    assert bias(table, "recorded_per_open_hour") < 2 * bias(table, "visits_per_open_hour_until_stock_out")


def test_the_model_of_days_that_differ_does_not_run_low():
    con, rate = built(spread=0.15)
    days = con.sql("select station_id, day_on, coalesce(n_visits_until_stock_out, n_visits_open) as n, coalesce(minutes_until_stock_out, open_minutes) / 60.0 "
                   "as hours from mart.demand_days where n_visits is not null").pl()  # fmt: skip
    found = hourly_rates(days, ["station_id"], count="n", exposure="hours")
    true = pl.DataFrame({"station_id": [f"QC-S{n}" for n in range(N_STATIONS)], "true_rate": rate})
    table = found.join(true, on="station_id", validate="1:1")
    error = float((table["est"] / table["true_rate"] - 1).mean())
    covered = float(((table["lci"] <= table["true_rate"]) & (table["true_rate"] <= table["uci"])).mean())
    print({"model": round(error, 4), "covered": round(covered, 3)})
    assert abs(error) < 0.02 and covered > 0.85


def test_without_times_capacity_is_told_as_such_and_never_as_demand():
    timed, untimed = estimates(), estimates(with_times=False)
    nearly_always = timed.filter(pl.col("share_days_sold_out") >= 0.8)["station_id"]
    assert 10 < nearly_always.len() < N_STATIONS
    told = untimed.filter(pl.col("is_at_least_capacity"))
    assert set(told["station_id"]) == set(nearly_always)
    assert told["visits_per_open_hour_until_stock_out"].null_count() == told.height
    assert told.filter(pl.col("visits_per_open_hour_at_least") > pl.col("true_rate") * 1.05).is_empty()
    assert set(untimed.filter(~pl.col("is_at_least_capacity"))["demand_basis_code"]) == {"at_least"}


@pytest.mark.parametrize("with_times", [True, False])
def test_the_bound_is_never_below_what_was_recorded(with_times):
    table = estimates(with_times=with_times)
    assert (table["visits_per_open_hour_at_least"] >= table["recorded_per_open_hour"]).all()
