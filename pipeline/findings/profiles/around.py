"""What lies around a station: outlines of buildings and other stations, as flat metres from its door."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.access.pairs import Pairs, within_walk
from pipeline.charts.plane import Plane, rings
from pipeline.findings.district.rules import walking
from pipeline.findings.finding import Context
from pipeline.findings.walking import buildings_in_reach


@dataclass(frozen=True)
class Around:
    """`buildings`: rings in metres to the east and north of the station. `stations`: points of others in the same metres.
    `n_buildings`, `n_workers`: buildings within a walk of `radius_m`, and the people working in those that tell. `known_by`: how
    walks are known there (straight_line, measured, mixed).
    """

    buildings: list[np.ndarray]
    stations: list[tuple[float, float]]
    n_buildings: int
    n_workers: int | None
    known_by: str


def surroundings(con: duckdb.DuckDBPyConnection, context: Context, stations: pl.DataFrame) -> dict[str, Around]:
    """Station → what lies around it, for the stations (`station_id lon lat`) that have a place. Drawn is what is within `radius_m`
    in a straight line; counted, what is within it on foot. Other stations are those of the same table: one that is not listed
    for a reader is not drawn either."""
    placed = stations.drop_nulls(["lon", "lat"])
    if placed.is_empty():
        return {}
    reach = buildings_in_reach(con, context, placed)
    buildings = reach.buildings.drop_nulls(["lon", "lat"])
    walked = reach.pairs.join(buildings.select("building_id", "n_workers"), on="building_id").group_by("station_id").agg(
        pl.len().alias("n"), pl.col("n_workers").sum().alias("workers"), pl.col("n_workers").count().alias("told")
    )  # fmt: skip
    counted = {row["station_id"]: row for row in walked.iter_rows(named=True)}
    near, others = _pairs(placed, buildings), _pairs(placed, placed)
    starts, other_starts = near.starts(), others.starts()
    outlines = [rings(text) for text in buildings["outline_wkt"]]
    made = {}
    for place, (area, station, lon, lat) in enumerate(
        placed.select("area_code", "station_id", "lon", "lat").iter_rows()
    ):
        plane = Plane(lon, lat)
        seen = near.station[starts[place] : starts[place + 1]]
        beside = others.station[other_starts[place] : other_starts[place + 1]]
        count = counted.get(station, {"n": 0, "told": 0})
        made[station] = Around(
            buildings=[plane.ring(ring) for at in seen for ring in outlines[at]],
            stations=[
                tuple(plane.metres(placed["lon"][int(at)], placed["lat"][int(at)]).tolist())
                for at in beside
                if at != place
            ],
            n_buildings=count["n"],
            n_workers=round(count["workers"]) if count["told"] else None,
            known_by=reach.known_by[area],
        )
    return made


def _pairs(stations: pl.DataFrame, places: pl.DataFrame) -> Pairs:
    """Pairs within `radius_m` in a straight line."""
    return within_walk(stations["lon"], stations["lat"], places["lon"], places["lat"], walking().radius_m, detour=1.0)
