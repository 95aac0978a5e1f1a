"""One area on one day: everything that access, coverage and what to change next are worked out from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.access.pairs import Pairs
from pipeline.analysis.access.week import Week
from pipeline.findings.district.demand import need_of, places_of
from pipeline.findings.district.rules import Walking, walking
from pipeline.findings.district.supply import capacity_of, hours_of, stations_of, week_of
from pipeline.findings.district.walks import STRAIGHT_LINE, walks
from pipeline.findings.finding import Context
from pipeline.findings.once import asked, once
from pipeline.findings.verdicts import grid_verdicts, station_verdicts


@dataclass(frozen=True)
class District:
    """n places (buildings with coordinates), m stations (with coordinates and hours), K services asked for, 168 hours.

    `places`, `stations`: one row each, in the order of the arrays. `presence` n × 168 couriers expected; `need` n × K share in need
    (nan: the survey does not say). `offers` m × K declared, `is_untold` where the ledger is silent (counted as not declared); `works` m × K chance that a declared service works, with its Beta
    parameters `works_a`, `works_b`; `capacity` m × K uses an hour if it works, `capacity_basis` what that rests on. `pairs`: place
    and station within the catchment, walking metres. `verdicts`, `cells`:
    station_verdicts and grid_verdicts of the area. `left_out`: what has no place on the map or no hours (kind, id, courier_hours).
    `walking`: what counts as near; `walking_code`: how walks are known (`straight_line` × detour, `measured`, or `mixed`).
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
    is_untold: np.ndarray
    works_a: np.ndarray
    works_b: np.ndarray
    capacity: np.ndarray
    capacity_basis: np.ndarray
    pairs: Pairs
    verdicts: pl.DataFrame
    cells: pl.DataFrame
    left_out: pl.DataFrame
    walking: Walking = field(default_factory=walking)
    walking_code: str = STRAIGHT_LINE

    @property
    def alive(self) -> tuple[np.ndarray, np.ndarray]:
        """Beta parameters of whether a declared service works; even chances where nothing is known, 0 where none is declared."""
        return tuple(np.where(self.offers, np.nan_to_num(one, nan=1.0), 0.0) for one in (self.works_a, self.works_b))

    @property
    def works(self) -> np.ndarray:
        """Mean chance that a declared service works; 0 where none is declared."""
        a, b = self.alive
        return np.divide(a, a + b, out=np.zeros_like(a), where=a + b > 0)

    @property
    def near(self) -> Pairs:
        """Place and station within the radius of coverage."""
        return self.pairs.within(self.walking.radius_m)

    @property
    def left_out_hours(self) -> float:
        """Courier-hours a week at buildings without coordinates: in no figure."""
        return float(self.left_out["courier_hours"].sum())

    def n_left_out(self, kind: str) -> int:
        """Buildings (`building`) without coordinates, or stations (`station`) without coordinates or hours."""
        return self.left_out.filter(kind=kind).height


def districts(
    con: duckdb.DuckDBPyConnection, context: Context, *, on: date | None = None, near: Walking | None = None
) -> tuple[District, ...]:
    """The areas of a context that know where couriers are, have a station with hours and a service in season; areas without are left out.

    `on`: the day whose hours count; `near`: what counts as near, by default the rule. Worked out once for all findings of a run.
    """
    near = near or walking()
    return once(con, ("districts", asked(context), on, near), lambda: tuple(_districts(con, context, on, near)))


def _districts(con: duckdb.DuckDBPyConnection, context: Context, on: date | None, near: Walking) -> Iterator[District]:
    known = {area for (area,) in con.sql("select distinct area_code from clean.courier_presence").fetchall()}
    areas = [area for area in context.areas if area in known]
    if not areas:  # verdicts take their time
        return
    verdicts, cells = (
        once(con, (of.__name__, asked(context)), partial(of, con, context)) for of in (station_verdicts, grid_verdicts)
    )
    for area in areas:
        here = verdicts.filter(area_code=area), cells.filter(area_code=area)
        found = load_district(con, context, area, *here, on=on, near=near)
        if found.presence.any() and found.stations.height and found.services:
            yield found


def load_district(
    con: duckdb.DuckDBPyConnection,
    context: Context,
    area: str,
    verdicts: pl.DataFrame,
    cells: pl.DataFrame,
    *,
    on: date | None = None,
    near: Walking | None = None,
) -> District:
    """One area as it stands on a day (by default the period's last day with evidence), with the verdicts of its stations and cells."""
    on, near = on or context.last_on or context.ends_on, near or walking()
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
    pairs, known_by = walks(con, places, stations, area, near)
    grid = {name: _grid(verdicts, stations, services, name) for name in ("is_offered", "works_a", "works_b")}
    left = [
        unplaced.select(pl.lit("building").alias("kind"), pl.col("building_id").alias("id"), "courier_hours"),
        gone.select(
            pl.lit("station").alias("kind"), pl.col("station_id").alias("id"), pl.lit(0.0).alias("courier_hours")
        ),
    ]
    return District(
        area, on, services, places, stations, presence, need_of(places, services, cells), week_of(hours, stations),
        np.nan_to_num(grid["is_offered"]) == 1, np.isnan(grid["is_offered"]), grid["works_a"], grid["works_b"], capacity, basis, pairs,
        verdicts, cells, pl.concat(left, how="vertical_relaxed"), near, known_by,
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
