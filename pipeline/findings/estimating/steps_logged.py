"""What the logs say beside the steps: who got through the door, was served, and came back, by venue type. Nothing here has passed the gate.

A door and an app know a person by different keys: nobody is followed from one to the other, each kind of record is counted by itself.
"""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.findings.counts import outcome_told
from pipeline.findings.estimating.steps import ALL, parts
from pipeline.findings.finding import Context

KEYS = ("area_code", "host_type_code", "step_code")
TYPES = {**dict.fromkeys(KEYS, pl.String), "log_kind_code": pl.String, "n_records": pl.Int64, "n_keys": pl.Int64, "n_keys_lost": pl.Int64,
         "log_share": pl.Float64}  # fmt: skip


def logged_rows(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One row per area, venue type (`all` together) and step that the logs of couriers and riders tell of: columns TYPES.

    `open`: door scans let in; `served`: uses and requests served, of the logs that tell outcomes; n_records of them, n_keys different
    persons in the largest month, n_keys_lost of these turned away at least once. `returned`: of n_keys different persons in the largest
    month, those who came again in a later week of it; n_keys_lost did not.
    """
    made = [*(_outcomes(con, context, step) for step in ("open", "served")), _returns(con, context)]
    return pl.concat([part.select(pl.col(name).cast(kind) for name, kind in TYPES.items()) for part in made])


def _outcomes(con: duckdb.DuckDBPyConnection, context: Context, step: str) -> pl.DataFrame:
    """Share of the records of a step that ended as wanted, by venue type and of all."""
    kinds = parts()["log"][step]
    return con.sql(
        f"""
        with ended as (
          select area_code, station_id, date_trunc('month', used_at) as month_at, courier_key, n_visits, outcome_code <> 'served' as is_lost
          from clean.service_events
          where used_at >= ? and used_at < cast(? as date) + 1 and user_group_code in ('courier', 'rider')
            and list_contains(?, event_kind_code) and list_contains(?, area_code) and {outcome_told(context)}
        ),
        told as (
          select e.*, coalesce(s.host_type_code, 'unknown') as host_type_code
          from ended as e left join (select station_id, host_type_code from clean.stations) as s using (station_id)
        ),
        months as (
          select area_code, coalesce(host_type_code, '{ALL}') as host_type_code, month_at, sum(n_visits) as n_records,
                 sum(n_visits) filter (not is_lost) as n_served, count(distinct courier_key) as n_keys,
                 count(distinct courier_key) filter (is_lost) as n_keys_lost
          from told group by grouping sets ((area_code, host_type_code, month_at), (area_code, month_at))
        )
        select area_code, host_type_code, '{step}' as step_code, '{kinds[0]}' as log_kind_code, sum(n_records) as n_records,
               max(n_keys) as n_keys, arg_max(n_keys_lost, n_keys) as n_keys_lost, coalesce(sum(n_served), 0) / sum(n_records) as log_share
        from months group by area_code, host_type_code
        """,
        params=[context.starts_on, context.ends_on, kinds, list(context.areas)],
    ).pl()


def _returns(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Share of persons who came again in a later week of the largest month, of the kind of record that covers most venue types."""
    rows = con.sql(
        "select area_code, month_on, event_kind_code as log_kind_code, host_type_code, n_keys, n_keys - n_keys_returned as n_keys_lost "
        "from mart.funnel_use where month_on between ? and ? and list_contains(?, area_code)",
        params=[context.starts_on, context.ends_on, list(context.areas)],
    ).pl()
    order = {kind: place for place, kind in enumerate(parts()["log"]["returned"])}
    seen = rows.group_by("area_code", "month_on", "log_kind_code").agg(
        pl.len().alias("_venues"), pl.col("n_keys").filter(pl.col("host_type_code") == ALL).first().alias("_keys")
    )
    kind = seen.group_by("area_code", "log_kind_code").agg(pl.col("_venues", "_keys").max()).with_columns(
        pl.col("log_kind_code").replace_strict(order, default=len(order), return_dtype=pl.Int64).alias("_order")
    ).sort("_venues", "_order", descending=[True, False]).unique("area_code", keep="first").select("area_code", "log_kind_code")  # fmt: skip
    month = seen.join(kind, on=["area_code", "log_kind_code"], how="semi").sort(
        "_keys", "month_on", descending=[True, False]
    )
    chosen = month.unique("area_code", keep="first", maintain_order=True).select(
        "area_code", "month_on", "log_kind_code"
    )
    rows = rows.join(chosen, on=["area_code", "month_on", "log_kind_code"], how="semi")
    return rows.with_columns(
        pl.lit("returned").alias("step_code"), pl.lit(None, pl.Int64).alias("n_records"),
        ((pl.col("n_keys") - pl.col("n_keys_lost")) / pl.col("n_keys")).alias("log_share"),
    )  # fmt: skip
