"""Demand by service over its stations: weighted by open hours, a bound where only capacity is known, hidden where few people stand behind."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from pipeline.findings import explore
from pipeline.findings.explore import tell
from tests.unit.findings.small_district import district

# station, service, open hours, days, sold out, served, recorded, until, at least, only capacity
RATES = [
    ("QC-S1", "charging", 100.0, 10, 5, 0.10, 0.20, 0.50, 0.50, False),
    ("QC-S2", "charging", 300.0, 30, 0, 0.20, 0.20, 0.20, 0.20, False),
    ("QC-S3", "charging", 100.0, 10, 10, 0.30, 0.30, None, 0.30, True),
    ("QC-S4", "charging", None, 10, 0, None, None, None, None, False),  # hours unknown
    ("QC-S2", "water", 100.0, 10, 10, 0.01, 0.05, 0.90, 0.90, False),  # three couriers
    ("QC-S1", "rest", 100.0, 10, 0, 0.30, 0.30, 0.30, 0.30, False),
]
COLUMNS = (
    "station_id", "service_code", "open_hours", "n_days", "n_days_sold_out", "served_per_open_hour", "recorded_per_open_hour",
    "visits_per_open_hour_until_stock_out", "visits_per_open_hour_at_least", "is_at_least_capacity",
)  # fmt: skip


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = district()
    rates = pl.DataFrame(RATES, schema=list(COLUMNS), orient="row", infer_schema_length=None)
    con.register("rates", rates.to_arrow())
    con.execute("create table mart.demand_rates as select *, 'QC' as area_code, '2023Q2' as period_code from rates")
    return con


def row(con: duckdb.DuckDBPyConnection, service: str) -> dict:
    table = explore.demand_rates(con, explore.choose(con, period="2023Q2"))
    return table.filter(pl.col("service_code") == service).row(0, named=True)


def test_rates_are_weighted_by_the_open_hours_of_each_station(con):
    charging = row(con, "charging")
    assert (charging["n_stations"], charging["n_stations_capacity"]) == (3, 1)
    assert charging["sold_out_share"] == 0.3  # 15 of 50 days
    assert charging["served_per_100_hours"] == 20.0  # (10 + 60 + 30) / 500 hours
    assert charging["recorded_per_100_hours"] == 22.0  # (20 + 60 + 30) / 500
    assert charging["until_per_100_hours"] == 27.5  # (50 + 60) / 400: not the third, whose stock-outs have no time
    assert charging["at_least_per_100_hours"] == 28.0  # (50 + 60 + 30) / 500


def test_few_couriers_are_hidden_and_cover_is_taken(con):
    water = row(con, "water")
    assert water["suppressed"] is True
    assert (water["at_least_per_100_hours"], water["n_keys"]) == (None, None)
    assert (water["n_stations"], water["sold_out_share"]) == (1, 1.0)
    assert row(con, "rest")["suppressed"] is True  # the smallest of the others


def test_the_sentence_names_what_is_shown_and_counts_where_only_capacity_is_known(con):
    choices = explore.choose(con, period="2023Q2")
    said = tell.demand(explore.demand_rates(con, choices), choices)
    assert "手机充电" in said.zh
    for figure in ("20.0", "28.0", "30%", "1处"):
        assert figure in said.zh
    assert "饮水" not in said.zh
    assert "at least 28.0 times" in said.en


def test_nothing_is_said_of_capacity_where_every_stock_out_has_a_time(con):
    choices = explore.choose(con, period="2023Q2")
    timed = explore.demand_rates(con, choices).with_columns(n_stations_capacity=pl.lit(0))
    assert tell.demand(timed, choices).zh.endswith("有缺货。")


def test_another_period_says_that_there_is_nothing(con):
    choices = explore.choose(con, period="2023Q2")
    none = explore.demand_rates(con, choices).head(0)
    assert "没有" in tell.demand(none, choices).zh
