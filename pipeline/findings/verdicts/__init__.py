"""Verdicts of stations and grid cells: evidence from the marts, through the steps of analysis.verdicts, to frames.

These figures have not passed the gate: findings show them through a Disclosure.
"""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.findings.finding import Context
from pipeline.findings.verdicts.cells import cell_rows
from pipeline.findings.verdicts.shares import need_shares
from pipeline.findings.verdicts.stations import station_rows

STATION_COLUMNS = (
    "area_code", "station_id", "station_name", "class_code", "grid_id", "service_code", "verdict_code", "probability", "reasons",
    "is_offered", "is_working", "is_promised", "p_needed", "need_share", "need_basis_code", "p_declared", "p_works", "works_a", "works_b",
    "p_given", "p_known", "n_checks", "share_checks_met", "n_facilities", "n_facilities_working", "is_map_listed", "n_visits", "n_keys",
    "n", "is_evaluable",
)  # fmt: skip
GRID_COLUMNS = (
    "area_code", "grid_id", "service_code", "verdict_code", "probability", "reasons", "need_share", "need_basis_code", "unmet_share",
    "is_gap", "p_needed", "p_gap", "n", "n_unmet", "n_stations", "n_stations_offering", "n_stations_working", "is_evaluable",
)  # fmt: skip


def station_verdicts(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One row per area, station and service of the quarter, every service.

    `verdict_code` with its `probability` (null: no_evidence) and `reasons` (codes of verdict_reasons joined by commas, what decided first).
    `p_needed`: at least `low_need_below` of the couriers around need it, by `need_share` from need_basis_code (station, cell, area, use).
    `p_works`: it works if it is declared, with Beta(`works_a`, `works_b`) around it; `p_given`: given if it is not declared; `p_known`:
    people know of it. `is_map_listed`: found on some map when last looked at. `n_visits`, `n_keys`: the quarter's log, null without one;
    `n`: respondents who name the station.
    """
    return station_rows(con, context, need_shares(con, context)).select(STATION_COLUMNS)


def grid_verdicts(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One row per area, grid cell and service of the quarter: verdict, its probability and reasons, shares in need and in unmet need of
    those who work most there (null: not asked), is_gap as the list of gaps has it, and the stations standing in the cell."""
    shares = need_shares(con, context)
    return cell_rows(con, context, shares, station_rows(con, context, shares)).select(GRID_COLUMNS)
