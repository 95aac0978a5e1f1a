"""How far apart two points are, in metres, as numpy arithmetic."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SEMI_MAJOR_M = 6378137.0  # GRS 80 (CGCS2000; WGS-84 to a tenth of a millimetre), semi-major axis
ECCENTRICITY_SQUARED = 0.0066943800229  # its first eccentricity, squared


def metres_per_degree(lat: ArrayLike) -> tuple[Floats, Floats]:
    """Metres in one degree to the east and to the north at a latitude: the ellipsoid's radii of curvature.

    >>> east, north = metres_per_degree(39.9)
    >>> round(float(east)), round(float(north))
    (85518, 111033)
    """
    radians = np.radians(np.asarray(lat, dtype=float))
    flat = 1.0 - ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    east = SEMI_MAJOR_M / np.sqrt(flat) * np.cos(radians) * (np.pi / 180.0)
    north = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / (flat * np.sqrt(flat)) * (np.pi / 180.0)
    return east, north


def metres(lon: ArrayLike, lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike) -> Floats:
    """Distance in metres between points in WGS-84 or CGCS2000 degrees; the shapes must fit each other.

    The mid-latitude formula on the ellipsoid, as `pipeline.clean.geo.distance`: within a millionth of the geodesic for the
    walks of a district (a sphere is 0.25 % off, a web map's plane 30 %). No wrap at the 180th meridian.

    >>> round(float(metres(116.46, 39.91, 116.47, 39.91)), 2)
    855.06
    """
    east, north = metres_per_degree((np.asarray(lat, dtype=float) + np.asarray(to_lat, dtype=float)) * 0.5)
    return np.hypot(np.subtract(to_lon, lon) * east, np.subtract(to_lat, lat) * north)
