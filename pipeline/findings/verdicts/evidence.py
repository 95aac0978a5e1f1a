"""The evidence of a quarter, as the marts hold it: one row per station and service, and the dated checks behind it."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.analysis.verdicts.rules import WorkRules
from pipeline.analysis.verdicts.works import check_log_odds, weight_of_age
from pipeline.findings.finding import Context

KEYS = ("area_code", "station_id", "service_code")


def station_evidence(con: duckdb.DuckDBPyConnection, context: Context, rules: WorkRules) -> pl.DataFrame:
    """One row per station and service of the quarter: ledger, facilities, map, log; `checks_told`, `checks_weight`: what dated
    checks up to then say (log odds) and how many they count for."""
    rows = con.sql(
        "select g.area_code, g.station_id, s.name as station_name, g.class_code, g.grid_id, g.service_code, g.is_promised, g.is_offered, "
        "g.is_working, g.n_checks, g.share_checks_met, g.n_facilities, g.n_facilities_working, g.is_map_listed, g.n_visits, g.n_keys, "
        "g.n_served, g.n_stocked_out, g.n_refused, g.open_hours, g.stock_out_hours "
        "from mart.service_gap as g join clean.stations as s using (station_id) "
        "where g.period_code = ? and list_contains(?, g.area_code) order by 1, 2, 6",
        params=[context.period, list(context.areas)],
    ).pl()
    return rows.join(_checks(con, context, rules), on=KEYS, how="left", maintain_order="left").with_columns(
        pl.col("checks_told", "checks_weight").fill_null(0.0)
    )


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
    rows = rows.with_columns(checks_told=pl.Series(told, dtype=pl.Float64), checks_weight=pl.Series(weight, dtype=pl.Float64))
    return rows.group_by(KEYS).agg(
        pl.col("checks_told", "checks_weight").sum(), pl.col("status_code").last().alias("last_check_code")
    )
