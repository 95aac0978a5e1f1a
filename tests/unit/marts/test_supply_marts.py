"""What is promised, declared and checked; periods; the programme; totals; rows."""

from __future__ import annotations

from datetime import date, datetime

from tests.unit.marts.small_world import ORIGIN, event, events, hours, respondent, rows, survey, wave, world

PROMISE = {"area_code": "QC", "rule_set_code": "ba_ke", "label_zh": "渴可饮水", "valid_from": date(2023, 1, 1)}


def service(local: str, name: str, offered: bool | None, start: date, end: date | None = None) -> dict:
    return {
        "station_id": f"QC-{local}", "area_code": "QC", "service_code": name, "is_offered": offered,
        "valid_from": start, "valid_to": end, **ORIGIN,
    }  # fmt: skip


def check(local: str, name: str, status: str, day: date) -> dict:
    return {
        "station_id": f"QC-{local}",
        "area_code": "QC",
        "service_code": name,
        "status_code": status,
        "checked_on": day,
        **ORIGIN,
    }


def supply(con, local: str, name: str, columns: str) -> tuple:
    return rows(
        con, f"select {columns} from mart.service_supply where station_id = 'QC-{local}' and service_code = '{name}'"
    )[0]


def test_a_period_reaches_to_its_last_event_or_answer() -> None:
    con = world(**wave(), **survey([respondent(1, "water", "")]), clean_service_events=events())
    assert rows(con, "select period_code, starts_on, ends_on, first_on, last_on, is_partial from mart.periods") == [
        ("2023Q2", date(2023, 4, 1), date(2023, 6, 30), date(2023, 4, 3), date(2023, 4, 12), True)
    ]


def test_an_answer_counts_in_the_quarter_its_wave_closed() -> None:
    early = respondent(1, "water", "", submitted_at=datetime(2023, 3, 30, 9))
    con = world(**wave(), **survey([early]))
    assert rows(con, "select period_code, first_on, last_on from mart.periods") == [
        ("2023Q2", date(2023, 4, 1), date(2023, 4, 1))
    ]


def test_without_evidence_there_is_no_period() -> None:
    assert rows(world(), "select * from mart.periods") == []


def test_what_is_declared_is_what_the_ledger_valid_then_says() -> None:
    ledgers = [
        service("S1", "water", False, date(2022, 12, 31), date(2023, 3, 30)),
        service("S1", "water", True, date(2023, 3, 31)),
        service("S1", "charging", True, date(2022, 12, 31), date(2023, 3, 30)),
        service("S1", "charging", False, date(2023, 3, 31)),
    ]
    con = world(clean_service_events=events(), clean_station_services=ledgers)
    assert supply(con, "S1", "water", "is_offered") == (True,)
    assert supply(con, "S1", "charging", "is_offered") == (False,)
    assert supply(con, "S1", "rest", "is_offered") == (None,)  # the ledger does not say


def test_a_promise_belongs_to_a_place_and_a_date() -> None:
    promises = [
        {**PROMISE, "service_code": "water", "valid_to": None},
        {**PROMISE, "service_code": "rest", "valid_to": date(2023, 4, 11)},  # over on the last day, 12 April
    ]
    con = world(clean_service_events=events(), ref_service_promises=promises)
    assert [supply(con, "S1", name, "is_promised")[0] for name in ("water", "rest", "charging")] == [True, False, False]
    assert supply(world(clean_service_events=events()), "S1", "water", "is_promised") == (
        None,
    )  # no promise is recorded


def test_the_last_check_says_whether_it_works() -> None:
    checks = [
        check("S1", "water", "not_met", date(2023, 3, 1)),  # before the quarter: counts for is_working only
        check("S1", "water", "met", date(2023, 4, 4)),
        check("S1", "water", "unknown", date(2023, 4, 6)),  # says nothing
        check("S1", "charging", "met", date(2023, 3, 1)),
        check("S1", "rest", "met", date(2023, 5, 1)),  # after the last day with evidence
    ]
    con = world(clean_service_events=events(), clean_service_checks=checks)
    columns = "is_working, n_checks, share_checks_met"
    assert supply(con, "S1", "water", columns) == (True, 2, 1.0)
    assert supply(con, "S1", "charging", columns) == (True, 0, None)
    assert supply(con, "S1", "rest", columns) == (None, 0, None)


def test_hours_of_a_week_add_up() -> None:
    con = world(clean_service_events=events())
    # (4 + 5) hours on 7 days = 3780 minutes; S3 is not known
    assert supply(con, "S1", "water", "open_minutes_per_week") == (3780,)
    assert supply(con, "S3", "water", "open_minutes_per_week") == (None,)


