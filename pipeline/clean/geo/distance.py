"""How far apart two points are, in metres, as Polars arithmetic."""

from __future__ import annotations

from math import pi

from pipeline.analysis.access.distance import ECCENTRICITY_SQUARED, SEMI_MAJOR_M
from pipeline.clean.geo.datums import Degrees


def metres_per_degree(lat: Degrees) -> tuple[Degrees, Degrees]:
    """Metres in one degree to the east and to the north at a latitude: the ellipsoid's radii of curvature.

    >>> import polars as pl
    >>> east, north = metres_per_degree(pl.Series([39.9]))
    >>> round(east.item()), round(north.item())
    (85518, 111033)
    """
    radians = lat * (pi / 180.0)
    sine = radians.sin()
    flat = 1.0 - sine * sine * ECCENTRICITY_SQUARED
    east = SEMI_MAJOR_M / flat.sqrt() * radians.cos() * (pi / 180.0)
    north = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / (flat * flat.sqrt()) * (pi / 180.0)
    return east, north


def offset(lon: Degrees, lat: Degrees, to_lon: Degrees, to_lat: Degrees) -> tuple[Degrees, Degrees]:
    """Metres to the east and to the north from one point to another, with the radii at their mid-latitude."""
    east, north = metres_per_degree((lat + to_lat) * 0.5)
    return (to_lon - lon) * east, (to_lat - lat) * north


def metres(lon: Degrees, lat: Degrees, to_lon: Degrees, to_lat: Degrees) -> Degrees:
    """Distance in metres between points in WGS-84 or CGCS2000 degrees; expressions or series, null where one is.

    The mid-latitude formula on the ellipsoid: within a millionth of the geodesic for the walks of a district (a sphere is
    0.25 % off, a web map's plane 30 %).

    >>> import polars as pl
    >>> step = metres(pl.Series([116.46]), pl.Series([39.91]), pl.Series([116.47]), pl.Series([39.91]))
    >>> round(step.item(), 2)
    855.06
    """
    east, north = offset(lon, lat, to_lon, to_lat)
    return (east * east + north * north).sqrt()
