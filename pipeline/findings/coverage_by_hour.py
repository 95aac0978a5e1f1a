"""At what hours couriers have no open station near that offers a service."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect
from pipeline.findings.covering.basis import BASIS, all_rows
from pipeline.findings.covering.hours import hour_rows
from pipeline.findings.covering.words import joined, walks, with_labels, within
from pipeline.findings.district import districts
from pipeline.findings.district.rules import night_hours, rules
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.words import labels, number, percent, say, silence

DISCLOSURE = Disclosure(
    keys=("area_code", "service_code", "is_weekend", "hour"),
    open=(
        *BASIS, "n_days", "couriers", "courier_hours", "covered_hours", "covered_share", "uncovered_share", "expected_share",
        "reason_code",
    ),
    protect=(Protect(n=("n",), values=("missed",), basis="respondents"),),
)  # fmt: skip
PAGE_ROWS = 20


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One row per area, service in season, kind of day and hour: `covering.hours.hour_rows`."""
    names = tuple(name for name in DISCLOSURE.columns() if name != "suppressed")
    return all_rows([hour_rows(district) for district in districts(con, context)], names)


def worst_hours(rows: pl.DataFrame) -> pl.DataFrame:
    """Weekday hours by the couriers who need a service and have none near, most first; where nobody was asked, by all who have none."""
    without = (pl.col("couriers") * pl.col("uncovered_share")).alias("_without")
    rows = rows.filter(~pl.col("is_weekend") & pl.col("uncovered_share").is_not_null()).with_columns(without)
    order = ["missed", "_without", "service_code", "hour"]
    return rows.sort(order, descending=[True, True, False, False], nulls_last=True).drop("_without")


def at_night(rows: pl.DataFrame) -> pl.DataFrame:
    """Each service over the hours of the night, all days: service_code, covered_share; the best covered first."""
    night = [hour for hour in range(24) if night_hours()[hour]]
    rows = rows.filter(pl.col("hour").is_in(night)).group_by("service_code").agg(
        pl.col("covered_hours").sum(), pl.col("courier_hours").sum()
    )  # fmt: skip
    share = (pl.col("covered_hours") / pl.col("courier_hours")).alias("covered_share")
    return rows.filter(pl.col("courier_hours") > 0).with_columns(share).sort(
        "covered_share", "service_code", descending=[True, False]
    )  # fmt: skip


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The weekday hour and service where most couriers in need have none near, and the night."""
    worst = worst_hours(rows)
    if worst.is_empty():
        return silence(rows, "covered_share")
    top, night = worst.row(0, named=True), at_night(rows)
    figures = {
        "hour": top["hour"],
        "until": top["hour"] + 1,
        "couriers": number(top["couriers"]),
        "missed": number(top["missed"]),
        "share": percent(top["covered_share"]),
        "radius": f"{top['radius_m']:g}",
        "from": rules()["night"]["from"],
        "to": rules()["night"]["to"],
        "night": percent(night["covered_share"][0]) if night.height else "—",
    }
    zh, en = labels(context, "services", [top["service_code"]])
    case = "needed" if top["missed"] is not None else "plain"
    said = say("coverage_by_hour", case, "modelled", {**figures, "service": zh}, {**figures, "service": en})
    return joined(said, _night(figures, night), walks(top))


def _night(figures: dict[str, Any], night: pl.DataFrame) -> Sentence:
    """How much of the night any service covers at best; nothing where nobody is out."""
    return say("coverage_by_hour", "night", "modelled", figures) if night.height else Sentence("", "")


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Hour by service on weekdays, darker where more couriers have none near."""
    rows = rows.filter(~pl.col("is_weekend"))
    if rows["uncovered_share"].drop_nulls().is_empty():
        return None
    mean = pl.col("covered_hours").sum().over("service_code")
    rows = with_labels(rows, context, "service_code", "services").sort(
        mean, "service_code", "hour", descending=[True, False, False]
    )
    return charts.heat(
        rows,
        x="hour",
        y="label",
        value="uncovered_share",
        title=context.pick("没有覆盖（×：无人在岗）", "not covered (×: nobody out)"),
        every=3,
    )


FINDING = Finding(
    id="coverage_by_hour",
    order=56,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    for_page=lambda rows, context: worst_hours(rows).head(PAGE_ROWS),
    shows=("service_code", "hour", "covered_share", "covered_hours", "courier_hours", "couriers", "missed", "expected_share"),
    question_zh="什么钟点小哥身边没有开着的驿站？",
    question_en="At what hours is no station open near couriers?",
    measure_zh=f"按钟点、工作日与周末：小哥工时中，{within()[0]}有开着的驿站登记提供该项服务的比例",
    measure_en=f"By hour, weekdays and weekends apart: share of courier-hours with an open station {within()[1]} that declares the service",
    source_zh="楼宇小哥在岗推算、驿站台账与开放时间、问卷",
    source_en="expected couriers at buildings, station ledger and opening hours, survey",
    caveats_zh=(
        "开放时间以台账登记为准，门实际没开的钟点看不出来；开关门不在整点的，按分钟计算。",
        "页面只列工作日缺得最多的钟点，全部在表格里。",
    ),
    caveats_en=(
        "Opening hours are those of the ledger: a door that stays shut does not show. Doors that open or close within an hour are counted by the minute.",
        "The page lists the weekday hours missed most; the workbook holds all.",
    ),
)  # fmt: skip
