"""Who and where: organisations (one per area), their identifiers, stations as locations, and addresses."""

from __future__ import annotations

from typing import Any

from pipeline.contracts import hsds
from pipeline.export.hsds.register import Register

Row = dict[str, Any]


def organizations(register: Register) -> list[Row]:
    """One per area with stations: the register of that area, not the units that run the stations (they are not open)."""
    return [
        {
            "id": register.id("organization", area),
            "name": register.label("areas", area),
            "alternate_name": register.label("areas", area, other=True),
            "description": register.stamp(register.say("organization", area=register.label("areas", area))),
        }
        for area in register.areas["area_code"]
    ]


def organization_identifiers(register: Register) -> list[Row]:
    """The area's code."""
    return [
        {
            "id": register.id("organization_identifier", area),
            "organization_id": register.id("organization", area),
            "identifier_type": hsds.facts()["area_identifier_type"],
            "identifier": area,
        }
        for area in register.areas["area_code"]
    ]


def locations(register: Register) -> list[Row]:
    """One per station; a station without known coordinates is there without them."""
    return [
        {
            "id": register.id("location", station["station_id"]),
            "location_type": "physical",
            "organization_id": register.id("organization", station["area_code"]),
            "name": station["name"],
            "description": register.stamp(register.say("location", kinds=_kinds(register, station))),
            "latitude": station["lat"],
            "longitude": station["lon"],
            "external_identifier": station["station_id"],
            "external_identifier_type": hsds.facts()["identifier_type"],
        }
        for station in register.stations.iter_rows(named=True)
    ]


def _kinds(register: Register, station: Row) -> str:
    kinds = [("station_classes", station["class_code"]), ("host_types", station["host_type_code"])]
    return register.say("joint").join(register.label(name, code) for name, code in kinds if code is not None)


def addresses(register: Register) -> list[Row]:
    """Where the ledger has an address. What the standard requires and nobody stated is said to be so, never guessed."""
    unknown = register.say("not_stated")
    nowhere: Row = {"country": hsds.facts()["unknown_country"]}
    rows = []
    for station in register.stations.drop_nulls("address").iter_rows(named=True):
        stated = register.addresses.get(station["area_code"], nowhere)
        rows.append(
            {
                "id": register.id("address", station["station_id"]),
                "location_id": register.id("location", station["station_id"]),
                "address_1": station["address"],
                **{name: stated.get(name) or unknown for name in ("city", "state_province", "postal_code", "country")},
                "address_type": "physical",
            }
        )
    return rows
