"""Verdicts as shown: reasons in words, and probabilities no surer than a verdict can be."""

from __future__ import annotations

import polars as pl

from pipeline.findings.finding import Context

SUREST = 0.99  # what the rules assume may be wrong: nothing is shown as certain


def shown_probability() -> pl.Expr:
    """The probability in whole points, at most SUREST."""
    return pl.col("probability").round(2).clip(upper_bound=SUREST)


def with_reason_words(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Adds `reason_zh` and `reason_en`: the codes of `reasons` in words, in their order."""
    told = {text: text.split(",") if text else [] for text in rows["reasons"].unique()}
    zh = {text: "，".join(context.label("verdict_reasons", c, "zh") for c in codes) for text, codes in told.items()}
    en = {
        text: ", ".join(context.label("verdict_reasons", c, "en").lower() for c in codes)
        for text, codes in told.items()
    }
    return rows.with_columns(
        pl.Series("reason_zh", [zh[text] for text in rows["reasons"]], dtype=pl.String),
        pl.Series("reason_en", [en[text] for text in rows["reasons"]], dtype=pl.String),
    )
