"""Datums agree with published pairs; there and back again is the same point."""

from __future__ import annotations

import json
import os
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.geo.datums import convert, plain
from pipeline.clean.geo.distance import metres

HERE = Path(__file__).resolve().parents[3]
PAIRS = Path(os.environ.get("SPATIAL_CASES") or HERE.parent / "shared" / "fixtures" / "spatial")
FILES = ("coord_pairs_cities.csv", "coord_pairs_published.json")
needs_pairs = pytest.mark.skipif(
    not all((PAIRS / name).is_file() for name in FILES), reason="no pairs of coordinates in the folder of spatial cases"
)
DATUMS = ("wgs84", "gcj02", "bd09")
# Three of the 166 cities of gcoord's test/fixtures/china-cities.json (MIT), which looks like the answers of a map service.
CITIES = {
    "上海": {"wgs84": (121.4691633, 31.2323443), "gcj02": (121.4737061, 31.2304194), "bd09": (121.4802435, 31.2363541)},
    "丽江": {"wgs84": (100.2250547, 26.858669), "gcj02": (100.2261936, 26.8551291), "bd09": (100.232659, 26.8611837)},
    "腾冲": {"wgs84": (98.4906139, 25.0233959), "gcj02": (98.4909717, 25.020443), "bd09": (98.4974674, 25.0264579)},
}
# Given to 13 decimals by eviltransform's go/transform_test.go (MIT), which follows the same published formula.
FORMULA = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]


def converted(points: pl.DataFrame, source: str, target: str) -> pl.DataFrame:
    return points.select(convert(pl.col("lon"), pl.col("lat"), source=source, target=target).alias("pair")).unnest(
        "pair"
    )


def point(pair: tuple[float, float]) -> pl.DataFrame:
    return pl.DataFrame({"lon": [pair[0]], "lat": [pair[1]]})


def farthest(points: pl.DataFrame, others: pl.DataFrame) -> float:
    """The largest distance between corresponding points, in metres."""
    return metres(points["lon"], points["lat"], others["lon"], others["lat"]).max()


@pytest.mark.parametrize(("source", "target"), list(permutations(DATUMS, 2)))
@pytest.mark.parametrize("city", CITIES)
def test_a_city_stands_where_its_map_says(city, source, target):
    here, there = CITIES[city][source], CITIES[city][target]
    assert farthest(converted(point(here), source, target), point(there)) < 0.75


@pytest.mark.parametrize(("here", "there"), FORMULA)
def test_gcj02_is_the_published_formula(here, there):
    assert farthest(converted(point(here), "wgs84", "gcj02"), point(there)) < 0.0001


@needs_pairs
@pytest.mark.parametrize(("source", "target"), list(permutations(DATUMS, 2)))
def test_all_cities_agree_within_three_quarters_of_a_metre(source, target):
    cities = pl.read_csv(PAIRS / "coord_pairs_cities.csv")
    here, there = (cities.select(lon=f"{name}_lng", lat=f"{name}_lat") for name in (source, target))
    assert here.height
    apart = farthest(converted(here, source, target), there)
    assert apart < (0.012 if {source, target} == {"gcj02", "bd09"} else 0.75)


@needs_pairs
def test_published_pairs_agree_within_three_quarters_of_a_metre():
    published = json.loads((PAIRS / "coord_pairs_published.json").read_text(encoding="utf-8"))["wgs_gcj_lat_lng"]
    pairs = pl.DataFrame(published, schema=["lat", "lon", "to_lat", "to_lon"], orient="row")
    there = pairs.select(lon="to_lon", lat="to_lat")
    assert farthest(converted(pairs.select("lon", "lat"), "wgs84", "gcj02"), there) < 0.75
    assert farthest(converted(there, "gcj02", "wgs84"), pairs.select("lon", "lat")) < 0.75


@settings(max_examples=50, deadline=None)
@given(
    st.floats(73.5, 135.5), st.floats(17.0, 54.0), st.sampled_from(list(permutations((*DATUMS, "cgcs2000"), 2)))
)  # fmt: skip
def test_there_and_back_is_within_a_millimetre_anywhere_in_china(lon, lat, pair):
    here = point((lon, lat))
    assert farthest(converted(converted(here, *pair), *reversed(pair)), here) < 0.001


@pytest.mark.parametrize(("datum", "apart"), [("gcj02", 546), ("bd09", 1339), ("cgcs2000", 0)])
def test_how_far_the_datums_lie_apart_at_jianwai(datum, apart):
    here = point((116.460, 39.9087))
    assert farthest(converted(here, "wgs84", datum), here) == pytest.approx(apart, abs=1)


def test_no_point_stays_no_point():
    points = pl.DataFrame({"lon": [None, 116.46], "lat": [None, 39.91]}, schema={"lon": pl.Float64, "lat": pl.Float64})
    there = converted(points, "bd09", "wgs84")
    assert there.row(0) == (None, None) and None not in there.row(1)
    assert converted(points.clear(), "bd09", "wgs84").schema == points.schema


def test_cgcs2000_counts_as_wgs84():
    assert [plain(name) for name in ("cgcs2000", *DATUMS)] == ["wgs84", *DATUMS]
