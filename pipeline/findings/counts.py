"""Counts and weighted sums that findings start from. Nothing here has passed the gate."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from pipeline.findings.finding import Context


def weight_sets(con: duckdb.DuckDBPyConnection, waves: Iterable[str]) -> dict[str, str]:
    """Wave → the set of weights its estimates are made with: `poststratified`, or `equal` where there is no frame."""
    return dict(
        con.sql(
            "select distinct wave_code, weight_set_code from clean.valid_respondents where list_contains(?, wave_code)",
            params=[list(waves)],
        ).fetchall()
    )


def distinct_users(
    con: duckdb.DuckDBPyConnection,
    context: Context,
    columns: dict[str, str],
    where: str = "true",
    *,
    couriers_only: bool = True,
) -> pl.DataFrame:
    """Largest month's distinct couriers of a period for cells given as name → SQL expression; keyless events add none."""
    named = ", ".join(f"{expression} as {name}" for name, expression in columns.items())
    names = ", ".join(columns)
    if couriers_only:
        where = f"user_group_code in ('courier', 'rider') and ({where})"
    return con.sql(
        f"with keys as (select {named}, date_trunc('month', used_at) as m, count(distinct courier_key) as k "
        f"from clean.service_events where used_at >= ? and used_at < cast(? as date) + 1 and {where} group by all) "
        f"select {names}, max(k) as n_keys from keys group by all",
        params=[context.starts_on, context.ends_on],
    ).pl()


def outcome_told(context: Context) -> str:
    """Condition on events: their log tells how uses end, for it names another outcome than served.

    Judged for each log source, area and period. A log that never does may simply have no such column: what it holds
    is stored as served, and says nothing about it.
    """
    within = f"used_at >= date '{context.starts_on}' and used_at < date '{context.ends_on}' + 1"
    return (
        "(area_code, source_file_id) in (select t.area_code, f.source_file_id from (select distinct e.area_code, s.source_code "
        "from clean.service_events as e join audit.source_files as s using (source_file_id) "
        f"where e.outcome_code <> 'served' and {within}) as t join audit.source_files as f using (source_code))"
    )


def main_wave(table: pl.DataFrame, size: str = "n") -> pl.DataFrame:
    """The rows of the wave with most respondents: sentences and charts never pool waves or populations."""
    if table.is_empty() or table[size].drop_nulls().is_empty():
        return table.head(0)
    top = table.filter(pl.col(size).is_not_null()).sort(size, "wave_code", descending=[True, True])["wave_code"][0]
    return table.filter(pl.col("wave_code") == top)


def asked(table: pl.DataFrame, size: str = "n") -> int | None:
    """People in the largest wave of each area, added up over the areas whose wave is of the same population as the first."""
    parts = [part for part in (main_wave(area, size) for area in table.partition_by("area_code")) if part.height]
    if "population_code" in table.columns and parts:
        parts = [part for part in parts if part["population_code"][0] == parts[0]["population_code"][0]]
    return sum(part[size].max() or 0 for part in parts) or None


def overlapping(table: pl.DataFrame) -> list[str]:
    """Services after the first whose interval reaches the first one's."""
    floor = table["lci"][0]
    return [
        row["service_code"]
        for row in table.slice(1).iter_rows(named=True)
        if floor is not None and row["uci"] is not None and row["uci"] >= floor
    ]
