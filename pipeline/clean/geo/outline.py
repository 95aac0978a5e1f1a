"""An outline (WKT) → how far points lie outside it."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from pipeline.clean.geo.distance import metres_per_degree
from pipeline.errors import CONTRACT, Problem, fail

Outline = np.ndarray  # one row per edge of any ring: lon, lat, to_lon, to_lat

_RING = re.compile(r"\(([^()]*)\)")
_SHAPE = re.compile(r"POLYGON\((#(,#)*)\)|MULTIPOLYGON\(\(#(,#)*\)(,\(#(,#)*\))*\)")


def read_outline(wkt: str) -> Outline:
    """The edges of a polygon or multipolygon, holes included, in degrees.

    Raises ValueError in Chinese and English when the text is no such outline: another shape, a ring that is not closed,
    coordinates that are no longitude and latitude.

    >>> len(read_outline("POLYGON((1 2, 3 2, 3 5, 1 2))"))
    3
    """
    rings = _RING.findall(wkt)
    if not _SHAPE.fullmatch(re.sub(r"\s", "", _RING.sub("#", wkt)).upper()):
        raise ValueError("不是 POLYGON 或 MULTIPOLYGON · neither POLYGON nor MULTIPOLYGON")
    edges = [np.hstack([ring[:-1], ring[1:]]) for ring in map(_points, rings)]
    return np.vstack(edges)


def _points(text: str) -> np.ndarray:
    try:
        ring = np.array([[float(value) for value in point.split()] for point in text.split(",")])
    except ValueError:
        raise ValueError("坐标不是数字 · coordinates are no numbers") from None
    if ring.ndim != 2 or ring.shape[1] != 2:
        raise ValueError("每个点应为“经度 纬度” · each point is `longitude latitude`")
    if len(ring) < 4 or (ring[0] != ring[-1]).any():
        raise ValueError("首尾两点应相同 · the first point closes the ring")
    if not (np.abs(ring) <= [180, 90]).all():
        raise ValueError("应先写经度、后写纬度 · longitude comes first, then latitude")
    return ring


def read_outlines(boundaries: pl.DataFrame) -> dict[str, Outline]:
    """The outline of each area, from `area_code` and `outline_wkt` (clean.boundaries). Raises exit 11 with every outline
    that cannot be read."""
    found, problems = {}, []
    for area, wkt in boundaries.select("area_code", "outline_wkt").iter_rows():
        try:
            found[area] = read_outline(wkt)
        except ValueError as error:
            problems.append(
                Problem("outline_broken", f"place [[boundary]] {area} outline_wkt", "边界轮廓无法读取", "the outline cannot be read",
                        got=str(error), expected="POLYGON((116.44 39.90, 116.48 39.90, 116.48 39.92, 116.44 39.90))",
                        do_zh="请按 WKT 格式、WGS-84 坐标修改", do_en="write it as WKT in WGS-84"),
            )  # fmt: skip
    if problems:
        fail(CONTRACT, *problems)
    return found


def metres_outside(lon: pl.Series, lat: pl.Series, outline: Outline) -> pl.Series:
    """Signed distance of points to an outline in metres: positive outside, negative inside, null where there is no point.

    Edges are straight in degrees; each point measures in its own plane, some millimetres off at 150 m. A point is inside
    when a ray to the east crosses an odd number of edges: holes are outside.

    >>> square = read_outline("POLYGON((116 40, 117 40, 117 41, 116 41, 116 40))")
    >>> metres_outside(pl.Series([116.5, 115.9]), pl.Series([40.0001, 40.5]), square).round(0).to_list()
    [-11.0, 8477.0]
    """
    x, y = (values.cast(pl.Float64).fill_null(float("nan")).to_numpy() for values in (lon, lat))
    per_lon, per_lat = (scale.to_numpy() for scale in metres_per_degree(pl.Series(y)))
    nearest = np.full(len(x), np.inf)
    is_inside = np.zeros(len(x), dtype=bool)
    for from_lon, from_lat, to_lon, to_lat in outline:
        east, north = (from_lon - x) * per_lon, (from_lat - y) * per_lat
        along_east, along_north = (to_lon - from_lon) * per_lon, (to_lat - from_lat) * per_lat
        length = along_east**2 + along_north**2
        share = np.clip(-(east * along_east + north * along_north) / np.where(length > 0, length, 1.0), 0.0, 1.0)
        nearest = np.minimum(nearest, (east + share * along_east) ** 2 + (north + share * along_north) ** 2)
        is_crossed = (from_lat > y) != (to_lat > y)
        is_inside ^= is_crossed & ((east * along_north - north * along_east) * along_north > 0)
    return pl.Series(np.where(is_inside, -1.0, 1.0) * np.sqrt(nearest)).fill_nan(None).alias("metres_outside")
