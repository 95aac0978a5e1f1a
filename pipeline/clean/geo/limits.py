"""The thresholds for coordinates, as data."""

from __future__ import annotations

from functools import cache
from typing import Any

from pipeline.contracts import load_toml
from pipeline.paths import METADATA


@cache
def limits() -> dict[str, Any]:
    """What coordinates.toml says."""
    return load_toml(METADATA / "coordinates.toml")
