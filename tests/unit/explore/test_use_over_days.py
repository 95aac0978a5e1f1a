"""Ratios of use by weather, hourly demand and lifts as notebooks show them: right figures, hidden where few people stand behind."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb
import polars as pl
import pytest

from pipeline.errors import PipelineError
from pipeline.findings import explore
from pipeline.findings.explore import tell_use
from tests.unit.findings.small_district import district

FIRST, N_DAYS = date(2023, 4, 1), 61  # to 31 May; 1 May is a holiday, 23 April a make-up workday
STATIONS = [f"QC-S{n}" for n in range(1, 9)]
PARTY = date(2023, 4, 25)
HOT = {FIRST + timedelta(days=n) for n in (40, 43, 46, 49, 52, 55)}


def visits(station: str, day: date) -> int:
    """20 a day and one more on every third; double after the party at station 1 for two weeks; half as many again when it is hot."""
    n = 20 + (day.toordinal() + int(station[-1])) % 3
    n *= 2 if station == "QC-S1" and 0 < (day - PARTY).days <= 14 else 1
    return n * 3 // 2 if day in HOT else n


def rows() -> pl.DataFrame:
    days = [FIRST + timedelta(days=n) for n in range(N_DAYS)]
    return pl.DataFrame([
        {"station_id": station, "area_code": "QC", "period_code": "2023Q2", "day_on": day, "n_visits": visits(station, day), "open_minutes": 600}
        for station in STATIONS for day in days])  # fmt: skip


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = district()
    con.execute("delete from clean.stations")
    con.register("days", rows().to_arrow())
    con.execute("insert into clean.stations by name select distinct station_id, 'QC' as area_code, right(station_id, 2) as local_code, "
                "right(station_id, 1) || '号驿站' as name, 'social' as class_code, date '2023-05-31' as as_of, 'f' as source_file_id, '' as source_sheet, "
                "1 as source_row from days")  # fmt: skip
    con.execute("create or replace table mart.station_days as select * from days")
    # water is gone at noon on Mondays, after half of what comes in half of the hours; rest is never out; what S8 has of water, nobody timed
    con.execute("create table mart.demand_days as select station_id, area_code, period_code, day_on, s as service_code, open_minutes, n_visits, "
                "n_visits as n_visits_open, case when s = 'water' and isodow(day_on) = 1 then n_visits // 2 else n_visits end as n_visits_until_stock_out, "
                "case when s = 'water' and isodow(day_on) = 1 then 300 else 600 end as minutes_until_stock_out "
                "from days, unnest(['water', 'rest']) as t(s)")  # fmt: skip
    con.execute("create table mart.demand_rates as select distinct station_id, service_code, period_code, "
                "station_id = 'QC-S8' and service_code = 'water' as is_at_least_capacity from mart.demand_days")  # fmt: skip
    con.execute("insert into clean.weather_days by name select distinct 'QC' as area_code, day_on, case when list_contains(?, day_on) then 31.0 else 20.0 end "
                "as max_celsius, 12.0 as min_celsius, 0.0 as rain_mm, 'f' as source_file_id, '' as source_sheet, 1 as source_row from days", [sorted(HOT)])  # fmt: skip
    con.execute("delete from clean.service_events")
    con.register("uses", pl.DataFrame([  # fifteen people at each station but the second, where there are three
        {"event_id": f"{station}{service}{k}", "event_kind_code": "use", "station_id": station, "area_code": "QC", "service_code": service,
         "used_at": datetime(2023, 5, 8, 10), "user_group_code": "rider", "courier_key": f"{station}{k}", "n_visits": 1, "outcome_code": "served",
         "source_file_id": "f", "source_sheet": "", "source_row": 1}
        for station in STATIONS for service in ("water", "rest") for k in range(3 if station == "QC-S2" else 15)]).to_arrow())  # fmt: skip
    con.execute("insert into clean.service_events by name select * from uses")
    con.execute("insert into clean.activity_days by name select * from (values ('a1', 'QC-S1', ?), ('a2', 'QC-S1', ?), ('a3', null, ?), ('a4', 'QC-S3', date '2023-05-30')) "
                "as t(activity_id, station_id, held_on), (select 'QC' as area_code, '送清凉' as label_zh, 'f' as source_file_id, '' as source_sheet, 1 as source_row)",
                [PARTY] * 3)  # fmt: skip
    one = {
        "area_code": "QC",
        "month_on": date(2023, 4, 1),
        "topic_code": "facility",
        "status_code": "adopted",
        "source_file_id": "f",
        "source_sheet": "",
        "source_row": 1,
    }
    con.register("asked", pl.DataFrame([
        {**one, "suggestion_id": "s1", "station_id": "QC-S2", "reply_days": 18},
        {**one, "suggestion_id": "s2", "station_id": "QC-S3", "status_code": "declined", "reply_days": 18},
        {**one, "suggestion_id": "s3", "station_id": "QC-S4"},
        {**one, "suggestion_id": "s4", "station_id": "QC-S1", "service_code": "rest", "closed_on": PARTY},
    ], infer_schema_length=None).to_arrow())  # fmt: skip
    con.execute("insert into clean.suggestions by name select * from asked")
    return con


@pytest.fixture(scope="module")
def choices(con):
    return explore.choose(con, period="2023Q2")


def term(table: pl.DataFrame, code: str) -> dict:
    return table.filter(pl.col("term_code") == code).row(0, named=True)


def test_heat_is_told_as_a_ratio_for_each_degree(con, choices):
    table = explore.use_rates(con, choices)
    heat = term(table, "heat")
    assert heat["est"] == pytest.approx(1.5 ** (1 / 3), rel=0.01)  # half as many again, at 31 °C
    assert heat["n_days"] == 6 and heat["lci"] > 1
    assert "高温：28℃以上每高1度为平常的1.1" in tell_use.rates(table, choices).zh


def test_what_the_period_does_not_hold_has_its_reason_in_words(con, choices):
    table = explore.use_rates(con, choices)
    assert term(table, "cold")["reason"] == "本期没有这样的日子"
    assert term(table, "is_makeup_workday")["reason"] == "这样的日子不足三天"
    shown = explore.readable(table, choices, "label", "figure")
    assert ("低温：5℃以下每低1度", "本期不可评价") in shown.rows


def test_another_service_group_span_or_factor_is_one_call(con, choices):
    span = (date(2023, 5, 1), date(2023, 5, 31))
    table = explore.use_rates(
        con, choices, service="water", between=span, covariates=["heat", "trend"], cluster=("day_on", "station_id")
    )
    assert table["term_code"].to_list() == ["heat", "trend"] and table["service_code"].unique().to_list() == ["water"]
    for wrong in ({"service": "beer"}, {"user_groups": ["pirate"]}, {"covariates": ["moon"]}):
        with pytest.raises(PipelineError, match="no such value"):
            explore.use_rates(con, choices, **wrong)


def test_hourly_demand_counts_until_the_service_runs_out_and_leaves_capacity_out(con, choices):
    table = explore.hourly_demand(con, choices).rows_by_key("service_code", named=True, unique=True)
    assert (table["water"]["n_stations"], table["water"]["n_stations_capacity"]) == (8, 1)
    assert table["rest"]["lci"] < table["rest"]["est"] < table["rest"]["uci"]
    true = 10 * rows()["n_visits"].mean()  # in 100 hours, ten a day
    assert table["rest"]["est"] == pytest.approx(true, rel=0.001)
    assert table["water"]["est"] == pytest.approx(true, rel=0.03)  # noon on Mondays told as much for each hour
    by_station = explore.hourly_demand(con, choices, by="station_id", service="water").rows_by_key(
        "station_id", named=True, unique=True
    )
    assert by_station["QC-S8"]["est"] is None and by_station["QC-S8"]["reason"] == "只知不少于供应量"
    assert by_station["QC-S2"]["suppressed"] and by_station["QC-S2"]["at_least_per_100_hours"] is None
    with pytest.raises(PipelineError, match="breakdown"):
        explore.hourly_demand(con, choices, by="station_id")


def test_an_activity_that_doubles_use_is_told_once_and_others_say_why_not(con, choices):
    table = explore.activity_lift(con, choices)
    told = table.rows_by_key("happening_id", named=True, unique=True)
    assert set(told) == {"a1", "a3", "a4", "pooled"}  # two on one day at one station are one
    assert told["a1"]["est"] == pytest.approx(2.0, abs=0.05) and told["a1"]["n_comparisons"] == 7
    assert (told["a3"]["reason"], told["a4"]["reason"]) == ("未写明驿站", "太靠近记录的起止")
    assert told["pooled"]["n_events"] == 1
    said = tell_use.lift(table, choices)
    assert "应有的2.0" in said.zh and "可评价1次，共记3次" in said.zh and "proves no cause" in said.en


def test_a_fix_of_a_service_is_told_by_uses_of_it_from_the_day_written_down(con, choices):
    told = explore.fix_effect(con, choices, service="rest").rows_by_key("happening_id", named=True, unique=True)
    assert set(told) == {"s4", "pooled"}
    assert (told["s4"]["from_on"], told["s4"]["to_on"], told["s4"]["label"]) == (PARTY, PARTY, "04-25 1号驿站·歇脚")
    assert told["s4"]["est"] == told["pooled"]["est"] == pytest.approx(2.0, abs=0.05)
    assert told["pooled"]["n_visits_after"] == told["s4"]["n_visits_after"] > 500


def test_a_fix_at_a_station_with_three_users_is_hidden_and_another_with_it(con, choices):
    told = explore.fix_effect(con, choices).rows_by_key("happening_id", named=True, unique=True)
    assert set(told) == {"s1", "s3", "s4", "pooled"} and told["s3"]["reason"] == "日期不明"
    assert (told["s1"]["from_on"], told["s1"]["to_on"]) == (date(2023, 4, 19), date(2023, 5, 18))
    for name in ("s1", "s4"):
        assert told[name]["suppressed"] and told[name]["est"] is None and told[name]["n_visits_after"] is None
    assert (
        told["pooled"]["est"] is not None
        and told["pooled"]["n_visits_after"] is None
        and told["pooled"]["expected"] is None
    )


def test_a_sum_that_is_all_of_one_hidden_event_is_hidden_with_it(con, choices):
    con.execute("update clean.suggestions set status_code = 'declined' where suggestion_id = 's4'")
    try:
        table = explore.fix_effect(con, choices)
    finally:
        con.execute("update clean.suggestions set status_code = 'adopted' where suggestion_id = 's4'")
    told = table.rows_by_key("happening_id", named=True, unique=True)
    for name in ("s1", "pooled"):
        assert told[name]["suppressed"] and told[name]["est"] is None and told[name]["n_visits_after"] is None
    assert "不公开" in tell_use.lift(table, choices, "fix").zh
    assert dict(explore.readable(table, choices, "label", "figure").rows)["合计"] == "[不公开]"


def test_where_no_event_can_be_judged_the_sentence_counts_the_reasons(con, choices):
    table = explore.activity_lift(con, choices, between=(date(2023, 5, 10), date(2023, 5, 31)))
    said = tell_use.lift(table, choices)
    assert "没有一次能评价" in said.zh and "1次太靠近记录的起止" in said.zh
