"""Opening hours that change with the season are scheduled on the days on which they are valid."""

from __future__ import annotations

from datetime import date

from tests.unit.marts.small_world import events, hours, rows, station, world

SUMMER, AFTER = date(2023, 4, 7), date(2023, 4, 8)  # the season turns within the ten days of the log


def seasons() -> dict[str, list[dict]]:
    """S4 is open 8-20 from the 7th on and 9-17 before; S5 from the 7th to the 8th only."""
    winter = [row | {"valid_to": date(2023, 4, 6)} for row in hours("S4", 540, 1020)]
    summer = [row | {"valid_from": SUMMER, "valid_to": date(2023, 9, 30)} for row in hours("S4", 480, 1200)]
    short = [row | {"valid_from": SUMMER, "valid_to": AFTER} for row in hours("S5", 480, 1200)]
    places = [station("S4", "fixed", "G1"), station("S5", "fixed", "G1")]
    return {
        "clean_stations": places,
        "clean_station_hours": [*winter, *summer, *short],
        "clean_service_events": events(),
    }


def minutes(local: str) -> list[int | None]:
    """Open minutes of each day from the 3rd to the 12th."""
    sql = f"select open_minutes from mart.station_days where station_id = 'QC-{local}' order by day_on"
    return [one for (one,) in rows(world(**seasons()), sql)]


def test_each_day_has_the_hours_of_its_season() -> None:
    assert minutes("S4") == [480] * 4 + [720] * 6
    scheduled = "select count(*), sum(open_minutes) from mart.scheduled_intervals where station_id = 'QC-S4'"
    assert rows(world(**seasons()), scheduled) == [(10, 4 * 480 + 6 * 720)]


def test_outside_its_seasons_hours_are_not_known_rather_than_none() -> None:
    assert minutes("S5") == [None] * 4 + [720] * 2 + [None] * 4
