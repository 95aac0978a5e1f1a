"""Speeders: sheets that took much less time than the wave's own pace."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def pace(respondents: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Seconds per item answered, and the share of the wave's usual time that a sheet took.

    Shape: one row per respondent — respondent_id, n_answered, seconds_per_item, share. A missing time stays missing. `share`
    is the larger of two: of the median time, and of the median time per item answered. Who is rightly led past half of the
    questions needs half of the time; who answers more than others at the same pace is not fast either.

    >>> people = pl.DataFrame({"respondent_id": ["1", "2", "3"], "duration_seconds": [100, 100, 20]})
    >>> counts = pl.DataFrame({"respondent_id": ["1", "2", "3"], "n_answered": [20, 20, 10]})
    >>> pace(people, counts)["share"].to_list()
    [1.0, 1.0, 0.4]
    """
    seconds, n = pl.col("duration_seconds"), pl.col("n_answered")
    rows = respondents.select("respondent_id", "duration_seconds").join(
        counts, on="respondent_id", how="left", maintain_order="left"
    )
    rows = rows.with_columns(n.fill_null(0)).with_columns(seconds_per_item=pl.when(n > 0).then(seconds / n))
    per_item = pl.col("seconds_per_item")
    shares = [pl.when(time.median() > 0).then(time / time.median()) for time in (seconds, per_item)]
    return rows.select("respondent_id", "n_answered", "seconds_per_item", share=pl.max_horizontal(shares))


def speeders(paces: pl.DataFrame, limits: Mapping[str, float]) -> set[str]:
    """Under a third of the usual time; or so fast that no item can have been read, and under half of the median too —
    where everybody answers in two seconds, two seconds are no sign."""
    unread = (pl.col("seconds_per_item") < limits["seconds_per_item"]) & (pl.col("n_answered") >= limits["least_items"])
    fast = (pl.col("share") < limits["share_of_median"]) | (unread & (pl.col("share") < limits["hurried_share"]))
    return set(paces.filter(fast)["respondent_id"].to_list())
