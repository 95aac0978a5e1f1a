"""Where the stations stand, in what state, and which buildings have none within a walk."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure
from pipeline.findings.covering.words import walks
from pipeline.findings.district.rules import walking
from pipeline.findings.district.walks import MEASURED
from pipeline.findings.evidence_by_station import PUBLIC_CLASSES
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.ground import BEYOND, DATUM, IN_REACH, ground_of, notes_of
from pipeline.findings.walking import buildings_in_reach
from pipeline.findings.words import listed, number, phrases, say

MANY = 3  # declared services found not working from which a station stands out
NAMES = 5  # stations without coordinates named in the sentence; the table has them all
STYLES = {  # status → colour and symbol: readable in grey and to the colour-blind
    "not_checked": (charts.GREY, "diamond"),
    "all_working": (charts.GREEN, "circle"),
    "some_failing": (charts.ORANGE, "triangle-up"),
    "many_failing": (charts.RED, "square"),
}
PAGE_ROWS = 15
DISCLOSURE = Disclosure(
    keys=("area_code", "station_id"),
    open=(
        "station_name",
        "class_code",
        "grid_id",
        "lon",
        "lat",
        "datum",
        "map_status_code",
        "n_services_offered",
        "n_services_checked",
        "n_services_working",
        "n_services_failing",
        "open_hours_per_week",
        "n_stations_all",
        "n_buildings",
        "n_buildings_far",
        "n_buildings_unplaced",
        "radius_m",
        "walking_code",
        "detour",
    ),
)

STATIONS = """
select p.area_code, p.station_id, p.name as station_name, p.class_code, p.grid_id, p.lon, p.lat,
       p.n_services_offered, s.n_services_checked, s.n_services_working, s.n_services_failing,
       round(p.open_minutes_per_week / 60, 1) as open_hours_per_week
from mart.station_profiles as p
left join (
  select station_id, period_code, count(*) filter (where is_offered and is_working is not null) as n_services_checked,
         count(*) filter (where is_offered and is_working) as n_services_working,
         count(*) filter (where is_offered and not is_working) as n_services_failing
  from mart.service_supply group by station_id, period_code
) as s using (station_id, period_code)
where p.period_code = ? and list_contains(?, p.area_code)
order by 1, 2
"""


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Every station with its place (none: null) and what checks found, beside the area's buildings in and out of reach.

    Which buildings are in reach is told by all stations, also those a public edition does not list.
    """
    rows = con.sql(STATIONS, params=[context.period, list(context.areas)]).pl()
    reach = buildings_in_reach(con, context, rows)
    counts = reach.buildings.group_by("area_code").agg(
        pl.col("is_in_reach").count().alias("n_buildings"),
        (~pl.col("is_in_reach")).sum().alias("n_buildings_far"),
        pl.col("is_in_reach").null_count().alias("n_buildings_unplaced"),
    )
    known_by = pl.col("area_code").replace_strict(reach.known_by, return_dtype=pl.String)
    rows = rows.join(counts, on="area_code", how="left", maintain_order="left").with_columns(
        pl.len().over("area_code").alias("n_stations_all"),
        pl.col("n_buildings", "n_buildings_unplaced").fill_null(0),
        pl.when(pl.col("n_buildings") > 0).then("n_buildings_far"),
        pl.lit(float(walking().radius_m)).alias("radius_m"),
        known_by.alias("walking_code"),
        pl.when(known_by != MEASURED).then(float(walking().detour)).alias("detour"),
        pl.when(pl.col("lon").is_not_null() & pl.col("lat").is_not_null()).then(pl.lit(DATUM)).alias("datum"),
        pl.col("lon", "lat").round(6),
        status().alias("map_status_code"),
    )
    if context.audience == "public":
        rows = rows.filter(pl.col("class_code").is_in(PUBLIC_CLASSES))
    whole = ("n_services_offered", "n_services_checked", "n_services_working", "n_services_failing", "n_stations_all",
             "n_buildings", "n_buildings_far", "n_buildings_unplaced")  # fmt: skip
    return rows.with_columns(pl.col(whole).cast(pl.Int64)).select(DISCLOSURE.columns())


