"""Between the datums of Chinese maps: WGS-84 and GCJ-02.

GCJ-02 is the obfuscated datum of Chinese web maps; around Beijing it lies some 545 m off WGS-84, while the radius that
matters to a courier is 300 m. The forward formula is the widely published approximation on the Krasovsky 1940
ellipsoid; the inverse iterates it until the step is below a millimetre.
"""

from __future__ import annotations

import numpy as np

_A = 6378245.0  # Krasovsky 1940, semi-major axis in metres
_EE = 0.00669342162296594323  # its first eccentricity squared


def wgs84_to_gcj02(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degrees WGS-84 → degrees GCJ-02.

    >>> lon, lat = wgs84_to_gcj02(np.array([116.46]), np.array([39.91]))
    >>> bool(0.005 < lon[0] - 116.46 < 0.007), bool(0.001 < lat[0] - 39.91 < 0.002)
    (True, True)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    x, y = lon - 105.0, lat - 35.0
    wave = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + wave
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + wave
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(lat)
    magic = 1.0 - _EE * np.sin(radians) ** 2
    root = np.sqrt(magic)
    d_lat = north * 180.0 / ((_A * (1.0 - _EE)) / (magic * root) * np.pi)
    d_lon = east * 180.0 / (_A / root * np.cos(radians) * np.pi)
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degrees GCJ-02 → degrees WGS-84, by fixed-point iteration of the forward formula.

    >>> there = wgs84_to_gcj02(np.array([116.46]), np.array([39.91]))
    >>> back = gcj02_to_wgs84(*there)
    >>> bool(abs(back[0][0] - 116.46) < 1e-8), bool(abs(back[1][0] - 39.91) < 1e-8)
    (True, True)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(8):  # each step shrinks the error by about 100; eight are far below a millimetre
        there_lon, there_lat = wgs84_to_gcj02(guess_lon, guess_lat)
        guess_lon += lon - there_lon
        guess_lat += lat - there_lat
    return guess_lon, guess_lat
