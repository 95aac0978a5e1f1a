"""The facts of one station in words: a label and a text each."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline import disclose
from pipeline.findings.district.rules import walking
from pipeline.findings.finding import Context
from pipeline.findings.profiles.around import Around
from pipeline.findings.profiles.words import word
from pipeline.findings.words import listed, number

STATES = ("met", "partly", "not_met", "unknown", "not_checked")


def fact_lines(
    facts: dict[str, Any], standards: pl.DataFrame, listings: pl.DataFrame, around: Around | None, context: Context
) -> list[tuple[str, str]]:
    """Every line that has something to say, in the order of the page."""
    comma = context.pick("，", ", ")
    hours = facts[f"hours_{context.lang}"]
    week = facts["open_hours_per_week"]
    per_week = (
        ""
        if week is None
        else context.pick("（{}）", " ({})").format(word(context, "facts", "per_week", n=f"{week:g}"))
    )
    lines = [
        ("where", facts["address"] or ""),
        ("host", comma.join(_host(facts, context))),
        ("unit", facts.get("host_unit") or ""),
        ("size", comma.join(_size(facts, context))),
        ("hours", word(context, "facts", "unknown_hours") if hours is None else hours + per_week),
        ("use", _use(facts, context)),
        ("survey", _survey(facts, context)),
        ("standards", _standards(standards, context)),
        ("listed", _listings(listings, context)),
        ("suggested", _suggested(facts, context)),
        ("around", _around(around, context)),
    ]
    return [(word(context, "facts", name), text) for name, text in lines if text]


def _host(facts: dict[str, Any], context: Context) -> list[str]:
    kind = [context.label("host_types", facts["host_type_code"])] if facts["host_type_code"] else []
    since = [word(context, "facts", "opened", day=facts["opened_on"].isoformat())] if facts["opened_on"] else []
    return kind + since


def _size(facts: dict[str, Any], context: Context) -> list[str]:
    sizes = (("area", facts["area_m2"]), ("seats", facts["seats"]))
    return [word(context, "facts", name, n=f"{value:g}") for name, value in sizes if value is not None]


def _use(facts: dict[str, Any], context: Context) -> str:
    if facts["n_visits"] is not None:
        return word(context, "facts", "visits", n=number(facts["n_visits"]))
    return disclose.word("suppressed", context.lang) if facts["suppressed_use"] else word(context, "facts", "no_log")


def _survey(facts: dict[str, Any], context: Context) -> str:
    if facts["n"] is not None:
        return word(context, "facts", "respondents", n=number(facts["n"]))
    return (
        disclose.word("small_sample", context.lang)
        if facts["suppressed_survey"]
        else word(context, "facts", "no_survey")
    )


def _standards(standards: pl.DataFrame, context: Context) -> str:
    """How many of the standards are met, and which are not."""
    if standards.is_empty():
        return ""
    if set(standards["status_code"]) <= {"not_checked", "unknown"}:
        return word(context, "facts", "not_checked", all=standards.height)
    codes = {state: standards.filter(pl.col("status_code") == state)["standard_code"].to_list() for state in STATES}
    parts = [word(context, "facts", "met", n=len(codes["met"]), all=standards.height)]
    for state in STATES[1:]:
        if codes[state]:
            names = listed([context.label("standards", code) for code in codes[state]], context.lang)
            parts.append(context.pick("{}：{}", "{}: {}").format(context.label("check_statuses", state), names))
    return context.pick("；", "; ").join(parts)


def _listings(listings: pl.DataFrame, context: Context) -> str:
    parts = [
        word(context, "facts", "found" if row["is_listed"] else "not_found", map=context.label("maps", row["map_code"]),
             day=row["checked_on"].isoformat())
        for row in listings.iter_rows(named=True)
    ]  # fmt: skip
    return context.pick("；", "; ").join(parts) or word(context, "facts", "not_looked")


def _suggested(facts: dict[str, Any], context: Context) -> str:
    still, closed = facts["n_suggestions_open"], facts["n_suggestions_closed"]
    return word(context, "facts", "suggestions" if still + closed else "no_suggestions", open=still, closed=closed)


def _around(around: Around | None, context: Context) -> str:
    if around is None:
        return ""
    text = word(context, "facts", "buildings", reach=f"{walking().radius_m:g}", n=around.n_buildings)
    return text if around.n_workers is None else text + word(context, "facts", "workers", n=number(around.n_workers))
