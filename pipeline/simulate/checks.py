"""What inspections find at a station on a day: services, the seven standards, maps and facilities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pipeline.simulate.world import World

STANDARDS = ("signage", "premises", "facilities", "rules", "staffing", "map_listed", "policy_publicity")
MAPS = ("map_a", "map_b")
FACILITY_OF = {
    "meal_heating": "microwave", "water": "water_dispenser", "cold_storage": "fridge", "rest": "chair",
    "charging": "charging_cable", "cool": "air_conditioner", "warm": "heater", "medicine": "medicine_box",
    "shelter": "umbrella",
}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One inspection of one station: service and standard statuses by code (absent: not looked at)."""

    station: int
    day: date
    services: dict[str, str]
    standards: dict[str, str]
    maps: dict[str, bool]


def inspections(world: World, stations: np.ndarray, last: date, rng: np.random.Generator) -> list[Check]:
    """Most of these stations are inspected once in the ten weeks before `last`, one in five twice, a few not at all."""
    readiness = 0.55 + 0.12 * (
        (last.year - 2022) * 4 + (last.month - 1) // 3 - 3
    )  # the standards are reached gradually
    found = []
    for station in stations:
        times = int(rng.choice([0, 1, 2], p=[0.08, 0.72, 0.20]))
        for day in sorted({last - timedelta(days=int(d)) for d in rng.integers(2, 70, times)}):
            found.append(_inspect(world, int(station), day, readiness, rng))
    return found


def _inspect(world: World, station: int, day: date, readiness: float, rng: np.random.Generator) -> Check:
    supply = world.supply
    services = {}
    for number, code in enumerate(supply.codes):
        if supply.declared[station, number] and rng.random() < 0.93:
            right = rng.random() < 0.88
            works = bool(supply.works[station, number]) == right
            services[code] = "met" if works else ("partly" if rng.random() < 0.2 else "not_met")
    standing = {"fixed": 0.25, "integrated": 0.1, "social": -0.05}[world.stations.table["class_code"][station]]
    chance = np.clip(readiness + standing, 0.05, 0.97)
    statuses = rng.choice(["met", "partly", "not_met", "unknown"], len(STANDARDS), p=_spread(chance))
    standards = {code: str(status) for code, status in zip(STANDARDS, statuses, strict=True)}
    maps = {code: bool(rng.random() < chance) for code in MAPS}
    return Check(station, day, services, standards, maps)


def _spread(chance: float) -> list[float]:
    rest = 1 - chance
    return [chance, rest * 0.45, rest * 0.40, rest * 0.15]


def facilities(world: World, station: int, rng: np.random.Generator) -> list[tuple[str, int, int]]:
    """Facility code, number there, number working."""
    items = []
    for service, facility in FACILITY_OF.items():
        number = world.supply.codes.index(service)
        if not world.supply.declared[station, number]:
            continue
        n = int(world.stations.table["seats"][station]) if facility == "chair" else int(rng.integers(1, 4))
        working = int(rng.binomial(n, 0.94)) if world.supply.works[station, number] else 0
        items.append((facility, n, max(working, 1) if world.supply.works[station, number] else working))
    return items
