"""Quality flags of a wave, sign by sign. Flagged, never deleted: the wave says which flags make a sheet invalid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from pipeline.clean.surveys.quality.attention import attention_failures
from pipeline.clean.surveys.quality.bursts import bursts, robust_scores
from pipeline.clean.surveys.quality.contradictions import contradictions
from pipeline.clean.surveys.quality.duplicates import equal_sheets, repeated_keys
from pipeline.clean.surveys.quality.machine_timing import machine_timed
from pipeline.clean.surveys.quality.near_twins import near_twins
from pipeline.clean.surveys.quality.patterns import patterned
from pipeline.clean.surveys.quality.sheets import sheets_of
from pipeline.clean.surveys.quality.speed import pace, speeders
from pipeline.clean.surveys.quality.straight_lines import straightliners
from pipeline.clean.surveys.quality.unlikely import fit, odd_sheets
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
    sheets = sheets_of(respondents, answers, wave)
    submitted, seconds = _times(respondents)
    with ThreadPoolExecutor(1) as beside:  # comparing sheets with each other takes as long as learning what is usual
        nearly = beside.submit(near_twins, sheets, submitted, limits["duplicate"])
        same = beside.submit(equal_sheets, respondents, answers, places, limits["duplicate"])
        stepped = beside.submit(patterned, answers, sheets.ids, wave, limits["straightliner"])
        found = fit(sheets, limits["unlikely"])
    odd = odd_sheets(found, limits["unlikely"])
    hurried = (paces["share"] < limits["speeder"]["hurried_share"]).fill_null(False).to_numpy()
    hurried_odd = hurried & odd_sheets(found, limits["unlikely"], "hurried_false_share")
    speed = robust_scores(np.log(np.maximum(paces["share"].to_numpy().astype(float), 1e-3)))
    broken = contradictions(answers, wave, quality.contradictions)

    def named(places: np.ndarray) -> set[str]:
        return set(sheets.ids[places].tolist())

    return {
        "speeder": speeders(paces, limits["speeder"]) | named(hurried_odd),
        "straightliner": straightliners(answers, wave, limits["straightliner"]) | named(stepped.result()),
        "attention_failed": attention_failures(answers, wave),
        "duplicate": repeated_keys(respondents, counts, limits["duplicate"]) | same.result() | nearly.result(),
        "contradiction": named(odd).union(*broken.values()),
        "machine_timed": named(machine_timed(submitted, seconds, limits["machine_timed"])),
        "burst": named(bursts(submitted, [found.z, speed], limits["burst"])),
    }


def _times(respondents: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since 1970 at submission, and seconds taken; NaN unknown."""
    submitted = respondents["submitted_at"].dt.epoch("s").cast(pl.Float64).to_numpy()
    seconds = respondents["duration_seconds"].cast(pl.Float64).to_numpy()
    return submitted, seconds


def _counted(answers: pl.DataFrame) -> pl.DataFrame:
    """respondent_id, n_shown, n_answered: items put before the respondent, and those answered. A multiple question is one
    item, a matrix one per row."""
    item = pl.struct("question_code", "item_code")
    return answers.group_by("respondent_id").agg(
        n_shown=item.filter(pl.col("state") != "not_shown").n_unique(),
        n_answered=item.filter(pl.col("state") == "answered").n_unique(),
    )
