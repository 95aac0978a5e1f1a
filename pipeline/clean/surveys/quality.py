"""Signs that an answer sheet was not filled in with care. Flagged, never deleted: the wave says which flags count.

Rules (thresholds are common practice, see docs): speeder: under a third of the wave's median time. Straight line: the
same answer in every row of a matrix although some rows are reversed. Attention: the check asked for one option and
another was ticked. Duplicate: the same panel key again; without keys only answer sheets that are equal in at least 20
answers, from the same place, within ten minutes. An address alone condemns nobody: stations share Wi-Fi.
"""

from __future__ import annotations

import polars as pl

from pipeline.contracts import Question, Wave

SPEEDER_SHARE = 1 / 3
TWIN_ANSWERS = 20
TWIN_MINUTES = 10


def speeders(respondents: pl.DataFrame) -> pl.Series:
    """Under a third of the median time; a missing time is no sign."""
    seconds = respondents["duration_seconds"]
    median = seconds.median()
    return (seconds < median * SPEEDER_SHARE).fill_null(False) if median else pl.repeat(False, len(seconds), eager=True)


def straightliners(answers: pl.DataFrame, wave: Wave) -> set[str]:
    """Respondents with one answer in every row of a matrix that has reversed rows."""
    found: set[str] = set()
    for question in wave.questions:
        if question.type == "matrix" and any(item.reversed for item in question.items) and len(question.items) > 1:
            rows = answers.filter(
                (pl.col("question_code") == question.code)
                & (pl.col("option_code") == "")
                & (pl.col("state") == "answered")
            )
            sheets = rows.group_by("respondent_id").agg(n=pl.len(), n_different=pl.col("value_text").n_unique())
            straight = sheets.filter((pl.col("n") == len(question.items)) & (pl.col("n_different") == 1))
            found |= set(straight["respondent_id"].to_list())
    return found


def attention_failures(answers: pl.DataFrame, wave: Wave) -> set[str]:
    """Respondents who ticked another option than the attention check asked for; leaving it out is not failing."""
    failed: set[str] = set()
    for question in wave.questions:
        if question.variable == "attention" and question.expected is not None:
            failed |= set(answers.filter(_wrong(question))["respondent_id"].to_list())
    return failed


def _wrong(question: Question) -> pl.Expr:
    main = (pl.col("question_code") == question.code) & (pl.col("option_code") == "") & (pl.col("state") == "answered")
    return main & (pl.col("value_text") != question.expected)


def duplicates(respondents: pl.DataFrame, answers: pl.DataFrame, places: pl.DataFrame) -> set[str]:
    """Later sheets of the same person: by panel key, else by twin sheets. `places` has respondent_id and place."""
    keyed = respondents.filter(pl.col("panel_key").is_not_null()).sort("submitted_at", "source_row", nulls_last=True)
    later = keyed.filter(pl.col("panel_key").cum_count().over("panel_key") > 1)
    return set(later["respondent_id"].to_list()) | _twins(respondents, answers, places)


def _twins(respondents: pl.DataFrame, answers: pl.DataFrame, places: pl.DataFrame) -> set[str]:
    vector = (
        answers.filter(pl.col("state") == "answered")
        .sort("question_code", "item_code", "option_code")
        .group_by("respondent_id", maintain_order=True)
        .agg(
            n=pl.struct("question_code", "item_code").n_unique(),
            vector=pl.struct("question_code", "item_code", "option_code", "value_text", "value_number")
            .implode()
            .hash(),
        )
    )
    timed = (
        respondents.filter(pl.col("panel_key").is_null() & pl.col("submitted_at").is_not_null())
        .join(vector.filter(pl.col("n") >= TWIN_ANSWERS), on="respondent_id")
        .join(places, on="respondent_id", how="left")
        .filter(pl.col("place").is_not_null() & (pl.col("place") != ""))
        .sort("submitted_at", "source_row")
    )
    gap = pl.col("submitted_at").diff().over("vector", "place")
    return set(timed.filter(gap <= pl.duration(minutes=TWIN_MINUTES))["respondent_id"].to_list())
