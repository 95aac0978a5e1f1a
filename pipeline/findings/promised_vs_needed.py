"""Are the promised services the ones respondents need?"""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, word
from pipeline.findings.counts import main_wave
from pipeline.findings.estimating.tables import NEED, ORDER
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.top_needed_services import respondents, with_labels
from pipeline.findings.top_needed_services import table as needs
from pipeline.findings.words import labels, left_out, percent, say, silence, speaks_for, strength

TOP = 3
DISCLOSURE = Disclosure(
    keys=("area_code", "wave_code", "population_code", "service_code"),
    open=(
        "is_promised",
        "n_stations",
        "n_stations_offering",
        "n_stations_working",
        "offer_share",
        "withheld_code",
        "speaks_for_code",
    ),
    protect=NEED,
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Need of each service beside its promise and the stations that declare it."""
    supply = con.sql(
        "select area_code, service_code, coalesce(bool_or(is_promised), false) as is_promised, count(*) as n_stations, "
        "count(*) filter (is_offered) as n_stations_offering, count(*) filter (is_offered and is_working) as n_stations_working "
        "from mart.service_supply where period_code = ? group by 1, 2",
        params=[context.period],
    ).pl()
    rows = needs(con, context).join(supply, on=["area_code", "service_code"], how="left")
    return rows.with_columns(
        pl.col("is_promised").fill_null(False),
        pl.when(pl.col("n_stations") > 0)
        .then(pl.col("n_stations_offering") / pl.col("n_stations"))
        .round(3)
        .alias("offer_share"),
    ).drop(ORDER)


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """How many of the services needed most are promised, and which are too uncertain to be among them."""
    more = left_out(main_wave(rows), context)
    said = _promised(rows, context)
    return said if said.strength == "none" else Sentence(said.zh + more.zh, said.en + more.en, said.strength)


def _promised(rows: pl.DataFrame, context: Context) -> Sentence:
    shown = main_wave(rows).filter(pl.col("est").is_not_null()).sort("est", descending=True, maintain_order=True)
    top = shown.filter(pl.col("est") > 0).head(TOP)
    if top.is_empty():
        return silence(rows)
    power = strength(top["n"][0], top["lci"][0], top["uci"][0])
    missing = top.filter(~pl.col("is_promised"))["service_code"].to_list()
    every, promised = main_wave(rows).filter("is_promised"), shown.filter("is_promised")
    zh, en = labels(context, "services", missing)
    common = {"top": top.height, "count": len(missing)}
    if promised.is_empty():
        case = "none_shown" if every.height else "no_promise"
        return say(
            "promised_vs_needed", case, power, {**common, "services": zh}, {**common, "services": en}, speaks_for(rows)
        )
    last = promised.row(-1, named=True)
    least = labels(context, "services", [last["service_code"]])
    among = ("能显示的", " of those shown") if promised.height < every.height else ("", "")
    common["share"] = percent(last["est"])
    return say(
        "promised_vs_needed",
        "some" if missing else "all",
        power,
        {**common, "services": zh, "least": least[0], "among": among[0]},
        {**common, "services": en, "least": least[1], "among": among[1]},
        speaks_for(rows),
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Need of each service, coloured by promise."""
    rows = with_labels(main_wave(rows), context)
    if rows.is_empty():
        return None
    yes, no = context.pick("已承诺", "promised"), context.pick("未列入承诺", "not promised")
    rows = rows.with_columns(pl.when("is_promised").then(pl.lit(yes)).otherwise(pl.lit(no)).alias("promise"))
    return charts.bars(
        rows,
        label="label",
        value="est",
        lower="lci",
        upper="uci",
        group="promise",
        group_colors={yes: charts.BLUE, no: charts.ORANGE},
        title=context.pick("需要的比例", "share in need"),
        hidden=word("suppressed", context.lang),
    )


FINDING = Finding(
    id="promised_vs_needed",
    order=30,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    count=respondents,
    is_weighted=True,
    shows=("service_code", "is_promised", "est", "n_stations_offering", "n_stations_working", "n_stations"),
    question_zh="承诺的服务是受访小哥需要的吗？",
    question_en="Are the promised services the ones needed?",
    measure_zh="各项服务的需要比例，与是否列入承诺、登记提供的驿站数并列",
    measure_en="Share in need of each service beside its promise and the stations declaring it",
    source_zh="问卷、服务承诺、驿站台账与检查",
    source_en="survey, promises, station ledger and checks",
    caveats_zh=("承诺属于某地某时的一套规则；未列入承诺不等于没有提供。", "登记提供是驿站自报，可用与否看检查。"),
    caveats_en=(
        "A promise belongs to one place and date; not promised is not the same as not provided.",
        "Declared means reported by the station; checks tell whether it works.",
    ),
)
