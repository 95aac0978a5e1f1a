"""Which services respondents say they need."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, word
from pipeline.findings.counts import asked, main_wave, overlapping
from pipeline.findings.estimating.need_changes import Change, need_change
from pipeline.findings.estimating.tables import KEYS, NEED, ORDER, need_table
from pipeline.findings.finding import Context, Finding, Headline, Sentence
from pipeline.findings.words import about, labels, left_out, say, silence, speaks_for, strength

DISCLOSURE = Disclosure(
    keys=KEYS,
    open=("withheld_code", "speaks_for_code"),
    protect=(replace(NEED[0], values=ORDER),),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Share in need of each service, most needed first."""
    rows = need_table(con, context.period, context.areas).select(
        name for name in DISCLOSURE.columns() if name != "suppressed"
    )
    return rows.sort(
        "area_code",
        "wave_code",
        pl.col("est").round(6),
        "service_code",
        descending=[False, False, True, False],
        nulls_last=True,
    )


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The service needed most, and whether its place is certain."""
    return ranked(rows, context, "top_needed_services")


def ranked(rows: pl.DataFrame, context: Context, finding: str) -> Sentence:
    """First service with its interval, then those that follow or that cannot be told apart from it, and those that are too
    uncertain to be put in an order. What nobody names has no place."""
    shown = main_wave(rows).filter(pl.col("est") > 0).sort("est", descending=True, maintain_order=True)
    if shown.is_empty():
        return silence(rows)
    more = left_out(main_wave(rows), context)
    said = _order(shown, context, finding)
    return Sentence(said.zh + more.zh, said.en + more.en, said.strength)


def _order(rows: pl.DataFrame, context: Context, finding: str) -> Sentence:
    top, tied = rows.row(0, named=True), overlapping(rows)
    others = tied[:3] if tied else rows["service_code"].to_list()[1:3]
    zh, en = about(top["est"], top["lci"], top["uci"])
    names, first = labels(context, "services", others), labels(context, "services", [top["service_code"]])
    power = strength(top["n"], top["lci"], top["uci"])
    return say(
        finding,
        "tied" if tied else "clear" if others else "only",
        power,
        {"first": first[0], "share": zh, "others": names[0]},
        {"first": first[1], "share": en, "others": names[1]},
        speaks_for(rows),
    )


def with_labels(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Adds `label`, the service in words."""
    return rows.with_columns(
        pl.Series("label", [context.label("services", c) for c in rows["service_code"]], dtype=pl.String)
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Bars with intervals."""
    rows = with_labels(main_wave(rows), context)
    if rows.is_empty():
        return None
    return charts.bars(
        rows,
        label="label",
        value="est",
        lower="lci",
        upper="uci",
        title=context.pick("需要的比例（线为区间）", "share in need (line: interval)"),
        hidden=word("suppressed", context.lang),
    )


def headline(rows: pl.DataFrame, item: str | None) -> Headline | None:
    """Share in need of the service needed most, or of the one named."""
    rows = main_wave(rows).filter(pl.col("est").is_not_null()).sort("est", descending=True, maintain_order=True)
    if item:
        rows = rows.filter(pl.col("service_code") == item)
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    return Headline(
        row["est"],
        row["service_code"],
        "首位需要的比例",
        "share in need of the first service",
        row["population_code"],
        wave=row["wave_code"],
    )


def respondents(rows: pl.DataFrame) -> int | None:
    """People asked in the larger wave of each area."""
    return asked(rows)


def changed(con: duckdb.DuckDBPyConnection, before: Headline, now: Headline, area: str) -> Change | None:
    """By how much the headline's share changed between two waves."""
    return need_change(con, "need", now.item, area, now.wave, before.wave)


FINDING = Finding(
    id="top_needed_services",
    order=20,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    headline=headline,
    change=changed,
    count=respondents,
    variables=("need",),
    is_weighted=True,
    shows=("service_code", "est", "interval", "band", "tier_code", "n"),
    question_zh="受访小哥最需要哪些服务？",
    question_en="Which services do responding couriers need most?",
    measure_zh="说自己需要某项服务的比例（可多选；有已知总数时加权到该总体，否则只代表受访者）",
    measure_en="Share who say they need a service (several may be named; weighted to known totals where there are any, else of respondents)",
    source_zh="问卷",
    source_en="survey",
    caveats_zh=(
        "答的是填答当时的需要：春季少提纳凉与取暖，不等于夏冬不需要。",
        "区间不含自愿填答的偏差，那部分看敏感带；先后只看区间和“与平均相比”，不看名次。",
    ),
    caveats_en=(
        "Need is as felt when answering: few name cooling or warming in spring.",
        "Intervals leave out the bias of volunteering, which the selection band shows; read order from intervals and tiers, not from ranks.",
    ),
)