def test_overlapping_hours_of_a_week_are_counted_once() -> None:
    con = world(clean_service_events=events(), clean_station_hours=hours("S2", 960, 1200))  # 16-20 beside 9-17
    assert supply(con, "S2", "water", "open_minutes_per_week") == (7 * 660,)


def test_services_without_a_check_are_not_said_to_fail() -> None:
    con = world(clean_service_events=events(), clean_station_services=[service("S1", "water", True, date(2023, 1, 1))])
    assert rows(con, "select n_services_offered, n_services_working from mart.station_profiles") == [
        (1, None),
        (None, None),
        (None, None),
    ]


def test_standards_count_every_station_once() -> None:
    def checked(local: str, status: str, day: int) -> dict:
        return {
            "station_id": f"QC-{local}", "area_code": "QC", "standard_code": "signage", "status_code": status,
            "checked_on": date(2023, 4, day), **ORIGIN,
        }  # fmt: skip

    checks = [checked("S1", "not_met", 3), checked("S1", "met", 5), checked("S2", "partly", 4)]
    con = world(clean_service_events=events(), clean_standard_checks=checks)
    columns = "class_code, n_stations, n_met, n_partly, n_not_met, n_unknown, n_not_checked"
    assert rows(con, f"select {columns} from mart.standards_progress") == [
        ("fixed", 1, 1, 0, 0, 0, 0),
        ("social", 2, 0, 1, 0, 0, 1),
    ]


def test_staff_rankings_of_a_quarter_count_the_last_one_of_a_station() -> None:
    def ranked(local: str, day: int, *names: str) -> list[dict]:
        return [
            {
                "station_id": f"QC-{local}",
                "area_code": "QC",
                "as_of": date(2023, 4, day),
                "rank": i,
                "service_code": name,
                **ORIGIN,
            }
            for i, name in enumerate(names, start=1)
        ]

    rankings = [*ranked("S1", 3, "rest"), *ranked("S1", 9, "water", "charging"), *ranked("S2", 9, "charging", "water")]
    rankings += ranked("S3", 9, "water")
    con = world(clean_staff_rankings=rankings)
    # two places: first choice 2 points, second 1. water 2 + 1 + 2, charging 1 + 2; the ranking of 3 April is replaced
    columns = "service_code, n_stations, n_named, n_first, mean_rank, n_points, rank_order"
    assert rows(con, f"select {columns} from mart.staff_priorities order by rank_order") == [
        ("water", 3, 3, 2, 4 / 3, 5, 1),
        ("charging", 3, 2, 1, 1.5, 3, 2),
    ]


def test_published_totals_are_compared_with_their_qualifier() -> None:
    def published(measure: str, value: float, qualifier: str) -> dict:
        return {
            "area_code": "QC", "measure_code": measure, "label_zh": measure, "label_en": measure, "value": value,
            "qualifier": qualifier, "source": "news", "as_of": date(2023, 5, 14),
        }  # fmt: skip

    totals = [
        published("stations", 3.0, "eq"),
        published("stations_social", 3.0, "eq"),
        published("residents", 45000.0, "approx"),
    ]
    con = world(ref_published_totals=totals)
    columns = "measure_code, published, counted, agrees, difference"
    assert rows(con, f"select {columns} from mart.total_reconciliation") == [
        ("residents", 45000.0, None, None, None),
        ("stations", 3.0, 3.0, True, 0.0),
        ("stations_social", 3.0, 2.0, False, -1.0),
    ]


def test_the_programme_is_counted_by_quarter_and_nothing_is_absent() -> None:
    day = {"area_code": "QC", "station_id": None, "label_zh": "清凉日", **ORIGIN}
    days = [
        {**day, "activity_id": "1", "held_on": date(2023, 4, 20), "n_items": 100, "n_visits": 80},
        {**day, "activity_id": "2", "held_on": date(2023, 5, 20), "n_items": 50, "n_visits": None},
        {**day, "activity_id": "3", "held_on": date(2022, 7, 20), "n_items": 7, "n_visits": 7},
    ]
    con = world(clean_activity_days=days)
    assert rows(con, "select period_code, measure_code, n from mart.programme_activity") == [
        ("2022Q3", "activity_days", 1),
        ("2022Q3", "activity_items", 7),
        ("2022Q3", "activity_visits", 7),
        ("2023Q2", "activity_days", 2),
        ("2023Q2", "activity_items", 150),
        ("2023Q2", "activity_visits", 80),
    ]


def test_two_areas_never_mix() -> None:
    other = event("S1", "water", 3, area_code="QD", station_id="QD-S1")
    con = world(clean_service_events=[*events(), other])
    found = rows(con, "select area_code, value from mart.monthly_visits")
    assert found == [("QC", 7.0), ("QD", 1.0)]
