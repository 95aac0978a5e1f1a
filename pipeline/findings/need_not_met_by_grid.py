"""Where needs are not met: grid cell by service."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect, word
from pipeline.findings.context import mark_season, not_evaluable
from pipeline.findings.estimating.areas import area_rows
from pipeline.findings.estimating.sample import main_samples
from pipeline.findings.estimating.tables import EXACT, FIGURES
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.words import labels, percent, say, silence, strength

DISCLOSURE = Disclosure(
    keys=("area_code", "grid_id", "service_code"),
    open=("wave_code", "is_evaluable", "withheld_code", "speaks_for_code", "n_stations", "n_stations_offering"),
    protect=(
        Protect(
            n=("n",),
            values=("shrinkage", "is_gap"),
            shares=(*FIGURES, "shrunken_est", "shrunken_lci", "shrunken_uci"),
            spread=(*EXACT, "p_adjusted"),
            numerator="n_unmet",
            basis="respondents",
        ),
    ),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Share in unmet need for each grid cell and service, alone and borrowing from the others, with the stations there."""
    rows = con.sql(
        "select area_code, grid_id, service_code, n_stations, n_stations_offering, "
        "max(wave_code) over (partition by area_code) as wave_code "
        "from mart.service_gap_by_grid where period_code = ? and list_contains(?, area_code) and grid_id is not null "
        "order by 1, 2, 3",
        params=[context.period, list(context.areas)],
    ).pl()
    out = tuple(not_evaluable(context))
    parts = [area_rows(con, sample, "grid_id", out) for sample in main_samples(con, context.period, context.areas)]
    names = [name for part in DISCLOSURE.protect for name in part.columns()] + ["withheld_code", "speaks_for_code"]
    if not parts:
        empty = rows.head(0).with_columns(pl.lit(None, pl.Float64).alias(name) for name in names)
        return mark_season(empty, context, ()).select(n for n in DISCLOSURE.columns() if n != "suppressed")
    answered = pl.concat(parts, how="diagonal_relaxed").rename({"by_code": "grid_id"}).drop("wave_code")
    rows = rows.join(answered, on=["area_code", "grid_id", "service_code"], how="left", maintain_order="left")
    rows = rows.filter(
        pl.col("n").is_not_null().any().over("area_code", "service_code")
    )  # services the survey asks about
    rows = mark_season(rows, context, [name for name in names if name not in ("n", "speaks_for_code")])
    return rows.select(name for name in DISCLOSURE.columns() if name != "suppressed")


def widest(rows: pl.DataFrame) -> pl.DataFrame:
    """Cells shown, certain gaps first, then by what is certain of the figure that borrows from the other cells."""
    return rows.filter(pl.col("shrunken_est").is_not_null()).sort(
        "is_gap", "shrunken_lci", "shrunken_est", "grid_id", "service_code",
        descending=[True, True, True, False, False], nulls_last=True,
    )  # fmt: skip


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The cell whose gap is widest beyond doubt, and how much is not shown."""
    shown = widest(rows)
    if shown.is_empty() or not shown["shrunken_est"][0]:
        return silence(rows, "shrunken_est")
    top = shown.row(0, named=True)
    service = labels(context, "services", [top["service_code"]])
    judged = rows.filter(pl.col("is_evaluable") & (pl.col("n").is_not_null() | pl.col("suppressed")))
    common = {
        "grid": context.label("grids", top["grid_id"]),
        "n": top["n"],
        "share": f"约{percent(top['shrunken_est'])}",
        "offering": top["n_stations_offering"] or 0,
        "cells": judged.height,
        "hidden": judged.filter(pl.col("shrunken_est").is_null()).height,
    }
    power = strength(top["n"], top["shrunken_lci"], top["shrunken_uci"])
    return say(
        "need_not_met_by_grid",
        "hidden" if common["hidden"] else "some",
        power,
        {**common, "service": service[0]},
        {**common, "service": service[1], "share": f"about {percent(top['shrunken_est'])}"},
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Grid cell by service, darker where more respondents go without."""
    rows = rows.filter(pl.col("is_evaluable"))
    if rows["shrunken_est"].drop_nulls().is_empty():
        return None
    order = (
        rows.group_by("service_code")
        .agg(pl.col("shrunken_est").mean())
        .sort("shrunken_est", "service_code", descending=[True, False], nulls_last=True)
    )
    kept = order.head(10)["service_code"].to_list()
    rows = (
        rows.filter(pl.col("service_code").is_in(kept))
        .with_columns(pl.col("service_code").replace_strict({c: i for i, c in enumerate(kept)}).alias("_order"))
        .sort("_order", "grid_id")
    )
    rows = rows.with_columns(
        pl.Series("service", [context.label("services", c) for c in rows["service_code"]], dtype=pl.String),
        pl.Series("grid", [context.label("grids", g) for g in rows["grid_id"]], dtype=pl.String),
    )
    return charts.heat(
        rows,
        x="service",
        y="grid",
        value="shrunken_est",
        hidden=word("suppressed", context.lang),
        title=context.pick("需要而得不到（×：未显示）", "in unmet need (×: not shown)"),
    )


FINDING = Finding(
    id="need_not_met_by_grid",
    order=80,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    count=lambda rows: rows.group_by("area_code", "grid_id").agg(pl.col("n").max())["n"].sum() or None,
    is_weighted=True,
    shows=(
        "grid_id",
        "service_code",
        "shrunken_est",
        "shrunken",
        "is_gap",
        "est",
        "shrinkage",
        "n",
        "n_stations_offering",
    ),
    question_zh="缺口在哪里？",
    question_en="Where are the gaps?",
    measure_zh="按主要干活的网格，需要而得不到的比例：只看本网格答卷的，与借助其他网格估计的（有已知总数时加权）",
    measure_en="Share in unmet need by the grid cell respondents work in most: from its own answers, and borrowing from the other cells (weighted where totals are known)",
    source_zh="问卷与驿站台账",
    source_en="survey and station ledger",
    caveats_zh=(
        "每个网格受访者不多：只看本网格的多半太不确定而不显示；借助其他网格的估计向总体靠拢，“自身答卷的权重”越小靠得越多。",
        "只有足够确定的比例才显示，太小的多半不够确定：本网格的比例只看显示出来的，平均会偏高一两个百分点。",
        "分子不足10人的比例只给到五个百分点。",
    ),
    caveats_en=(
        "Few respondents in each cell: figures of a cell alone are mostly too uncertain to show; those that borrow lean towards the whole, the more so the less its own answers weigh.",
        "Only shares certain enough are shown, and very small ones mostly are not: a cell's own shares, of those shown, lie a point or two high on average.",
        "Shares resting on fewer than 10 people are given in steps of five points.",
    ),
)
