"""Outlines of the made-up office buildings: rectangles that follow from place and size alone, so that no draw of chance moves."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.geography import METRES_EAST, METRES_NORTH, metres

FLOOR_M2 = 27.0  # footprint in square metres for the square root of the people inside: the more people, the taller
FREE = 0.45  # of the way to the next building that half a diagonal may reach: outlines never overlap
LONGEST = 1.9  # length over width, at most
TURN = np.radians(9.0)  # streets run north to south here; a building is turned from them by no more than this


def building_outlines(buildings: pl.DataFrame) -> np.ndarray:
    """Corners of each building in WGS-84 degrees, (buildings, 5, 2): a closed rectangle around its point.

    `buildings` have `lon lat n_workers`. Shape and turn come from the last digits of the point, as good as chance and
    always the same.

    >>> two = pl.DataFrame({"lon": [116.45, 116.46], "lat": [39.9, 39.9], "n_workers": [400, 400]})
    >>> corners = building_outlines(two)
    >>> corners.shape, (corners[0, 0] == corners[0, 4]).all().item()
    ((2, 5, 2), True)
    >>> corners[:, :4].mean(axis=1).round(6).tolist()
    [[116.45, 39.9], [116.46, 39.9]]
    """
    lon, lat = (buildings[name].to_numpy() for name in ("lon", "lat"))
    digits = np.round(np.stack([lon, lat]) * 1e6).astype(np.int64)
    ratio = 1 + (LONGEST - 1) * (digits[0] * 7 + digits[1]) % 101 / 101
    turn = TURN * ((digits[0] + digits[1] * 13) % 97 / 48 - 1)
    area = FLOOR_M2 * np.sqrt(np.maximum(buildings["n_workers"].to_numpy(), 1))
    length, width = np.sqrt(area * ratio), np.sqrt(area / ratio)
    scale = np.minimum(1.0, FREE * _to_the_next(lon, lat) / (np.hypot(length, width) / 2))
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5]])
    flat = corners[None] * (np.stack([length, width], axis=1) * scale[:, None])[:, None, :]
    east = flat[..., 0] * np.cos(turn)[:, None] - flat[..., 1] * np.sin(turn)[:, None]
    north = flat[..., 0] * np.sin(turn)[:, None] + flat[..., 1] * np.cos(turn)[:, None]
    per_lon = METRES_EAST * np.cos(np.radians(lat))[:, None]
    return np.stack([lon[:, None] + east / per_lon, lat[:, None] + north / METRES_NORTH], axis=-1)


def _to_the_next(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Metres from each building to the nearest other one."""
    apart = metres(lon, lat, lon, lat)
    np.fill_diagonal(apart, np.inf)
    return apart.min(axis=1, initial=np.inf)
