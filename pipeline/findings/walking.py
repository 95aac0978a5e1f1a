"""How far people walk to a station (metadata/walking.toml), and which buildings have none so near."""

from __future__ import annotations

import tomllib
from functools import cache

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.access.pairs import within_walk
from pipeline.paths import METADATA


@cache
def walking() -> dict[str, float]:
    """`reach_m` and `detour` of metadata/walking.toml."""
    return tomllib.loads((METADATA / "walking.toml").read_text(encoding="utf-8"))


def buildings_in_reach(con: duckdb.DuckDBPyConnection, stations: pl.DataFrame, areas: tuple[str, ...]) -> pl.DataFrame:
    """Every building of the areas with `is_in_reach`: whether a walk of `reach_m` leads to one of `stations` (`lon lat`, those
    without a place leave out), whichever area it is in; null for a building whose own place is not known.

    Columns: area_code, building_id, name, lon, lat (WGS-84), outline_wkt, is_in_reach.
    """
    buildings = con.sql(
        "select area_code, building_id, name, lon, lat, outline_wkt from clean.buildings where list_contains(?, area_code) "
        "order by building_id",
        params=[list(areas)],
    ).pl()
    placed = buildings.drop_nulls(["lon", "lat"])
    there = stations.drop_nulls(["lon", "lat"])
    pairs = within_walk(
        placed["lon"], placed["lat"], there["lon"], there["lat"], walking()["reach_m"], detour=walking()["detour"]
    )
    near = np.isin(np.arange(placed.height), pairs.place)
    reached = placed.select("building_id", pl.Series("is_in_reach", near, dtype=pl.Boolean))
    return buildings.join(reached, on="building_id", how="left", maintain_order="left")
