"""What is used: visits, keys, hours, and the difference between nothing and not known."""

from __future__ import annotations

from datetime import date, datetime

from tests.unit.marts.small_world import event, events, hours, interval, rows, station, world


def test_a_door_and_a_use_of_one_visit_are_never_added_up() -> None:
    con = world(clean_service_events=events())
    assert rows(con, "select station_id, event_kind_code, is_service_logged from mart.visit_grains") == [
        ("QC-S1", "entry", True),
        ("QC-S2", "use", True),
    ]
    # S1: 4 door scans (its 4 uses are not added). S2: 1 + 2 visits.
    assert rows(con, "select station_id, n_visits, n_keys from mart.station_profiles") == [
        ("QC-S1", 4, 2),
        ("QC-S2", 3, 1),
        ("QC-S3", None, None),
    ]
    # 4 + 3 visits; keys k1, k2, k3
    assert rows(con, "select month_on, origin, measure_code, value, n_stations, n_keys from mart.monthly_visits") == [
        (date(2023, 4, 1), "events", "visits", 7.0, 2, 3)
    ]


def test_nothing_used_is_zero_and_nothing_logged_is_empty() -> None:
    con = world(clean_service_events=events())
    sql = "select n_visits, n_visits_couriers, n_keys, n_served, n_stocked_out from mart.service_gap where station_id = 'QC-{}' and service_code = '{}'"
    assert rows(con, sql.format("S1", "water")) == [(3, 3, 2, 2, 1)]
    assert rows(con, sql.format("S1", "charging")) == [(1, 0, 0, 1, 0)]  # office staff are no couriers
    assert rows(con, sql.format("S1", "rest")) == [(0, 0, 0, 0, 0)]  # the log names services, never this one
    assert rows(con, sql.format("S3", "rest")) == [(None, None, None, None, None)]  # no log at all


def test_a_door_log_alone_says_nothing_of_services() -> None:
    con = world(clean_service_events=[event("S1", None, 3), event("S2", "rest", 12)])
    assert rows(con, "select distinct n_visits from mart.service_gap where station_id = 'QC-S1'") == [(None,)]
    assert rows(con, "select n_visits from mart.station_profiles where station_id = 'QC-S1'") == [(1,)]


def test_keys_rotate_by_month_so_the_largest_month_counts() -> None:
    may = datetime(2023, 5, 2, 9)
    more = [event("S2", "rest", 3, used_at=may, courier_key=key, user_group_code="courier") for key in ("a", "b")]
    con = world(clean_service_events=[*events(), *more])
    # S2 rest: k3 in April, a and b in May: 2, not 3
    assert rows(con, "select n_keys from mart.service_gap where station_id = 'QC-S2' and service_code = 'rest'") == [
        (2,)
    ]


def test_outcomes_and_hours_are_kept_apart() -> None:
    con = world(clean_service_events=events())
    found = rows(
        con,
        "select hour_at, n_visits, n_served, n_stocked_out, n_persons from mart.service_use "
        "where station_id = 'QC-S1' and service_code = 'water' order by 1",
    )
    assert found == [
        (datetime(2023, 4, 3, 10), 2, 2, 0, None),
        (datetime(2023, 4, 4, 10), 1, 0, 1, None),
    ]


def test_hours_know_how_many_such_days_the_log_covers() -> None:
    # Monday 3 April to Wednesday 12 April: 8 working days, 2 days of weekend; the visit at 22:00 was on Saturday the 8th
    con = world(clean_service_events=events())
    found = rows(
        con, "select is_weekend, hour, n_visits, n_days from mart.use_by_hour where user_group_code = 'courier'"
    )
    assert found == [(False, 10, 1, 8), (True, 22, 2, 2)]


