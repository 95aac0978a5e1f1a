"""How far stations have come towards the standards."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure
from pipeline.findings.finding import Context, Finding, Headline, Sentence
from pipeline.findings.words import labels, number, percent, phrases, say

STATES = ("met", "partly", "not_met", "unknown", "not_checked")
COUNTS = tuple(f"n_{state}" for state in STATES)
DISCLOSURE = Disclosure(keys=("area_code", "standard_code", "class_code"), open=("n_stations", *COUNTS, "met_rate"))


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Stations by status of each standard and class of station, as last checked by the end of the period."""
    rows = con.sql(
        f"select area_code, standard_code, class_code, n_stations, {', '.join(COUNTS)} from mart.standards_progress "
        f"where period_code = ? and list_contains(?, area_code) order by 1, 2, 3",
        params=[context.period, list(context.areas)],
    ).pl()
    return rows.with_columns(
        pl.when(pl.col("n_stations") > 0).then(pl.col("n_met") / pl.col("n_stations")).round(3).alias("met_rate")
    )


def by_standard(rows: pl.DataFrame) -> pl.DataFrame:
    """All classes together, fewest met first."""
    whole = rows.group_by("area_code", "standard_code").agg(pl.col(["n_stations", *COUNTS]).sum())
    return whole.with_columns(
        pl.when(pl.col("n_stations") > 0).then(pl.col("n_met") / pl.col("n_stations")).alias("met_rate")
    ).sort("met_rate", "standard_code")


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """Overall progress, the slowest standard, and what is not known."""
    whole = by_standard(rows)
    cells = whole["n_stations"].sum()
    least = whole.row(0, named=True)
    name = labels(context, "standards", [least["standard_code"]])
    common = {
        "met": percent(whole["n_met"].sum() / cells) if cells else "—",
        "stations": number(least["n_stations"]),
        "count": number(least["n_met"]),
        "unknown": number(whole["n_unknown"].sum() + whole["n_not_checked"].sum()),
    }
    return say(
        "standards_progress",
        "some",
        "records",
        {**common, "least": f"“{name[0]}”"},
        {**common, "least": f"“{name[1]}”"},
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Stacked status of each standard."""
    side = 0 if context.lang == "zh" else 1
    words = phrases()["lists"]["check_statuses"]
    long = by_standard(rows).unpivot(index="standard_code", on=list(COUNTS), variable_name="state", value_name="count")
    long = long.with_columns(
        pl.Series("label", [context.label("standards", c) for c in long["standard_code"]], dtype=pl.String),
        pl.Series("status", [words[c.removeprefix("n_")][side] for c in long["state"]], dtype=pl.String),
    )
    return charts.stacked(
        long,
        label="label",
        value="count",
        status="status",
        title=context.pick("驿站数", "stations"),
        colors={words[state][side]: charts.STATUS[state] for state in STATES},
    )


def headline(rows: pl.DataFrame, item: str | None) -> Headline | None:
    """Share of all station-by-standard cells that are met."""
    cells = rows["n_stations"].sum()
    checked = cells - rows["n_not_checked"].sum()
    return (
        Headline(rows["n_met"].sum() / cells, "all", "七项合计达到比例", "share met over all standards")
        if checked
        else None
    )


def for_page(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """All classes together."""
    return by_standard(rows).with_columns(pl.col("met_rate").round(3))


FINDING = Finding(
    id="standards_progress",
    order=100,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    headline=headline,
    for_page=for_page,
    count=lambda rows: int(by_standard(rows)["n_stations"].max()),
    count_zh="驿站",
    count_en="stations",
    shows=("standard_code", "n_met", "n_partly", "n_not_met", "n_unknown", "n_not_checked", "met_rate"),
    question_zh="七项标准进展如何？",
    question_en="How far have stations come towards the standards?",
    measure_zh="各项标准按最近一次检查的状态计驿站数",
    measure_en="Stations by status of each standard at their last check",
    source_zh="标准检查",
    source_en="standard checks",
    caveats_zh=("标准是逐步达到的，未检查不等于未达到。",),
    caveats_en=("Standards are being reached gradually; not checked is not the same as not met.",),
)
