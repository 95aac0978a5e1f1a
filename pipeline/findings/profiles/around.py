"""What lies around a station: outlines of buildings and other stations, as flat metres from its door."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.access.pairs import Pairs, within_walk
from pipeline.charts.plane import Plane, rings
from pipeline.findings.finding import Context
from pipeline.findings.walking import walking


@dataclass(frozen=True)
class Around:
    """`buildings`: rings in metres to the east and north of the station. `stations`: points of others in the same metres.
    `n_buildings`, `n_workers`: buildings within a walk of `reach_m`, and the people working in those that tell.
    """

    buildings: list[np.ndarray]
    stations: list[tuple[float, float]]
    n_buildings: int
    n_workers: int | None


def surroundings(con: duckdb.DuckDBPyConnection, context: Context, stations: pl.DataFrame) -> dict[str, Around]:
    """Station → what lies within `reach_m` of it, for the stations (`station_id lon lat`) that have a place. Other stations are
    those of the same table: whoever is not listed for a reader is not drawn either."""
    placed = stations.drop_nulls(["lon", "lat"])
    buildings = con.sql(
        "select lon, lat, outline_wkt, n_workers from clean.buildings where list_contains(?, area_code) and lon is not null "
        "and lat is not null order by building_id",
        params=[list(context.areas)],
    ).pl()
    reach = walking()["reach_m"]
    near = _pairs(placed, buildings, reach)
    others = _pairs(placed, placed, reach)
    outlines = [rings(text) for text in buildings["outline_wkt"]]
    workers = buildings["n_workers"].to_numpy()
    starts, other_starts = near.starts(), others.starts()
    made = {}
    for place, (station, lon, lat) in enumerate(placed.select("station_id", "lon", "lat").iter_rows()):
        plane = Plane(lon, lat)
        here = slice(starts[place], starts[place + 1])
        seen, walked = near.station[here], near.station[here][near.metres[here] * walking()["detour"] <= reach]
        beside = others.station[other_starts[place] : other_starts[place + 1]]
        told = workers[walked][~np.isnan(workers[walked].astype(float))]
        made[station] = Around(
            buildings=[plane.ring(ring) for at in seen for ring in outlines[at]],
            stations=[
                tuple(plane.metres(placed["lon"][int(at)], placed["lat"][int(at)]).tolist())
                for at in beside
                if at != place
            ],
            n_buildings=len(walked),
            n_workers=round(float(told.sum())) if len(told) else None,
        )
    return made


def _pairs(stations: pl.DataFrame, places: pl.DataFrame, reach: float) -> Pairs:
    """Pairs within `reach` in a straight line."""
    return within_walk(stations["lon"], stations["lat"], places["lon"], places["lat"], reach, detour=1.0)
