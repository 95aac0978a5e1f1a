"""Cells that hold coordinates: what is read, and by which name the rest is refused."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.clean.geo.cells import n_coarse, n_decimals, read_numbers, read_pairs, without_empty_pairs
from pipeline.clean.places.known_places import Places
from pipeline.clean.sheets.typing import Setting, type_column
from pipeline.contracts import Column, load_codebooks


def one(text):
    values, reason = read_numbers(pl.Series([text], dtype=pl.String))
    return values.item(), reason.item()


def pair(text, order="lon_lat"):
    values, reason = read_pairs(pl.Series([text], dtype=pl.String), order)
    return values.item() and tuple(values.item().values()), reason.item()


@pytest.mark.parametrize(
    "text",
    ["116.46", "１１６．４６", " 116.46 ", "116.46°", "116.46 度", "东经116.46", "116.46°E", "E116.46", "1.1646E2"],
)
def test_decimal_degrees_are_read_as_people_write_them(text):
    assert one(text) == (116.46, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("116.46,39.91", "coordinates_packed"),
        ("39.91 116.46", "coordinates_packed"),
        ("116.46，39.91", "coordinates_packed"),
        ("116.46；39.91", "coordinates_packed"),
        ("[116.46, 39.91]", "coordinates_packed"),
        ("POINT(116.46 39.91)", "coordinates_packed"),
        ("经度116.46 纬度39.91", "coordinates_packed"),
        ("lat:39.91,lng:116.46", "coordinates_packed"),
        ("116.46E 39.91N", "coordinates_packed"),
        ("39°54′", "coordinates_degrees"),
        ("39°54'30\"N", "coordinates_degrees"),
        ("116度27分30秒", "coordinates_degrees"),
        ("116º27", "coordinates_degrees"),
        ("116:27:36", "coordinates_degrees"),
        ("39°54'N 116°27'E", "coordinates_degrees"),
        ("NaN", "coordinates_not_finite"),
        ("-inf", "coordinates_not_finite"),
        ("1.#IND", "coordinates_not_finite"),
        ("1e999", "coordinates_not_finite"),
        ("东边", "bad_number"),
        ("约116.4", "bad_number"),
        ("3号楼2层", "bad_number"),
        ("116.4.6", "bad_number"),
    ],
)
def test_what_is_no_plain_number_is_told_apart_by_how_it_is_written(text, reason):
    assert one(text) == (None, reason)


def test_a_blank_is_no_fault():
    assert one(None) == one("  ") == (None, None)
    assert read_numbers(pl.Series([], dtype=pl.String))[0].dtype == pl.Float64


@pytest.mark.parametrize(
    "text", ['["110.19", "20.05"]', "[110.19, 20.05]", "110.19 20.05", "（110.19，20.05）", "POINT (110.19 20.05)"]
)
def test_a_pair_is_read_in_its_declared_order(text):
    assert pair(text) == ((110.19, 20.05), None)
    assert pair(text, "lat_lon") == ((20.05, 110.19), None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("110.19", "coordinates_half_missing"),
        ("[null, 20.05]", "coordinates_half_missing"),
        ('["nan", "20"]', "coordinates_not_finite"),
        ("110°11′ 20°3′", "coordinates_degrees"),
        ("[1, 2, 3]", "bad_number"),
        ("lat 20.05 lng 110.19", "bad_number"),  # says another order than the contract
        ("海口", "bad_number"),
    ],
)
def test_a_pair_that_is_none_is_refused(text, reason):
    assert pair(text) == (None, reason)


def test_an_empty_list_is_blank():
    assert without_empty_pairs(pl.Series(["[]", "[null, null]", "[1, 2]", None])).to_list() == [
        None,
        None,
        "[1, 2]",
        None,
    ]


def test_decimals_are_counted_as_received():
    assert n_decimals(pl.Series(["116.460", "116.46, 39.9", "116", None, "x"])).to_list() == [3, 1, 0, None, None]


@pytest.mark.parametrize(("n_few", "n"), [(2, 0), (3, 3)])
def test_coarse_rows_are_said_when_more_than_a_fifth_are(n_few, n):
    lon = pl.Series(["116.461"] * n_few + ["116.461234"] * (10 - n_few))
    assert n_coarse([lon, pl.Series(["39.912345"] * 10)]) == n


def test_blank_rows_do_not_make_the_rest_fine():
    assert n_coarse([pl.Series(["116.46", None, None, None]), pl.Series(["39.91", None, None, None])]) == 1


def typed(column, *texts):
    return type_column(column, pl.Series(texts, dtype=pl.String), Setting(load_codebooks(), Places(), "AA"))


def test_a_contract_column_is_typed_with_a_reason_for_each_row():
    found = typed(Column("lon", ("经度",), "coordinate", not_null=True), "116.46", "116,39", "39°54′", None)
    assert found.values.to_list() == [116.46, None, None, None]
    assert found.reason.to_list() == [None, "coordinates_packed", "coordinates_degrees", "missing_value"]


def test_a_contract_pair_is_typed():
    found = typed(
        Column("point", ("坐标",), "coordinate_pair", not_null=True, order="lat_lon"), "20.05,110.19", "[]", "1"
    )
    assert found.values.to_list() == [{"lon": 110.19, "lat": 20.05}, None, None]
    assert found.reason.to_list() == [None, "missing_value", "coordinates_half_missing"]
