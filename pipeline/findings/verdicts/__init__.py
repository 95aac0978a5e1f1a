"""Verdicts of stations and grid cells: evidence from the marts, through the steps of analysis.verdicts, to frames.

These figures have not passed the gate: findings show them through a Disclosure.
"""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline.findings.finding import Context
from pipeline.findings.verdicts.cells import cell_rows
from pipeline.findings.verdicts.shares import need_shares
from pipeline.findings.verdicts.stations import station_rows

TEXT, SHARE, COUNT, YES_NO = pl.String, pl.Float64, pl.Int64, pl.Boolean
STATION_COLUMNS = {
    "area_code": TEXT, "station_id": TEXT, "station_name": TEXT, "class_code": TEXT, "grid_id": TEXT, "service_code": TEXT,
    "verdict_code": TEXT, "probability": SHARE, "reasons": TEXT, "is_offered": YES_NO, "is_working": YES_NO, "is_promised": YES_NO,
    "p_needed": SHARE, "need_share": SHARE, "need_basis_code": TEXT, "p_declared": SHARE, "p_works": SHARE, "works_a": pl.Float64,
    "works_b": pl.Float64, "p_given": SHARE, "p_known": SHARE, "n_checks": COUNT, "share_checks_met": SHARE, "n_facilities": COUNT,
    "n_facilities_working": COUNT, "is_map_listed": YES_NO, "n_visits": COUNT, "n_keys": COUNT, "n": COUNT, "is_evaluable": YES_NO,
}  # fmt: skip
GRID_COLUMNS = {
    "area_code": TEXT, "grid_id": TEXT, "service_code": TEXT, "verdict_code": TEXT, "probability": SHARE, "reasons": TEXT,
    "need_share": SHARE, "need_basis_code": TEXT, "unmet_share": SHARE, "is_gap": YES_NO, "p_needed": SHARE, "p_gap": SHARE, "n": COUNT,
    "n_unmet": COUNT, "n_stations": COUNT, "n_stations_offering": COUNT, "n_stations_working": COUNT, "is_evaluable": YES_NO,
}  # fmt: skip


def station_verdicts(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One row per area, station and service of the quarter, every service.

    `verdict_code` with its `probability` (null: no_evidence) and `reasons` (codes of verdict_reasons joined by commas, what decided first).
    `p_needed`: at least `low_need_below` of the couriers around need it, by `need_share` from need_basis_code (station, cell, area, use).
    `p_works`: it works if it is declared, with Beta(`works_a`, `works_b`) around it; `p_given`: given if it is not declared; `p_known`:
    people know of it. `is_map_listed`: found on some map when last looked at. `n_visits`, `n_keys`: the quarter's log, null without one;
    `n`: respondents who name the station.
    """
    return _columns(station_rows(con, context, need_shares(con, context)), STATION_COLUMNS)


def grid_verdicts(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One row per area, grid cell and service of the quarter: verdict, its probability and reasons, shares in need and in unmet need of
    those who work most there (null: not asked), is_gap as the list of gaps has it, and the stations standing in the cell."""
    shares = need_shares(con, context)
    return _columns(cell_rows(con, context, shares, station_rows(con, context, shares)), GRID_COLUMNS)


def _columns(rows: pl.DataFrame, columns: dict[str, Any]) -> pl.DataFrame:
    """These columns of these types; a quarter without stations has the columns, too."""
    return pl.DataFrame(schema=columns) if rows.is_empty() else rows.select(list(columns)).cast(columns)
