"""What stations can serve within a walk, set against what couriers want: grid cell by service."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect, word
from pipeline.findings.covering.basis import BASIS, all_rows
from pipeline.findings.covering.grids import grid_rows
from pipeline.findings.covering.reach import DESERT
from pipeline.findings.covering.words import joined, walks, with_labels, within
from pipeline.findings.district import districts
from pipeline.findings.district.rules import walking
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.words import labels, number, percent, say, silence

DISCLOSURE = Disclosure(
    keys=("area_code", "grid_id", "service_code"),
    open=(
        *BASIS, "catchment_m", "courier_hours", "covered_hours", "covered_share", "desert_share", "n_stations", "n_stations_offering",
        "n_stations_idle", "assumed_share", "reason_code",
    ),
    protect=(
        Protect(n=("n",), values=("visits_wanted", "visits_reached", "access", "shortfall"), basis="respondents"),
    ),
)  # fmt: skip
SERVICES = 10  # in the chart
PAGE_ROWS = 25


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One row per area, grid cell and service in season: `covering.grids.grid_rows`."""
    names = tuple(name for name in DISCLOSURE.columns() if name != "suppressed")
    return all_rows([grid_rows(district) for district in districts(con, context)], names)


def shortest(rows: pl.DataFrame) -> pl.DataFrame:
    """Cells and services by the visits a week that fall short, most first; those without a figure last."""
    return rows.sort("shortfall", "grid_id", "service_code", descending=[True, False, False], nulls_last=True)


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The cell and service where most visits fall short; deserts, idle supply, and how much of capacity is assumed."""
    told = shortest(rows.filter(pl.col("shortfall") > 0))
    if told.is_empty():
        return silence(rows, "shortfall")
    top = told.row(0, named=True)
    service = labels(context, "services", [top["service_code"]])
    figures = {
        "grid": context.label("grids", top["grid_id"]),
        "wanted": number(top["visits_wanted"]),
        "short": number(top["shortfall"]),
        "catchment": f"{top['catchment_m']:g}",
        "offering": top["n_stations_offering"],
    }
    said = say(
        "access_by_grid", "some", "modelled", {**figures, "service": service[0]}, {**figures, "service": service[1]}
    )
    return joined(said, _counts(rows), walks(top))


def _counts(rows: pl.DataFrame) -> Sentence:
    """How many cells are deserts, how much supply is idle, and what capacity rests on."""
    offered, weight = rows.filter(pl.col("n_stations_offering") > 0), pl.col("n_stations_offering")
    assumed = offered.select((pl.col("assumed_share") * weight).sum() / weight.sum()).item() if offered.height else None
    figures = {
        "pairs": number(rows.filter(pl.col("courier_hours") > 0).height),
        "deserts": number(rows.filter(pl.col("reason_code") == DESERT).height),
        "idle": number(rows["n_stations_idle"].sum()),
        "assumed": percent(assumed),
    }
    told = {"deserts": True, "idle": rows["n_stations_idle"].sum() > 0, "capacity": bool(assumed)}
    said = [say("access_by_grid", case, "modelled", figures) for case, is_told in told.items() if is_told]
    return joined(Sentence("", ""), *said)


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Grid cell by service, darker where more visits fall short; the services that fall short most."""
    rows = rows.filter(pl.col("courier_hours") > 0)
    if rows["shortfall"].drop_nulls().is_empty():
        return None
    missed = rows.group_by("service_code").agg(pl.col("shortfall").sum()).filter(pl.col("shortfall") > 0)
    kept = missed.sort("shortfall", "service_code", descending=[True, False]).head(SERVICES)["service_code"].to_list()
    place = pl.col("service_code").replace_strict({code: i for i, code in enumerate(kept)}, default=None)
    rows = rows.filter(pl.col("service_code").is_in(kept)).sort("grid_id", place)
    rows = with_labels(rows, context, "service_code", "services", "service")
    return charts.heat(
        with_labels(rows, context, "grid_id", "grids", "grid"),
        x="service",
        y="grid",
        value="shortfall",
        percent=False,
        hidden=word("suppressed", context.lang),
        title=context.pick("每周缺的人次（×：未显示）", "visits a week short (×: not shown)"),
    )


FINDING = Finding(
    id="access_by_grid",
    order=57,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    for_page=lambda rows, context: shortest(rows).head(PAGE_ROWS),
    count=lambda rows: rows.group_by("area_code", "grid_id").agg(pl.col("n").max())["n"].sum() or None,
    shows=(
        "grid_id", "service_code", "shortfall", "visits_wanted", "access", "covered_share", "desert_share", "n_stations_offering", "n",
    ),
    question_zh="驿站接得住小哥想用的次数吗？",
    question_en="Can stations serve what couriers want?",
    measure_zh=f"按网格与服务：每想用一次，步行{walking().catchment_m:g}米以内的驿站能提供几次（越近算得越多；同一驿站由附近想用的人分）；每周缺多少人次。覆盖指{within()[0]}",
    measure_en=f"By grid cell and service: visits to be had within a walk of {walking().catchment_m:g} m per visit wanted (the nearer, the more it counts; a station is shared by all who want it), and visits a week that fall short. Covered: {within()[1]}",
    source_zh="楼宇小哥在岗推算、驿站台账与开放时间、设施、检查与使用记录、问卷",
    source_en="expected couriers at buildings, station ledger and opening hours, facilities, checks and logs, survey",
    caveats_zh=(
        "需要的小哥每小时想用几次、一台设施每小时能服务几人次，多是假设（见 access.toml）：看网格之间、服务之间的高低，不看绝对数。",
        "驿站能提供的次数，按登记的服务真能用的把握打折。",
        "“走得到的范围内没有驿站提供”的，可用次数为0，不是没有数据；附近没有人需要的驿站单列为闲置，不参与计算。",
    ),
    caveats_en=(
        "How often somebody in need wants a use in an hour, and how many an installation serves, are mostly assumed (access.toml): compare cells and services, do not take the numbers as they stand.",
        "What a station can serve is reduced by the chance that what it declares works.",
        "Where no station in reach offers a service there are 0 visits to be had, which is a figure and no gap in the data; supply nobody in reach wants is listed as idle and takes no part.",
    ),
)  # fmt: skip
