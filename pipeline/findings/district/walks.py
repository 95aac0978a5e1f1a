"""Which places and stations are within a walk of each other: measured where somebody measured, else straight lines times a detour."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.access.pairs import Pairs, from_table, within_walk
from pipeline.findings.district.rules import Walking

STRAIGHT_LINE, MEASURED, MIXED = "straight_line", "measured", "mixed"


def walks(
    con: duckdb.DuckDBPyConnection, places: pl.DataFrame, stations: pl.DataFrame, area: str, near: Walking
) -> tuple[Pairs, str]:
    """Places and stations within `near.reach_m`, and how that is known: the walks of a place that stands in the table of measured
    walks, straight lines × detour for any other.

    In: `places` with building_id, lon, lat and `stations` with station_id, lon, lat, all on the map.
    """
    if places.is_empty() or stations.is_empty():
        return from_table([], [], [], places.height, stations.height, near.reach_m), STRAIGHT_LINE
    told = con.sql(
        "select building_id, station_id, walking_m from clean.walking_distances where area_code = ?", params=[area]
    ).pl()
    known = places["building_id"].is_in(told["building_id"].implode()).to_numpy()
    number = [
        {code: i for i, code in enumerate(frame[name])}
        for frame, name in ((places, "building_id"), (stations, "station_id"))
    ]
    told = told.filter(pl.col("building_id").is_in(list(number[0])) & pl.col("station_id").is_in(list(number[1])))
    place = told["building_id"].replace_strict(number[0], return_dtype=pl.Int64).to_numpy()
    station = told["station_id"].replace_strict(number[1], return_dtype=pl.Int64).to_numpy()
    here = [frame[name].to_numpy() for frame, name in ((places, "lon"), (places, "lat"))]
    there = [stations[name].to_numpy() for name in ("lon", "lat")]
    lines = within_walk(*(one[~known] for one in here), *there, near.reach_m, detour=near.detour)
    pairs = from_table(
        np.concatenate([place, np.flatnonzero(~known)[lines.place]]),
        np.concatenate([station, lines.station]),
        np.concatenate([told["walking_m"].to_numpy(), lines.metres]),
        places.height,
        stations.height,
        near.reach_m,
    )
    return pairs, MEASURED if known.all() else MIXED if known.any() else STRAIGHT_LINE
