"""Coordinates as received → WGS-84, with the raw pair and its datum kept; a pair that cannot be right is refused."""

from __future__ import annotations

import re

import polars as pl

from pipeline.clean.coordinates import gcj02_to_wgs84
from pipeline.errors import CONTRACT, Problem, fail

_NEAR_DEGREES = 0.02  # about 2 km: a pair farther from the boundary's box is a slip, not a station next door


def box_of(outline_wkt: str) -> tuple[float, float, float, float]:
    """The bounding box (west, south, east, north) of a WKT outline.

    >>> box_of("POLYGON((1 2, 3 2, 3 5, 1 2))")
    (1.0, 2.0, 3.0, 5.0)
    """
    pairs = re.findall(r"(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)", outline_wkt)
    lons, lats = [float(lon) for lon, _ in pairs], [float(lat) for _, lat in pairs]
    return min(lons), min(lats), max(lons), max(lats)


def locate(
    rows: pl.DataFrame, datum: str, box: tuple[float, float, float, float] | None
) -> tuple[pl.DataFrame, pl.Series]:
    """Rows with `lon lat` (WGS-84), `lon_raw lat_raw datum`, and a mask of rows whose pair is refused: half missing,
    zero, or farther than about 2 km from the boundary's box. A blank pair is accepted as unknown."""
    if datum not in ("gcj02", "wgs84", "cgcs2000"):
        fail(
            CONTRACT,
            Problem("datum_unsupported", datum, "暂不支持的坐标系", "this datum is not supported yet", got=datum,
                    expected="gcj02 / wgs84 / cgcs2000", do_zh="请先换算为 GCJ-02 或 WGS-84",
                    do_en="convert the coordinates to GCJ-02 or WGS-84 first"),
        )  # fmt: skip
    raw_lon, raw_lat = rows["lon"].cast(pl.Float64), rows["lat"].cast(pl.Float64)
    lon, lat = raw_lon, raw_lat
    if datum == "gcj02" and not rows.is_empty():
        there = gcj02_to_wgs84(raw_lon.fill_null(float("nan")).to_numpy(), raw_lat.fill_null(float("nan")).to_numpy())
        lon, lat = (pl.Series(values).fill_nan(None).round(8) for values in there)
    located = rows.with_columns(
        lon.alias("lon"), lat.alias("lat"), raw_lon.alias("lon_raw"), raw_lat.alias("lat_raw"),
        pl.when(raw_lon.is_not_null()).then(pl.lit(datum)).alias("datum"),
    )  # fmt: skip
    bad = raw_lon.is_null() != raw_lat.is_null()
    if box is not None:
        west, south, east, north = box
        near = lon.is_between(west - _NEAR_DEGREES, east + _NEAR_DEGREES)
        near &= lat.is_between(south - _NEAR_DEGREES, north + _NEAR_DEGREES)
        bad |= (~near).fill_null(False)
    else:
        bad |= ((raw_lon == 0) & (raw_lat == 0)).fill_null(False)
    return located, bad
