"""Limits and words of weighting (metadata/weighting.toml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.contracts.toml import load_toml
from pipeline.paths import METADATA


@dataclass(frozen=True)
class WeightingSettings:
    """`notes` (zh, en) by code; the rest as said in the file."""

    minimum_level: int
    g_bounds: tuple[float, float]
    agree_within: float
    visits_said: float
    notes: Mapping[str, tuple[str, str]]


@cache
def weighting_settings() -> WeightingSettings:
    """The settings.

    >>> weighting_settings().minimum_level
    20
    """
    table = load_toml(METADATA / "weighting.toml")
    return WeightingSettings(
        minimum_level=table["minimum_level"],
        g_bounds=(table["g_bounds"][0], table["g_bounds"][1]),
        agree_within=table["agree_within"],
        visits_said=table["visits_said"],
        notes={code: (zh, en) for code, (zh, en) in table["notes"].items()},
    )
