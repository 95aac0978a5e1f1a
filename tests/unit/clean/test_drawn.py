"""Outlines are in the datum of their file; what cannot be read, or lies elsewhere than its place, is left out and told."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.charts.plane import Plane, rings
from pipeline.clean.geo.datums import wgs84_to_gcj02
from pipeline.clean.geo.drawn import draw
from pipeline.clean.geo.outline import read_outline
from pipeline.clean.geo.place_rows import place_rows
from pipeline.contracts import Column, Source, Table

RING = [(116.4598, 39.9099), (116.4602, 39.9099), (116.4602, 39.9101), (116.4598, 39.9099)]


def wkt(points):
    return "POLYGON ((" + ", ".join(f"{lon:.7f} {lat:.7f}" for lon, lat in points) + "))"


def in_gcj02(points):
    lon, lat = wgs84_to_gcj02(*(pl.Series(axis) for axis in zip(*points, strict=True)))
    return list(zip(lon, lat, strict=True))


def building(outline, lon=116.46, lat=39.91, reason=None):
    return pl.DataFrame({"lon": [lon], "lat": [lat], "reason_code": [reason], "outline_wkt": [outline]},
                        schema_overrides={"reason_code": pl.String, "outline_wkt": pl.String})  # fmt: skip


@settings(deadline=None)
@given(st.floats(100, 125), st.floats(22, 45))
def test_an_outline_comes_back_where_it_was(lon, lat):
    points = [(lon, lat), (lon + 0.0004, lat), (lon + 0.0004, lat + 0.0003), (lon, lat)]
    rows, told = draw(building(wkt(in_gcj02(points)), lon, lat), "gcj02")
    moved = Plane(lon, lat).ring(rings(rows["outline_wkt"][0])[0])
    assert told == {} and moved == pytest.approx(Plane(lon, lat).ring(rings(wkt(points))[0]), abs=0.05)


def test_a_file_in_wgs84_keeps_its_text():
    assert draw(building(wkt(RING)), "cgcs2000")[0]["outline_wkt"][0] == wkt(RING)


def test_holes_and_several_parts_are_moved_with_it():
    text = wkt(in_gcj02(RING)).removeprefix("POLYGON ")
    several = f"MULTIPOLYGON ({text}, {text})"
    moved = draw(building(several), "gcj02")[0]["outline_wkt"][0]
    assert moved.startswith("MULTIPOLYGON") and len(read_outline(moved)) == 6


def test_an_outline_of_another_datum_is_left_out_and_told():
    rows, told = draw(building(wkt(in_gcj02(RING))), "wgs84")
    assert rows["outline_wkt"][0] is None and told == {"outline_apart": 1}


@pytest.mark.parametrize(
    "text", ["POLYGON((116.46 39.91", "POINT (116.46 39.91)", "矩形", "POLYGON((a b, c d, e f, a b))"]
)
def test_what_is_no_outline_is_left_out_and_told(text):
    rows, told = draw(building(text), "gcj02")
    assert rows["outline_wkt"][0] is None and told == {"outline_unreadable": 1}


def test_a_refused_row_is_told_once():
    assert draw(building("矩形", None, None, "coordinates_zero"), "gcj02")[1] == {}


def test_a_building_without_a_place_keeps_its_outline():
    rows, told = draw(building(wkt(in_gcj02(RING)), None, None), "gcj02")
    assert rows["outline_wkt"][0] is not None and told == {}


def test_the_notice_names_the_column_of_the_outline():
    columns = (
        Column("lon", ("经度",), "coordinate"),
        Column("lat", ("纬度",), "coordinate"),
        Column("outline_wkt", ("轮廓",)),
    )
    source = Source("b", "", "", (), "ledger", columns, (Table("clean.buildings", {}, {}),), datum="wgs84")
    rows = building("矩形").drop("reason_code").with_columns(
        area_code=pl.lit("A"), source_file_id=pl.lit("f"), source_sheet=pl.lit(""), source_row=pl.lit(2)
    )  # fmt: skip
    placed = place_rows(source, rows, {}, None)
    assert placed.kept.height == 1 and placed.notices.rows() == [("f", "", "轮廓", "outline_unreadable", 1)]
