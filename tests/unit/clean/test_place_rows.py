"""The rows of one source on the map: each file judged by itself, every refused row accounted for by its columns."""

from __future__ import annotations

import polars as pl

from pipeline.clean.geo.datums import wgs84_to_gcj02
from pipeline.clean.geo.outline import read_outline
from pipeline.clean.geo.place_rows import heading, place_rows
from pipeline.contracts import Column, Source, Table

BUILDINGS = pl.DataFrame({"building_id": ["A-B1", "A-B2"], "lon": [116.45, 116.47], "lat": [39.905, 39.915]})
OUTLINES = {"A": read_outline("POLYGON((116.44 39.90, 116.48 39.90, 116.48 39.92, 116.44 39.92, 116.44 39.90))")}
COLUMNS = (
    Column("local_code", ("编号",)),
    Column("building_id", ("楼宇",), "building"),
    Column("lon", ("经度", "X"), "coordinate"),
    Column("lat", ("纬度", "Y"), "coordinate"),
)
STATIONS = Source("s", "", "", (), "ledger", COLUMNS, (Table("clean.stations", {}, {}),), datum="gcj02")


def delivery(file_id, lon, lat, sheet="台账"):
    """A file with a station at each of the two buildings, at these places."""
    return pl.DataFrame(
        {"local_code": ["S1", "S2"], "building_id": ["A-B1", "A-B2"], "lon": lon, "lat": lat, "area_code": "A",
         "source_file_id": file_id, "source_sheet": sheet, "source_row": [5, 6]}
    )  # fmt: skip


RIGHT = delivery("right", *wgs84_to_gcj02(BUILDINGS["lon"], BUILDINGS["lat"]))
WRONG = delivery("wrong", BUILDINGS["lon"], BUILDINGS["lat"])


def test_each_file_is_judged_by_itself():
    placed = place_rows(STATIONS, pl.concat([WRONG, RIGHT]), OUTLINES, BUILDINGS)
    assert placed.kept["source_file_id"].unique().to_list() == ["right"]
    assert placed.kept.select("lon", "lat").rows() == BUILDINGS.select("lon", "lat").rows()
    told = placed.fates.select("source_file_id", "source_sheet", "source_row", "fate", "column_name", "reason_code")
    assert told.rows() == [("wrong", "台账", row, "rejected", "经度、纬度", "datum_contradicted") for row in (5, 6)]
    assert placed.refused["local_code"].to_list() == ["S1", "S2"] and placed.notices.is_empty()


def test_without_buildings_only_the_boundary_can_tell():
    placed = place_rows(STATIONS, pl.concat([WRONG, RIGHT]), OUTLINES, None)
    assert placed.kept.height == 4 and placed.fates.is_empty()
    far = delivery("far", [116.47, 117.47], [39.91, 39.91])
    placed = place_rows(STATIONS, far, OUTLINES, None)
    assert placed.fates["reason_code"].to_list() == ["coordinates_outside"]
    assert place_rows(STATIONS, far.with_columns(area_code=pl.lit("B")), OUTLINES, None).kept.height == 2


def test_what_is_only_said_names_the_columns_and_the_sheet():
    edge = delivery("edge", [116.466, 116.466], [39.9220, 39.9221])
    placed = place_rows(STATIONS, edge.with_columns(building_id=pl.lit(None, pl.String)), OUTLINES, BUILDINGS)
    assert placed.notices.rows() == [("edge", "台账", "经度、纬度", "coordinates_near_boundary", 2)]


def test_a_file_with_one_of_the_two_columns_has_no_place_in_any_row():
    placed = place_rows(STATIONS, RIGHT.drop("lon"), OUTLINES, BUILDINGS)
    assert placed.kept.is_empty() and placed.fates["reason_code"].to_list() == ["coordinates_half_missing"] * 2


def test_a_source_without_coordinates_comes_back_as_it_is():
    rows = RIGHT.drop("lon", "lat")
    placed = place_rows(Source("d", "", "", (), "ledger", (), ()), rows, OUTLINES, BUILDINGS)
    assert placed.kept.equals(rows) and placed.refused.is_empty() and placed.refused.columns == rows.columns
    assert place_rows(STATIONS, RIGHT.clear(), OUTLINES, BUILDINGS).kept.is_empty()


def test_a_pair_in_one_cell_is_named_by_its_own_heading():
    pair = Source(
        "p", "", "", (), "ledger", (Column("at", ("坐标",), "coordinate_pair", order="lon_lat"),), (), datum="bd09"
    )
    assert (heading(pair), heading(STATIONS)) == ("坐标", "经度、纬度")
