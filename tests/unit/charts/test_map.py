"""The map: one scale in all directions, a bar that measures what it says, only what is given, and points alone where it would be too much."""

from __future__ import annotations

import json
from math import cos, radians

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import charts
from pipeline.charts.map import MAP_WIDTH, MOST_SHAPES
from pipeline.charts.plane import Plane, frame, rings

STYLES = {"好": (charts.GREEN, "circle"), "坏": (charts.RED, "square")}
SQUARE = "POLYGON((116.460 39.910, 116.461 39.910, 116.461 39.911, 116.460 39.911, 116.460 39.910))"


def stations(lon=(116.45, 116.47), lat=(39.90, 39.92)):
    return pl.DataFrame({"lon": lon, "lat": lat, "status": ["好", "坏"], "phone": ["13800000000", "13900000000"]})


def ground(n=1, **more):
    return charts.Ground(shapes=pl.DataFrame({"outline_wkt": [SQUARE] * n, "kind": ["楼宇"] * n}), **more)


def spec(points, under, **more):
    return charts.area_map(points, under, status="status", styles=STYLES, **more).to_dict()


def marks(drawn):
    return [layer["mark"]["type"] for layer in drawn["layer"]]


def rows_of(drawn, mark):
    """The rows behind the first layer of a mark."""
    layer = next(layer for layer in drawn["layer"] if layer["mark"]["type"] == mark)
    return layer["data"]["values"] if "values" in layer["data"] else drawn["datasets"][layer["data"]["name"]]


@given(lon=st.floats(74, 134), lat=st.floats(18, 53))
def test_a_hundred_metres_are_as_long_to_the_north_as_to_the_east(lon, lat):
    north = 100 / 111_132
    east = 100 / (111_320 * cos(radians(lat)))
    moved = Plane(lon, lat).metres(np.array([lon + east, lon]), np.array([lat, lat + north]))
    assert moved[0, 0] == pytest.approx(100, rel=0.005) and moved[1, 1] == pytest.approx(100, rel=0.006)


@given(st.lists(st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)), min_size=1, max_size=5))
def test_the_frame_holds_every_point_and_keeps_its_shape(points):
    west, south, east, north = frame([np.array(points)], margin=0.02, least=400, shape=(0.45, 1.4))
    assert all(west < x < east and south < y < north for x, y in points)
    assert 0.45 - 1e-9 <= (north - south) / (east - west) <= 1.4 + 1e-9 and east - west >= 400 - 1e-9


def test_the_scale_bar_measures_what_it_says():
    east = 1000 / 85_400  # degrees of about 1,000 m at this latitude
    drawn = spec(stations((116.46, 116.46 + east), (39.91, 39.91)), charts.Ground())
    spots = rows_of(drawn, "point")
    apart = abs(spots[0]["x"] - spots[1]["x"])
    bar = rows_of(drawn, "line")
    length = bar[-1]["x"] - bar[0]["x"]
    word = next(row["word"] for layer in drawn["layer"] if layer["mark"]["type"] == "text"
                for row in drawn["datasets"][layer["data"]["name"]] if row["word"].endswith(" m"))  # fmt: skip
    assert length / float(word.removesuffix(" m")) == pytest.approx(apart / 1000, rel=0.01)


def test_the_map_holds_only_what_it_draws():
    assert "13800000000" not in json.dumps(spec(stations(), ground()))


def test_what_has_no_place_is_not_drawn_at_zero():
    drawn = spec(stations((116.45, None), (39.90, None)), ground())
    assert [row["status"] for row in rows_of(drawn, "point")] == ["好"]


def test_nothing_to_draw_is_no_map():
    assert charts.area_map(stations().clear(), charts.Ground(), status="status", styles=STYLES) is None


def test_too_many_outlines_are_left_out_and_the_points_stay():
    assert "geoshape" in marks(spec(stations(), ground(MOST_SHAPES)))
    drawn = spec(stations(), ground(MOST_SHAPES + 1))
    assert "geoshape" not in marks(drawn) and len(rows_of(drawn, "point")) == 2


def test_an_outline_that_cannot_be_read_is_no_shape():
    under = charts.Ground(shapes=pl.DataFrame({"outline_wkt": [None, "", "POLYGON((1 2"], "kind": ["楼宇"] * 3}))
    assert "geoshape" not in marks(spec(stations(), under))


def test_a_courtyard_stays_open():
    court = SQUARE[:-1] + ", (116.4603 39.9103, 116.4606 39.9103, 116.4606 39.9106, 116.4603 39.9103))"
    drawn = spec(stations(), charts.Ground(shapes=pl.DataFrame({"outline_wkt": [court], "kind": ["楼宇"]})))
    assert len(rows_of(drawn, "geoshape")[0]["geometry"]["coordinates"]) == len(rings(court)) == 2


def test_north_is_up_and_nothing_leaves_the_width():
    spots = {row["status"]: row for row in rows_of(spec(stations(), ground()), "point")}
    assert spots["坏"]["y"] < spots["好"]["y"] and spots["坏"]["x"] > spots["好"]["x"]
    assert all(0 <= row["x"] <= MAP_WIDTH for row in spots.values())


def test_lines_shared_by_two_cells_are_drawn_once():
    other = "POLYGON((116.461 39.910, 116.462 39.910, 116.462 39.911, 116.461 39.911, 116.461 39.910))"
    cells = pl.DataFrame({"outline_wkt": [SQUARE, other], "label": ["G1", "G2"]})
    drawn = spec(stations(), charts.Ground(cells=cells))
    assert len(rows_of(drawn, "geoshape")[0]["geometry"]["coordinates"]) == 7


def test_it_is_drawn_in_chinese_with_its_notes():
    drawing = charts.svg(
        charts.area_map(stations(), ground(), status="status", styles=STYLES, notes=("WGS-84 坐标",), north="北")
    )
    assert all(text in drawing for text in ("WGS-84 坐标", "北 ↑", "楼宇", "坏"))
    assert charts.png(drawing)[:4] == b"\x89PNG"
