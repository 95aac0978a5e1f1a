"""Recorded use and the programme in the period chosen: months, hours, failures, opening, quarterly counts."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.disclose import Disclosure, Protect, disclose
from pipeline.findings.counts import distinct_users, outcome_told
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.words import labelled, notebook_words, with_area
from pipeline.findings.measures import use_over_time

FAILURES = ("stocked_out", "closed", "refused")


def use_by(con: duckdb.DuckDBPyConnection, choices: Choices, by: str, *, service: str | None = None) -> pl.DataFrame:
    """Recorded uses of the period by `month`, `day`, `weekday` or `hour`, of the user groups chosen."""
    table = use_over_time(
        con, by=by, service=service, user_groups=choices.user_groups, areas=choices.context.areas, between=choices.days
    )
    column = pl.col(f"{by}_on")
    if by == "weekday":
        label = column.cast(pl.Int64).replace_strict(
            dict(enumerate(notebook_words()["weekdays"][choices.context.lang], start=1)), return_dtype=pl.String
        )
    else:
        label = column.cast(pl.String) if by != "month" else column.dt.strftime("%Y-%m")
    return with_area(table.with_columns(label.alias("label")), choices)


def failures(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """Recorded attempts of each service and the share that ended without it: out of stock, closed or refused.

    Only logs that tell outcomes are counted; a log that never names one would pass for never failing.
    """
    counts = ", ".join(f"sum(n_visits) filter (outcome_code = '{name}') as n_{name}" for name in FAILURES)
    table = con.sql(
        f"with months as (select area_code, service_code, date_trunc('month', used_at) as m, sum(n_visits) as n_visits, {counts}, "
        "count(distinct courier_key) as k from clean.service_events where service_code is not null and list_contains(?, area_code) "
        "and list_contains(?, user_group_code) and cast(used_at as date) between ? and ? "
        f"and {outcome_told(choices.context)} group by all) "
        "select area_code, service_code, cast(sum(n_visits) as bigint) as n_visits, "
        + ", ".join(f"coalesce(sum(n_{name}), 0) / sum(n_visits) as {name}_share" for name in FAILURES)
        + ", max(k) as n_keys from months group by 1, 2 order by 1, 2",
        params=[list(choices.context.areas), list(choices.user_groups), *choices.days]).pl()  # fmt: skip
    shares = [f"{name}_share" for name in FAILURES]
    table = table.with_columns(
        pl.col(shares).cast(pl.Float64).round(3),
        pl.sum_horizontal(shares).cast(pl.Float64).round(3).alias("unserved_share"),
    )
    basis = Disclosure(keys=("area_code", "service_code"), protect=(
        Protect(n=("n_keys",), values=("n_visits", *shares, "unserved_share"), basis="couriers", within=("area_code",)),))  # fmt: skip
    shown = disclose(table, basis, name="failures").sort("area_code", "unserved_share", "service_code",
                                                       descending=[False, True, False], nulls_last=True)  # fmt: skip
    return with_area(labelled(shown, "service_code", "services", choices), choices)


def visits_by_month(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """All visits by month up to the period's end: counted from logs, and as reported by stations; never added up.

    Logged months rest on distinct couriers; reported totals hold no persons and are shown where enough stations report.
    """
    table = con.sql(
        "select area_code, month_on, origin, n_stations, value as n_visits, case when origin = 'events' then n_keys else n_stations end "
        "as n_behind from mart.monthly_visits where measure_code = 'visits' and list_contains(?, area_code) and month_on <= ? order by 1, 2, 3",
        params=[list(choices.context.areas), choices.context.ends_on]).pl()  # fmt: skip
    table = table.with_columns(pl.col("n_visits").cast(pl.Int64), pl.col("n_stations").cast(pl.Int64))
    basis = Disclosure(keys=("area_code", "month_on", "origin"), open=("n_stations",),
                       protect=(Protect(n=("n_behind",), values=("n_visits",), basis="couriers"),))  # fmt: skip
    shown = disclose(table, basis, name="visits_by_month").drop("n_behind")
    shown = shown.with_columns((pl.col("n_visits") / pl.col("n_stations")).round(1).alias("visits_per_station"),
                               pl.col("month_on").dt.strftime("%Y-%m").alias("label"))  # fmt: skip
    return with_area(labelled(shown, "origin", "origins", choices, into="origin_label"), choices)


def open_time(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """Hours logged stations were open, shut against their hours, or short of a service, in each month of the period."""
    table = con.sql(
        "select area_code, cast(date_trunc('month', day_on) as date) as month_on, count(distinct station_id) as n_stations, "
        "sum(open_minutes) / 60.0 as open_hours, sum(closed_minutes) / 60.0 as closed_hours, "
        "sum(stock_out_minutes) / 60.0 as stock_out_hours from mart.station_days where period_code = ? "
        "and list_contains(?, area_code) and n_visits is not null and open_minutes is not null group by 1, 2 order by 1, 2",
        params=[choices.context.period, list(choices.context.areas)]).pl()  # fmt: skip
    hours = ["open_hours", "closed_hours", "stock_out_hours"]
    table = table.with_columns(
        pl.col(hours).cast(pl.Float64).round(0), pl.col("month_on").dt.strftime("%Y-%m").alias("label")
    )
    basis = Disclosure(keys=("area_code", "month_on"), open=("n_stations", *hours, "label"))
    return with_area(disclose(table, basis, name="open_time"), choices)


def demand_rates(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """How often each service is asked for in 100 open hours of a logged station, and what stock-outs leave of it.

    `served`, `recorded` (failed requests too), `until` the first stock-out of each day, and `at_least`, the larger of the last
    two: rates of mart.demand_rates, weighted by each station's open hours. `until` leaves out stations without such a rate;
    `n_stations_capacity` counts those that sell out nearly every day without times: there `at_least` is no more than capacity.
    Uses of all user groups, on days that a log covers; hidden where few couriers stand behind them.
    """
    rates = {"served": "served_per_open_hour", "recorded": "recorded_per_open_hour",
             "until": "visits_per_open_hour_until_stock_out", "at_least": "visits_per_open_hour_at_least"}  # fmt: skip
    sums = ", ".join(
        f"100 * sum({rate} * open_hours) / sum(open_hours) filter ({rate} is not null) as {name}_per_100_hours"
        for name, rate in rates.items()
    )
    table = con.sql(
        "select area_code, service_code, count(*) as n_stations, count(*) filter (is_at_least_capacity) as n_stations_capacity, "
        f"sum(n_days_sold_out) / sum(n_days) as sold_out_share, {sums} from mart.demand_rates where period_code = ? "
        "and list_contains(?, area_code) and open_hours > 0 group by 1, 2 order by 1, 2",
        params=[choices.context.period, list(choices.context.areas)]).pl()  # fmt: skip
    keys = distinct_users(con, choices.context, {"area_code": "area_code", "service_code": "service_code"})
    figures = [f"{name}_per_100_hours" for name in rates]
    table = table.join(keys, on=["area_code", "service_code"], how="left").with_columns(
        pl.col("sold_out_share").cast(pl.Float64).round(3), pl.col(figures).cast(pl.Float64).round(1)
    )
    basis = Disclosure(keys=("area_code", "service_code"), open=("n_stations", "n_stations_capacity", "sold_out_share"), protect=(
        Protect(n=("n_keys",), values=tuple(figures), basis="couriers", within=("area_code",)),))  # fmt: skip
    shown = disclose(table, basis, name="demand_rates").sort("area_code", "at_least_per_100_hours", "service_code",
                                                           descending=[False, True, False], nulls_last=True)  # fmt: skip
    return with_area(labelled(shown, "service_code", "services", choices), choices)


def programme(con: duckdb.DuckDBPyConnection, choices: Choices, *, only: str | None = None) -> pl.DataFrame:
    """What the programme around the stations recorded in each quarter up to the period; few people are hidden.

    `only`: a group of measures named in notebook_words.toml, such as `contents` (what partnerships did).
    """
    words = notebook_words()["programme"]
    table = con.sql("select area_code, period_code, measure_code, kind, n from mart.programme_activity where list_contains(?, area_code) "
                    "and period_code <= ? order by 1, 3, 2", params=[list(choices.context.areas), choices.context.period]).pl()  # fmt: skip
    if only:
        table = table.filter(pl.col("measure_code").is_in(words[only]))
    of_people = pl.col("measure_code").is_in(words["of_people"])
    table = table.with_columns(pl.when(~of_people).then("n").alias("n"), pl.when(of_people).then("n").alias("people"))
    basis = Disclosure(keys=("area_code", "period_code", "measure_code", "kind"), open=("n",),
                       protect=(Protect(n=("people",), values=(), basis="respondents"),))  # fmt: skip
    shown = (
        disclose(table, basis, name="programme")
        .with_columns(pl.coalesce("n", "people").alias("count"))
        .drop("n", "people")
    )
    return with_area(labelled(shown, "measure_code", "programme_measures", choices), choices)
