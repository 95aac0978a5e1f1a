"""The one rule of what may be compared: does one variable mean the same in two waves, and if not, why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CHANGES = (
    ("type_changed", "type_family"),
    ("wording_changed", "text_key"),
    ("options_changed", "options_key"),
    ("base_changed", "base_key"),
)


def why_not(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> str | None:
    """Why a variable cannot be compared between two waves (a code of `not_comparable`), or None where it can.

    Each is a row of ref.variable_wordings with `is_comparable` of its variable, or None where the wave did not ask.
    Waves of one `series_wave` mean the same, by their questions or because a person declared it.

    >>> row = {"is_comparable": True, "area_code": "A", "population_code": "attached", "series_wave": "w1"}
    >>> why_not(row, row), why_not(row, None), why_not(row, {**row, "population_code": "delivering"})
    (None, 'not_asked', 'other_population')
    """
    if one is None or other is None:
        return "not_asked"
    if not (one["is_comparable"] and other["is_comparable"]):
        return "never_compared"
    if population_of(one) != population_of(other):
        return "other_population"
    return None if one["series_wave"] == other["series_wave"] else what_changed(one, other)


def population_of(row: Mapping[str, Any]) -> tuple[str, str]:
    """Whom a wave speaks of: a kind of population in one area. Couriers of another area are other people."""
    return row["area_code"], row["population_code"]


def what_changed(one: Mapping[str, Any], other: Mapping[str, Any]) -> str | None:
    """The first thing that differs between two questions: type, wording, options, whom it was asked."""
    return next((code for code, key in CHANGES if one[key] != other[key]), None)
