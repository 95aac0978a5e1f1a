"""Rows on the map: what is refused, by which name, and what is only said."""

from __future__ import annotations

from itertools import permutations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.geo.distance import metres, metres_per_degree
from pipeline.clean.geo.locate import locate
from pipeline.clean.geo.outline import read_outline

OUTLINE = read_outline("POLYGON((116.44 39.90, 116.48 39.90, 116.48 39.92, 116.44 39.92, 116.44 39.90))")
SCHEMA = {"lon": pl.Float64, "lat": pl.Float64}
NORTH = 1 / metres_per_degree(pl.Series([39.92]))[1].item()  # degrees of latitude in a metre


def located(*pairs, datum="wgs84", outline=OUTLINE):
    return locate(pl.DataFrame(list(pairs), schema=SCHEMA, orient="row"), datum, outline)


def reasons(*pairs, **more):
    return located(*pairs, **more).rows["reason_code"].to_list()


@pytest.mark.parametrize(
    ("lon", "lat", "reason"),
    [
        (116.46, None, "coordinates_half_missing"),
        (None, 39.91, "coordinates_half_missing"),
        (0.0, None, "coordinates_half_missing"),
        (float("nan"), 39.91, "coordinates_not_finite"),
        (116.46, float("inf"), "coordinates_not_finite"),
        (0.0, 0.0, "coordinates_zero"),
        (0.0, 39.91, "coordinates_zero"),
        (12_957_000.0, 4_826_000.0, "coordinates_projected"),
        (116.46, 4_417_000.0, "coordinates_projected"),
        (39.91, 116.46, "coordinates_swapped"),
        (117.46, 39.91, "coordinates_outside"),
        (-116.46, 39.91, "coordinates_outside"),
    ],
)
def test_a_pair_that_cannot_be_right_is_refused_for_one_reason(lon, lat, reason):
    assert reasons((lon, lat)) == [reason]


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_a_pair_inside_is_accepted_and_kept_as_received(datum):
    row = located((116.461, 39.911), datum=datum).rows.row(0, named=True)
    assert (row["lon_raw"], row["lat_raw"], row["datum"], row["reason_code"]) == (116.461, 39.911, datum, None)
    apart = metres(*(pl.Series([row[name]]) for name in ("lon", "lat", "lon_raw", "lat_raw"))).item()
    assert apart == pytest.approx({"gcj02": 546, "bd09": 1339}.get(datum, 0), abs=15)


def test_a_blank_pair_is_unknown_not_wrong():
    row = located((None, None), datum="gcj02").rows.row(0, named=True)
    assert [row[name] for name in ("lon", "lat", "lon_raw", "lat_raw", "datum", "reason_code")] == [None] * 6


@settings(max_examples=50, deadline=None)
@given(st.floats(73.01, 135.99), st.floats(3.01, 53.99))
def test_every_pair_of_china_that_is_swapped_is_caught(lon, lat):
    assert reasons((lat, lon)) == ["coordinates_swapped"]
    assert reasons((lon, lat), outline=None) == [None]


@pytest.mark.parametrize(
    ("far", "reason", "notices"),
    [(-1, None, {}), (1, None, {"coordinates_near_boundary": 1}), (149, None, {"coordinates_near_boundary": 1}),
     (151, "coordinates_outside", {})],
)  # fmt: skip
def test_a_little_outside_is_said_farther_is_refused(far, reason, notices):
    found = located((116.46, 39.92 + far * NORTH))
    assert (found.rows["reason_code"].item(), found.notices) == (reason, notices)


def test_the_distance_is_measured_after_the_datum_is_changed():
    # as received 250 and 310 m north of the edge; GCJ-02 lies 148 m north of WGS-84 here: the places are 102 and 162 m out
    near, far = (116.466, 39.92 + 250 * NORTH), (116.466, 39.92 + 310 * NORTH)
    assert reasons(near, far, datum="gcj02") == [None, "coordinates_outside"]
    assert reasons(near, far) == ["coordinates_outside"] * 2


def test_without_a_boundary_china_is_the_boundary():
    assert reasons((100.0, 30.0), (139.7, 35.7), (116.46, None), outline=None) == [
        None, "coordinates_outside", "coordinates_half_missing",
    ]  # fmt: skip


def test_an_empty_sheet_is_located():
    found = located(datum="gcj02")
    assert found.rows.height == 0 and {"lon_raw", "lat_raw", "datum", "reason_code"} <= set(found.rows.columns)


@pytest.mark.parametrize("order", list(permutations([(116.46, 39.91), (39.91, 116.46), (0.0, 0.0)])))
def test_rows_keep_their_order(order):
    told = {116.46: None, 39.91: "coordinates_swapped", 0.0: "coordinates_zero"}
    assert reasons(*order) == [told[lon] for lon, _ in order]
