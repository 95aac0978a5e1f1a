"""What is to be had where and when: services, services at locations, and schedules."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.contracts import Area, hsds
from pipeline.export.hsds.register import Register

Row = dict[str, Any]
DAY_MINUTES = 24 * 60


def offered(register: Register) -> pl.DataFrame:
    """Declarations that say yes: only these are services at a location."""
    return register.services.filter(pl.col("is_offered"))


def services(register: Register) -> list[Row]:
    """One per area and service that a station there declares to offer."""
    pairs = offered(register).select("area_code", "service_code").unique().sort("area_code", "service_code")
    return [
        {
            "id": register.id("service", area, code),
            "organization_id": register.id("organization", area),
            "name": register.label("services", code),
            "alternate_name": register.label("services", code, other=True),
            "description": register.stamp(register.say("service")),
            "status": "active",
        }
        for area, code in pairs.iter_rows()
    ]


def services_at_locations(register: Register) -> list[Row]:
    """One per station and service that it declares to offer."""
    return [
        {
            "id": register.id("service_at_location", row["station_id"], row["service_code"]),
            "service_id": register.id("service", row["area_code"], row["service_code"]),
            "location_id": register.id("location", row["station_id"]),
        }
        for row in offered(register).iter_rows(named=True)
    ]


def schedules(register: Register) -> list[Row]:
    """One per station, interval, way of entering and validity: weekly, on the days that share it.

    An interval ends at midnight at the latest: what runs through the night is two, as in clean.station_hours.
    """
    offsets = {area: _offset_hours(area, tz) for area, tz in register.areas.select("area_code", "tz").iter_rows()}
    return [_schedule(register, row, offsets[row["area_code"]]) for row in weekly(register).iter_rows(named=True)]


def weekly(register: Register) -> pl.DataFrame:
    """Hours with the days that share an interval in one list `weekday`; `key` is what makes the row's id."""
    names = [name for name in register.hours.columns if name != "weekday"]
    grouped = register.hours.group_by(names, maintain_order=True).agg(pl.col("weekday").sort())
    return grouped.sort("station_id", pl.col("weekday").list.first(), *names)


def schedule_id(register: Register, row: Row) -> str:
    """The uuid of a row of `weekly`."""
    return register.id("schedule", *(value for name, value in row.items() if name not in ("area_code", "weekday")))


def _schedule(register: Register, row: Row, offset: float) -> Row:
    names = register.say("days").split()
    days = register.say("joint").join(names[day - 1] for day in row["weekday"])
    opens, closes = row["opens_minute"], row["closes_minute"]
    return {
        "id": schedule_id(register, row),
        "location_id": register.id("location", row["station_id"]),
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
        "timezone": offset,
        "freq": "WEEKLY",
        "byday": ",".join(hsds.facts()["weekdays"][day - 1] for day in row["weekday"]),
        "description": register.say("hours", days=days, opens=_clock(opens), closes=_clock(closes)),
        "opens_at": f"{_clock(opens)}:00{_zone(offset)}",
        "closes_at": (f"{_clock(closes)}:00" if closes < DAY_MINUTES else hsds.facts()["end_of_day"]) + _zone(offset),
        "attending_type": register.label("access_modes", row["access_mode_code"]),
        "notes": register.say("holidays"),
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _offset_hours(area: str, tz: str) -> float:
    return Area(area, "", "", tz=tz).utc_offset_hours


def _zone(hours: float) -> str:
    """An offset as a time bears it.

    >>> _zone(8.0), _zone(-3.5)
    ('+08:00', '-03:30')
    """
    minutes = round(abs(hours) * 60)
    return f"{'-' if hours < 0 else '+'}{_clock(minutes)}"
