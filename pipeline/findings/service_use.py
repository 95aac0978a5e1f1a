"""Which services are recorded as used, by whom, and how often served."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect, word
from pipeline.findings.context import mark_season
from pipeline.findings.counts import distinct_users
from pipeline.findings.finding import Context, Finding, Headline, Sentence
from pipeline.findings.top_needed_services import with_labels
from pipeline.findings.words import labels, nothing, number, percent, say

COURIERS = "user_group_code in ('courier', 'rider')"
VALUES = ("n_visits", "n_served", "n_unserved", "served_share", "courier_visit_share", "unknown_visit_share")
DISCLOSURE = Disclosure(
    keys=("area_code", "service_code"),
    open=("is_evaluable", "n_days"),
    protect=(Protect(n=("n_keys",), values=VALUES, basis="couriers", within=("area_code",), zeros_open="n_visits"),),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Recorded visits of each service in the period, served or not, and by whom."""
    rows = con.sql(
        f"select area_code, service_code, sum(n_visits) as n_visits, sum(n_served) as n_served, sum(n_unserved) as n_unserved, "
        f"sum(n_visits) filter ({COURIERS}) as by_couriers, sum(n_visits) filter (user_group_code = 'unknown') as by_unknown "
        f"from mart.service_use_months where period_code = ? and coalesce(service_code, '') <> '' "
        f"and list_contains(?, area_code) group by 1, 2",
        params=[context.period, list(context.areas)],
    ).pl()
    rows = rows.with_columns(
        pl.col(["n_visits", "n_served", "n_unserved", "by_couriers", "by_unknown"]).fill_null(0).cast(pl.Int64)
    )
    keys = distinct_users(
        con, context, {"area_code": "area_code", "service_code": "service_code"}, "service_code is not null"
    )
    rows = rows.join(keys, on=["area_code", "service_code"], how="left").with_columns(pl.col("n_keys").fill_null(0))
    part = lambda name: pl.when(pl.col("n_visits") > 0).then(pl.col(name) / pl.col("n_visits")).round(3)  # noqa: E731
    rows = rows.with_columns(
        part("n_served").alias("served_share"),
        part("by_couriers").alias("courier_visit_share"),
        part("by_unknown").alias("unknown_visit_share"),
    ).drop("by_couriers", "by_unknown")
    rows = mark_season(rows, context, [*VALUES, "n_keys"]).with_columns(
        pl.lit(_days(con, context), pl.Int64).alias("n_days")
    )
    return rows.sort("area_code", "n_visits", "service_code", descending=[False, True, False], nulls_last=True)


def _days(con: duckdb.DuckDBPyConnection, context: Context) -> int | None:
    """Days from the first to the last event of the period."""
    rows = con.sql(
        "select max(last_event_on) - min(first_event_on) + 1 from mart.periods where period_code = ? and list_contains(?, area_code)",
        params=[context.period, list(context.areas)],
    ).fetchall()
    return rows[0][0]


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The service used most, the one least often served, and how much of the use is by unknown users."""
    rows = rows.filter(pl.col("n_visits").is_not_null() & (pl.col("n_visits") > 0)).sort(
        "n_visits", descending=True, maintain_order=True
    )
    if rows.is_empty():
        return nothing("all_hidden")
    top, worst = rows.row(0, named=True), rows.sort("served_share", maintain_order=True).row(0, named=True)
    unknown = float((rows["n_visits"] * rows["unknown_visit_share"]).sum()) / float(rows["n_visits"].sum())
    first, last = (
        labels(context, "services", [top["service_code"]]),
        labels(context, "services", [worst["service_code"]]),
    )
    common = {"visits": number(top["n_visits"]), "served": percent(worst["served_share"]), "unknown": percent(unknown)}
    return say(
        "service_use",
        "some",
        "records",
        {**common, "first": first[0], "worst": last[0]},
        {**common, "first": first[1], "worst": last[1]},
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
    caveats_zh=("人次不是人数；没有记录的使用看不到。", "缺货、关门的日子少记了需要，记录偏低。"),
    caveats_en=(
        "Visits are not persons; unlogged use cannot be seen.",
        "Days of stock-out or closure hide demand: records run low.",
    ),
)
