"""Classification: taxonomies from the code lists, and attributes that tie terms and facts to what they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.contracts import hsds
from pipeline.export.hsds.offers import offered, schedule_id, weekly
from pipeline.export.hsds.register import Register

Row = dict[str, Any]
ANSWERS = {False: "no", None: "not_said"}  # what is declared otherwise than as offered


@dataclass(frozen=True)
class Mark:
    """A term of a list, said of a row of a table (`entity`, `link`), with a value where it is a fact."""

    entity: str
    link: str
    list_code: str
    code: str
    value: str | None = None


def marks(register: Register) -> list[Mark]:
    """Everything that is said by an attribute: classes, ways of entering, facts, and services that are not offered."""
    return [*_of_stations(register), *_of_services(register), *_of_declarations(register), *_of_hours(register)]


def _of_stations(register: Register) -> Iterator[Mark]:
    for station in register.stations.iter_rows(named=True):
        location = register.id("location", station["station_id"])
        for column in hsds.kept("stations"):
            if column.list_code and station[column.name] is not None:
                yield Mark("location", location, column.list_code, station[column.name])
        yield from _facts("stations", station, "location", location)


def _of_services(register: Register) -> Iterator[Mark]:
    pairs = offered(register).select("area_code", "service_code").unique().sort("area_code", "service_code")
    for area, code in pairs.iter_rows():
        yield Mark("service", register.id("service", area, code), "services", code)


def _of_declarations(register: Register) -> Iterator[Mark]:
    """Facts of a service at a location; and of what is not offered, or not said, that it is so. Such a one is no service
    at a location, lest somebody be sent there for it: it hangs on the location, the service in the value."""
    ledgers = dict(register.stations.select("station_id", "as_of").iter_rows())
    for row in register.services.iter_rows(named=True):
        default = {"as_of": ledgers[row["station_id"]]}
        if row["is_offered"]:
            link = register.id("service_at_location", row["station_id"], row["service_code"])
            yield from _facts("station_services", row, "service_at_location", link, default)
            continue
        location = register.id("location", row["station_id"])
        said = Mark("location", location, "declarations", ANSWERS[row["is_offered"]], row["service_code"])
        yield said
        yield from _facts("station_services", row, "attribute", attribute_id(register, said), default)


def _of_hours(register: Register) -> Iterator[Mark]:
    for row in weekly(register).iter_rows(named=True):
        link = schedule_id(register, row)
        for column in hsds.kept("station_hours"):
            if column.list_code:
                yield Mark("schedule", link, column.list_code, row[column.name])
        yield from _facts("station_hours", row, "schedule", link)


def _facts(table: str, row: Row, entity: str, link: str, default: Row | None = None) -> Iterator[Mark]:
    """What the standard has no field for; nothing where nothing is known, or where it is as the station says."""
    for column in hsds.kept(table):
        value = row[column.name] if column.is_fact else None
        if value is not None and value != (default or {}).get(column.otherwise):
            yield Mark(entity, link, "facts", column.name, _text(value))


def _text(value: Any) -> str:
    """A value as text that reads back to the same value.

    >>> _text(True), _text(date(2023, 5, 14)), _text(0.1 + 0.2)
    ('true', '2023-05-14', '0.30000000000000004')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else repr(value) if isinstance(value, float) else str(value)


def attribute_id(register: Register, mark: Mark) -> str:
    """The uuid of an attribute."""
    return register.id("attribute", mark.link, mark.list_code, mark.code, mark.value or "")


def term_id(register: Register, list_code: str, code: str) -> str:
    """The uuid of a term."""
    return register.id("taxonomy_term", list_code, code)


def attributes(register: Register, found: list[Mark]) -> list[Row]:
    """One per mark."""
    return [
        {
            "id": attribute_id(register, mark),
            "link_id": mark.link,
            "taxonomy_term_id": term_id(register, mark.list_code, mark.code),
            "link_type": mark.list_code,
            "link_entity": mark.entity,
            "value": mark.value,
        }
        for mark in found
    ]


def taxonomies(register: Register, found: list[Mark]) -> list[Row]:
    """One per list with a term in use."""
    used = {list_code for list_code, _ in _used(found)}
    lists = {name: (words["zh"], words["en"]) for name, words in hsds.facts()["lists"].items() if name in used}
    here = register.lang == "en"
    return [
        {
            "id": register.id("taxonomy", name),
            "name": pair[here],
            "description": " · ".join((pair[here], pair[not here])),
        }
        for name, pair in lists.items()
    ]


def terms(register: Register, found: list[Mark]) -> list[Row]:
    """The terms in use. The standard wants codes that are unique over all taxonomies: the list stands before the code."""
    return [
        {
            "id": term_id(register, list_code, code),
            "code": f"{list_code}:{code}",
            "name": register.label(list_code, code),
            "description": f"{register.label(list_code, code)} · {register.label(list_code, code, other=True)}",
            "taxonomy": hsds.facts()["lists"][list_code][register.lang],
            "language": register.lang,
            "taxonomy_id": register.id("taxonomy", list_code),
        }
        for list_code, code in _used(found)
    ]


def _used(found: list[Mark]) -> list[tuple[str, str]]:
    """(list, code) of every term that a mark names, a declaration's service included, in the order of the lists."""
    named = {(mark.list_code, mark.code) for mark in found}
    named |= {("services", mark.value or "") for mark in found if mark.list_code == "declarations"}
    order = list(hsds.facts()["lists"])
    return sorted(named, key=lambda pair: (order.index(pair[0]), pair[1]))
