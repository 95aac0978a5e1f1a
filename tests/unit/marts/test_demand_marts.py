"""Demand that was not served: what was asked for in the open time before a stock-out, and where only capacity is known.

S2 is open 9 to 17 every day (480 minutes) and logs uses; the log reaches from 3 to 12 April, ten days.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from unittest.mock import patch

import duckdb
import pytest

from pipeline.warehouse import marts
from tests.unit.marts import small_world
from tests.unit.marts.small_world import event, events, hours, interval, rows, station
from tests.unit.warehouse.empty import ORDER

FIVE = datetime(2023, 4, 5)
MINUTE = timedelta(minutes=1)
READ = (
    "periods",
    "scheduled_intervals",
    "open_intervals",
    "visit_grains",
    "service_use",
    "stock_out_days",
    "station_days",
)
MADE = (*READ, "service_days", "sold_out_days", "demand_days", "demand_rates")


def build_made(con: duckdb.DuckDBPyConnection) -> None:
    """The marts of demand and those they read alone: many worlds are built here."""
    with patch.object(marts, "order", lambda folder: [name for name in ORDER() if name in MADE]):
        marts.build(con)


def world(**more: list[dict]) -> duckdb.DuckDBPyConnection:
    with patch.object(small_world, "build_marts", build_made):
        return small_world.build_world(more)


def at(
    day: int, clock: str, outcome: str = "served", local: str = "S2", service: str | None = "rest", **more: object
) -> dict:
    hour, minute = map(int, clock.split(":"))
    return event(local, service, day, used_at=datetime(2023, 4, day, hour, minute), outcome_code=outcome, **more)


def out(start: datetime, minutes: int | None, local: str = "S2", service: str = "rest") -> dict:
    return interval(local, start, minutes, service_code=service)


def days(con, local: str = "S2", service: str = "rest") -> dict[int, tuple]:
    """Day of April → minutes and visits before the stock-out, all visits, sold out, its time known."""
    sql = (
        "select day(day_on), minutes_until_stock_out, n_visits_until_stock_out, n_visits, is_sold_out, is_stock_out_timed "
        f"from mart.demand_days where station_id = 'QC-{local}' and service_code = '{service}' order by 1"
    )
    return {day: tuple(told) for day, *told in rows(con, sql)}


def rate(con, columns: str, local: str = "S2", service: str = "rest") -> tuple:
    (found,) = rows(
        con, f"select {columns} from mart.demand_rates where station_id = 'QC-{local}' and service_code = '{service}'"
    )
    return found


def test_a_day_without_stock_out_counts_whole_and_a_day_without_a_record_is_zero() -> None:
    con = world(
        clean_service_events=events()
    )  # rest at S2: once on the 4th at 10:15, twice on the 8th at 22:15, when it is shut
    found = days(con)
    assert len(found) == 10
    assert found[3] == (480, 0, 0, False, None)
    assert found[4] == (480, 1, 1, False, None)
    assert found[8] == (480, 0, 2, False, None)  # a visit outside open hours is no visit of an open hour
    assert rate(con, "n_days, n_visits, open_hours, demand_basis_code, n_visits_until_stock_out") == (
        10,
        3,
        80.0,
        "uncensored",
        1,
    )


def test_the_time_before_a_written_stock_out_counts() -> None:
    seen = [at(5, "10:15"), at(5, "11:15"), at(5, "12:15", "stocked_out"), at(5, "14:15")]
    con = world(clean_service_events=[*events(), *seen], clean_stock_outs=[out(FIVE.replace(hour=12), 60)])
    assert days(con)[5] == (180, 2, 4, True, True)
    # nine whole days of eight hours with one visit in open hours, and three hours with two
    assert rate(con, "hours_until_stock_out, n_visits_until_stock_out, demand_basis_code") == (
        75.0,
        3,
        "until_stock_out",
    )
    assert rate(con, "visits_per_open_hour_until_stock_out, recorded_per_open_hour, served_per_open_hour") == (
        3 / 75, 5 / 80, 4 / 80,
    )  # fmt: skip
    assert rate(con, "visits_per_open_hour_at_least") == (5 / 80,)


def test_the_first_request_that_failed_tells_the_time_and_is_counted_itself() -> None:
    seen = [at(5, "10:15"), at(5, "12:15", "stocked_out"), at(5, "12:15", "stocked_out"), at(5, "13:15", "stocked_out")]
    assert days(world(clean_service_events=[*events(), *seen]))[5] == (195, 2, 4, True, True)


def test_the_earlier_of_ledger_and_log_holds() -> None:
    ledger = [out(FIVE.replace(hour=12), 60)]
    early = [at(5, "11:00", "stocked_out"), at(5, "11:30", "stocked_out")]
    late = [at(5, "10:15"), at(5, "12:30", "stocked_out")]
    assert days(world(clean_service_events=[*events(), *early], clean_stock_outs=ledger))[5] == (120, 1, 2, True, True)
    assert days(world(clean_service_events=[*events(), *late], clean_stock_outs=ledger))[5] == (180, 1, 2, True, True)


def test_refused_and_shut_out_visitors_asked_for_it_too() -> None:
    seen = [at(5, "10:15", "refused"), at(5, "11:15", "closed")]
    con = world(clean_service_events=[*events(), *seen], clean_stock_outs=[out(FIVE.replace(hour=12), 60)])
    assert days(con)[5] == (180, 2, 2, True, True)


def test_closures_and_breaks_are_no_time_before() -> None:
    # S1 8-12 and 13-18, shut 9-10; out of water from 12:30, within the break
    con = world(
        clean_service_events=events(),
        clean_closures=[interval("S1", FIVE.replace(hour=9), 60)],
        clean_stock_outs=[out(FIVE.replace(hour=12, minute=30), 120, "S1", "water")],
    )
    assert days(con, "S1", "water")[5] == (180, 0, 0, True, True)


def test_a_stock_out_that_lasts_leaves_the_next_days_no_time() -> None:
    con = world(
        clean_service_events=[*events(), at(7, "15:00")], clean_stock_outs=[out(FIVE.replace(hour=16), 42 * 60)]
    )
    found = days(con)  # the 5th 16:00 to the 7th 10:00
    assert found[5] == (420, 0, 0, True, True)
    assert found[6] == (0, 0, 0, True, True)
    assert found[7] == (0, 0, 1, True, True)
    assert found[8][3] is False


def test_a_stock_out_in_the_night_takes_nothing() -> None:
    con = world(clean_service_events=events(), clean_stock_outs=[out(FIVE.replace(hour=18), 14 * 60)])
    assert not any(told[3] for told in days(con).values())


def test_a_stock_out_without_a_time_of_day_leaves_its_day_unknown() -> None:
    ledger = [out(FIVE, None), out(datetime(2023, 4, 6), 0)]
    con = world(clean_service_events=[*events(), at(5, "10:15"), at(6, "9:30")], clean_stock_outs=ledger)
    found = days(con)
    assert found[5] == (None, None, 1, True, False)
    assert found[6] == (None, None, 1, True, False)
    assert found[7] == (480, 0, 0, False, None)
    # these days count whole: eighty hours, three visits in open hours; the two of the night are recorded all the same
    assert rate(con, "n_days_sold_out, n_days_untimed, hours_until_stock_out, n_visits_until_stock_out, demand_basis_code") == (
        2, 2, 80.0, 3, "at_least",
    )  # fmt: skip


def test_a_failed_request_gives_the_time_that_the_ledger_lacks() -> None:
    seen = [at(5, "10:15"), at(5, "15:00", "stocked_out")]
    con = world(clean_service_events=[*events(), *seen], clean_stock_outs=[out(FIVE, 0)])
    assert days(con)[5] == (360, 2, 2, True, True)


def test_records_without_a_time_of_day_cannot_be_cut() -> None:
    seen = [at(5, "0:00"), at(5, "10:15"), at(6, "0:00")]
    con = world(clean_service_events=[*events(), *seen], clean_stock_outs=[out(FIVE.replace(hour=12), 60)])
    found = days(con)
    assert found[5] == (None, None, 2, True, False)
    assert found[6] == (480, 1, 1, False, None)  # without a stock-out nothing is to be cut


def test_a_day_written_alone_is_that_day_if_somebody_is_served_on_the_next() -> None:
    con = world(clean_service_events=[*events(), at(7, "10:15")], clean_stock_outs=[out(FIVE, None)])
    assert [days(con)[day] for day in (5, 6, 7)] == [
        (None, None, 0, True, False), (0, 0, 0, True, True), (480, 1, 1, False, None),
    ]  # fmt: skip


def test_days_written_without_times_are_out_from_to_unless_somebody_was_served() -> None:
    con = world(
        clean_service_events=[*events(), at(6, "10:15")], clean_stock_outs=[out(FIVE, 2 * 24 * 60)]
    )  # 5th to 7th
    assert [days(con)[day] for day in (5, 6, 7)] == [
        (None, None, 0, True, False), (None, None, 1, True, False), (0, 0, 0, True, True),
    ]  # fmt: skip
    assert days(con)[8][3] is False


def test_without_an_end_it_lasts_through_the_day_it_is_served_again() -> None:
    con = world(
        clean_service_events=[*events(), at(7, "10:15"), at(9, "10:15")],
        clean_stock_outs=[out(FIVE.replace(hour=12), None)],
    )
    found = days(con)
    assert [found[day][:4] for day in (5, 6, 7, 8, 9)] == [
        (180, 0, 0, True), (0, 0, 0, True), (0, 0, 1, True), (480, 0, 2, False), (480, 1, 1, False),
    ]  # fmt: skip


def test_without_an_end_it_is_over_when_it_is_written_down_again() -> None:
    ledger = [out(datetime(2023, 4, day, 12), None) for day in (5, 6, 9)]
    found = days(world(clean_service_events=events(), clean_stock_outs=ledger))
    assert [found[day][0] for day in (4, 5, 6, 7, 8, 9, 10)] == [
        480,
        180,
        180,
        0,
        0,
        180,
        0,
    ]  # served on the 8th, at 22:15
    assert found[12][:4] == (0, 0, 0, True)  # never served again


def test_a_row_that_was_written_twice_ends_where_either_says() -> None:
    ledger = [out(FIVE.replace(hour=12), None), out(FIVE.replace(hour=12), 60), out(FIVE.replace(hour=12), 60)]
    found = days(world(clean_service_events=events(), clean_stock_outs=ledger))
    assert (found[5][0], found[6][:4]) == (180, (480, 0, 0, False))


def test_unknown_hours_give_no_rate() -> None:
    seen = [at(5, "10:15", local="S3"), at(6, "10:15", "stocked_out", local="S3")]
    con = world(clean_service_events=[*events(), *seen])
    assert days(con, "S3")[5] == (None, None, 1, False, None)
    assert days(con, "S3")[6] == (None, None, 1, True, True)
    assert rate(con, "n_visits, open_hours, visits_per_open_hour_until_stock_out, demand_basis_code", "S3") == (
        2, None, None, "hours_unknown",
    )  # fmt: skip


def test_a_stock_out_where_nothing_logs_the_service_is_kept_without_a_count() -> None:
    con = world(
        clean_service_events=[event("S1", None, 3), event("S2", "rest", 12)],
        clean_stock_outs=[out(FIVE.replace(hour=10), 60, "S1", "water")],
    )
    assert days(con, "S1", "water") == {5: (None, None, None, True, True)}
    assert rate(con, "n_days, n_days_sold_out, share_days_sold_out, n_visits, demand_basis_code", "S1", "water") == (
        0, 0, None, None, "no_log",
    )  # fmt: skip


def test_out_of_stock_throughout_gives_no_rate() -> None:
    con = world(clean_service_events=events(), clean_stock_outs=[out(datetime(2023, 4, 2, 12), 20 * 24 * 60)])
    assert rate(con, "hours_until_stock_out, visits_per_open_hour_until_stock_out, demand_basis_code") == (
        0.0,
        None,
        "never_available",
    )


@pytest.mark.parametrize(
    ("n_untimed", "basis", "until"),
    [(7, "at_least", 7 / 80), (8, "at_least_capacity", None), (10, "at_least_capacity", None)],
)
def test_sold_out_nearly_every_day_without_times_is_capacity_and_no_demand(
    n_untimed: int, basis: str, until: float | None
) -> None:
    gone = [out(datetime(2023, 4, day), 0) for day in range(3, 3 + n_untimed)]
    served = [at(day, "10:15") for day in range(3, 10)]
    con = world(
        clean_service_events=[event("S2", "water", 3), event("S2", "water", 12), *served], clean_stock_outs=gone
    )
    assert rate(con, "n_days_untimed, share_days_sold_out, demand_basis_code, is_at_least_capacity") == (
        n_untimed, n_untimed / 10, basis, basis == "at_least_capacity",
    )  # fmt: skip
    assert rate(con, "visits_per_open_hour_until_stock_out, visits_per_open_hour_at_least") == (until, 7 / 80)


def test_sold_out_every_day_with_times_is_a_rate() -> None:
    gone = [out(datetime(2023, 4, day, 13), 240) for day in range(3, 13)]
    served = [at(day, "10:15") for day in range(3, 13)]
    con = world(clean_service_events=served, clean_stock_outs=gone)
    assert rate(con, "visits_per_open_hour_until_stock_out, recorded_per_open_hour, demand_basis_code") == (
        10 / 40,
        10 / 80,
        "until_stock_out",
    )


def test_a_door_scan_asks_for_no_service() -> None:
    con = world(clean_service_events=events(), clean_stock_outs=[out(FIVE.replace(hour=9), 60, "S1", "water")])
    assert rows(con, "select distinct service_code from mart.demand_days where station_id = 'QC-S1' order by 1") == [
        ("charging",),
        ("water",),
    ]


# ------------------------------------------------------------------ many days at random, against a count minute by minute
OPEN = {"S1": [(480, 720), (780, 1080)], "S2": [(540, 1020)]}


def random_world(seed: int) -> tuple[list[dict], list[dict], list[dict]]:
    rng = Random(seed)
    seen = [
        at(rng.randint(3, 12), f"{rng.randint(7, 19)}:{rng.choice((0, 15, 30))}", rng.choice(("served",) * 4 + ("stocked_out", "refused")),
           local, service, n_visits=rng.choice((1, 1, 3)))
        for local in OPEN for service in ("water", "rest") for _ in range(30)
    ]  # fmt: skip
    gone = [
        out(datetime(2023, 4, day, rng.randint(6, 19), rng.choice((0, 15))), rng.choice((30, 300, 1500)), local, service)
        for local in OPEN for service in ("water", "rest") for day in rng.sample(range(3, 13), 4)
    ]  # fmt: skip
    shut = [
        interval(local, datetime(2023, 4, rng.randint(3, 12), rng.randint(8, 17)), rng.choice((45, 600)))
        for local in OPEN
    ]
    return seen, gone, shut


def counted(local: str, service: str, day: int, seen: list[dict], gone: list[dict], shut: list[dict]) -> tuple:
    """Minutes and visits before the first stock-out of a day, looking at one minute after another."""
    midnight = datetime(2023, 4, day)
    of = lambda row: row["station_id"] == f"QC-{local}" and row.get("service_code", service) == service  # noqa: E731
    closed = [(row["started_at"], row["ended_at"]) for row in shut if of(row)]
    is_open = [
        any(a <= minute < b for a, b in OPEN[local]) and not any(a <= midnight + minute * MINUTE < b for a, b in closed)
        for minute in range(1440)
    ]
    today = [row for row in seen if of(row) and row["used_at"].date() == midnight.date()]
    failed = min((row["used_at"] for row in today if row["outcome_code"] == "stocked_out"), default=None)
    written = [
        max(row["started_at"], midnight) for row in gone
        if of(row) and any(row["started_at"] <= midnight + m * MINUTE < row["ended_at"] for m in range(1440) if is_open[m])
    ]  # fmt: skip
    first = min([*written, *([failed] if failed else [])], default=None)
    limit = midnight + timedelta(days=1) if first is None else first
    minutes = sum(is_open[m] for m in range(1440) if midnight + m * MINUTE < limit)
    hour_open = lambda moment: any(is_open[moment.hour * 60 : moment.hour * 60 + 60])  # noqa: E731
    told = failed is not None and (not written or failed < min(written))
    if first is None:
        return minutes, sum(row["n_visits"] for row in today if hour_open(row["used_at"])), False
    before = [row for row in today if row["used_at"] <= first and hour_open(row["used_at"])]
    visits = sum(row["n_visits"] for row in before if row["outcome_code"] != "stocked_out")
    return minutes, visits + (told and hour_open(failed)), True


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_days_agree_with_a_count_minute_by_minute(seed: int) -> None:
    seen, gone, shut = random_world(seed)
    edges = [event("S2", "charging", 3), event("S1", "charging", 12)]
    con = world(clean_service_events=[*edges, *seen], clean_stock_outs=gone, clean_closures=shut)
    for local in OPEN:
        for service in ("water", "rest"):
            found = {day: (told[0], told[1], told[3]) for day, told in days(con, local, service).items()}
            assert found == {day: counted(local, service, day, seen, gone, shut) for day in range(3, 13)}


def test_a_station_that_is_always_open_keeps_its_records_at_night() -> None:
    con = world(
        clean_service_events=[*events(), at(5, "0:30", local="S4"), at(5, "1:30", "stocked_out", local="S4")],
        clean_stations=[station("S4", "fixed", "G1", opened_on=date(2023, 4, 3))],
        clean_station_hours=hours("S4", 0, 1440),
    )
    assert days(con, "S4")[5] == (90, 2, 2, True, True)
