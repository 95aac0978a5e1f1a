"""stations.geojson: points as RFC 7946 wants them, the datum named, nobody left out in silence."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipeline.export.stations import geojson
from pipeline.findings.finding import Context
from tests.unit.export.small_register import register_warehouse


def layer(ends_on=date(2023, 6, 30), **more):
    labels = {("services", "water"): ("饮水", "Drinking water")}
    context = Context("2023Q2", date(2023, 4, 1), ends_on, None, False, ("AA", "BB"), labels=labels, **more)
    return json.loads(geojson(register_warehouse(), context))


@pytest.fixture(scope="module")
def points():
    return layer()


def test_it_is_a_collection_of_points_in_wgs84(points):
    """RFC 7946: longitude first; WGS-84 without a crs member; an id and a geometry for every feature."""
    assert (points["type"], points["datum"], points["坐标系"]) == ("FeatureCollection", "WGS-84", "WGS-84")
    assert "crs" not in points
    (east,) = points["features"]
    assert set(east) == {"type", "id", "geometry", "properties"} and (east["type"], east["id"]) == ("Feature", "AA-S1")
    assert east["geometry"] == {"type": "Point", "coordinates": [116.4162, 39.9114]}
    assert east["properties"]["坐标系"] == "WGS-84"


def test_a_station_without_a_place_is_named(points):
    assert points["without_coordinates"] == ["AA-S2", "AA-S3", "BB-S1"]


def test_services_are_those_declared_at_the_end_of_the_period(points):
    assert points["features"][0]["properties"]["services"] == ["charging", "water"]
    assert points["features"][0]["properties"]["services_zh"] == ["charging", "饮水"]
    (then,) = layer(date(2023, 4, 30))["features"]
    assert then["properties"]["services"] == ["water"]


def test_what_a_later_ledger_no_longer_says_has_ended():
    con = register_warehouse()
    con.execute("delete from clean.station_services where service_code = 'water' and valid_from = date '2023-05-31'")
    context = Context("2023Q2", date(2023, 4, 1), date(2023, 6, 30), None, False, ("AA",))
    (east,) = json.loads(geojson(con, context))["features"]
    assert east["properties"]["services"] == ["charging"]


def test_simulated_stations_say_so():
    assert "模拟数据" in layer(is_simulated=True)["note"] and "note" not in layer()
