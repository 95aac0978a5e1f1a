"""What stations offer, when they are open and how many they can serve an hour: supply, station by station."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.access.week import Week, cut
from pipeline.findings.district.rules import rules


def stations_of(con: duckdb.DuckDBPyConnection, area: str, on: date) -> pl.DataFrame:
    """Stations open by `on` (station_id, name, class_code, host_type_code, host_unit, building_id, grid_id, lon, lat, seats), in the order of ids."""
    return con.sql(
        "select station_id, name, class_code, host_type_code, host_unit, building_id, grid_id, lon, lat, seats from clean.stations "
        "where area_code = ? and coalesce(opened_on, ?) <= ? order by 1",
        params=[area, on, on],
    ).pl()


def hours_of(con: duckdb.DuckDBPyConnection, on: date) -> pl.DataFrame:
    """The opening hours valid on a day: station_id, opens and closes in minutes of the week (0 = Monday 00:00), is_shut where a
    closure that has not ended holds on that day."""
    return con.sql(
        "select distinct h.station_id, (h.weekday - 1) * 1440 + h.opens_minute as opens, (h.weekday - 1) * 1440 + h.closes_minute as closes, "
        "c.station_id is not null as is_shut from clean.station_hours as h left join (select distinct station_id from clean.closures "
        "where ended_at is null and cast(started_at as date) <= ?) as c using (station_id) "
        "where h.valid_from <= ? and coalesce(h.valid_to, ?) >= ? order by 1, 2, 3",
        params=[on, on, on, on],
    ).pl()


def week_of(hours: pl.DataFrame, stations: pl.DataFrame) -> Week:
    """The week of these stations, cut at every opening and closing; a station that is shut is open at no time."""
    number = pl.DataFrame({"station_id": stations["station_id"], "_j": np.arange(stations.height)})
    rows = hours.filter(~pl.col("is_shut")).join(number, on="station_id", how="inner", maintain_order="left")
    return cut(rows["_j"].to_numpy(), rows["opens"].to_numpy(), rows["closes"].to_numpy(), stations.height)


def capacity_of(
    con: duckdb.DuckDBPyConnection, stations: pl.DataFrame, services: Sequence[str], on: date
) -> tuple[np.ndarray, np.ndarray]:
    """Uses an hour that each station can serve if the service works, station × service, and what that rests on.

    The ledger's own figure (`declared`), else working facilities × uses an hour of one (`facilities`), else seats (`seats`), else
    one figure per service (`assumed`); all but the first rest on metadata/access.toml.
    """
    table = rules()
    shape = (stations.height, len(services))
    value, basis = np.full(shape, np.nan), np.full(shape, "", dtype=object)
    for name, found in (
        ("declared", _declared(con, on)),
        ("facilities", _facilities(con, on, table["facility_per_hour"])),
        ("seats", {(s, code): n * rate for s, n in stations.select("station_id", "seats").rows() if n
                   for code, rate in table["seat_per_hour"].items()}),
    ):  # fmt: skip
        for j, station in enumerate(stations["station_id"]):
            for k, service in enumerate(services):
                if np.isnan(value[j, k]) and (station, service) in found:
                    value[j, k], basis[j, k] = found[station, service], name
    usual = table["station_per_hour"]
    for k, service in enumerate(services):
        missing = np.isnan(value[:, k])
        value[missing, k], basis[missing, k] = usual.get(service, usual["default"]), "assumed"
    return value, basis


def _declared(con: duckdb.DuckDBPyConnection, on: date) -> dict[tuple[str, str], float]:
    rows = con.execute(
        "select station_id, service_code, capacity_per_hour from clean.station_services where capacity_per_hour >= 0 "
        "and valid_from <= ? and coalesce(valid_to, ?) >= ?",
        [on, on, on],
    ).fetchall()
    return {(station, service): float(value) for station, service, value in rows}


def _facilities(con: duckdb.DuckDBPyConnection, on: date, per_hour: dict[str, float]) -> dict[tuple[str, str], float]:
    """By the last check of each facility so far; one of which none works gives no figure: whether the service works is told apart."""
    rows = con.execute(
        "select station_id, service_code, facility_code, n_working from clean.facilities where checked_on <= ? and service_code is not null "
        "qualify row_number() over (partition by station_id, facility_code order by checked_on desc) = 1",
        [on],
    ).fetchall()
    found: dict[tuple[str, str], float] = {}
    for station, service, facility, working in rows:
        if working and facility in per_hour:
            found[station, service] = found.get((station, service), 0.0) + working * per_hour[facility]
    return found
