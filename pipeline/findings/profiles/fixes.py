"""What to fix at one station, the surest first: from the disclosed tables of its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.findings.finding import Context
from pipeline.findings.profiles.words import word
from pipeline.findings.words import labels, listed

ACTED_ON = (
    "declared_but_failing",
    "unknown_to_users",
    "hidden_demand",
    "unmet",
)  # verdicts that ask for something, in order
SURE_FROM = 0.5  # a verdict less likely than this asks for nothing yet: it stays in the table


def fixes(
    facts: Mapping[str, Any], services: pl.DataFrame, standards: pl.DataFrame, listings: pl.DataFrame, context: Context
) -> list[str]:
    """One line per thing to do at a station, from the rows of its tables."""
    lines = [line for code in ACTED_ON if (line := _services(services, code, context))]
    lacking = standards.filter(pl.col("status_code").is_in(["not_met", "partly"]))["standard_code"].to_list()
    if lacking:
        lines.append(word(context, "fix", "standard", standards=_listed("standards", lacking, context)))
    missing = listings.filter(~pl.col("is_listed"))["map_code"].to_list()
    if missing:
        lines.append(
            word(
                context, "fix", "listing", maps=listed([context.label("maps", code) for code in missing], context.lang)
            )
        )
    if facts["hours_zh"] is None:
        lines.append(word(context, "fix", "hours"))
    if facts["lon"] is None or facts["lat"] is None:
        lines.append(word(context, "fix", "place"))
    if facts["n_suggestions_open"]:
        lines.append(word(context, "fix", "suggestions", n=facts["n_suggestions_open"]))
    return lines


def _services(services: pl.DataFrame, verdict: str, context: Context) -> str:
    """The services under one verdict, the surest first; nothing where there is none."""
    judged = services.filter(pl.col("is_evaluable") & (pl.col("verdict_code") == verdict))
    sure = judged.filter(pl.col("probability") >= SURE_FROM)
    codes = sure.sort("probability", "service_code", descending=[True, False])["service_code"].to_list()
    return word(context, "fix", verdict, services=_listed("services", codes, context)) if codes else ""


def _listed(list_code: str, codes: list[str], context: Context) -> str:
    return context.pick(*labels(context, list_code, codes))
