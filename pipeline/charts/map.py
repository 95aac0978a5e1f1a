"""A map without tiles: outlines and points on a plane of metres, drawn with equal scale, a scale bar and north on top.

No projection, tile or base map is loaded; what is drawn is what is given. Shown at the width of a phone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import altair as alt
import numpy as np
import polars as pl

from pipeline.charts.look import GREY
from pipeline.charts.plane import Box, Plane, frame, plane_over, rings

MAP_WIDTH = 360
MOST_SHAPES = 10_000  # more outlines than this are not drawn: points only
BUILT, BUILT_EDGE = "#dde2e9", "#aab3c0"
CELL, BOUNDARY = "#b9c2d0", "#5b6470"
BARS = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)  # metres a scale bar may measure
BAR_SHARE = 0.3  # of the width that it may take
HEAD, LINE, FOOT = 24, 15, 26  # pixels of the strip with the legend of shapes, of a line of notes, of the scale bar


@dataclass(frozen=True)
class Ground:
    """What lies under the points, all in WGS-84 (WKT).

    `shapes`: `outline_wkt` and `kind`, a word of the legend. `cells`: `outline_wkt` and `label`. `boundary`: `outline_wkt`.
    `colors`: word of `kind` → fill.
    """

    shapes: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"outline_wkt": pl.String, "kind": pl.String})
    )
    cells: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"outline_wkt": pl.String, "label": pl.String})
    )
    boundary: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"outline_wkt": pl.String}))
    colors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Sheet:
    """Where metres lie on the drawing."""

    plane: Plane
    box: Box
    head: float  # pixels above the map
    foot: float  # pixels under it

    @property
    def metre(self) -> float:
        """Pixels of a metre."""
        return MAP_WIDTH / (self.box[2] - self.box[0])

    @property
    def height(self) -> float:
        """Pixels of the map with its head and foot."""
        return round(self.head + (self.box[3] - self.box[1]) * self.metre + self.foot)

    def pixels(self, metres: np.ndarray) -> np.ndarray:
        """Metres on the plane → pixels from the upper left corner, to a tenth."""
        west, _, _, north = self.box
        down = np.stack([metres[..., 0] - west, north - metres[..., 1]], axis=-1) * self.metre
        return (down + np.array([0.0, self.head])).round(1)


def area_map(
    points: pl.DataFrame,
    ground: Ground,
    *,
    status: str,
    styles: dict[str, tuple[str, str]],
    notes: tuple[str, ...] = (),
    north: str = "N",
) -> alt.LayerChart | None:
    """Points (`lon lat`, degrees WGS-84, and the column `status`) over their ground. `styles`: status → colour and symbol, in
    the order of the legend; `notes` stand under the map. Points without a place are not drawn; nothing to draw is no map.

    Where two points stand at one spot the one whose status comes last in `styles` lies on top.
    """
    placed = points.select("lon", "lat", status).drop_nulls(["lon", "lat"])
    shapes = ground.shapes if ground.shapes.height <= MOST_SHAPES else ground.shapes.clear()
    drawn = [(kind, rings(wkt)) for wkt, kind in shapes.select("outline_wkt", "kind").iter_rows()]
    cells = [(label, rings(wkt)) for wkt, label in ground.cells.select("outline_wkt", "label").iter_rows()]
    edges = [ring for wkt in ground.boundary["outline_wkt"] for ring in rings(wkt)]
    everything = [placed.select("lon", "lat").to_numpy(), *(r for _, of in drawn + cells for r in of), *edges]
    everything = [part for part in everything if len(part)]
    if not everything:
        return None
    plane = plane_over(everything)
    flat = [plane.ring(part) for part in everything]
    box = frame(flat, margin=0.025, least=400, shape=(0.45, 1.4))
    sheet = _Sheet(plane, box, HEAD if any(outline for _, outline in drawn) else 0, FOOT + LINE * len(notes))
    layers = [
        *_fills(drawn, ground.colors, sheet),
        *_cells(cells, sheet),
        *_lines(edges, sheet, BOUNDARY, 1.4),
        *_points(placed, sheet, status, styles),
        *_foot(sheet, notes, north),
    ]
    return alt.layer(*layers).resolve_scale(fill="independent", shape="independent").properties(
        width=MAP_WIDTH, height=sheet.height
    )  # fmt: skip


def _feature(outline: list[np.ndarray], sheet: _Sheet, **properties: str) -> dict[str, object]:
    """One outline for the drawing: rings in pixels (a hole is a ring of the same shape)."""
    corners = [sheet.pixels(sheet.plane.ring(ring)).tolist() for ring in outline]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": corners}, **properties}


def _shapes(features: list[dict[str, object]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=features)).project(type="identity", scale=1, translate=[0, 0])


def _fills(drawn: list[tuple[str, list[np.ndarray]]], colors: dict[str, str], sheet: _Sheet) -> list[alt.Chart]:
    features = [_feature(outline, sheet, kind=kind) for kind, outline in drawn if outline]
    if not features:
        return []
    seen = {kind for kind, outline in drawn if outline}
    names = [name for name in colors if name in seen] or sorted(seen)
    scale = alt.Scale(domain=names, range=[colors.get(name, BUILT) for name in names])
    legend = alt.Legend(orient="none", legendX=0, legendY=0, direction="horizontal", labelLimit=330, symbolStrokeWidth=0.6,
                        symbolStrokeColor=GREY)  # fmt: skip
    color = alt.Fill("kind:N", title=None, scale=scale, legend=legend)
    return [_shapes(features).mark_geoshape(stroke=BUILT_EDGE, strokeWidth=0.6).encode(fill=color)]


def _lines(edges: list[np.ndarray], sheet: _Sheet, color: str, width: float) -> list[alt.Chart]:
    features = [_feature([ring], sheet) for ring in edges]
    return [_shapes(features).mark_geoshape(filled=False, stroke=color, strokeWidth=width)] if features else []


def _cells(cells: list[tuple[str, list[np.ndarray]]], sheet: _Sheet) -> list[alt.Chart]:
    """Dashed lines between cells, each drawn once, and each cell's label near its north-west corner."""
    cells = [(label, [sheet.pixels(sheet.plane.ring(ring)) for ring in outline]) for label, outline in cells if outline]
    if not cells:
        return []
    ends = [tuple(sorted(map(tuple, pair))) for _, of in cells for ring in of for pair in _pairs(ring)]
    lines = {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": list(dict.fromkeys(ends))}}
    dashed = _shapes([lines]).mark_geoshape(filled=False, stroke=CELL, strokeWidth=0.8, strokeDash=[3, 2])
    words = [(label, *_north_west(outline[0])) for label, outline in cells]
    return [dashed, _words(pl.DataFrame(words, schema=["word", "x", "y"], orient="row"), sheet, color=GREY, size=10)]


def _pairs(ring: np.ndarray) -> list[list[list[float]]]:
    """The edges of a ring."""
    return np.stack([ring[:-1], ring[1:]], axis=1).tolist()


def _north_west(ring: np.ndarray) -> tuple[float, float]:
    """A little inside the corner of a ring that lies farthest to the upper left."""
    corner = ring[ring.sum(axis=1).argmin()]
    return float(corner[0]) + 5, float(corner[1]) + 11


def _at(sheet: _Sheet) -> dict[str, alt.X | alt.Y]:
    """Channels that take pixels as they are."""
    return {
        "x": alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, MAP_WIDTH], nice=False, zero=False)),
        "y": alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[sheet.height, 0], nice=False, zero=False)),
    }


