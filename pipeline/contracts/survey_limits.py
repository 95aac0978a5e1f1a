"""Limits beyond which a survey export is not what its wave file says (metadata/survey_limits.toml)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import METADATA

PATH = METADATA / "survey_limits.toml"


@dataclass(frozen=True)
class SurveyLimits:
    """Days, counts and shares (0 to 1); what they mean stands in the file."""

    grace_days: int
    outside_few: int
    outside_share: float
    pair_disagree_share: float
    pair_least: int


@cache
def survey_limits() -> SurveyLimits:
    """The limits. Raises exit 11 with every mistake of the file."""
    table, reader = load_toml(PATH), Reader(PATH)
    names = [field.name for field in fields(SurveyLimits)]
    reader.known(table, names, "")
    values = {name: reader.get(table, name, (int, float), "") for name in names}
    reader.finish()
    return SurveyLimits(**values)