def test_days_run_from_the_first_to_the_last_event() -> None:
    con = world(clean_service_events=events())
    assert rows(con, "select count(*), min(day_on), max(day_on) from mart.station_days where station_id = 'QC-S1'") == [
        (10, date(2023, 4, 3), date(2023, 4, 12))
    ]
    # S1 on the 5th: logged this month, no door scan that day: 0. S3 is in no log: empty; its hours are not known: empty
    day = "select n_visits, open_minutes from mart.station_days where day_on = '2023-04-05' and station_id = 'QC-{}'"
    assert rows(con, day.format("S1")) == [(0, 540)]
    assert rows(con, day.format("S3")) == [(None, None)]


def test_a_station_has_no_days_before_it_opens() -> None:
    late = station("S4", "fixed", "G1", opened_on=date(2023, 4, 11))
    con = world(clean_service_events=events(), clean_stations=[late])
    assert rows(con, "select count(*) from mart.station_days where station_id = 'QC-S4'") == [(2,)]


def test_closures_take_open_minutes_away_once() -> None:
    at = datetime(2023, 4, 5, 11)
    shut = [
        interval("S1", at, 180),  # 11:00-14:00: an hour before lunch and an hour after it
        interval("S1", datetime(2023, 4, 5, 13, 30), 60),  # 13:30-14:30 overlaps: half an hour more
        interval("S1", datetime(2023, 4, 5, 20), 60),  # outside opening hours: nothing
    ]
    con = world(clean_service_events=events(), clean_closures=shut)
    # 240 + 300 minutes a day, less 11-12, 13-14, 14-14:30 = 150
    sql = "select open_minutes, closed_minutes from mart.station_days where station_id = 'QC-S1' and day_on = '2023-04-05'"
    assert rows(con, sql) == [(390, 150)]
    pieces = "select opens_at::time::varchar, closes_at::time::varchar from mart.open_intervals where day_on = '2023-04-05' and station_id = 'QC-S1'"
    assert rows(con, pieces) == [("08:00:00", "11:00:00"), ("14:30:00", "18:00:00")]


def test_a_closure_without_an_end_lasts() -> None:
    con = world(clean_service_events=events(), clean_closures=[interval("S2", datetime(2023, 4, 10, 12), None)])
    found = rows(
        con, "select day_on, open_minutes from mart.station_days where station_id = 'QC-S2' and day_on >= '2023-04-09'"
    )
    assert [minutes for _, minutes in found] == [480, 180, 0, 0]  # 9-17 on the 9th, 9-12 on the 10th, shut after


def test_overlapping_hours_are_counted_once() -> None:
    con = world(clean_service_events=events(), clean_station_hours=[*hours("S2", 960, 1200)])  # 16-20 beside 9-17
    sql = "select distinct open_minutes from mart.station_days where station_id = 'QC-S2'"
    assert rows(con, sql) == [(660,)]  # 9-20


def test_stock_outs_count_while_the_station_is_open() -> None:
    out = interval("S2", datetime(2023, 4, 5, 16), 24 * 60, service_code="rest")  # 16:00 to 16:00 next day
    con = world(clean_service_events=events(), clean_stock_outs=[out])
    found = rows(con, "select day_on, stock_out_minutes from mart.stock_out_days")
    assert found == [(date(2023, 4, 5), 60), (date(2023, 4, 6), 420)]  # until 17:00; then 9:00-16:00
    sql = "select open_hours, stock_out_hours, visits_per_open_hour from mart.service_gap where station_id = 'QC-S2' and service_code = 'rest'"
    assert rows(con, sql) == [(80.0, 8.0, 3 / 80)]  # ten days of eight hours


def test_reported_months_stand_beside_counted_ones() -> None:
    count = {
        "station_id": "QC-S1", "area_code": "QC", "month_on": date(2023, 4, 1), "measure_code": "visits", "value": 90.0,
        "qualifier": "eq", "source_file_id": "f", "source_sheet": "", "source_row": 1,
    }  # fmt: skip
    con = world(clean_service_events=events(), clean_monthly_counts=[count])
    assert rows(con, "select origin, value, n_keys from mart.monthly_visits") == [
        ("events", 7.0, 3),
        ("reported", 90.0, None),
    ]
