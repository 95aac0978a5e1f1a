"""Coverage and access of the town, as counted on paper: by service, by hour, by place and by grid cell, and beside its mean."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.findings.covering.equity import place_rows, service_weights
from pipeline.findings.covering.grids import grid_rows
from pipeline.findings.covering.hours import hour_rows
from pipeline.findings.covering.places import covered_rows
from pipeline.findings.covering.reach import reaches
from pipeline.findings.covering.services import service_rows
from pipeline.findings.district import load_district
from pipeline.findings.district.rules import visits_per_hour
from tests.unit.findings.covering.town import B1, B2, DAY, TOTAL, cells, context, district, town, verdicts

WATER = 2 * 11.5 * 7  # B1 from 8:30 to 20:00


@pytest.fixture(scope="module")
def found():
    return district()


@pytest.fixture(scope="module")
def services(found) -> dict[str, dict]:
    return {row["service_code"]: row for row in service_rows(found).iter_rows(named=True)}


def one(rows: pl.DataFrame, **where: object) -> dict:
    return rows.filter(**where).row(0, named=True)


def test_numerator_and_denominator_are_counted_to_the_minute(services):
    water = services["water"]
    assert (water["courier_hours"], water["covered_hours"]) == (TOTAL, WATER)
    assert water["covered_share"] == pytest.approx(WATER / TOTAL)
    assert services["charging"]["covered_hours"] == B2
    assert water["desert_hours"] == pytest.approx(TOTAL - WATER)


def test_expected_coverage_weighs_each_stretch_by_the_chance_that_some_station_works(services):
    # S1 alone 8:30 to 16:00, with S2 to 18:00, S2 alone to 20:00
    hours = 7.5 * 0.75 + 2 * (1 - 0.25 * 0.5) + 2 * 0.5
    assert services["water"]["expected_hours"] == pytest.approx(2 * 7 * hours)
    assert services["charging"]["expected_share"] == pytest.approx(B2 / TOTAL)  # S3 certainly works
    band = services["water"]["expected_low"], services["water"]["expected_high"]
    assert band[0] < services["water"]["expected_share"] < band[1]
    assert services["charging"]["expected_low"] == services["charging"]["expected_high"] == pytest.approx(B2 / TOTAL)


def test_the_night_and_the_worst_tenth_stand_beside_the_mean(services):
    assert services["water"]["night_hours"] == 14  # B2 from 22 to 24
    assert (services["water"]["night_share"], services["charging"]["night_share"]) == (0, 1)
    assert (services["water"]["worst_decile_share"], services["charging"]["worst_decile_share"]) == (0, 0)


def test_places_without_any_and_stations_that_offer_are_counted(services):
    water, charging = services["water"], services["charging"]
    assert (water["n_desert_places"], charging["n_desert_places"], water["n_places"]) == (1, 1, 2)
    assert (water["n_stations"], water["n_stations_offering"], charging["n_stations_offering"]) == (4, 3, 1)
    assert (water["n_stations_unknown"], charging["n_stations_unknown"]) == (0, 1)
    assert (water["n_places_left_out"], water["left_out_hours"], water["n_stations_left_out"]) == (1, 7.0, 1)


def test_hours_missed_are_those_of_couriers_in_need(services):
    assert services["water"]["missed_hours"] == pytest.approx((B1 - WATER) * 0.5 + B2)
    assert services["charging"]["missed_hours"] == pytest.approx(B1 * 0.25)
    assert services["water"]["need_share"] == pytest.approx((B1 * 0.5 + B2) / TOTAL)
    assert services["water"]["n"] == 30


def test_rows_say_how_near_how_known_and_on_which_day(services):
    basis = [services["water"][name] for name in ("area_code", "radius_m", "walking_code", "detour", "hours_on")]
    assert basis == ["QC", 300.0, "straight_line", 1.3, DAY]


def test_each_hour_of_the_day_sums_the_days_of_its_kind(found):
    rows = hour_rows(found)
    assert rows.height == 2 * 2 * 24
    eight = one(rows, service_code="water", hour=8, is_weekend=False)
    assert (eight["n_days"], eight["courier_hours"], eight["couriers"]) == (5, 10, 2)
    assert (eight["covered_hours"], eight["covered_share"], eight["uncovered_share"]) == (5, 0.5, 0.5)
    assert eight["missed"] == pytest.approx(2 * 0.5 * 0.5)  # half of two couriers in need, half an hour
    weekend = one(rows, service_code="charging", hour=21, is_weekend=True)
    assert (weekend["courier_hours"], weekend["covered_share"]) == (2, 1)


def test_an_hour_without_couriers_has_a_reason_and_no_share(found):
    three = one(hour_rows(found), service_code="water", hour=3, is_weekend=False)
    assert (three["courier_hours"], three["covered_share"], three["reason_code"]) == (0, None, "no_couriers")


def test_hours_add_up_to_the_week(found, services):
    rows = hour_rows(found).group_by("service_code").agg(pl.col("courier_hours", "covered_hours").sum())
    for code, total, covered in rows.rows():
        assert (total, covered) == pytest.approx((services[code]["courier_hours"], services[code]["covered_hours"]))


@pytest.mark.parametrize("by", ["place", "grid"])
def test_places_and_cells_add_up_to_the_area(found, services, by):
    rows = covered_rows(found, by)
    assert rows.filter(service_code="water")["covered_hours"].sum() == pytest.approx(services["water"]["covered_hours"])
    assert rows.height == 4


def test_a_building_never_covered_is_a_desert(found):
    rows = covered_rows(found)
    charging = one(rows, building_id="QC-B1", service_code="charging")
    assert (charging["covered_share"], charging["open_hours"], charging["reason_code"]) == (0, 0, "desert")
    assert one(rows, building_id="QC-B1", service_code="water")["open_hours"] == pytest.approx(11.5 * 7)


def test_access_is_capacity_over_what_is_wanted_within_reach(found):
    cell = one(grid_rows(found), grid_id="QC-G2", service_code="charging")
    wanted = B2 * 0.5 * visits_per_hour(["charging"])[0]
    assert cell["visits_wanted"] == pytest.approx(wanted)
    assert cell["visits_reached"] == pytest.approx(2 * B2)  # S3 serves 2 an hour, and B2 alone is near
    assert cell["access"] == pytest.approx(2 * B2 / wanted)
    assert (cell["shortfall"], cell["reason_code"], cell["assumed_share"], cell["n"]) == (0, "", 0, 10)


def test_a_cell_without_a_station_in_reach_has_access_nought_and_says_desert(found):
    cell = one(grid_rows(found), grid_id="QC-G1", service_code="charging")
    wanted = B1 * 0.25 * visits_per_hour(["charging"])[0]
    assert (cell["access"], cell["reason_code"], cell["desert_share"]) == (0, "desert", 1)
    assert cell["shortfall"] == pytest.approx(wanted)


def test_supply_that_nobody_near_wants_is_idle(found):
    cell = one(grid_rows(found), grid_id="QC-G2", service_code="water")
    assert (cell["n_stations_offering"], cell["n_stations_idle"]) == (1, 1)  # S5
    assert one(grid_rows(found), grid_id="QC-G1", service_code="water")["n_stations_idle"] == 0


def test_supply_is_handed_out_whole(found):
    water = next(one for one in reaches(found) if one.service == "water")
    works, capacity = found.works[:, 1], found.capacity[:, 1]
    wanted_hours = {"S1": 9.5 * 7, "S2": 4 * 7}  # open while somebody in reach wants some
    supplied = sum(works[j] * capacity[j] * hours for j, hours in enumerate(wanted_hours.values()))
    assert water.reached.sum() == pytest.approx(supplied, rel=1e-9)


def test_a_service_nobody_was_asked_about_has_coverage_and_no_access():
    unasked = cells().filter(service_code="water")
    found = load_district(town(), context(), "QC", verdicts(), unasked)
    cell = one(grid_rows(found), grid_id="QC-G2", service_code="charging")
    assert (cell["covered_share"], cell["access"], cell["visits_wanted"], cell["reason_code"]) == (
        1,
        None,
        None,
        "not_asked",
    )
    charging = one(service_rows(found), service_code="charging")
    assert (charging["covered_hours"], charging["missed_hours"], charging["need_share"]) == (B2, None, None)


def test_places_stand_beside_their_mean_by_what_is_needed(found):
    rows = {(row["variable_code"], row["value_code"]): row for row in place_rows(found).iter_rows(named=True)}
    # in need over couriers' hours: charging 56 / 196, water 112 / 196, that is one to two
    assert service_weights(found).tolist() == pytest.approx([1 / 3, 2 / 3])
    assert rows["place_part", "all"]["covered_share"] == pytest.approx((2 / 3 * WATER + B2 / 3) / TOTAL)
    assert rows["place_part", "night"]["covered_share"] == pytest.approx(1 / 3)
    assert rows["place_part", "worst"]["covered_share"] == pytest.approx(1 / 3)  # all of it at B2
    assert rows["place_part", "worst"]["courier_hours"] == pytest.approx(TOTAL / 10)
    assert rows["grids", "QC-G1"]["covered_share"] == pytest.approx(2 / 3 * WATER / B1)
    parts = [rows["place_part", part]["covered_hours"] for part in ("day", "night")]
    assert sum(parts) == pytest.approx(rows["place_part", "all"]["covered_hours"])


def test_without_a_survey_services_weigh_alike():
    found = load_district(town(), context(), "QC", verdicts(), cells().clear())
    assert service_weights(found).tolist() == [0.5, 0.5]


def test_nothing_that_is_no_number_stands_in_a_table(found):
    for rows in (service_rows(found), hour_rows(found), grid_rows(found), covered_rows(found), place_rows(found)):
        floats = rows.select(pl.selectors.float())
        assert floats.select(pl.all_horizontal(pl.all().is_finite().fill_null(True)).all()).item()
