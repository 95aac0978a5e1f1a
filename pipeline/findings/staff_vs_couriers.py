"""Do staff name the same needs as responding couriers?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, word
from pipeline.findings.counts import main_wave
from pipeline.findings.estimating.tables import NEED
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.top_needed_services import respondents, with_labels
from pipeline.findings.top_needed_services import table as needs
from pipeline.findings.words import labels, phrases, say, silence

TOP = 3
DISCLOSURE = Disclosure(
    keys=("area_code", "wave_code", "population_code", "service_code"),
    open=("n_stations", "staff_rank", "withheld_code", "speaks_for_code"),
    protect=(replace(NEED[0], values=("courier_rank", "rank_from", "rank_to")),),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Rank of each service by the need of respondents and, where a station named it, by staff."""
    staff = con.sql(
        "select area_code, service_code, n_stations, rank_order as staff_rank from mart.staff_priorities "
        "where period_code = ?",
        params=[context.period],
    ).pl()
    rank = pl.col("est").rank("min", descending=True).over("area_code", "wave_code").cast(pl.Int64)
    rows = needs(con, context).with_columns(rank.alias("courier_rank")).drop("tier_code")
    if staff.is_empty():
        return rows.head(0).with_columns(
            pl.lit(None, pl.Int64).alias("staff_rank"), pl.lit(None, pl.Int64).alias("n_stations")
        )
    rows = rows.join(staff, on=["area_code", "service_code"], how="left").with_columns(
        pl.col("staff_rank").cast(pl.Int64)
    )
    return rows.sort("area_code", "wave_code", "staff_rank", "courier_rank", "service_code", nulls_last=True)


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """How many of the first three agree, and where the two differ most."""
    answered, rows = rows, main_wave(rows).drop_nulls(["courier_rank", "staff_rank"])
    if rows.is_empty():
        return silence(answered)
    both = rows.filter((pl.col("staff_rank") <= TOP) & (pl.col("courier_rank") <= TOP))["service_code"].to_list()
    far = rows.sort((pl.col("staff_rank") - pl.col("courier_rank")).abs(), descending=True, maintain_order=True).row(
        0, named=True
    )
    zh, en = labels(context, "services", both)
    apart = labels(context, "services", [far["service_code"]])
    common = {"top": TOP, "count": len(both), "staff": far["staff_rank"], "courier": far["courier_rank"]}
    ranks = _ranks(far)
    return say(
        "staff_vs_couriers",
        "same" if both else "none",
        "records",
        {**common, "services": zh, "apart": apart[0], "ranks": ranks[0]},
        {**common, "services": en, "apart": apart[1], "ranks": ranks[1]},
    )


def _ranks(row: dict[str, Any]) -> tuple[str, str]:
    """The ranks that a service may have among couriers, zh and en; empty where there is only one."""
    if row["rank_from"] is None or row["rank_from"] == row["rank_to"]:
        return "", ""
    words = phrases()["say"]["staff_vs_couriers"]["ranks"]
    return tuple(words[lang].format(low=row["rank_from"], high=row["rank_to"]) for lang in ("zh", "en"))


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """The two ranks of each service."""
    rows = with_labels(main_wave(rows).filter(pl.col("staff_rank").is_not_null()), context)
    if rows.is_empty():
        return None
    return charts.paired_dots(
        rows,
        label="label",
        first="staff_rank",
        second="courier_rank",
        percent=False,
        reverse=True,
        names=(context.pick("站点人员", "staff"), context.pick("受访小哥", "responding couriers")),
        title=context.pick("名次（右为第一）", "rank (first on the right)"),
        hidden=word("suppressed", context.lang),
    )


FINDING = Finding(
    id="staff_vs_couriers",
    order=40,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    count=respondents,
    is_weighted=True,
    shows=("service_code", "staff_rank", "courier_rank", "ranks", "est", "n"),
    question_zh="站点人员说的需要与受访小哥说的一致吗？",
    question_en="Do staff name the same needs as responding couriers?",
    measure_zh="站点人员排序与受访小哥需要比例各自的名次",
    measure_en="Rank by staff beside rank by share in need",
    source_zh="站点人员排序与问卷",
    source_en="staff rankings and survey",
    caveats_zh=("名次相邻的服务比例可能相差很小，先后不一定有意义；“可能的名次”是分不出先后的范围。",),
    caveats_en=(
        "Neighbouring ranks may rest on very close shares; “possible ranks” is the range within which order cannot be told.",
    ),
)
