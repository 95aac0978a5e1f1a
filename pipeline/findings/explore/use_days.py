"""Station-days of use for whoever explores: visits and open hours, of one service or all, of some user groups or everybody.

Nothing here has passed the gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import duckdb
import polars as pl

from pipeline.errors import USAGE, Problem, fail
from pipeline.findings.counts import distinct_users
from pipeline.findings.explore.choices import Choices

ALL = "all"  # a row for each service
VISITS = (
    "select station_id, area_code, cast(null as varchar) as service_code, day_on, n_visits, open_minutes, n_visits as n_visits_all, "
    "open_minutes as open_minutes_all from mart.station_days where n_visits is not null"
)
# until the first stock-out of a day; a day sold out without a time counts whole, as in mart.demand_rates
SERVICES = (
    "select station_id, area_code, service_code, day_on, coalesce(n_visits_until_stock_out, n_visits_open) as n_visits, "
    "case when n_visits_until_stock_out is null then open_minutes else minutes_until_stock_out end as open_minutes, n_visits_open as n_visits_all, "
    "open_minutes as open_minutes_all from mart.demand_days where n_visits is not null and (? = 'all' or service_code = ?)"
)
# visits of some groups on the same days: the kind of record that counts as a visit, or all that names the service before it ran out
GROUP_VISITS = (
    "select e.station_id, cast(e.used_at as date) as day_on, cast(sum(e.n_visits) as bigint) as n from clean.service_events as e "
    "join mart.visit_grains as g on g.station_id = e.station_id and g.month_on = cast(date_trunc('month', e.used_at) as date) "
    "and g.event_kind_code = e.event_kind_code where list_contains(?, e.user_group_code) group by all"
)
# open hours as mart.service_days has them; who failed at the moment it ran out counts once, as in mart.sold_out_days
GROUP_SERVICES = (
    "select e.station_id, e.service_code, cast(e.used_at as date) as day_on, cast(sum(e.n_visits) as bigint) as n_all, cast(coalesce(sum(e.n_visits) "
    "filter (where s.first_out_at is null or e.used_at <= s.first_out_at and e.outcome_code <> 'stocked_out'), 0) "
    "+ coalesce(bool_or(e.used_at = s.first_out_at and e.outcome_code = 'stocked_out'), false)::integer as bigint) as n from clean.service_events as e "
    "left join mart.sold_out_days as s on s.station_id = e.station_id and s.service_code = e.service_code and s.day_on = cast(e.used_at as date) "
    "where e.event_kind_code <> 'entry' and e.service_code is not null and list_contains(?, e.user_group_code) and exists ("
    "select 1 from mart.open_intervals as i where i.station_id = e.station_id and i.day_on = cast(e.used_at as date) and (e.used_at < i.day_on + interval 1 hour "
    "or date_trunc('hour', e.used_at) < i.closes_at and date_trunc('hour', e.used_at) + interval 1 hour > i.opens_at)) group by all"
)


def station_days(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    *,
    service: str | None = None,
    user_groups: Sequence[str] | None = None,
    between: tuple[date, date] | None = None,
) -> pl.DataFrame:
    """One row per station and day that a log covers (and service): visits and open hours, and all of the day's.

    `service`: one, 'all' for a row of each, None for visits to stations. `user_groups`: visits of these only; None: of everybody.
    `between`: by default the days of the period. Columns: station_id, area_code, class_code (with its area), service_code, day_on, n_visits and
    open_hours (until the first stock-out where a service is meant), n_visits_all, open_hours_all. open_hours is null where hours are unknown.
    """
    _check(con, service, user_groups or ())
    table = con.sql(SERVICES, params=[service, service]).pl() if service else con.sql(VISITS).pl()
    on = ["station_id", "day_on"] + (["service_code"] if service else [])
    if user_groups is not None:
        theirs = con.sql(GROUP_SERVICES if service else GROUP_VISITS, params=[list(user_groups)]).pl()
        table = table.join(theirs, on=on, how="left").with_columns(
            n_visits=pl.when(pl.col("n_visits").is_not_null()).then(pl.col("n").fill_null(0)),
            n_visits_all=pl.col("n_all" if service else "n").fill_null(0),
        )
    classes = con.sql(
        "select station_id, area_code || '·' || class_code as class_in_area, class_code from clean.stations"
    ).pl()
    hours = [(pl.col(f"open_minutes{part}").cast(pl.Float64) / 60).alias(f"open_hours{part}") for part in ("", "_all")]
    first, last = between or choices.days
    return (
        table.filter(pl.col("day_on").is_between(first, last) & pl.col("area_code").is_in(choices.context.areas))
        .join(classes, on="station_id", how="left")
        .with_columns(*hours, pl.col("n_visits", "n_visits_all").cast(pl.Int64))
        .select("station_id", "area_code", "class_code", "class_in_area", "service_code", "day_on", "n_visits", "open_hours",
                "n_visits_all", "open_hours_all")
        .sort(on)
    )  # fmt: skip


def logged_span(con: duckdb.DuckDBPyConnection, choices: Choices) -> tuple[date, date]:
    """First and last day that a log of the areas covers, up to the period's end; the period itself where none does."""
    span = con.sql("select min(day_on), max(day_on) from mart.station_days where n_visits is not null and day_on <= ? and list_contains(?, area_code)",
                   params=[choices.context.ends_on, list(choices.context.areas)]).fetchall()[0]  # fmt: skip
    return span if span[0] else choices.days


def _check(con: duckdb.DuckDBPyConnection, service: str | None, user_groups: Sequence[str]) -> None:
    asked = {"services": [service] if service not in (None, ALL) else [], "user_groups": list(user_groups)}
    problems = []
    for name, codes in asked.items():
        known = [
            row[0]
            for row in con.execute(
                "select code from ref.codes where list_code = ? order by sort_order", [name]
            ).fetchall()
        ]
        problems += [Problem("unknown_choice", name, "没有这个参数值", "no such value for this parameter", got=code, expected=", ".join(known),
                             do_zh="请改参数", do_en="change the parameter") for code in codes if code not in known]  # fmt: skip
    if problems:
        fail(USAGE, *problems)


def distinct_within(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    keys: Sequence[str],
    *,
    service: str | None = None,
    user_groups: Sequence[str] | None = None,
    between: tuple[date, date] | None = None,
) -> pl.DataFrame:
    """Largest month's distinct users of the days chosen by `keys` (area_code, service_code, station_id, class_code), as `n_keys`."""
    first, last = between or choices.days
    context = replace(choices.context, starts_on=first, ends_on=last)
    of_class = "(select s.class_code from clean.stations as s where s.station_id = service_events.station_id)"
    columns = {key: of_class if key == "class_code" else key for key in keys}
    where = [f"service_code = '{service}'"] if service else []
    if user_groups is not None:
        where.append("user_group_code in (" + ", ".join(f"'{group}'" for group in user_groups) + ")")
    return distinct_users(con, context, columns, " and ".join(where) or "true", couriers_only=False)
