"""Duplicates that can be told exactly: the same key again, or the same long sheet again from the same place."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def repeated_keys(respondents: pl.DataFrame, counts: pl.DataFrame, limits: Mapping[str, float]) -> set[str]:
    """Sheets of a person who has another one: the first complete sheet stays. `counts` has respondent_id, n_shown and
    n_answered; a sheet is complete that answers `complete_share` of the items it was shown."""
    keyed = respondents.filter(pl.col("panel_key").is_not_null()).join(counts, on="respondent_id", how="left")
    complete = pl.col("n_answered") >= limits["complete_share"] * pl.col("n_shown")
    keyed = keyed.with_columns(is_partial=~complete.fill_null(False))
    keyed = keyed.sort("is_partial", "submitted_at", "source_row", nulls_last=True)
    later = keyed.filter(pl.col("panel_key").cum_count().over("panel_key") > 1)
    return set(later["respondent_id"].to_list())


def equal_sheets(
    respondents: pl.DataFrame, answers: pl.DataFrame, places: pl.DataFrame, limits: Mapping[str, float]
) -> set[str]:
    """Later ones of sheets without a key that are equal in at least `twin_answers` answers, from the same place, within
    `twin_minutes`. `places` has respondent_id and place. An address alone condemns nobody: stations share Wi-Fi."""
    answer = pl.struct("question_code", "item_code", "option_code", "value_text", "value_number").hash()
    vector = (  # a sum does not ask for the order of the answers
        answers.lazy()
        .filter(pl.col("state") == "answered")
        .select("respondent_id", answer=answer, asked=pl.struct("question_code", "item_code").hash())
        .group_by("respondent_id")
        .agg(n=pl.col("asked").n_unique(), vector=pl.col("answer").sum())
        .collect()
    )
    timed = (
        respondents.filter(pl.col("panel_key").is_null() & pl.col("submitted_at").is_not_null())
        .join(vector.filter(pl.col("n") >= limits["twin_answers"]), on="respondent_id")
        .join(places, on="respondent_id", how="left")
        .filter(pl.col("place").is_not_null() & (pl.col("place") != ""))
        .sort("submitted_at", "source_row")
    )
    gap = pl.col("submitted_at").diff().over("vector", "place")
    return set(timed.filter(gap <= pl.duration(minutes=limits["twin_minutes"]))["respondent_id"].to_list())
