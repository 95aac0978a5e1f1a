"""A district is loaded from the warehouse with nothing silently dropped, and its rules are checked."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from pipeline.errors import CONTRACT, PipelineError
from pipeline.findings.district import load
from pipeline.findings.district.rule_checks import check_rules
from pipeline.findings.district.rules import PATH, hours_between, rules, walking
from tests.unit.findings.covering.town import B1, B2, ORIGIN, cells, context, district, town, verdicts, walk


def pairs(found) -> list[tuple[str, str, int]]:
    """Building, station and walking metres of every pair."""
    near = found.near
    ids = found.places["building_id"].to_list(), found.stations["station_id"].to_list()
    return [(ids[0][i], ids[1][j], round(m)) for i, j, m in zip(near.place, near.station, near.metres, strict=True)]


@pytest.fixture(scope="module")
def found():
    return district()


def test_what_has_no_place_on_the_map_or_no_hours_is_named_not_dropped(found):
    assert found.left_out.rows() == [("building", "QC-B3", 7.0), ("station", "QC-S4", 0.0)]
    assert (found.n_left_out("building"), found.n_left_out("station"), found.left_out_hours) == (1, 1, 7.0)
    assert found.presence.sum(axis=1).tolist() == [B1, B2]


def test_walks_are_the_straight_line_times_the_detour(found):
    assert pairs(found) == [("QC-B1", "QC-S1", 0), ("QC-B1", "QC-S2", 260), ("QC-B2", "QC-S3", 130)]
    assert found.walking_code == "straight_line"


def test_a_silent_ledger_is_no_offer_and_is_counted(found):
    charging, water = 0, 1
    assert found.services == ("charging", "water")
    assert found.offers[:, water].tolist() == [True, True, False, True]
    assert found.offers[:, charging].tolist() == [False, False, True, False]
    assert found.is_untold[:, charging].tolist() == [False, True, False, False]


def test_a_service_that_is_not_offered_never_works(found):
    assert found.works[:, 1].tolist() == [0.75, 0.5, 0.0, 1.0]
    assert np.isfinite(found.works).all()


def test_need_is_that_of_the_cell_a_building_stands_in(found):
    assert found.need.tolist() == [[0.25, 0.5], [0.5, 1.0]]


def test_capacity_is_the_ledgers_where_it_says_one_and_assumed_elsewhere(found):
    assert (found.capacity[2, 0], found.capacity_basis[2, 0]) == (2.0, "declared")
    assert found.capacity_basis[0, 1] == "assumed"


def test_measured_walks_win_and_buildings_without_any_keep_the_straight_line():
    walks = [walk("B1", "S2", 90), walk("B1", "S3", 301), walk("B1", "S4", 10)]
    found = district(clean_walking_distances=walks)
    assert pairs(found) == [("QC-B1", "QC-S2", 90), ("QC-B2", "QC-S3", 130)]
    assert found.walking_code == "mixed"
    assert district(clean_walking_distances=[*walks, walk("B2", "S3", 20)]).walking_code == "measured"


def test_a_station_shut_without_end_covers_nothing():
    closure = {
        "station_id": "QC-S1",
        "area_code": "QC",
        "started_at": datetime(2023, 4, 5, 9),
        "ended_at": None,
        **ORIGIN,
    }
    assert not district(clean_closures=[closure]).week.open[0].any()
    over = closure | {"ended_at": datetime(2023, 4, 6, 9)}
    assert district(clean_closures=[over]).week.open[0].any()


def test_an_area_where_nobody_is_expected_is_no_district(monkeypatch):
    monkeypatch.setattr(load, "station_verdicts", lambda con, context: verdicts())
    monkeypatch.setattr(load, "grid_verdicts", lambda con, context: cells())
    con = town()
    assert [one.area for one in load.districts(con, context())] == ["QC"]
    con.execute("delete from clean.courier_presence")
    assert load.districts(con, context()) == ()


def test_the_rules_as_they_stand_are_in_order():
    assert rules()["walking"]["radius_m"] > 0 and walking().reach_m >= walking().radius_m


def test_hours_may_run_over_midnight():
    assert np.flatnonzero(hours_between(22, 2)[:24]).tolist() == [0, 1, 22, 23]


@pytest.mark.parametrize(
    ("block", "key", "value"),
    [
        ("walking", "radius_m", -1), ("walking", "radius_m", 0), ("walking", "detour", 0.9), ("walking", "catchment_m", float("nan")),
        ("walking", "kernel", "square"), ("walking", "speed", 1), ("night", "from", 25), ("night", "to", 22), ("station_per_hour", "water", -1),
        ("station_per_hour", "watr", 1), ("facility_per_hour", "microwave", float("inf")), ("visits_per_hour", "water", "many"),
        ("expected", "draws", 0), ("expected", "draws", 10.5), ("expected", "level", 2), ("worst", "part", -0.1),
        ("shifts", "day", [8]), ("shifts", "dawn", [4, 6]), ("shifts", "day", [8, 8]),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_stops_the_run_and_names_its_key(block, key, value):
    broken = {name: dict(table) for name, table in rules().items()}
    broken[block][key] = value
    with pytest.raises(PipelineError) as told:
        check_rules(broken, PATH)
    assert told.value.exit_code == CONTRACT
    assert f"[{block}]" in str(told.value) and (key in str(told.value) or block == "night")


def test_all_mistakes_of_the_rules_are_told_at_once():
    broken = {name: dict(table) for name, table in rules().items() if name != "worst"}
    broken["walking"]["detour"] = 0
    del broken["visits_per_hour"]["default"]
    with pytest.raises(PipelineError) as told:
        check_rules(broken, PATH)
    assert len(told.value.problems) == 4  # worst, its part, detour, default
