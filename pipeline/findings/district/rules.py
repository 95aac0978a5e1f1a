"""How far, how many, how often: metadata/access.toml, checked when it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.analysis.access.kernels import binary, gaussian
from pipeline.contracts.toml import load_toml
from pipeline.findings.district.rule_checks import check_rules
from pipeline.paths import METADATA

PATH = METADATA / "access.toml"
DAY, WEEK = 24, 168  # hours


@cache
def rules(path: Path = PATH) -> dict[str, Any]:
    """The tables of metadata/access.toml. Raises exit 11 with every mistake of the file: a key that is missing or that nobody would
    read, a service that is in no code list, a radius, a capacity or an hour that cannot be."""
    table = load_toml(path)
    check_rules(table, path)
    return table


@dataclass(frozen=True)
class Walking:
    """What counts as near: `radius_m` of coverage, `catchment_m` of access, walking metres; `detour` times the straight line where
    no table of walks was measured; `kernel` by which access falls off with distance."""

    radius_m: float
    catchment_m: float
    detour: float
    kernel: str

    @property
    def reach_m(self) -> float:
        """The farthest walk that is looked at."""
        return max(self.radius_m, self.catchment_m)

    def weights(self, metres: np.ndarray) -> np.ndarray:
        """How much a station so many walking metres away counts, from 1 at the door to 0 at the edge of the catchment."""
        return {"gaussian": gaussian, "binary": binary}[self.kernel](metres, self.catchment_m)


def walking(**other: float | str | None) -> Walking:
    """The rule of walking, with what somebody exploring would have otherwise (`radius_m=200`); None keeps the rule.

    >>> walking(radius_m=200).radius_m, walking(radius_m=None) == walking()
    (200, True)
    """
    return Walking(**rules()["walking"] | {name: value for name, value in other.items() if value is not None})


def visits_per_hour(services: Sequence[str]) -> np.ndarray:
    """Uses that one courier in need wants per hour of presence, by service (assumed)."""
    table = rules()["visits_per_hour"]
    return np.array([table.get(code, table["default"]) for code in services], dtype=float)


def hours_between(first: int, last: int) -> np.ndarray:
    """Hours of the day from one to another, as the 168 hours of the week; past midnight where the first is the later.

    >>> hours_between(22, 6)[:7].tolist(), int(hours_between(8, 18).sum())
    ([True, True, True, True, True, True, False], 70)
    """
    hour = np.arange(WEEK) % DAY
    return (hour >= first) | (hour < last) if first > last else (hour >= first) & (hour < last)


def night_hours() -> np.ndarray:
    """Whether each hour of the week is one of the night."""
    return hours_between(rules()["night"]["from"], rules()["night"]["to"])


def shift_hours() -> dict[str, np.ndarray]:
    """The hours of the week that each shift works (assumed), by code."""
    return {code: hours_between(*between) for code, between in rules()["shifts"].items()}
