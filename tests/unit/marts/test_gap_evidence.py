"""What the marts of gaps hold of facilities, maps and working stations: as last looked at by the last day of evidence."""

from __future__ import annotations

from datetime import date

from tests.unit.marts.small_world import ORIGIN, event, rows, world

LOG = [event("S1", "water", 3), event("S2", "water", 12)]  # evidence until 12 April
OF = "from mart.service_gap where station_id = 'QC-{}' and service_code = '{}'"


def looked(local: str, day: date, **more: object) -> dict:
    return {"station_id": f"QC-{local}", "area_code": "QC", "checked_on": day, **more, **ORIGIN}


def facility(kind: str, n: int | None, n_working: int | None, day: date = date(2023, 4, 1)) -> dict:
    known = {"facility_code": kind, "service_code": "charging", "n": n, "n_working": n_working}
    return looked("S1", day, **known)


def facilities(*found: dict) -> tuple[object, ...]:
    con = world(clean_service_events=LOG, clean_facilities=list(found))
    return rows(con, f"select n_facilities, n_facilities_working, facilities_checked_on {OF.format('S1', 'charging')}")[
        0
    ]


def test_facilities_of_a_service_are_added_up() -> None:
    assert facilities(facility("cable", 3, 2), facility("socket", 2, 0)) == (5, 2, date(2023, 4, 1))


def test_the_last_look_at_each_kind_counts() -> None:
    later = facility("cable", 4, 0, date(2023, 4, 10))
    assert facilities(facility("cable", 3, 3), later, facility("socket", 1, 1)) == (5, 1, date(2023, 4, 10))


def test_a_look_after_the_evidence_is_not_known_yet() -> None:
    assert facilities(facility("cable", 3, 3), facility("cable", 3, 0, date(2023, 4, 20)))[:2] == (3, 3)


def test_a_count_of_working_ones_nobody_noted_is_no_zero() -> None:
    assert facilities(facility("cable", 3, None)) == (None, None, None)


def test_no_list_is_empty_and_not_zero() -> None:
    con = world(clean_service_events=LOG)
    assert rows(con, f"select n_facilities, is_map_listed {OF.format('S2', 'rest')}") == [(None, None)]


def test_one_map_is_enough_and_the_last_look_at_each_counts() -> None:
    maps = [
        looked("S1", date(2023, 4, day), map_code=code, is_listed=listed)
        for code, day, listed in (("map_a", 1, True), ("map_a", 9, False), ("map_b", 2, True))
    ]
    con = world(clean_service_events=LOG, clean_map_listings=maps)
    assert rows(con, f"select is_map_listed {OF.format('S1', 'rest')}") == [(True,)]
    con = world(clean_service_events=LOG, clean_map_listings=maps[:2])
    assert rows(con, f"select is_map_listed {OF.format('S1', 'rest')}") == [(False,)]


def test_working_stations_of_a_cell_are_those_that_declare_it_and_work() -> None:
    ledger = [
        {"station_id": f"QC-{local}", "area_code": "QC", "service_code": "water", "is_offered": offered, "is_working": works,
         "valid_from": date(2023, 4, 1), **ORIGIN}
        for local, offered, works in (("S1", True, False), ("S2", True, True), ("S3", False, True))
    ]  # fmt: skip
    con = world(clean_service_events=LOG, clean_station_services=ledger)
    found = "select n_stations, n_stations_offering, n_stations_working from mart.service_gap_by_grid where service_code = '{}'"
    assert rows(con, found.format("water")) == [(2, 2, 1)]  # station 3 stands in no cell
    assert rows(con, found.format("rest")) == [(2, 0, 0)]
