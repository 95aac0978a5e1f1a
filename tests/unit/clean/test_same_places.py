"""Places that look alike are counted, and nothing is decided about them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipeline.clean.places.same_places import look_alikes
from pipeline.contracts import Column, Source, Table

COLUMNS = (
    Column("local_code", ("编号",)), Column("name", ("名称",)), Column("lon", ("经度",), "coordinate"),
    Column("lat", ("纬度",), "coordinate"),
)  # fmt: skip
FIRST, SECOND = date(2023, 3, 31), date(2023, 6, 30)


def source(table="clean.stations"):
    return Source("s", "", "", (), "ledger", COLUMNS, (Table(table, {}, {}),), datum="wgs84")


def kept(*rows):
    """Rows of (file, as_of, code, name, address, lon)."""
    frame = pl.DataFrame(
        rows, schema=["source_file_id", "as_of", "local_code", "name", "address", "lon_raw"], orient="row",
        schema_overrides={"as_of": pl.Date, "lon_raw": pl.Float64},
    )  # fmt: skip
    return frame.with_columns(
        area_code=pl.lit("A"), source_sheet=pl.lit(""), lat_raw=pl.when(pl.col("lon_raw").is_not_null()).then(39.91)
    )


def said(*rows, table="clean.stations"):
    return look_alikes(source(table), kept(*rows)).rows()


@pytest.mark.parametrize("table", ["clean.stations", "clean.buildings", "clean.depots"])
def test_places_of_one_name_are_counted(table):
    rows = [
        ("f", FIRST, "1", "公共厕所", "甲路", 1.0), ("f", FIRST, "2", "公共 厕所", "乙路", 2.0),
        ("f", FIRST, "3", "东门", "丙路", 3.0), ("f", FIRST, "4", None, "丁路", 4.0), ("f", FIRST, "5", None, "戊路", 5.0),
    ]  # fmt: skip
    assert said(*rows, table=table) == [("f", "", "名称", "repeated_name", 2)]


def test_one_place_in_two_deliveries_is_one_place():
    assert said(("f", FIRST, "1", "东门", "甲路", 1.0), ("g", SECOND, "1", "东门", "甲路", 1.0)) == []


def test_one_name_in_two_files_of_one_register_is_counted_in_both():
    rows = [("f", FIRST, "1", "东门", "甲路", 1.0), ("g", FIRST, "2", "东门", "乙路", 2.0)]
    assert said(*rows) == [("f", "", "名称", "repeated_name", 1), ("g", "", "名称", "repeated_name", 1)]


def test_other_places_at_the_same_point_are_counted():
    rows = [
        ("f", FIRST, "1", "东门", "甲路", 1.0), ("f", FIRST, "2", "西门", "甲路", 1.0), ("f", FIRST, "3", "南门", "乙路", 2.0),
        ("f", FIRST, "4", "北门", "乙路", None), ("f", FIRST, "5", "后门", "乙路", None),
    ]  # fmt: skip
    assert said(*rows) == [("f", "", "经度、纬度", "coordinates_shared", 2)]


def test_what_is_no_register_has_no_look_alikes():
    rows = [("f", FIRST, "1", "东门", "甲路", 1.0), ("f", FIRST, "2", "东门", "乙路", 1.0)]
    assert said(*rows, table="clean.facilities") == []
    assert look_alikes(source(), kept(*rows).clear()).is_empty()
