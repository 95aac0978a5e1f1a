"""Quality flags of a wave, sign by sign. Flagged, never deleted: the wave says which flags make a sheet invalid."""

from __future__ import annotations

import polars as pl

from pipeline.clean.surveys.quality.attention import attention_failures
from pipeline.clean.surveys.quality.contradictions import contradictions
from pipeline.clean.surveys.quality.duplicates import equal_sheets, repeated_keys
from pipeline.clean.surveys.quality.speed import pace, speeders
from pipeline.clean.surveys.quality.straight_lines import straightliners
from pipeline.contracts import Wave
from pipeline.contracts.survey_quality import survey_quality
from pipeline.contracts.wave import FLAGS


def with_flags(respondents: pl.DataFrame, answers: pl.DataFrame, places: pl.DataFrame, wave: Wave) -> pl.DataFrame:
    """The respondents with one `is_…` column per flag of the contract, and `is_valid`: no flag that the wave drops.

    `respondents`: respondent_id, submitted_at, duration_seconds, panel_key, source_row. `answers`: the answer rows with
    respondent_id. `places`: respondent_id and place (province and city of the address, or null).
    """
    found = flagged(respondents, answers, places, wave)
    ids = pl.col("respondent_id")
    frame = respondents.with_columns(ids.is_in(sorted(found[flag])).alias(f"is_{flag}") for flag in FLAGS)
    dropped = [pl.col(f"is_{flag}") for flag in wave.drop_flags]
    return frame.with_columns(is_valid=~pl.any_horizontal(*dropped) if dropped else pl.lit(True))


def flagged(respondents: pl.DataFrame, answers: pl.DataFrame, places: pl.DataFrame, wave: Wave) -> dict[str, set[str]]:
    """Respondents by flag."""
    quality = survey_quality()
    limits = quality.limits
    counts = _counted(answers)
    paces = pace(respondents, counts)
    broken = contradictions(answers, wave, quality.contradictions)
    return {
        "speeder": speeders(paces, limits["speeder"]),
        "straightliner": straightliners(answers, wave, limits["straightliner"]),
        "attention_failed": attention_failures(answers, wave),
        "duplicate": repeated_keys(respondents, counts)
        | equal_sheets(respondents, answers, places, limits["duplicate"]),
        "contradiction": set().union(*broken.values()),
        "machine_timed": set(),
        "burst": set(),
    }


def _counted(answers: pl.DataFrame) -> pl.DataFrame:
    """respondent_id, n_shown, n_answered: items put before the respondent, and those answered. A multiple question is one
    item, a matrix one per row."""
    item = pl.struct("question_code", "item_code")
    return answers.group_by("respondent_id").agg(
        n_shown=item.filter(pl.col("state") != "not_shown").n_unique(),
        n_answered=item.filter(pl.col("state") == "answered").n_unique(),
    )
