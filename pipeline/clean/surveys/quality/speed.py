"""Speeders: sheets that took much less time than the wave's own pace for the items they were shown."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def pace(respondents: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Seconds per item shown, and the share of the wave's median that they are.

    Shape: one row per respondent — respondent_id, n_shown, seconds_per_item, share. A missing time stays missing. By item,
    not in total: who is rightly led past half of the questions needs half of the time.

    >>> people = pl.DataFrame({"respondent_id": ["1", "2", "3"], "duration_seconds": [100, 100, 20]})
    >>> shown = pl.DataFrame({"respondent_id": ["1", "2", "3"], "n_shown": [20, 20, 10]})
    >>> pace(people, shown)["share"].to_list()
    [1.0, 1.0, 0.4]
    """
    rows = respondents.select("respondent_id", "duration_seconds").join(
        shown, on="respondent_id", how="left", maintain_order="left"
    )
    rows = rows.with_columns(pl.col("n_shown").fill_null(0))
    rows = rows.with_columns(
        seconds_per_item=pl.when(pl.col("n_shown") > 0).then(pl.col("duration_seconds") / pl.col("n_shown"))
    )
    median = pl.col("seconds_per_item").median()
    return rows.select(
        "respondent_id", "n_shown", "seconds_per_item",
        share=pl.when(median > 0).then(pl.col("seconds_per_item") / median),
    )  # fmt: skip


def speeders(paces: pl.DataFrame, limits: Mapping[str, float]) -> set[str]:
    """Under a third of the median pace; or so fast that no item can have been read, and under half of the median too —
    where everybody answers in two seconds, two seconds are no sign."""
    unread = (pl.col("seconds_per_item") < limits["seconds_per_item"]) & (pl.col("n_shown") >= limits["least_items"])
    fast = (pl.col("share") < limits["share_of_median"]) | (unread & (pl.col("share") < limits["hurried_share"]))
    return set(paces.filter(fast)["respondent_id"].to_list())
