"""The sentence on what changed between two waves, or why they cannot be compared."""

from __future__ import annotations

import polars as pl

from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.said import Said, both_words, say
from pipeline.findings.explore.words import label
from pipeline.findings.words import listed, percent


def change(table: pl.DataFrame, choices: Choices) -> Said:
    """What changed most since the earlier wave, or why the two cannot be compared; `table` is `change(…)`."""
    both = table.filter(pl.col("change").is_not_null())
    if both.is_empty():
        why = table.filter(pl.col("why_not") != "")["why_not"].unique(maintain_order=True).to_list()
        return say("change_none", {"why": listed(why, choices.context.lang)}) if why else say("nothing")
    certain = both.filter((pl.col("change_lci") > 0) | (pl.col("change_uci") < 0))
    shown = certain if certain.height else both
    row = shown.sort(pl.col("change").abs(), descending=True, maintain_order=True).row(0, named=True)
    figures = {
        "before": percent(row["est_before"]),
        "now": percent(row["est"]),
        "n_items": both.height,
        "n_apart": certain.height,
    }
    zh, en = ({"item": name, "wave": label(choices, "waves", row["earlier_wave"], lang), **figures}
              for name, lang in zip(both_words(row, choices), ("zh", "en"), strict=True))  # fmt: skip
    return say("change_apart" if certain.height else "change_close", zh, en)
