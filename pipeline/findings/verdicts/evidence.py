"""The evidence of a quarter, as the marts hold it: one row per station and service, and the dated checks behind it."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.analysis.verdicts.rules import Rules, WorkRules
from pipeline.analysis.verdicts.works import check_log_odds, weight_of_age
from pipeline.contracts.period import previous_period
from pipeline.findings.finding import Context

KEYS = ("area_code", "station_id", "service_code")


def station_evidence(con: duckdb.DuckDBPyConnection, context: Context, rules: Rules) -> pl.DataFrame:
    """One row per station and service of the quarter: ledger, facilities, map and log as mart.service_gap has them, and besides
    `told_checks`, `checks_weight`, `last_check_code`: what dated checks up to then say (log odds), for how many they count, the last one;
    `served`, `unserved`, `hours_open`, `hours_out`: the log of the quarter and, for less, of the quarter before; null without any."""
    rows = con.sql(
        "select g.area_code, g.station_id, s.name as station_name, g.class_code, g.grid_id, g.service_code, g.is_promised, g.is_offered, "
        "g.is_working, g.n_checks, g.share_checks_met, g.n_facilities, g.n_facilities_working, g.is_map_listed, g.n_visits, g.n_keys "
        "from mart.service_gap as g join clean.stations as s using (station_id) "
        "where g.period_code = ? and list_contains(?, g.area_code) order by 1, 2, 6",
        params=[context.period, list(context.areas)],
    ).pl()
    logs = _logs(con, context, rules.log.earlier)
    checks = _checks(con, context, rules.works)
    rows = rows.join(logs, on=KEYS, how="left", maintain_order="left").join(
        checks, on=KEYS, how="left", maintain_order="left"
    )
    return rows.with_columns(pl.col("told_checks", "checks_weight").fill_null(0.0))


def _logs(con: duckdb.DuckDBPyConnection, context: Context, earlier: float) -> pl.DataFrame:
    """Requests served and not, open hours and hours out of stock; those of the quarter before count `earlier` each."""
    before = previous_period(context.period)
    return con.sql(
        "select area_code, station_id, service_code, sum(w * n_served) as served, sum(w * (n_stocked_out + n_refused)) as unserved, "
        "sum(w * open_hours) as hours_open, sum(w * stock_out_hours) as hours_out "
        "from (select *, case when period_code = ? then 1.0 else ? end::double as w from mart.service_gap where period_code in (?, ?)) "
        "where list_contains(?, area_code) group by all",
        params=[context.period, earlier, context.period, before, list(context.areas)],
    ).pl()


def _checks(con: duckdb.DuckDBPyConnection, context: Context, rules: WorkRules) -> pl.DataFrame:
    """What the checks up to the last day of evidence add up to, per station and service; the status of the last one."""
    rows = con.sql(
        "select c.area_code, c.station_id, c.service_code, c.status_code, c.checked_on, "
        "date_diff('day', c.checked_on, p.last_on) as age_days "
        "from mart.periods as p join clean.service_checks as c on c.area_code = p.area_code and c.checked_on <= p.last_on "
        "where p.period_code = ? and list_contains(?, p.area_code) and c.status_code <> 'unknown' order by 1, 2, 3, 5",
        params=[context.period, list(context.areas)],
    ).pl()
    told = check_log_odds(rows["status_code"].to_list(), rows["age_days"].to_numpy(), rules)
    weight = weight_of_age(rows["age_days"].to_numpy(), rules)
    rows = rows.with_columns(
        told_checks=pl.Series(told, dtype=pl.Float64), checks_weight=pl.Series(weight, dtype=pl.Float64)
    )
    return rows.group_by(KEYS).agg(
        pl.col("told_checks", "checks_weight").sum(), pl.col("status_code").last().alias("last_check_code")
    )
