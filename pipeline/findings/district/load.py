"""One area on one day: everything that access, coverage and what to change next are worked out from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.access.pairs import Pairs, from_table, within_walk
from pipeline.analysis.access.week import Week
from pipeline.findings.district.demand import need_of, places_of
from pipeline.findings.district.rules import rules
from pipeline.findings.district.supply import capacity_of, hours_of, stations_of, week_of
from pipeline.findings.finding import Context
from pipeline.findings.verdicts import grid_verdicts, station_verdicts


@dataclass(frozen=True)
class District:
    """n places (buildings with coordinates), m stations (with coordinates and hours), K services asked for, 168 hours.

    `places`, `stations`: one row each, in the order of the arrays. `presence` n × 168 couriers expected; `need` n × K share in need
    (nan: the survey does not say). `offers` m × K declared; `works` m × K chance that a declared service works, with its Beta
    parameters `works_a`, `works_b`; `capacity` m × K uses an hour if it works, `capacity_basis` what that rests on. `pairs`: place
    and station within the catchment, walking metres; `is_measured` whether these come from a table of walks. `verdicts`, `cells`:
    station_verdicts and grid_verdicts of the area. `left_out`: what has no place on the map or no hours (kind, id, courier_hours).
    """

    area: str
    on: date
    services: tuple[str, ...]
    places: pl.DataFrame
    stations: pl.DataFrame
    presence: np.ndarray
    need: np.ndarray
    week: Week
    offers: np.ndarray
    works_a: np.ndarray
    works_b: np.ndarray
    capacity: np.ndarray
    capacity_basis: np.ndarray
    pairs: Pairs
    is_measured: bool
    verdicts: pl.DataFrame
    cells: pl.DataFrame
    left_out: pl.DataFrame

    @property
    def works(self) -> np.ndarray:
        """Mean chance that a declared service works; 0 where none is declared."""
        return np.where(self.offers, self.works_a / (self.works_a + self.works_b), 0.0)

    @property
    def near(self) -> Pairs:
        """Place and station within the radius of coverage."""
        return self.pairs.within(rules()["walking"]["radius_m"])


def districts(con: duckdb.DuckDBPyConnection, context: Context) -> Iterator[District]:
    """The areas of a context that know where couriers are and have a station with hours; areas without are left out."""
    verdicts, cells = station_verdicts(con, context), grid_verdicts(con, context)
    for area in context.areas:
        found = load_district(con, context, area, verdicts.filter(area_code=area), cells.filter(area_code=area))
        if found.presence.any() and found.stations.height:
            yield found


def load_district(
    con: duckdb.DuckDBPyConnection,
    context: Context,
    area: str,
    verdicts: pl.DataFrame,
    cells: pl.DataFrame,
    *,
    on: date | None = None,
) -> District:
    """One area as it stands on a day (by default the period's last day with evidence), with the verdicts of its stations and cells."""
    on = on or context.last_on or context.ends_on
    places, presence, unplaced = places_of(con, area)
    stations = stations_of(con, area, on)
    hours = hours_of(con, on)
    usable = (
        pl.col("station_id").is_in(hours["station_id"].implode())
        & pl.col("lon").is_not_null()
        & pl.col("lat").is_not_null()
    )
    gone, stations = stations.filter(~usable), stations.filter(usable)
    services = tuple(verdicts.filter("is_evaluable")["service_code"].unique().sort().to_list())
    capacity, basis = capacity_of(con, stations, services, on)
    pairs, measured = _pairs(con, places, stations, area)
    grid = {name: _grid(verdicts, stations, services, name) for name in ("is_offered", "works_a", "works_b")}
    left = [
        unplaced.select(pl.lit("building").alias("kind"), pl.col("building_id").alias("id"), "courier_hours"),
        gone.select(
            pl.lit("station").alias("kind"), pl.col("station_id").alias("id"), pl.lit(0.0).alias("courier_hours")
        ),
    ]
    return District(
        area, on, services, places, stations, presence, need_of(places, services, cells), week_of(hours, stations),
        np.nan_to_num(grid["is_offered"]) == 1, grid["works_a"], grid["works_b"], capacity, basis, pairs, measured,
        verdicts, cells, pl.concat(left, how="vertical_relaxed"),
    )  # fmt: skip


def _grid(verdicts: pl.DataFrame, stations: pl.DataFrame, services: tuple[str, ...], name: str) -> np.ndarray:
    """One column of the verdicts as station × service; nan where it is not known."""
    row = {station: j for j, station in enumerate(stations["station_id"])}
    column = {service: k for k, service in enumerate(services)}
    table = verdicts.filter(pl.col("station_id").is_in(list(row)) & pl.col("service_code").is_in(list(column)))
    values = np.full((len(row), len(column)), np.nan)
    for station, service, value in table.select(
        "station_id", "service_code", pl.col(name).cast(pl.Float64)
    ).iter_rows():
        values[row[station], column[service]] = np.nan if value is None else value
    return values


def _pairs(
    con: duckdb.DuckDBPyConnection, places: pl.DataFrame, stations: pl.DataFrame, area: str
) -> tuple[Pairs, bool]:
    """Places and stations within the catchment: by the table of measured walks where the area has one, else straight lines × detour."""
    walking = rules()["walking"]
    reach = max(walking["catchment_m"], walking["radius_m"])
    table = con.execute(
        "select building_id, station_id, walking_m from clean.walking_distances where area_code = ?", [area]
    ).pl()
    if table.is_empty():
        where = [frame[name].to_numpy() for frame in (places, stations) for name in ("lon", "lat")]
        return within_walk(*where, reach, detour=walking["detour"]), False
    number = [
        {code: i for i, code in enumerate(frame[name])}
        for frame, name in ((places, "building_id"), (stations, "station_id"))
    ]
    table = table.filter(pl.col("building_id").is_in(list(number[0])) & pl.col("station_id").is_in(list(number[1])))
    place = np.array([number[0][code] for code in table["building_id"]], dtype=np.int64)
    station = np.array([number[1][code] for code in table["station_id"]], dtype=np.int64)
    return from_table(place, station, table["walking_m"].to_numpy(), places.height, stations.height, reach), True
