"""The buildings tell which datum a file is in: never a wrong one, and no row in silence."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest

from pipeline.clean.geo.datum_proof import anchored, prove_datum
from pipeline.clean.geo.datums import convert
from pipeline.clean.geo.distance import metres_per_degree
from pipeline.clean.geo.locate import locate

DATUMS = ("wgs84", "gcj02", "bd09")
EAST, NORTH = (scale.item() for scale in metres_per_degree(pl.Series([39.91])))


def file(n, truth, *, noise_m=40.0, seed=7):
    """n rows in the true datum, each some metres (one standard deviation to the east and to the north) off its building."""
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(116.44, 116.48, n), rng.uniform(39.90, 39.92, n)
    off_lon, off_lat = rng.normal(0, noise_m, (2, n))
    at = pl.DataFrame(
        {"lon": lon + off_lon / EAST, "lat": lat + off_lat / NORTH, "_anchor_lon": lon, "_anchor_lat": lat}
    )
    pair = convert(pl.col("lon"), pl.col("lat"), source="wgs84", target=truth).alias("pair")
    return at.select(pair, "_anchor_lon", "_anchor_lat").unnest("pair")


def raw(rows):
    return rows.with_columns(lon_raw="lon", lat_raw="lat")


@pytest.mark.parametrize(("truth", "n"), list(product(DATUMS, [1, 3, 60])))
def test_with_forty_metres_of_noise_a_file_is_never_taken_for_another_datum(truth, n):
    proved = [prove_datum(raw(file(n, truth, seed=seed)), "gcj02").proved for seed in range(10)]
    assert set(proved) <= {truth, None}
    assert proved.count(truth) >= (10 if n > 1 else 9)  # one row alone may by chance lie more than 100 m off


@pytest.mark.parametrize(("truth", "declared"), list(product(DATUMS, (*DATUMS, "cgcs2000"))))
def test_a_file_that_contradicts_its_contract_goes_back_whole(truth, declared):
    found = locate(file(30, truth), declared, None)
    is_right = truth == ("wgs84" if declared == "cgcs2000" else declared)
    assert found.rows["reason_code"].unique().to_list() == [None if is_right else "datum_contradicted"]
    assert found.notices == {}
    assert found.rows["lon"].is_null().any() != is_right  # nothing refused is converted
    assert not {"_anchor_lon", "_anchor_lat"} & set(found.rows.columns)


def test_rows_without_a_building_go_back_with_their_file_and_other_faults_keep_their_reason():
    rows = file(4, "wgs84").with_columns(
        lon=pl.Series([116.46, 116.47, 0.0, None]), lat=pl.Series([39.91, 39.91, 0.0, None])
    )
    rows = pl.concat([file(10, "wgs84"), rows.with_columns(pl.lit(None).alias("_anchor_lon"))], how="vertical_relaxed")
    found = locate(rows, "gcj02", None).rows["reason_code"].to_list()
    assert found[10:] == ["datum_contradicted", "datum_contradicted", "coordinates_zero", None]


def test_single_rows_of_another_datum_are_picked_out():
    rows = pl.concat(
        [file(9, "gcj02", noise_m=5), file(2, "wgs84", noise_m=5, seed=1), file(1, "bd09", noise_m=5, seed=2)]
    )
    assert locate(rows, "gcj02", None).rows["reason_code"].to_list() == [None] * 9 + ["datum_mixed"] * 3


def test_a_station_far_from_its_building_is_not_taken_for_another_datum():
    rows = file(9, "gcj02", noise_m=5)
    rows = rows.with_columns(
        lat=pl.when(pl.int_range(pl.len()) == 4).then(pl.col("lat") + 600 / NORTH).otherwise("lat")
    )
    assert locate(rows, "gcj02", None).rows["reason_code"].null_count() == 9


def test_what_the_buildings_leave_open_is_said():
    rows = file(1, "gcj02", noise_m=0).with_columns(pl.col("lat") + 250 / NORTH)
    found = locate(rows, "gcj02", None)
    assert (found.rows["reason_code"].item(), found.notices) == (None, {"datum_unproved": 1})


def test_without_buildings_nothing_is_said():
    rows = file(3, "wgs84")
    for unknown in (
        rows.drop("_anchor_lon", "_anchor_lat"),
        rows.with_columns(pl.lit(None, pl.Float64).alias("_anchor_lon")),
    ):
        assert locate(unknown, "gcj02", None).notices == {}


def test_a_building_counts_once_and_only_where_its_place_is_known():
    buildings = pl.DataFrame({"building_id": ["A", "A", "B"], "lon": [1.0, 3.0, None], "lat": [2.0, 4.0, None]})
    rows = anchored(pl.DataFrame({"at": ["B", "A", None, "C"]}), buildings, "at")
    assert rows.rows() == [("B", None, None), ("A", 3.0, 4.0), (None, None, None), ("C", None, None)]
