"""GCJ-02 agrees with published pairs; there and back again is the same point."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipeline.clean.coordinates import gcj02_to_wgs84, wgs84_to_gcj02
from pipeline.clean.locate import box_of, locate
from pipeline.errors import PipelineError

PAIRS = Path(__file__).resolve().parents[3].parent / "shared" / "fixtures" / "spatial"
needs_pairs = pytest.mark.skipif(not PAIRS.is_dir(), reason="../shared/fixtures/spatial is not there")


def metres(lon, lat, lon2, lat2):
    """Distance of near points on a sphere."""
    east = np.radians(np.asarray(lon2) - lon) * np.cos(np.radians(lat)) * 6371008.8
    north = np.radians(np.asarray(lat2) - lat) * 6371008.8
    return np.hypot(east, north)


def cities():
    """Published WGS-84 and GCJ-02 of Chinese cities, as columns of numbers."""
    with (PAIRS / "coord_pairs_cities.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        np.array([float(row[name]) for row in rows]) for name in ("wgs84_lng", "wgs84_lat", "gcj02_lng", "gcj02_lat")
    ]


@needs_pairs
def test_cities_agree_within_three_quarters_of_a_metre():
    lon, lat, there_lon, there_lat = cities()
    assert metres(*wgs84_to_gcj02(lon, lat), there_lon, there_lat).max() < 0.75
    assert metres(*gcj02_to_wgs84(there_lon, there_lat), lon, lat).max() < 0.75


@needs_pairs
def test_published_pairs_agree_within_three_quarters_of_a_metre():
    pairs = np.array(json.loads((PAIRS / "coord_pairs_published.json").read_text(encoding="utf-8"))["wgs_gcj_lat_lng"])
    lat, lon, there_lat, there_lon = pairs.T
    assert metres(*wgs84_to_gcj02(lon, lat), there_lon, there_lat).max() < 0.75


def test_there_and_back_is_within_a_millimetre_all_over_china():
    lon, lat = (grid.ravel() for grid in np.meshgrid(np.linspace(74, 134, 61), np.linspace(19, 53, 35)))
    back = gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))
    assert metres(*back, lon, lat).max() < 0.001


def test_at_jianwai_the_datums_lie_545_metres_apart():
    lon, lat = np.array([116.455]), np.array([39.905])
    assert metres(*wgs84_to_gcj02(lon, lat), lon, lat).item() == pytest.approx(545, abs=5)


def located(lon, lat, datum="gcj02", box=(116.44, 39.90, 116.48, 39.92)):
    """One row located: the row and whether it was refused."""
    frame = pl.DataFrame({"lon": [lon], "lat": [lat]}, schema={"lon": pl.Float64, "lat": pl.Float64})
    rows, bad = locate(frame, datum, box)
    return rows.row(0, named=True), bad.item()


def test_the_raw_pair_and_its_datum_are_kept():
    row, bad = located(116.461, 39.911)
    assert (row["lon_raw"], row["lat_raw"], row["datum"], bad) == (116.461, 39.911, "gcj02", False)
    assert metres(row["lon"], row["lat"], 116.461, 39.911).item() == pytest.approx(545, abs=15)


def test_wgs84_is_left_alone():
    row, bad = located(116.461, 39.911, datum="wgs84")
    assert (row["lon"], row["lat"], bad) == (116.461, 39.911, False)


def test_a_blank_pair_is_unknown_not_wrong():
    row, bad = located(None, None)
    assert (row["lon"], row["lat"], row["datum"], bad) == (None, None, None, False)


@pytest.mark.parametrize(
    ("lon", "lat"), [(0.0, 0.0), (116.461, None), (None, 39.911), (39.911, 116.461), (117.461, 39.911)]
)
def test_a_pair_that_cannot_be_right_is_refused(lon, lat):
    assert located(lon, lat)[1]


def test_without_a_boundary_only_zero_and_half_pairs_are_refused():
    assert [located(*pair, box=None)[1] for pair in ((0.0, 0.0), (116.4, None), (100.0, 30.0))] == [True, True, False]


def test_an_unsupported_datum_stops_the_run_with_words():
    with pytest.raises(PipelineError) as caught:
        located(116.4, 39.9, datum="bd09")
    assert caught.value.exit_code == 11
    assert "bd09" in caught.value.problems[0].text("zh")


def test_an_empty_frame_is_located():
    rows, bad = locate(pl.DataFrame(schema={"lon": pl.Float64, "lat": pl.Float64}), "gcj02", None)
    assert (rows.height, len(bad), "datum" in rows.columns) == (0, 0, True)


def test_the_box_of_an_outline_is_its_extremes():
    assert box_of("POLYGON((116.1 39.9, 116.2 39.9, 116.2 39.95, 116.1 39.9))") == (116.1, 39.9, 116.2, 39.95)