def status() -> pl.Expr:
    """The state of a station by the last checks of what it declares."""
    failing = pl.col("n_services_failing").fill_null(0)
    return (
        pl.when(pl.col("n_services_checked").fill_null(0) == 0)
        .then(pl.lit("not_checked"))
        .when(failing >= MANY)
        .then(pl.lit("many_failing"))
        .when(failing > 0)
        .then(pl.lit("some_failing"))
        .otherwise(pl.lit("all_working"))
    )


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """How many stations stand where, how many have no place, how many buildings have none in reach."""
    words = phrases()["say"]["station_map"]
    counts = dict(rows.group_by("map_status_code").len().iter_rows())
    unplaced = rows.filter(pl.col("lon").is_null() | pl.col("lat").is_null())["station_name"].to_list()
    first = rows.row(0, named=True)
    said = say(
        "station_map",
        "some",
        "records",
        {
            "stations": rows.height,
            "placed": rows.height - len(unplaced),
            "failing": counts.get("some_failing", 0) + counts.get("many_failing", 0),
            "many": counts.get("many_failing", 0),
            "from": MANY,
            "unchecked": counts.get("not_checked", 0),
        },
    )
    more = [words["public"]] if first["n_stations_all"] > rows.height else []
    more += [words["unplaced"]] if unplaced else []
    more += [words["buildings"] if first["n_buildings"] else words["no_buildings"]]
    more += [words["buildings_unplaced"]] if first["n_buildings_unplaced"] else []
    facts = {
        "left": first["n_stations_all"] - rows.height,
        "n": len(unplaced),
        "buildings": number(first["n_buildings"] or 0),
        "far": number(first["n_buildings_far"] or 0),
        "unplaced": number(first["n_buildings_unplaced"] or 0),
        "reach": f"{first['radius_m']:g}",
    }
    zh, en = (
        "".join(part[lang].format(**facts, names=_names(unplaced, lang)) for part in more) for lang in ("zh", "en")
    )
    told = walks(first) if first["n_buildings"] else Sentence("", "")
    return Sentence(said.zh + zh + told.zh, said.en + en + told.en, said.strength)


def _names(names: list[str], lang: str) -> str:
    shown = listed(names[:NAMES], lang)
    return shown if len(names) <= NAMES else shown + {"zh": "等", "en": " and others"}[lang]


def ground(con: duckdb.DuckDBPyConnection, context: Context, area: str) -> tuple[Any, tuple[str, ...]]:
    """What lies under the stations of one area, and the notes below."""
    stations = con.sql(STATIONS, params=[context.period, list(context.areas)]).pl()
    built, beyond = (
        context.pick(*phrases()["lists"]["map_ground"][code]).format(reach=f"{walking().radius_m:g}")
        for code in ("built", "beyond")
    )
    buildings = buildings_in_reach(con, context, stations).buildings.filter(area_code=area)
    shapes = buildings.drop_nulls("outline_wkt").select(
        "outline_wkt",
        pl.when(pl.col("is_in_reach").not_()).then(pl.lit(beyond)).otherwise(pl.lit(built)).alias("kind"),
    )  # fmt: skip
    colors = {built: IN_REACH, beyond: BEYOND}
    return ground_of(con, context, area, shapes, colors), notes_of(con, context, area, shapes.height)


def draw(rows: pl.DataFrame, context: Context, under: tuple[Any, tuple[str, ...]]) -> Any:
    """The map."""
    words = {code: context.label("map_status", code) for code in STYLES}
    rows = rows.with_columns(pl.col("map_status_code").replace_strict(words).alias("status"))
    return charts.area_map(
        rows,
        under[0],
        status="status",
        styles={words[code]: style for code, style in STYLES.items()},
        notes=under[1],
        north=context.pick("北", "N"),
    )


def for_page(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The stations to look at first: most services found not working, then those without a place."""
    unplaced = pl.col("lon").is_null()
    return rows.sort(
        pl.col("n_services_failing").fill_null(0), unplaced, "station_id", descending=[True, True, False]
    ).head(PAGE_ROWS)


FINDING = Finding(
    id="station_map",
    order=96,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    ground=ground,
    draw=draw,
    for_page=for_page,
    count=lambda rows: rows.height,
    count_zh="驿站",
    count_en="stations",
    shows=(
        "station_name",
        "class_code",
        "grid_id",
        "map_status_code",
        "n_services_offered",
        "n_services_failing",
        "open_hours_per_week",
    ),
    question_zh="驿站在哪里，哪些楼宇附近没有？",
    question_en="Where are the stations, and which buildings have none near?",
    measure_zh="驿站位置（WGS-84）与登记服务的最近检查结果；步行范围内有没有驿站",
    measure_en="Places of stations (WGS-84), the last checks of declared services, and whether a walk from each building leads to one",
    source_zh="驿站台账、检查、楼宇名录",
    source_en="station ledger, checks, list of buildings",
    caveats_zh=(
        "没有实测时，步行距离是估算：不知道大门、过街和闸机在哪里。",
        "附近有驿站，不等于开着门、有所要的服务。",
        "高德、百度等地图用的是别的坐标系，坐标要换算后才能叠加，否则偏几百米。",
    ),
    caveats_en=(
        "Where walks were not measured they are estimates: gates, crossings and barriers are not known.",
        "A station near by need not be open, nor offer what is wanted.",
        "Chinese web maps use other datums: convert coordinates before laying them on such a map, or they lie hundreds of metres off.",
    ),
)
