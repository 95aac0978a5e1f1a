"""How much of couriers' time has an open station near that offers a service: declared, and to be expected."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect
from pipeline.findings.covering.basis import BASIS, LEFT_OUT, all_rows
from pipeline.findings.covering.services import service_rows
from pipeline.findings.covering.words import day_words, joined, missing, walks, with_labels, within
from pipeline.findings.district import districts
from pipeline.findings.district.rules import rules
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.words import labels, number, percent, say, silence

DISCLOSURE = Disclosure(
    keys=("area_code", "service_code"),
    open=(
        *BASIS, "courier_hours", "covered_hours", "covered_share", "expected_hours", "expected_share", "expected_low",
        "expected_high", "night_hours", "night_share", "worst_decile_share", "desert_hours", "n_desert_places", "n_places", "n_stations",
        "n_stations_offering", "n_stations_unknown", *LEFT_OUT, "reason_code",
    ),
    protect=(Protect(n=("n",), values=("missed_hours",), shares=("need_share",), basis="respondents"),),
)  # fmt: skip


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One row per area and service in season: `covering.services.service_rows`."""
    names = tuple(name for name in DISCLOSURE.columns() if name != "suppressed")
    return all_rows([service_rows(district) for district in districts(con, context)], names)


def by_what_is_missed(rows: pl.DataFrame) -> pl.DataFrame:
    """Services in the order of the courier-hours of people in need that they miss; where nobody was asked, of all that are not covered."""
    return rows.sort("missed_hours", "desert_hours", "service_code", descending=[True, True, False], nulls_last=True)


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The service missed most, declared and expected, at night and for the worst off; what the figures leave out."""
    told = by_what_is_missed(rows.filter(pl.col("covered_share").is_not_null()))
    if told.is_empty():
        return silence(rows, "covered_share")
    top = told.row(0, named=True)
    zh, en = labels(context, "services", [top["service_code"]])
    figures = {
        "radius": f"{top['radius_m']:g}",
        "missed": number(top["missed_hours"]),
        "covered": number(top["covered_hours"]),
        "total": number(top["courier_hours"]),
        "share": percent(top["covered_share"]),
        "expected": percent(top["expected_share"]),
        "low": percent(top["expected_low"]),
        "high": percent(top["expected_high"]),
        "night": percent(top["night_share"]),
        "worst": percent(top["worst_decile_share"]),
    }
    said = say(
        "coverage_by_service",
        "needed" if top["missed_hours"] is not None else "plain",
        "modelled",
        {**figures, "service": zh, "on": day_words(top["hours_on"], "zh")},
        {**figures, "service": en, "on": day_words(top["hours_on"], "en")},
    )
    return joined(said, missing(top), walks(top))


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Declared beside expected coverage with its band, the service missed most on top."""
    rows = by_what_is_missed(rows.filter(pl.col("covered_share").is_not_null()))
    if rows.is_empty():
        return None
    names = (("估计真能用到的", "其区间", "登记的"), ("expected to work", "its range", "declared"))
    return charts.ranges(
        with_labels(rows, context, "service_code", "services"),
        label="label",
        value="expected_share",
        lower="expected_low",
        upper="expected_high",
        beside="covered_share",
        title=context.pick("小哥工时中有覆盖的比例", "share of courier-hours covered"),
        names=names[0 if context.lang == "zh" else 1],
    )


FINDING = Finding(
    id="coverage_by_service",
    order=55,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    for_page=lambda rows, context: by_what_is_missed(rows),
    count=lambda rows: rows.group_by("area_code").agg(pl.col("n_places").max())["n_places"].sum() or None,
    count_zh="楼宇",
    count_en="buildings",
    shows=(
        "service_code",
        "covered_share",
        "covered_hours",
        "courier_hours",
        "expected_share",
        "expected_range",
        "night_share",
        "worst_decile_share",
        "missed_hours",
        "n_desert_places",
        "n_stations_offering",
    ),
    question_zh="小哥身边有没有开着的驿站提供这项服务？",
    question_en="Is there an open station near couriers that offers the service?",
    measure_zh=f"每周小哥工时中，{within()[0]}有开着的驿站登记提供该项服务的比例；以及登记的只有一部分真能用时，估计的比例与区间",
    measure_en=f"Share of courier-hours a week with an open station {within()[1]} that declares the service; and the share expected if only part of what is declared works",
    source_zh="楼宇小哥在岗推算、驿站台账与开放时间、检查与使用记录、问卷",
    source_en="expected couriers at buildings, station ledger and opening hours, checks and logs, survey",
    caveats_zh=(
        "需要有小哥在岗人数、楼宇与驿站的坐标、驿站开放时间；缺任何一项的地区没有结果。不当季的服务不评。",
        "台账没有填是否提供的，按不提供计。",
        f"“估计真能用到的”按检查、设施与使用记录推算，假定各站互不影响；区间取模拟{rules()['expected']['draws']}次的中间{rules()['expected']['level']:.0%}。几家站同时断水断电时，实际会更差。",
        "“需要而没有覆盖的工时”以问卷中需要的比例推算。",
    ),
    caveats_en=(
        "Needs expected couriers, coordinates of buildings and stations, and opening hours; an area that lacks any has no figures. Services out of season are not judged.",
        "Where the ledger does not say whether a service is offered, it counts as not offered.",
        f"What is expected to work is worked out from checks, facilities and logs, as if stations failed independently; the range is the middle {rules()['expected']['level']:.0%} of {rules()['expected']['draws']} draws. Where stations fail together, it is worse.",
        "Hours missed by those in need rest on the share in need that the survey gives.",
    ),
)
