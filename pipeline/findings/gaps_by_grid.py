"""Grid cell by service: where people go without, and what the stations standing there make of it."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.gaps_by_station import COLORS
from pipeline.findings.verdicts import grid_verdicts
from pipeline.findings.verdicts.words import shown_probability, with_reason_words
from pipeline.findings.words import labels, say

LACKING = ("declared_but_failing", "unknown_to_users", "hidden_demand", "unmet")
PAGE_ROWS = 15
DISCLOSURE = Disclosure(
    keys=("area_code", "grid_id", "service_code"),
    open=(
        "verdict_code", "probability", "reasons", "reason_zh", "reason_en", "is_evaluable", "n_stations", "n_stations_offering",
        "n_stations_working",
    ),
    protect=(Protect(n=("n",), values=("is_gap",), shares=("lacking_share",), numerator="n_unmet", basis="respondents"),),
)  # fmt: skip


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """The verdict of every grid cell and service, with the stations there."""
    rows = (
        with_reason_words(grid_verdicts(con, context), context)
        .rename({"unmet_share": "lacking_share"})
        .with_columns(shown_probability())
    )
    return rows.select(name for name in DISCLOSURE.columns() if name != "suppressed")


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """How many pairs have a gap, of which kind, and the service that lacks in most cells."""
    counts = dict(rows.group_by("verdict_code").len().iter_rows())
    values: dict[str, Any] = {"pairs": rows.height, **{code: counts.get(code, 0) for code in COLORS}}
    values["lacking"] = sum(values[code] for code in LACKING)
    if not values["lacking"]:
        return say("gaps_by_grid", "none", "records", values)
    by_service = rows.filter(pl.col("verdict_code").is_in(LACKING)).group_by("service_code").len()
    service, cells = by_service.sort("len", "service_code", descending=[True, False]).row(0)
    zh, en = labels(context, "services", [service])
    return say(
        "gaps_by_grid",
        "some",
        "records",
        {**values, "service": zh, "cells": cells},
        {**values, "service": en, "cells": cells},
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Verdicts of cells by service, services that lack in most cells first; those needed by few everywhere are left out."""
    rows = rows.filter((~pl.col("verdict_code").is_in(["low_need", "no_evidence"])).any().over("service_code"))
    if rows.is_empty():
        return None
    lacking = pl.col("verdict_code").is_in(LACKING).sum().over("service_code")
    rows = rows.with_columns(_lacking=lacking).sort(
        "_lacking", "service_code", "grid_id", descending=[True, False, False]
    )
    words = {code: context.label("verdicts", code) for code in COLORS}
    rows = rows.with_columns(
        pl.Series("service", [context.label("services", c) for c in rows["service_code"]], dtype=pl.String),
        pl.Series("grid", [context.label("grids", g) for g in rows["grid_id"]], dtype=pl.String),
        pl.Series("status", [words[c] for c in rows["verdict_code"]], dtype=pl.String),
    )
    return charts.tiles(rows, x="service", y="grid", status="status", colors={words[c]: v for c, v in COLORS.items()})


def for_page(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Gaps with a cause at the stations first, then the widest; the workbook holds all cells."""
    picked = rows.filter(pl.col("verdict_code").is_in(LACKING))
    order = pl.col("verdict_code").replace_strict({code: place for place, code in enumerate(LACKING)})
    ranked = picked.with_columns(_order=order).sort(
        "_order", "lacking_share", "probability", "grid_id", "service_code",
        descending=[False, True, True, False, False], nulls_last=True,
    )  # fmt: skip
    return ranked.head(PAGE_ROWS).drop("_order")


FINDING = Finding(
    id="gaps_by_grid",
    order=81,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    for_page=for_page,
    count=lambda rows: rows["grid_id"].n_unique(),
    count_zh="网格",
    count_en="grid cells",
    shows=(
        "grid_id",
        "service_code",
        "verdict_code",
        "probability",
        "lacking_share",
        "reason_zh",
        "reason_en",
        "n_stations",
        "n_stations_offering",
    ),
    question_zh="各网格各项服务，缺口在哪里、为什么？",
    question_en="Which services fall short in which grid cells, and why?",
    measure_zh="网格×服务：在此干活的人需要而得不到的，加上网格内驿站登记、可用、被知晓的情况，合成一个判定",
    measure_en="Grid cell by service: unmet need of those who work there, and what the stations in the cell declare, run and are known for, in one verdict",
    source_zh="问卷、驿站台账、检查、设施、使用记录",
    source_en="survey, station ledger, checks, facilities and log",
    caveats_zh=(
        "小哥也去网格外的驿站：网格内没有登记，不等于走不到。",
        "需要的人或得不到的人不到一成，不算缺口；接近一成的网格，两边都可能，看把握程度。",
        "问卷没问的服务不知道多少人得不到；需要低的写“需求低”，其余写“证据不足”。",
    ),
    caveats_en=(
        "Couriers also use stations outside their cell: none declared here does not mean none in reach.",
        "A service needed by, or lacking for, fewer than one in ten has no gap; near that limit it may be either: see the probability.",
        "Of services the survey does not ask about it is not known how many go without: where need is low it says so, else “No evidence”.",
    ),
)
