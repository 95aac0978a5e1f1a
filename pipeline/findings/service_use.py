"""Which services are recorded as used, by whom, and how often served."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect, word
from pipeline.findings.context import mark_season
from pipeline.findings.counts import distinct_users, outcome_told
from pipeline.findings.finding import Context, Finding, Headline, Sentence
from pipeline.findings.top_needed_services import with_labels
from pipeline.findings.words import labels, number, percent, say, silence

CELL = {"area_code": "area_code", "service_code": "service_code"}
COURIERS = "user_group_code in ('courier', 'rider')"
VALUES = ("n_visits", "n_served", "n_unserved", "courier_visit_share", "unknown_visit_share")
DISCLOSURE = Disclosure(
    keys=("area_code", "service_code"),
    open=("is_evaluable", "is_outcome_told", "n_days"),
    protect=(
        Protect(n=("n_keys",), values=VALUES, basis="couriers", within=("area_code",), zeros_open="n_visits"),
        Protect(
            n=("n_keys_told",),
            values=("served_share",),
            basis="couriers",
            within=("area_code",),
            flag="suppressed_served",
        ),
    ),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Recorded visits of each service in the period, by whom, and how often served where the log tells."""
    rows = con.sql(
        f"select area_code, service_code, sum(n_visits) as n_visits, "
        f"sum(n_visits) filter ({COURIERS}) as by_couriers, sum(n_visits) filter (user_group_code = 'unknown') as by_unknown "
        f"from mart.service_use_months where period_code = ? and coalesce(service_code, '') <> '' "
        f"and list_contains(?, area_code) group by 1, 2",
        params=[context.period, list(context.areas)],
    ).pl()
    rows = rows.with_columns(pl.col(["n_visits", "by_couriers", "by_unknown"]).fill_null(0).cast(pl.Int64))
    keys = distinct_users(con, context, CELL, "service_code is not null")
    rows = rows.join(keys, on=list(CELL), how="left").with_columns(pl.col("n_keys").fill_null(0))
    rows = _with_outcomes(rows, con, context)
    part = lambda name: pl.when(pl.col("n_visits") > 0).then(pl.col(name) / pl.col("n_visits")).round(3)  # noqa: E731
    rows = rows.with_columns(
        part("by_couriers").alias("courier_visit_share"), part("by_unknown").alias("unknown_visit_share")
    ).drop("by_couriers", "by_unknown")
    rows = mark_season(rows, context, [*VALUES, "n_keys", "served_share", "n_keys_told"]).with_columns(
        pl.lit(_days(con, context), pl.Int64).alias("n_days")
    )
    return rows.sort("area_code", "n_visits", "service_code", descending=[False, True, False], nulls_last=True)


def _with_outcomes(rows: pl.DataFrame, con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Adds how the uses ended: the share served among logs that tell, the counts only where every log tells."""
    told = f"service_code is not null and {outcome_told(context)}"
    ends = con.sql(
        "select area_code, service_code, cast(sum(n_visits) as bigint) as n_told, "
        "cast(coalesce(sum(n_visits) filter (outcome_code = 'served'), 0) as bigint) as n_served "
        f"from clean.service_events where used_at >= ? and used_at < cast(? as date) + 1 and {told} group by 1, 2",
        params=[context.starts_on, context.ends_on],
    ).pl()
    keys = distinct_users(con, context, CELL, told).rename({"n_keys": "n_keys_told"})
    rows = rows.join(ends, on=list(CELL), how="left").join(keys, on=list(CELL), how="left")
    whole = pl.col("n_told") == pl.col("n_visits")
    return rows.with_columns(
        pl.col("n_told").is_not_null().alias("is_outcome_told"),
        pl.when(pl.col("n_told") > 0).then(pl.col("n_keys_told").fill_null(0)).alias("n_keys_told"),
        pl.when(pl.col("n_told") > 0).then(pl.col("n_served") / pl.col("n_told")).round(3).alias("served_share"),
        pl.when(whole).then(pl.col("n_served")).alias("n_served"),
        pl.when(whole).then(pl.col("n_told") - pl.col("n_served")).alias("n_unserved"),
    ).drop("n_told")


def _days(con: duckdb.DuckDBPyConnection, context: Context) -> int | None:
    """Days from the first to the last event of the period."""
    rows = con.sql(
        "select max(last_event_on) - min(first_event_on) + 1 from mart.periods where period_code = ? and list_contains(?, area_code)",
        params=[context.period, list(context.areas)],
    ).fetchall()
    return rows[0][0]


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The service used most, the one least often served where that is told, and how much use is by unknown users."""
    shown = rows.filter(pl.col("n_visits") > 0).sort("n_visits", descending=True, maintain_order=True)
    if shown.is_empty():
        return silence(rows)
    top = shown.row(0, named=True)
    ends = shown.filter(pl.col("served_share").is_not_null()).sort("served_share", maintain_order=True).head(1)
    case = "some" if ends.height else "outcome_hidden" if shown["is_outcome_told"].any() else "no_outcome"
    unknown = float((shown["n_visits"] * shown["unknown_visit_share"]).sum()) / float(shown["n_visits"].sum())
    first, worst = (labels(context, "services", codes) for codes in ([top["service_code"]], ends["service_code"]))
    served = percent(ends["served_share"][0]) if ends.height else ""
    common = {"visits": number(top["n_visits"]), "served": served, "unknown": percent(unknown)}
    return say(
        "service_use",
        case,
        "records",
        {**common, "first": first[0], "worst": worst[0]},
        {**common, "first": first[1], "worst": worst[1]},
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Recorded visits by service."""
    rows = with_labels(rows.filter(pl.col("is_evaluable")), context)
    if rows.is_empty():
        return None
    return charts.bars(
        rows,
        label="label",
        value="n_visits",
        percent=False,
        title=context.pick("记录人次", "recorded visits"),
        hidden=word("suppressed", context.lang),
    )


def headline(rows: pl.DataFrame, item: str | None) -> Headline | None:
    """Recorded visits a day of all services together, where shown: periods may be covered in part only."""
    shown, days = rows["n_visits"].drop_nulls(), rows["n_days"].max()
    if not days:
        return None
    return (
        Headline(float(shown.sum()) / days, "all", "公开部分日均人次", "visits a day shown", is_share=False)
        if shown.len()
        else None
    )


FINDING = Finding(
    id="service_use",
    order=50,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    headline=headline,
    count=lambda rows: int(rows["n_visits"].sum()) if rows["n_visits"].drop_nulls().len() else None,
    count_zh="记录人次",
    count_en="recorded visits",
    shows=("service_code", "n_visits", "served_share", "courier_visit_share", "unknown_visit_share", "n_keys"),
    question_zh="哪些服务有人用？",
    question_en="Which services are used?",
    measure_zh="使用记录中的人次、得到服务的比例、使用者构成",
    measure_en="Recorded visits, share served, and who the users are",
    source_zh="使用记录（门锁、小程序、登记簿）",
    source_en="service logs (door locks, mini-program, registers)",
    caveats_zh=(
        "人次不是人数；没有记录的使用看不到。",
        "缺货、关门的日子少记了需要，记录偏低。",
        "得到服务的比例只按写明结果的来源计算；某来源在该地本期没有一条“得到服务”以外的结果，视为未记录结果。",
    ),
    caveats_en=(
        "Visits are not persons; unlogged use cannot be seen.",
        "Days of stock-out or closure hide demand: records run low.",
        "Shares served rest on logs that tell outcomes; one that in this area and period names none but served counts as "
        "telling none.",
    ),
)
