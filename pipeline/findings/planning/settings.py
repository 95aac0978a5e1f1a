"""What may be done where, and how a plan is chosen: metadata/actions.toml, without its prices."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import numpy as np

from pipeline.paths import METADATA

AS_IS = ""  # the hours a station has now


@cache
def rules() -> dict[str, Any]:
    """metadata/actions.toml."""
    return tomllib.loads((METADATA / "actions.toml").read_text(encoding="utf-8"))


def pattern(code: str) -> np.ndarray:
    """Which hours of the week (0 = Monday 00:00) a pattern of hours is open; none for AS_IS.

    >>> [int(pattern(code).sum()) for code in ("office", "shop", "to_22", "all_day", "")]
    [45, 84, 98, 168, 0]
    """
    hour = np.arange(168)
    if code == AS_IS:
        return np.zeros(168, dtype=bool)
    rule = _hours()[code]
    return np.isin(hour // 24 + 1, rule["weekdays"]) & (hour % 24 >= rule["from"]) & (hour % 24 < rule["to"])


def hours_words(code: str, lang: str) -> str:
    """A pattern of hours in words.

    >>> hours_words("to_22", "zh"), hours_words("", "en")
    ('每天开到22时', 'present hours')
    """
    if code == AS_IS:
        return "现有时段" if lang == "zh" else "present hours"
    return str(_hours()[code][f"label_{lang}"])


def of_class(code: str) -> dict[str, Any]:
    """What can be done at a station of this class; nothing at one of another."""
    found = [kind for kind in rules()["class"] if kind["code"] == code]
    return found[0] if found else {"code": code, "services": [], "extend": {}, "agreement": True}


@cache
def _hours() -> dict[str, dict[str, Any]]:
    return {rule["code"]: rule for rule in rules()["hours"]}
