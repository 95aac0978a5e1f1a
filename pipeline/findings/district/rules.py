"""How far, how many, how often: metadata/access.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from pipeline.paths import METADATA


@cache
def rules() -> dict[str, Any]:
    """metadata/access.toml."""
    return tomllib.loads((METADATA / "access.toml").read_text(encoding="utf-8"))


def visits_per_hour(services: Sequence[str]) -> np.ndarray:
    """Uses that one courier in need wants per hour of presence, by service (assumed)."""
    table = rules()["visits_per_hour"]
    return np.array([table.get(code, table["default"]) for code in services], dtype=float)


def night_hours() -> np.ndarray:
    """Whether each hour of the week is one of the night.

    >>> night_hours()[:7].tolist(), bool(night_hours()[22])
    ([True, True, True, True, True, True, False], True)
    """
    first, last = rules()["night"]["from"], rules()["night"]["to"]
    hour = np.arange(168) % 24
    return (hour >= first) | (hour < last) if first > last else (hour >= first) & (hour < last)
