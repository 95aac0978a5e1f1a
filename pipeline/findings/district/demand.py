"""Where couriers are, hour by hour, and what share of them needs each service: demand, place by place."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import polars as pl

HOURS = 168


def places_of(con: duckdb.DuckDBPyConnection, area: str) -> tuple[pl.DataFrame, np.ndarray, pl.DataFrame]:
    """Buildings with coordinates (building_id, name, grid_id, lon, lat, n_workers) and the couriers expected there, place × hour of the
    week; and the buildings left out for want of coordinates, with their courier-hours."""
    table = con.sql(
        "select b.building_id, b.name, b.grid_id, b.lon, b.lat, b.n_workers, coalesce(p.courier_hours, 0) as courier_hours "
        "from clean.buildings as b left join (select building_id, sum(n_couriers) as courier_hours from clean.courier_presence "
        "group by 1) as p using (building_id) where b.area_code = ? order by 1",
        params=[area],
    ).pl()
    located = table.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    presence = np.zeros((located.height, HOURS))
    row = {building: i for i, building in enumerate(located["building_id"])}
    hours = con.sql(
        "select building_id, hour_of_week, n_couriers from clean.courier_presence where area_code = ?", params=[area]
    ).pl()
    hours = hours.filter(pl.col("building_id").is_in(list(row)))
    at = hours["building_id"].replace_strict(row, return_dtype=pl.Int64) if hours.height else []
    np.add.at(presence, (np.array(at, dtype=int), hours["hour_of_week"].to_numpy()), hours["n_couriers"].to_numpy())
    missing = table.join(located.select("building_id"), on="building_id", how="anti")
    return located.drop("courier_hours"), presence, missing.select("building_id", "courier_hours")


def need_of(places: pl.DataFrame, services: Sequence[str], cells: pl.DataFrame) -> np.ndarray:
    """Share of couriers in need, place × service: of the place's grid cell, of the whole area where the cell has none; nan where
    the survey does not say.

    `cells`: grid_id, service_code, need_share (None where not known).
    """
    known = cells.filter(pl.col("service_code").is_in(list(services)) & pl.col("need_share").is_not_null())
    by_cell = {
        (grid, service): share for grid, service, share in known.select("grid_id", "service_code", "need_share").rows()
    }
    mean = dict(known.group_by("service_code").agg(pl.col("need_share").mean()).rows())
    table = [
        [by_cell.get((grid, service), mean.get(service, np.nan)) for service in services] for grid in places["grid_id"]
    ]
    return np.array(table, dtype=float).reshape(places.height, len(services))
