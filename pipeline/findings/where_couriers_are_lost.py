"""Where couriers are lost between hearing of a station and coming back: the door, the home, the benefit (门–家–惠)."""

from __future__ import annotations

from typing import Any

import altair as alt
import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect, word
from pipeline.findings.estimating.sample import main_samples
from pipeline.findings.estimating.steps import ALL, ORDER, STEPS, TYPES, part_of, step_rows
from pipeline.findings.estimating.steps_logged import logged_rows
from pipeline.findings.finding import Context, Finding, Headline
from pipeline.findings.lost_in_words import speak

COLORS = {"door": charts.BLUE, "home": charts.ORANGE, "benefit": charts.GREEN}
CELL = ("area_code", "step_code")
SURVEY = (
    Protect(
        n=("n",),
        values=(),
        shares=("est", "lci", "uci", "band_low", "band_high"),
        spread=("se", "n_eff"),
        numerator="n_reached",
        basis="respondents",
        within=CELL,
    ),
    Protect(
        n=("n_asked",),
        values=("difference", "difference_lci", "difference_uci", "is_apart"),
        shares=("est_pass", "lci_pass", "uci_pass"),
        numerator="n_passed",
        basis="respondents",
        within=CELL,
        flag="suppressed_pass",
    ),
    Protect(
        n=("n",),
        values=("may_be_most",),
        shares=("est_loss", "lci_loss", "uci_loss"),
        numerator="n_lost",
        basis="respondents",
        within=CELL,
        flag="suppressed_loss",
    ),
)
LOGS = Protect(
    n=("n_keys",),
    values=("n_records",),
    shares=("log_share",),
    numerator="n_keys_lost",
    basis="couriers",
    within=CELL,
    flag="suppressed_use",
)
DISCLOSURE = Disclosure(
    keys=("area_code", "wave_code", "population_code", "host_type_code", "step_code", "part_code"),
    open=("withheld_code", "withheld_code_pass", "withheld_code_loss", "speaks_for_code", "log_kind_code"),
    protect=(*SURVEY, LOGS),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Each step of the survey that speaks for the quarter, of all respondents and by the type of venue they go to most, and beside it what
    the logs say."""
    venues = con.sql("select station_id, host_type_code as by_code from clean.stations").pl()
    made = []
    for sample in main_samples(con, context.period, context.areas):
        groups = sample.frame.select("person", "station_id").join(venues, on="station_id").select("person", "by_code")
        whose = {"area_code": sample.area, "wave_code": sample.wave, "population_code": sample.population_code,
                 "speaks_for_code": sample.speaks_for}  # fmt: skip
        rows = step_rows(con, sample, groups.drop_nulls())
        made.append(rows.with_columns(pl.lit(value, pl.String).alias(name) for name, value in whose.items()))
    keys = dict.fromkeys(("area_code", "wave_code", "population_code", "speaks_for_code"), pl.String)
    said = pl.concat([pl.DataFrame(schema={**TYPES, **keys}), *made], how="diagonal").rename(
        {"by_code": "host_type_code"}
    )
    rows = said.join(
        logged_rows(con, context), on=["area_code", "host_type_code", "step_code"], how="full", coalesce=True
    )
    wave = [
        pl.col(name).fill_null(pl.col(name).drop_nulls().first().over("area_code"))
        for name in keys
        if name != "area_code"
    ]
    rows = rows.with_columns(
        *wave,
        pl.col("part_code").fill_null(pl.col("step_code").map_elements(part_of, return_dtype=pl.String)),
        pl.col("withheld_code", "withheld_code_pass", "withheld_code_loss").fill_null(""),
        _venue=pl.when(pl.col("host_type_code") == ALL).then(pl.lit("")).otherwise("host_type_code"),
        _step=pl.col("step_code").replace_strict(ORDER, return_dtype=pl.Int64),
    )
    kept = [name for name in DISCLOSURE.columns() if not name.startswith("suppressed")]
    return rows.sort("area_code", "_venue", "_step").select(kept)


def told(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rows for the page: all steps of everybody, and by type of venue those at which some venue loses anybody or a log tells."""
    whole = pl.col("host_type_code") == ALL
    tells = (pl.col("est_pass").filter(~whole) < 1).any() | pl.col("log_share").is_not_null().any()
    return rows.filter(whole | tells.over("area_code", "step_code").fill_null(False))


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """How far couriers get, coloured by part; below it, of those who came to a step at each type of venue, the share lost there."""
    part = [context.label("funnel_parts", code) for code in rows["part_code"]]
    rows = rows.with_columns(
        pl.Series("step", [context.label("funnel_steps", code) for code in rows["step_code"]], dtype=pl.String),
        pl.Series("part", part, dtype=pl.String),
        pl.Series("venue", [context.label("host_types", code) for code in rows["host_type_code"]], dtype=pl.String),
        lost=1 - pl.col("est_pass"),
    )
    whole = rows.filter(
        (pl.col("host_type_code") == ALL) & pl.col("step_code").is_in(STEPS) & pl.col("n").is_not_null()
    )
    if whole["est"].drop_nulls().is_empty():
        return None
    hidden = word("suppressed", context.lang)
    colors = {context.label("funnel_parts", code): color for code, color in COLORS.items()}
    upper = charts.bars(whole, label="step", value="est", lower="lci", upper="uci", group="part", group_colors=colors, hidden=hidden,
                        title=context.pick("走到这一步的比例", "share that got this far"))  # fmt: skip
    venues = rows.filter((pl.col("host_type_code") != ALL) & pl.col("n_asked").is_not_null())
    venues = venues.filter(pl.col("lost").is_not_null().any().over("venue"), (pl.col("lost") > 0).any().over("step"))
    if venues.is_empty():
        return upper
    title = context.pick("到了而没做到的（×：未显示）", "came and did not (×: not shown)")
    return alt.vconcat(
        upper, charts.heat(venues, x="step", y="venue", value="lost", title=title, hidden=hidden)
    ).resolve_scale(color="independent")


def headline(rows: pl.DataFrame, item: str | None) -> Headline | None:
    """Share of all who got to the last step."""
    end = rows.filter(
        (pl.col("host_type_code") == ALL) & (pl.col("step_code") == STEPS[-1]) & pl.col("est").is_not_null()
    )
    if end.is_empty():
        return None
    return Headline(
        end["est"][0],
        STEPS[-1],
        "走完各步的比例",
        "share that came back",
        end["population_code"][0],
        wave=end["wave_code"][0],
    )


FINDING = Finding(
    id="where_couriers_are_lost",
    order=95,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    headline=headline,
    for_page=told,
    count=lambda rows: (
        rows.filter(pl.col("host_type_code") == ALL).group_by("area_code").agg(pl.col("n").max())["n"].sum() or None
    ),
    variables=STEPS,
    is_weighted=True,
    shows=(
        "host_type_code",
        "part_code",
        "step_code",
        "est",
        "interval",
        "est_pass",
        "est_loss",
        "interval_loss",
        "difference",
        "is_apart",
        "n_asked",
        "log_share",
    ),
    question_zh="小哥在哪一步流失？",
    question_en="Where are couriers lost?",
    measure_zh="门（听说、找到、开着）—家（进去、受欢迎）—惠（得到、再来）各步：走到的比例、这一步流失的比例，按最常去驿站的场所类型；旁列使用记录",
    measure_en="Steps of the door (heard, found, open), the home (went in, felt welcome) and the benefit (served, came back): share that got so far, share lost there, by the type of venue they go to most; beside it, the logs",
    source_zh="问卷与使用记录",
    source_en="survey and service logs",
    caveats_zh=(
        "没被问到的题不算“否”；后面的步做到了，前面的步视为走到过：关过门但后来进去了的，不算在门口流失。漏答之后的步不知道，不计。",
        "按场所类型只看说了最常去哪个驿站的人，他们多半已经来过：前几步的流失要看全部受访者。",
        "门禁与小程序认的不是同一个号，无法按人连起来；每种记录各算各的。假名按月更换，再来只看同一个月内以后的一周，月底才来的人看不全。",
        "相邻两步之间流失不足10人的，比例只给到五个百分点。",
    ),
    caveats_en=(
        "A question not shown is no “no”; who passed a later step has reached the earlier ones: a door once found shut loses nobody who came in later. Steps after a blank are unknown and not counted.",
        "Types of venue cover those who named the station they go to most, nearly all of whom have been inside: see all respondents for losses at the first steps.",
        "A door and an app know a person by different keys and cannot be linked; each kind of record is counted by itself. Pseudonyms change by month: coming back is seen within one month only, and not of those who first came at its end.",
        "Where fewer than ten people were lost between two steps, shares are given in steps of five points.",
    ),
)
