"""Who comes back, as the logs see it: by venue type, within a month."""

from __future__ import annotations

from datetime import datetime

from tests.unit.marts.small_world import event, rows, station, world

PLACES = [station("S4", "social", "G1", host_type_code="shop"), station("S5", "social", "G1", host_type_code="shop")]
SQL = (
    "select event_kind_code, host_type_code, n_keys, n_keys_returned from mart.funnel_use where month(month_on) = 4 "
    "order by 1, 2"
)


def used(local: str, day: int, key: str = "a", **more: object) -> dict:
    return event(local, "water", day, courier_key=key, **more)


def test_a_person_is_back_who_comes_in_a_later_week_to_the_same_type_of_venue() -> None:
    # Monday 3 to Sunday 9 April is one week. a: two shops in two weeks; b: twice in one week; c: a shop, then a place of another type
    log = [
        used("S4", 3), used("S5", 10), used("S4", 3, "b"), used("S4", 9, "b"), used("S4", 4, "c"), used("S1", 11, "c"),
    ]  # fmt: skip
    found = rows(world(clean_stations=PLACES, clean_service_events=log), SQL)
    assert found == [("use", "all", 3, 2), ("use", "shop", 3, 1), ("use", "unknown", 1, 0)]


def test_doors_and_uses_are_never_united_and_others_are_no_couriers() -> None:
    log = [
        event("S4", None, 3, courier_key="a"), used("S4", 12, "a"),
        used("S4", 5, "d", user_group_code="office_staff"), used("S4", 12, "d", user_group_code="office_staff"),
    ]  # fmt: skip
    found = rows(world(clean_stations=PLACES, clean_service_events=log), SQL)
    assert found == [("entry", "all", 1, 0), ("entry", "shop", 1, 0), ("use", "all", 1, 0), ("use", "shop", 1, 0)]


def test_who_comes_in_two_months_is_seen_once_in_each() -> None:
    log = [used("S4", 28), used("S4", 28, used_at=datetime(2023, 5, 3, 9))]
    assert rows(world(clean_stations=PLACES, clean_service_events=log), SQL) == [
        ("use", "all", 1, 0),
        ("use", "shop", 1, 0),
    ]
