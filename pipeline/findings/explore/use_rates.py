"""What moves use from day to day, and how often services are asked for in an open hour, with intervals. For whoever explores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb
import polars as pl

from pipeline.analysis.use.calendar import COVARIATES, day_features
from pipeline.analysis.use.demand import hourly_rates
from pipeline.analysis.use.rates import RateRatios, rate_ratios
from pipeline.contracts.period import period_of
from pipeline.disclose import Disclosure, Protect, disclose
from pipeline.errors import USAGE, Problem, fail
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.use_days import ALL, distinct_within, station_days
from pipeline.findings.explore.use_words import term_label, with_words
from pipeline.findings.explore.words import labelled, with_area

RATIOS = ("est", "se", "df", "lci", "uci", "n_events")
DEMAND_BY = {"service_code": "services", "station_id": "stations", "class_code": "station_classes"}
HUNDRED_HOURS = 100


def use_rates(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    *,
    service: str | None = None,
    user_groups: Sequence[str] | None = None,
    between: tuple[date, date] | None = None,
    covariates: Sequence[str] = COVARIATES,
    cluster: str | tuple[str, str] = "day_on",
) -> pl.DataFrame:
    """By what factor use in an open hour changes with heat, cold, rain, weekday, holiday, make-up workday, at the same station.

    `service`: its uses until it runs out; None: visits to stations. `user_groups`: only theirs, and only where the log tells; None:
    everybody's. `between`: first and last day, by default the period's. `covariates`: of `analysis.use.calendar.day_features`, or `trend`
    (a month more). `cluster`: the column, or two, within which days may hang together. One row per area and term.
    Columns: est (the factor), se (of its logarithm), df (days it rests on), lci, uci, n_days and n_events of the term, reason_code where there is no ratio; method_code, alpha,
    n_stations of the model. Hidden where few people or events stand behind them.
    """
    days = station_days(con, choices, service=service, user_groups=user_groups, between=between)
    weather = con.sql("select area_code, day_on, max_celsius, min_celsius, rain_mm from clean.weather_days").pl()
    tables = []
    for area in choices.context.areas:
        here = days.filter(pl.col("area_code") == area)
        features = day_features(here["day_on"], weather.filter(pl.col("area_code") == area))
        trend = ((pl.col("day_on") - pl.col("day_on").min()).dt.total_days() / 30).alias("trend")
        _known(covariates, (*features.columns[1:], "trend"))
        found = rate_ratios(
            here.join(features, on="day_on", how="left").with_columns(trend), covariates, cluster=cluster
        )
        tables.append(_with_facts(found).with_columns(pl.lit(area).alias("area_code")))
    table = pl.concat(tables).join(
        distinct_within(con, choices, ["area_code"], service=service, user_groups=user_groups, between=between),
        on="area_code", how="left")  # fmt: skip
    told = pl.col("est").is_not_null()
    table = table.with_columns(
        pl.lit(service, pl.String).alias("service_code"),
        pl.when(told).then("n_events").alias("n_events"),
        pl.when(told).then("n_events").otherwise("n_keys").alias("n_behind"),
    )
    basis = Disclosure(
        keys=("area_code", "service_code", "term_code"), open=("n_days", "n_stations", "alpha", "method_code", "reason_code"),
        protect=(Protect(n=("n_keys", "n_behind"), values=RATIOS, basis="couriers"),))  # fmt: skip
    shown = disclose(table, basis, name="use_rates").drop("n_behind")
    names = [term_label(choices, term) for term in shown["term_code"]]
    return with_area(with_words(shown.with_columns(pl.Series("label", names, dtype=pl.String)), choices), choices)


def _known(covariates: Sequence[str], names: Sequence[str]) -> None:
    unknown = [name for name in covariates if name not in names]
    if unknown:
        fail(USAGE, Problem("unknown_choice", "covariates", "没有这个参数值", "no such value for this parameter", got=", ".join(unknown),
                            expected=", ".join(names), do_zh="请改参数", do_en="change the parameter"))  # fmt: skip


def _with_facts(found: RateRatios) -> pl.DataFrame:
    return found.table.rename({"term": "term_code", "rate_ratio": "est", "reason": "reason_code"}).with_columns(
        pl.lit(found.n_stations, pl.Int64).alias("n_stations"), pl.lit(found.alpha, pl.Float64).alias("alpha"),
        pl.lit(found.method).alias("method_code"))  # fmt: skip


def hourly_demand(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    *,
    by: str = "service_code",
    service: str | None = None,
    user_groups: Sequence[str] | None = None,
    between: tuple[date, date] | None = None,
) -> pl.DataFrame:
    """How often each service (or one service at each `station_id` or `class_code`) is asked for in 100 open hours until it runs out.

    Stations weigh by their open hours. est, lci, uci with the method that made them (`analysis.use.demand`); stations that sell out nearly
    every day without times tell only their capacity and are left out (`n_stations_capacity`); where all are such,
    `at_least_per_100_hours` is what was recorded and `reason_code` says at_least_capacity. Hidden where few people stand behind.
    """
    if by not in DEMAND_BY or (by != "service_code" and service is None):
        fail(USAGE, Problem("bad_by", by, "不能按此分列（按驿站或类别分列须指定一项服务）",
                            "no such breakdown (by station or class needs one service)", expected=", ".join(DEMAND_BY),
                            do_zh="请改参数", do_en="change the parameter"))  # fmt: skip
    keys = ["area_code", by]
    days = station_days(con, choices, service=service or ALL, user_groups=user_groups, between=between)
    quarters = [period_of(day) for day in between or choices.days]
    limits = con.sql("select station_id, service_code, bool_or(is_at_least_capacity) as is_at_least_capacity from mart.demand_rates "
                     "where period_code between ? and ? group by 1, 2", params=quarters).pl()  # fmt: skip
    days = (
        days.filter(pl.col("open_hours_all") > 0)
        .join(limits, on=["station_id", "service_code"], how="left")
        .with_columns(
            pl.col("is_at_least_capacity").fill_null(False),
            weight=pl.col("open_hours_all").sum().over("station_id", "service_code"),
        )
    )
    counted = days.group_by(keys, maintain_order=True).agg(
        pl.col("station_id").n_unique().alias("n_stations"),
        pl.col("station_id").filter("is_at_least_capacity").n_unique().alias("n_stations_capacity"),
        (HUNDRED_HOURS * pl.col("n_visits_all").sum() / pl.col("open_hours_all").sum()).alias("at_least_per_100_hours"),
    )
    rates = hourly_rates(
        days.filter(~pl.col("is_at_least_capacity")), keys, count="n_visits", exposure="open_hours", weight="weight"
    )
    return _demand_shown(con, choices, counted.join(rates, on=keys, how="left"), by, service, user_groups, between)


def _demand_shown(con: duckdb.DuckDBPyConnection, choices: Choices, table: pl.DataFrame, by: str, service: str | None,
                  user_groups: Sequence[str] | None, between: tuple[date, date] | None) -> pl.DataFrame:  # fmt: skip
    keys = ["area_code", by]
    only_capacity = pl.col("n_stations_capacity") == pl.col("n_stations")
    table = table.with_columns(
        (pl.col("est", "lci", "uci") * HUNDRED_HOURS).round(2), pl.col("at_least_per_100_hours").cast(pl.Float64).round(2), pl.col("n_eff").round(1),
        pl.when(only_capacity).then(pl.lit("at_least_capacity")).when(pl.col("lci").is_null()).then("method").otherwise(pl.lit("")).alias("reason_code"),
    ).rename({"method": "method_code"})  # fmt: skip
    table = table.join(
        distinct_within(con, choices, keys, service=service, user_groups=user_groups, between=between),
        on=keys,
        how="left",
    )
    figures = ("est", "lci", "uci", "n_eff", "n_events", "at_least_per_100_hours", "method_code")
    basis = Disclosure(keys=tuple(keys), open=("n_days", "n_stations", "n_stations_capacity", "reason_code"),
                       protect=(Protect(n=("n_keys",), values=figures, basis="couriers", within=("area_code",)),))  # fmt: skip
    shown = disclose(table.drop("hours"), basis, name="hourly_demand")
    shown = with_words(shown, choices).sort("area_code", "est", by, descending=[False, True, False], nulls_last=True)
    if by == "station_id":
        names = dict(con.sql("select station_id, name from clean.stations").fetchall())
        return with_area(shown.with_columns(pl.col("station_id").replace(names).alias("label")), choices)
    return with_area(labelled(shown, by, DEMAND_BY[by], choices), choices)
