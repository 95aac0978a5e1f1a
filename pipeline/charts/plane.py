"""From degrees to a flat drawing: outlines as rings, places as metres around a centre."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

import numpy as np

Box = tuple[float, float, float, float]  # west, south, east, north
_A, _EE = (
    6378137.0,
    0.0066943800229,
)  # GRS 80 (WGS-84 to a tenth of a millimetre): semi-major axis in metres, eccentricity squared
_RING = re.compile(r"\(([^()]+)\)")


def rings(wkt: str | None) -> list[np.ndarray]:
    """The rings of a polygon or multipolygon (WKT), each (corners, 2) as longitude, latitude; none of what is no outline.

    >>> [len(ring) for ring in rings("POLYGON((1 2, 3 2, 3 5, 1 2), (2 3, 2 4, 3 4, 2 3))")]
    [4, 4]
    >>> rings("") + rings(None) + rings("POINT (1 2)")
    []
    """
    try:
        found = [
            np.array([point.split() for point in ring.split(",")], dtype=float) for ring in _RING.findall(wkt or "")
        ]
    except ValueError:
        return []
    return [ring for ring in found if ring.ndim == 2 and len(ring) > 3 and ring.shape[1] == 2]


@dataclass(frozen=True)
class Plane:
    """Metres to the east and to the north of a centre (equirectangular, with the ellipsoid's radii there).

    Scale is the same in all directions at the centre; 5 km to the north or south of it lengths east to west are 0.07 % off.
    """

    lon: float
    lat: float

    def metres(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """(…, 2) metres from degrees.

        >>> Plane(116.46, 39.91).metres(np.array([116.46, 116.47]), np.array([39.92, 39.91])).round().tolist()
        [[0.0, 1110.0], [855.0, 0.0]]
        """
        flat = 1.0 - _EE * sin(self.lat * pi / 180) ** 2
        east = _A / sqrt(flat) * cos(self.lat * pi / 180) * pi / 180
        north = _A * (1.0 - _EE) / (flat * sqrt(flat)) * pi / 180
        return np.stack([(np.asarray(lon) - self.lon) * east, (np.asarray(lat) - self.lat) * north], axis=-1)

    def ring(self, ring: np.ndarray) -> np.ndarray:
        """The corners of a ring in metres."""
        return self.metres(ring[:, 0], ring[:, 1])


def plane_over(parts: Iterable[np.ndarray]) -> Plane:
    """The plane about the middle of some places, each (…, 2) longitude and latitude."""
    places = np.vstack([part.reshape(-1, 2) for part in parts])
    return Plane(*((places.min(axis=0) + places.max(axis=0)) / 2).tolist())


def frame(parts: Iterable[np.ndarray], *, margin: float, least: float, shape: tuple[float, float]) -> Box:
    """The box in metres that holds all parts with a margin (a share of the larger side), no side below `least`, and with a
    height between `shape[0]` and `shape[1]` widths.

    >>> frame([np.array([[0.0, 0.0], [1000.0, 100.0]])], margin=0.1, least=400, shape=(0.5, 1.5))
    (-100.0, -250.0, 1100.0, 350.0)
    """
    places = np.vstack([part.reshape(-1, 2) for part in parts])
    low, high = places.min(axis=0), places.max(axis=0)
    middle, size = (low + high) / 2, high - low
    size = np.maximum(size + 2 * margin * size.max(), least)
    size = np.maximum(size, [size[1] / shape[1], size[0] * shape[0]])
    west, south, east, north = (*(middle - size / 2), *(middle + size / 2))
    return float(west), float(south), float(east), float(north)