def _words(words: pl.DataFrame, sheet: _Sheet, *, color: str, size: int, align: str = "left") -> alt.Chart:
    return (
        alt.Chart(words)
        .mark_text(align=align, baseline="middle", color=color, fontSize=size)
        .encode(**_at(sheet), text="word:N")
    )


def _points(placed: pl.DataFrame, sheet: _Sheet, status: str, styles: dict[str, tuple[str, str]]) -> list[alt.Chart]:
    if placed.is_empty():
        return []
    seen = set(placed[status])
    names = [name for name in styles if name in seen]
    x, y = sheet.pixels(sheet.plane.metres(placed["lon"].to_numpy(), placed["lat"].to_numpy())).T
    rank = placed[status].replace_strict(names, range(len(names)), default=-1, return_dtype=pl.Int64)
    spots = pl.DataFrame({"x": x, "y": y, "status": placed[status], "rank": rank}).sort("rank", "y", "x").drop("rank")
    legend = alt.Legend(columns=2, labelLimit=200, symbolSize=70)
    base = alt.Chart(spots).encode(
        **_at(sheet),
        fill=alt.Fill(
            "status:N", title=None, legend=legend, scale=alt.Scale(domain=names, range=[styles[n][0] for n in names])
        ),
        shape=alt.Shape(
            "status:N", title=None, legend=legend, scale=alt.Scale(domain=names, range=[styles[n][1] for n in names])
        ),
    )
    return [base.mark_point(size=64, opacity=1, stroke="#333a44", strokeWidth=0.6)]


def _foot(sheet: _Sheet, notes: tuple[str, ...], north: str) -> list[alt.Chart]:
    """A scale bar, which way north is, and the notes, under the map."""
    length = max((bar for bar in BARS if bar * sheet.metre <= MAP_WIDTH * BAR_SHARE), default=BARS[0])
    top, right = sheet.height - sheet.foot + 12, 4 + length * sheet.metre
    bar = pl.DataFrame({"x": [4.0, 4.0, right, right], "y": [top - 4.0, top, top, top - 4.0], "step": range(4)})
    words = pl.DataFrame(
        {"word": [f"{length} m" if length < 1000 else f"{length // 1000} km"], "x": [right + 6], "y": [top - 1.0]}
    )
    arrow = pl.DataFrame({"word": [f"{north} ↑"], "x": [MAP_WIDTH - 4.0], "y": [top - 1.0]})
    lines = pl.DataFrame(
        {"word": notes, "x": [4.0] * len(notes), "y": [top + 17.0 + LINE * place for place in range(len(notes))]},
        schema={"word": pl.String, "x": pl.Float64, "y": pl.Float64},
    )
    drawn = alt.Chart(bar).mark_line(color="#333a44", strokeWidth=1.4).encode(**_at(sheet), order="step:Q")
    dark = {"color": "#333a44", "size": 12}
    return [
        drawn,
        _words(words, sheet, **dark),
        _words(arrow, sheet, align="right", **dark),
        _words(lines, sheet, color="#5b6470", size=11),
    ]
