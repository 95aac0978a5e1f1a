"""The map of stations: everybody counted, nobody dropped in silence, no line of administration where none may be shown."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from pipeline import charts, findings
from pipeline.findings.ground import approval_number, lines_of, notes_of
from pipeline.findings.station_map import MANY, STYLES
from pipeline.findings.words import phrases
from tests.unit.findings.small_district import district

EDGE = "POLYGON((116.39 39.89, 116.41 39.89, 116.41 39.91, 116.39 39.91, 116.39 39.89))"
# Stations 1 to 4 stand at 116.401 … 116.404, 85 m apart. A walk of 300 m is 231 m in a straight line: 0.0027 degrees east.
BUILDINGS = {"B1": (116.4010, 39.9), "B2": (116.4064, 39.9), "B3": (116.4070, 39.9), "B4": (None, None)}


def town():
    """The small district with four buildings: at station 1; 205 m and 256 m from station 4; one without a place."""
    con = district()
    for code, (lon, lat) in BUILDINGS.items():
        con.execute(
            "insert into clean.buildings by name select ? as building_id, 'QC' as area_code, ? as name, cast(? as double) as lon, "
            "cast(? as double) as lat, ? as outline_wkt, 'f' as source_file_id, '' as source_sheet, 1 as source_row",
            [f"QC-{code}", code, lon, lat, None if lon is None else square(lon, lat)],
        )
    con.execute("insert into clean.boundaries by name select 'QC' as area_code, ? as outline_wkt, 'x' as source, "
                "'f' as source_file_id, '' as source_sheet, 1 as source_row", [EDGE])  # fmt: skip
    con.execute("update clean.grids set outline_wkt = ?", [EDGE])
    return con


def square(lon, lat):
    corners = ((0, 0), (2, 0), (2, 2), (0, 2), (0, 0))
    return "POLYGON((" + ", ".join(f"{lon + x / 10_000} {lat + y / 10_000}" for x, y in corners) + "))"


@pytest.fixture(scope="module")
def con():
    return town()


@pytest.fixture(scope="module")
def context(con):
    return findings.context_for(con)


def answer(con, context):
    return findings.evaluate(con, ["station_map"], context)[0]


def geometries(result):
    drawn = result.chart.to_dict()
    layers = [layer for layer in drawn["layer"] if layer["mark"]["type"] == "geoshape"]
    return [value for layer in layers for value in drawn["datasets"][layer["data"]["name"]]]


def test_buildings_are_counted_by_what_a_walk_reaches(con, context):
    first = answer(con, context).table.row(0, named=True)
    assert (first["n_buildings"], first["n_buildings_far"], first["n_buildings_unplaced"]) == (3, 1, 1)


def test_stations_are_told_by_their_last_checks(con, context):
    states = answer(con, context).table.select("station_id", "n_services_failing", "map_status_code").rows()
    assert states == [("QC-S1", 0, "all_working"), ("QC-S2", 6, "many_failing"),
                      ("QC-S3", 0, "not_checked"), ("QC-S4", 0, "not_checked")]  # fmt: skip


def test_the_sentence_counts_what_the_table_holds(con, context):
    said = answer(con, context)
    assert (
        "4个驿站中，4个有坐标" in said.sentence_zh and "3栋有坐标的楼宇中，1栋步行300米内没有驿站" in said.sentence_zh
    )
    assert "另有1栋楼宇没有坐标" in said.sentence_zh and "1.3倍" in said.sentence_zh
    assert (
        "4 of 4 stations have coordinates" in said.sentence_en and "1 have no station within 300 m" in said.sentence_en
    )


def test_a_station_without_coordinates_is_named_and_kept(context):
    con = town()
    for table in ("clean.stations", "mart.station_profiles"):
        con.execute(f"update {table} set lon = null, lat = null where station_id = 'QC-S4'")
    result = answer(con, context)
    gone = result.table.filter(pl.col("station_id") == "QC-S4").row(0, named=True)
    assert (gone["lon"], gone["datum"]) == (None, None) and "没有坐标、图上没有的有1个：第4驿站。" in result.sentence_zh
    assert result.table["n_buildings_far"][0] == 2  # the building only it could reach


def test_a_measured_walk_wins_over_the_straight_line(context):
    con = town()
    con.execute("insert into clean.walking_distances by name select 'QC-B1' as building_id, 'QC' as area_code, 'QC-S1' as station_id, "
                "350.0 as walking_m, 'f' as source_file_id, '' as source_sheet, 1 as source_row")  # fmt: skip
    said = answer(con, context)
    assert said.table["n_buildings_far"][0] == 2 and said.table["walking_code"][0] == "mixed"
    assert "有实测步行距离的楼宇按实测" in said.sentence_zh


def test_without_any_building_nothing_is_claimed_of_them(context):
    con = town()
    con.execute("delete from clean.buildings")
    said = answer(con, context)
    assert "无从判断哪些楼宇附近没有驿站" in said.sentence_zh and said.table["n_buildings"].to_list() == [0] * 4
    assert said.table["n_buildings_far"].to_list() == [None] * 4  # of none, none is nearer: missing, not zero


def test_the_datum_stands_beside_every_pair(con, context):
    assert answer(con, context).table["datum"].to_list() == ["WGS-84"] * 4


def test_the_public_edition_lists_no_private_host_and_counts_with_them(con, context):
    said = answer(con, replace(context, audience="public"))
    assert said.table["class_code"].to_list() == ["fixed", "integrated"]
    assert "另有2个由社会单位承办" in said.sentence_zh and said.table["n_buildings_far"][0] == 1
    assert "第3驿站" not in str(said.chart.to_dict())


def test_the_office_sees_boundary_and_cells_and_reads_that_they_are_its_own(con, context):
    assert [len(lines) for lines in lines_of(con, context, "QC")] == [2, 1]
    assert any("内部使用" in note for note in notes_of(con, context, "QC", 3))


def test_the_public_sees_no_line_of_administration(con, context):
    public = replace(context, audience="public")
    assert [len(lines) for lines in lines_of(con, public, "QC")] == [0, 0]
    drawn = geometries(answer(con, public))
    assert drawn and all(shape["kind"] for shape in drawn)  # buildings only
    assert any("不画行政区域界线" in note for note in notes_of(con, public, "QC", 3))


def approved(number):
    con = town()
    con.execute("update clean.boundaries set map_approval_no = ?", [number])
    return con


def test_an_approved_boundary_is_drawn_with_its_number_and_still_no_cells(context):
    con, public = approved("GS(2024)1234号"), replace(context, audience="public")
    assert [len(lines) for lines in lines_of(con, public, "QC")] == [0, 1]
    assert "审图号：GS(2024)1234号" in notes_of(con, public, "QC", 3)
    assert "审图号：GS(2024)1234号" in charts.svg(answer(con, public).chart)


@pytest.mark.parametrize("number", [None, "", "  "])
def test_a_blank_number_approves_nothing(context, number):
    con = approved(number)
    assert approval_number(con, "QC") is None
    assert lines_of(con, replace(context, audience="public"), "QC")[1].is_empty()


def test_an_area_without_a_boundary_has_a_map_all_the_same(context):
    con = town()
    con.execute("delete from clean.boundaries")
    assert answer(con, context).chart is not None


def test_the_words_of_the_legend_say_the_threshold():
    assert all(str(MANY) in word for word in phrases()["lists"]["map_status"]["many_failing"])
    assert all(str(MANY - 1) in word for word in phrases()["lists"]["map_status"]["some_failing"])
    assert set(STYLES) == set(phrases()["lists"]["map_status"])
