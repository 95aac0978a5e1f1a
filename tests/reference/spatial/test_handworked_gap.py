"""The hand-worked case: every access, coverage and desert hour is the fraction on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from pipeline.analysis.access.coverage import Coverage, coverage
from pipeline.analysis.access.expected import expected_coverage
from pipeline.analysis.access.floating_catchment import Access, access
from pipeline.analysis.access.kernels import binary
from pipeline.analysis.access.pairs import from_table
from pipeline.analysis.access.week import HOUR, cut, open_share
from tests.reference.spatial.spatial_cases import FOLDER, needs

FILE = "handworked_gap.json"
pytestmark = needs(FILE)


@dataclass(frozen=True)
class World:
    """The case, its names in the order of the arrays, and what we make of it."""

    places: list[str]
    stations: list[str]
    services: list[str]
    exact: dict[str, Any]
    access: Access
    coverage: Coverage
    expected: Coverage


@pytest.fixture(scope="module")
def world() -> World:
    case = json.loads((FOLDER / FILE).read_text(encoding="utf-8"))
    inputs, exact = case["inputs"], case["binary_kernel_exact_fractions"]
    places, stations = list(inputs["dist"]), list(inputs["cap"])
    services = sorted({service for offered in inputs["cap"].values() for service in offered})
    rows = [
        (i, j, inputs["dist"][p][s])
        for i, p in enumerate(places)
        for j, s in enumerate(stations)
        if s in inputs["dist"][p]
    ]
    pairs = from_table(*zip(*rows, strict=True), len(places), len(stations), inputs["R"])
    demand = np.array([[float(Fraction(str(hour))) for hour in inputs["dem"][place]] for place in places])
    capacity = np.array([[float(Fraction(str(inputs["cap"][s].get(k, 0)))) for k in services] for s in stations])
    opened = [  # a part of an hour is open from its beginning
        (j, hour * HOUR, (hour + float(Fraction(str(part)))) * HOUR)
        for j, station in enumerate(stations)
        for hour, part in enumerate(inputs["opn"][station])
        if part
    ]
    week = cut(*zip(*opened, strict=True), len(stations), n_hours=demand.shape[1])
    found = access(pairs, binary(pairs.metres, inputs["R"]), (capacity, open_share(week)), demand)
    declared = coverage(pairs, week, capacity > 0, demand)
    certain = expected_coverage(pairs, week, capacity > 0, demand)
    return World(places, stations, services, exact, found, declared, certain)


def fraction(number: float) -> Fraction:
    """The fraction of a small denominator that a float stands for."""
    near = Fraction(float(number)).limit_denominator(100_000)
    assert abs(float(near) - number) <= 4e-16 * max(1.0, abs(number))
    return near


def compare(named: Iterator[tuple[str, float, str]]) -> None:
    checked = [(name, fraction(got), Fraction(wanted)) for name, got, wanted in named]
    assert checked
    assert [one for one in checked if one[1] != one[2]] == []


def test_access_of_each_place_service_and_hour_is_the_fraction_on_paper(world):
    compare(
        (f"{service} {place} hour {t}", world.access.values[i, world.services.index(service), t], wanted)
        for service, by_place in world.exact["A"].items()
        for place, by_hour in by_place.items()
        for t, wanted in enumerate(by_hour)
        for i in [world.places.index(place)]
    )


def test_ratios_of_stations_are_the_fractions_on_paper(world):
    if not world.exact.get("R"):
        pytest.skip("the case gives no ratios of stations")
    compare(
        (f"{station} {service} hour {t}", world.access.ratio[j, world.services.index(service), t], wanted)
        for service, by_station in world.exact["R"].items()
        for station, by_hour in by_station.items()
        for t, wanted in enumerate(by_hour)
        for j in [world.stations.index(station)]
        if wanted is not None
    )


@pytest.mark.parametrize("kind", ["coverage", "expected"])
def test_covered_courier_hours_are_the_share_on_paper(world, kind):
    share = getattr(world, kind).share()
    compare(
        (service, share[world.services.index(service)], wanted) for service, wanted in world.exact["coverage"].items()
    )


@pytest.mark.parametrize("kind", ["coverage", "expected"])
def test_desert_hours_are_the_fractions_on_paper(world, kind):
    hours = getattr(world, kind).desert_hours
    compare(
        (f"{service} {place}", hours[world.places.index(place), world.services.index(service)], wanted)
        for service, by_place in world.exact["desert_hours"].items()
        for place, wanted in by_place.items()
    )
