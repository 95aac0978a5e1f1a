"""A made-up place: a boundary, twelve grid cells that tile it, and office buildings. No real outline or address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import Assumptions
from pipeline.simulate.names import building_names

COLUMNS, ROWS = 4, 3
CELL_LON, CELL_LAT = 0.0062, 0.0047  # about 530 m × 520 m at this latitude
METRES_EAST, METRES_NORTH = 111_320, 110_950  # in a degree: to the east at the equator, to the north here


@dataclass(frozen=True)
class Area:
    """One simulated area; `folder` is its folder below raw/, '' when it is alone."""

    code: str
    label_zh: str
    label_en: str
    name_zh: str
    folder: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Geography:
    """Nodes of the grid (WGS-84) and the buildings of an area."""

    area: Area
    nodes: np.ndarray  # (ROWS + 1, COLUMNS + 1, 2)
    buildings: pl.DataFrame

    @property
    def n_cells(self) -> int:
        return COLUMNS * ROWS

    def cell_wkt(self, cell: int) -> str:
        """The outline of one cell."""
        row, column = divmod(cell, COLUMNS)
        corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        return polygon([self.nodes[corner] for corner in corners])

    def boundary_wkt(self) -> str:
        """The outline of the area: the outer edge of all cells together."""
        south = [(0, c) for c in range(COLUMNS)]
        east = [(r, COLUMNS) for r in range(ROWS)]
        north = [(ROWS, c) for c in range(COLUMNS, 0, -1)]
        west = [(r, 0) for r in range(ROWS, 0, -1)]
        return polygon([self.nodes[corner] for corner in south + east + north + west])

    def place(self, cells: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A random point inside each of these cells."""
        row, column = np.divmod(cells, COLUMNS)
        u, v = rng.uniform(0.08, 0.92, (2, len(cells)))[:, :, None]
        low = self.nodes[row, column] * (1 - u) + self.nodes[row, column + 1] * u
        high = self.nodes[row + 1, column] * (1 - u) + self.nodes[row + 1, column + 1] * u
        point = (low * (1 - v) + high * v).round(6)
        return point[:, 0], point[:, 1]


def grid_code(cell: int) -> str:
    """The local code of a cell.

    >>> grid_code(0)
    'G01'
    """
    return f"G{cell + 1:02d}"


def grid_label(area: Area, cell: int) -> str:
    """The name of a cell as people write it."""
    return f"{area.name_zh}第{cell + 1:02d}网格"


def metres(lon_a: np.ndarray, lat_a: np.ndarray, lon_b: np.ndarray, lat_b: np.ndarray) -> np.ndarray:
    """Distances between every point of a and every point of b (flat earth: the area is two kilometres wide)."""
    east = (lon_a[:, None] - lon_b[None, :]) * METRES_EAST * np.cos(np.radians(lat_a.mean()))
    north = (lat_a[:, None] - lat_b[None, :]) * METRES_NORTH
    return np.hypot(east, north)


def build_geography(area: Area, assumptions: Assumptions, rng: np.random.Generator) -> Geography:
    """Boundary, cells and buildings of one area."""
    row, column = np.mgrid[0 : ROWS + 1, 0 : COLUMNS + 1]
    nodes = np.stack([area.lon + column * CELL_LON, area.lat + row * CELL_LAT], axis=-1)
    nodes = (nodes + rng.uniform(-1, 1, nodes.shape) * [CELL_LON * 0.09, CELL_LAT * 0.09]).round(6)
    bare = Geography(area, nodes, pl.DataFrame())
    n = assumptions["buildings"]["count"]
    cells = np.sort(rng.choice(bare.n_cells, size=n, p=_density(rng, bare.n_cells)))
    lon, lat = bare.place(cells, rng)
    workers = rng.lognormal(0.0, 0.75, n)
    workers = np.round(workers / workers.sum() * assumptions["buildings"]["workers"], -1)
    buildings = pl.DataFrame(
        {
            "local_code": [f"B{i + 1:03d}" for i in range(n)],
            "name": building_names(rng, n),
            "cell": cells,
            "lon": lon,
            "lat": lat,
            "n_workers": workers.astype(int),
            "completed_year": rng.integers(1996, 2021, n),
        }
    )
    return Geography(area, nodes, buildings)


def _density(rng: np.random.Generator, n: int) -> np.ndarray:
    weights = rng.uniform(0.5, 1.8, n)
    return weights / weights.sum()


def polygon(points: Iterable[np.ndarray]) -> str:
    """The outline through these corners, closed, as WKT."""
    points = list(points)
    ring = [*points, points[0]]
    return "POLYGON ((" + ", ".join(f"{lon:.6f} {lat:.6f}" for lon, lat in ring) + "))"
