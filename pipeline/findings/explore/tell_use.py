"""Sentences on what moves use, how often services are asked for, and what came after activities and fixes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.said import Said, names_of, say
from pipeline.findings.explore.use_lifts import POOLED
from pipeline.findings.explore.use_words import term_label
from pipeline.findings.explore.words import label
from pipeline.findings.words import listed

LANGS = ("zh", "en")
NONE = {"zh": "无", "en": "none"}


def rates(table: pl.DataFrame, choices: Choices) -> Said:
    """Which factors change use beyond doubt, and for which no change can be told; `table` is `use_rates(…)` of one area or more."""
    shown = table.filter(pl.col("lci").is_not_null())
    if shown.is_empty():
        return say("nothing")
    is_apart = (pl.col("lci") > 1) | (pl.col("uci") < 1)
    moved, still = shown.filter(is_apart), shown.filter(~is_apart)
    figures = {"n_stations": shown["n_stations"].max()}
    if moved.is_empty():
        return say("use_rates_still", figures)
    sides = [{"moved": _parts(moved, choices, lang), "still": _terms(still, choices, lang)} for lang in LANGS]
    return say("use_rates", figures | sides[0], figures | sides[1])


def _parts(table: pl.DataFrame, choices: Choices, lang: str) -> str:
    parts = [
        say("use_rate", {"term": term_label(choices, row["term_code"], lang), **_figures(row)})
        for row in table.iter_rows(named=True)
    ]
    return ("；" if lang == "zh" else "; ").join(part.zh if lang == "zh" else part.en for part in parts)


def _terms(table: pl.DataFrame, choices: Choices, lang: str) -> str:
    return (
        listed([term_label(choices, term, lang) for term in table["term_code"]], lang) if table.height else NONE[lang]
    )


def _figures(row: dict[str, Any]) -> dict[str, str]:
    return {name: f"{row[name]:.2f}" for name in ("est", "lci", "uci")}


def hourly_demand(table: pl.DataFrame, choices: Choices) -> Said:
    """The service asked for most in an open hour, and which cannot be told from it; `table` is `hourly_demand(…)` by service."""
    shown = table.filter(pl.col("lci").is_not_null()).sort("est", descending=True, maintain_order=True)
    if shown.is_empty():
        return say("nothing")
    row = shown.row(0, named=True)
    tied = shown.slice(1).filter(pl.col("uci") >= row["lci"])
    names = [{"others": names_of(tied, choices, side)} for side in (0, 1)]
    beside = say("demand_tied", *names) if tied.height else say("demand_alone")
    figures = {name: f"{row[name]:.1f}" for name in ("est", "lci", "uci")}
    first = [names_of(shown.head(1), choices, side) for side in (0, 1)]
    english = beside.en[:1].lower() + beside.en[1:]
    return say("hourly_demand", figures | {"first": first[0], "tied": beside.zh}, {"first": first[1], "tied": english})


def lift(table: pl.DataFrame, choices: Choices, what: str = "activity") -> Said:
    """What use did after activities (`activity`) or fixes (`fix`), or why it cannot be said; the area with most to go by.

    `table`: `activity_lift(…)` or `fix_effect(…)`.
    """
    if table.is_empty():
        return say("nothing")
    pooled = (
        table.filter(pl.col("happening_id") == POOLED)
        .sort("n_events", descending=True, maintain_order=True)
        .row(0, named=True)
    )
    each = table.filter((pl.col("happening_id") != POOLED) & (pl.col("area_code") == pooled["area_code"]))
    names = [{"what": label(choices, "lifts", what, lang)} for lang in LANGS]
    figures = {"n": pooled["n_events"], "n_all": each.height}
    if not each.height:
        return say("nothing")
    if pooled["suppressed"]:
        return say("lift_hidden", *names)
    if pooled["lci"] is None:
        why = [{"why": _why(each, choices, lang)} for lang in LANGS]
        return say("lift_none", figures | names[0] | why[0], names[1] | why[1])
    case = "lift_up" if pooled["lci"] > 1 else "lift_down" if pooled["uci"] < 1 else "lift_unclear"
    return say(case, figures | _figures(pooled) | names[0], names[1])


def _why(each: pl.DataFrame, choices: Choices, lang: str) -> str:
    """The reasons with how often each holds, the commonest first."""
    counted = Counter(code for code in each["reason_code"] if code).most_common()
    one = "{n}次{why}" if lang == "zh" else "{n} {why}"
    return listed([one.format(n=n, why=label(choices, "use_reasons", code, lang)) for code, n in counted], lang)
