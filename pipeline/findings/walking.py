"""Which buildings have a station within a walk (metadata/access.toml says how far that is)."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from pipeline.findings.district.rules import walking
from pipeline.findings.district.walks import walks
from pipeline.findings.finding import Context


@dataclass(frozen=True)
class Reach:
    """`buildings`: area_code, building_id, name, lon, lat (WGS-84), outline_wkt, n_workers, `is_in_reach` (null: without a place).
    `pairs`: building_id, station_id within a walk of `radius_m`. `known_by`: area → straight_line, measured or mixed.
    """

    buildings: pl.DataFrame
    pairs: pl.DataFrame
    known_by: dict[str, str]


def buildings_in_reach(con: duckdb.DuckDBPyConnection, context: Context, stations: pl.DataFrame) -> Reach:
    """Every building of the context's areas, and which `stations` (`station_id lon lat`; those without a place leave out) a walk
    leads to, whichever area they are in."""
    buildings = con.sql(
        "select area_code, building_id, name, lon, lat, outline_wkt, n_workers from clean.buildings "
        "where list_contains(?, area_code) order by building_id",
        params=[list(context.areas)],
    ).pl()
    there = stations.select("station_id", "lon", "lat").drop_nulls()
    placed = buildings.drop_nulls(["lon", "lat"])
    parts = {area: _pairs(con, placed.filter(area_code=area), there, area) for area in context.areas}
    pairs = pl.concat([found for found, _ in parts.values()])
    reached = placed.select(
        "building_id", pl.col("building_id").is_in(pairs["building_id"].implode()).alias("is_in_reach")
    )
    return Reach(
        buildings.join(reached, on="building_id", how="left", maintain_order="left"),
        pairs,
        {area: known_by for area, (_, known_by) in parts.items()},
    )


def _pairs(
    con: duckdb.DuckDBPyConnection, places: pl.DataFrame, stations: pl.DataFrame, area: str
) -> tuple[pl.DataFrame, str]:
    found, known_by = walks(con, places, stations, area, walking())
    near = found.within(walking().radius_m)
    pairs = pl.DataFrame(
        {"building_id": places["building_id"][near.place], "station_id": stations["station_id"][near.station]}
    )
    return pairs, known_by
