"""At what hours couriers are recorded."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect
from pipeline.findings.counts import distinct_users
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.words import number, say, silence

GROUPS = ("courier", "rider", "others")
GROUP_SQL = "case when user_group_code in ('courier', 'rider') then user_group_code else 'others' end"
GROUP_WORDS = {
    "courier": ("快递员", "couriers"),
    "rider": ("外卖骑手", "riders"),
    "others": ("其他与不详", "others and unknown"),
}
WINDOW = 2
# Of the events themselves those whose kind of record counts as a visit: the people behind the visits and nobody else.
COUNTED = (
    "exists (select 1 from mart.visit_grains as g where g.station_id = service_events.station_id "
    "and g.month_on = cast(date_trunc('month', used_at) as date) and g.event_kind_code = service_events.event_kind_code)"
)
DISCLOSURE = Disclosure(
    keys=("area_code", "user_group_code", "is_weekend", "hour"),
    open=("n_days",),
    protect=(
        Protect(
            n=("n_keys",),
            values=("n_visits", "visits_per_day"),
            basis="couriers",
            within=("area_code", "user_group_code", "is_weekend"),
            zeros_open="n_visits",
        ),
    ),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Recorded visits by hour, kind of day and user group, and the mean of a day; one kind of record per station."""
    rows = con.sql(
        f"select u.area_code, {GROUP_SQL} as user_group_code, isodow(u.hour_at) >= 6 as is_weekend, "
        f"cast(hour(u.hour_at) as integer) as hour, cast(sum(u.n_visits) as bigint) as n_visits "
        f"from mart.service_use as u join mart.visit_grains as g on g.station_id = u.station_id "
        f"and g.month_on = cast(date_trunc('month', u.hour_at) as date) and g.event_kind_code = u.event_kind_code "
        f"where u.period_code = ? and list_contains(?, u.area_code) group by all",
        params=[context.period, list(context.areas)],
    ).pl()
    days = con.sql(
        "select area_code, is_weekend, sum(d) as n_days from (select area_code, is_weekend, month_on, max(n_days) as d "
        "from mart.use_by_hour where period_code = ? group by all) group by all",
        params=[context.period],
    ).pl()
    keys = distinct_users(
        con,
        context,
        {
            "area_code": "area_code",
            "user_group_code": GROUP_SQL,
            "is_weekend": "isodow(used_at) >= 6",
            "hour": "cast(hour(used_at) as integer)",
        },
        COUNTED,
        couriers_only=False,
    )
    on = ["area_code", "user_group_code", "is_weekend", "hour"]
    rows = rows.join(keys, on=on, how="left").join(days, on=["area_code", "is_weekend"], how="left")
    rows = rows.with_columns(pl.col("n_keys").fill_null(0), pl.col("n_days").cast(pl.Int64))
    return rows.with_columns(
        pl.when(pl.col("n_days") > 0).then(pl.col("n_visits") / pl.col("n_days")).round(2).alias("visits_per_day"),
    ).sort(on)


def peak(rows: pl.DataFrame, group: str | None = None) -> tuple[int, int, float, str] | None:
    """The busiest two weekday hours shown: from, to, visits a day, group (couriers and riders where no group is named)."""
    wanted = rows.filter(~pl.col("is_weekend") & pl.col("visits_per_day").is_not_null())
    groups = [group] if group else ["courier", "rider"]
    best: tuple[int, int, float, str] | None = None
    for name in groups:
        of_group = wanted.filter(pl.col("user_group_code") == name)
        hours = dict(of_group.group_by("hour").agg(pl.col("visits_per_day").sum()).iter_rows())
        for start in sorted(hours):
            if start + WINDOW - 1 in hours:
                total = sum(hours[start + step] for step in range(WINDOW))
                if best is None or total > best[2]:
                    best = (start, start + WINDOW, total, name)
    return best


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The busiest hours of couriers on weekdays."""
    found = peak(rows) or peak(rows, "others")
    if found is None:
        return silence(rows)
    start, end, visits, group = found
    common = {"from": start, "to": end, "visits": number(visits, 0 if visits >= 10 else 1)}
    return say(
        "use_by_hour",
        "some",
        "records",
        {**common, "group": GROUP_WORDS[group][0]},
        {**common, "group": GROUP_WORDS[group][1]},
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Weekday lines by user group."""
    rows = rows.filter(~pl.col("is_weekend"))
    if rows["visits_per_day"].drop_nulls().is_empty():
        return None
    side = 0 if context.lang == "zh" else 1
    grid = pl.DataFrame(
        [(g, h) for g in GROUPS if g in set(rows["user_group_code"]) for h in range(24)],
        schema=["user_group_code", "hour"],
        orient="row",
    ).with_columns(pl.col("hour").cast(pl.Int32))
    rows = grid.join(
        rows.select("user_group_code", "hour", "visits_per_day"), on=["user_group_code", "hour"], how="left"
    )
    rows = rows.with_columns(
        pl.col("user_group_code").replace_strict({g: GROUP_WORDS[g][side] for g in GROUPS}).alias("group")
    )
    return charts.lines(
        rows,
        x="hour",
        value="visits_per_day",
        group="group",
        title=context.pick("工作日日均人次", "visits per weekday"),
        x_title=context.pick("钟点", "hour"),
    )


FINDING = Finding(
    id="use_by_hour",
    order=60,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    count=lambda rows: int(rows["n_visits"].sum()) if rows["n_visits"].drop_nulls().len() else None,
    count_zh="记录人次",
    count_en="recorded visits",
    shows=("user_group_code", "is_weekend", "hour", "visits_per_day", "n_visits", "n_keys"),
    question_zh="什么时候有人用？",
    question_en="At what hours are stations used?",
    measure_zh="按钟点、工作日与周末、人群的日均记录人次",
    measure_en="Recorded uses a day by hour, kind of day and user group",
    source_zh="使用记录",
    source_en="service logs",
    caveats_zh=("门没开的钟点不会有记录，低谷可能是没开放。", "断开处为人数不足、不公开的钟点。"),
    caveats_en=(
        "Hours when doors are shut leave no record: a trough may mean closed.",
        "Gaps in the lines are hours not shown for want of people.",
    ),
)
