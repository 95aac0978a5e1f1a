"""Station by service: what is declared, what is used and what respondents need, side by side."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect, threshold
from pipeline.findings.context import not_evaluable
from pipeline.findings.estimating.areas import area_rows
from pipeline.findings.estimating.sample import main_samples
from pipeline.findings.estimating.tables import EXACT, FIGURES
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.verdicts import station_verdicts
from pipeline.findings.verdicts.words import shown_probability
from pipeline.findings.words import phrases, say

FAILING_BELOW = 0.5  # checks of the period met less often than this, or the last one found it not working
NEEDED_FROM = 0.3  # share of a station's respondents in need that makes an undeclared service worth a look
COLORS = {
    "declared_used": charts.GREEN,
    "declared_failing": charts.RED,
    "declared_unseen": charts.ORANGE,
    "declared_no_log": "#e6c387",
    "undeclared_used": charts.BLUE,
    "undeclared_needed": "#8b6bb1",
    "undeclared": "#c9cdd3",
    "out_of_season": "#e3e6ea",
}
TO_SHOW = ("declared_failing", "declared_unseen", "undeclared_used", "undeclared_needed")
PUBLIC_CLASSES = ("fixed", "integrated")  # for the public no private host's station is named
PAGE_ROWS = 15
OPEN = (
    "station_name", "class_code", "grid_id", "wave_code", "evidence_code", "verdict_code", "probability", "is_evaluable", "is_promised",
    "is_offered", "is_working", "n_checks", "share_checks_met", "is_answered_here", "withheld_code",
)  # fmt: skip
USE = Protect(
    n=("n_keys",), values=("n_visits",), basis="couriers", within=("area_code", "station_id"), zeros_open="n_visits",
    flag="suppressed_use",
)  # fmt: skip
DISCLOSURE = Disclosure(
    keys=("area_code", "station_id", "service_code"),
    open=OPEN,
    protect=(
        USE,
        Protect(
            n=("n",),
            values=("shrinkage",),
            shares=("need_share", *FIGURES, "shrunken_est", "shrunken_lci", "shrunken_uci"),
            spread=EXACT,
            numerator="n_need",
            beside=("n_unmet", "n_need_met"),
            basis="respondents",
            flag="suppressed_survey",
        ),
    ),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """The three kinds of evidence for each station and service, with a first label in plain words."""
    rows = con.sql(
        "select g.area_code, g.station_id, s.name as station_name, g.class_code, g.grid_id, g.service_code, g.is_promised, "
        "g.is_offered, g.is_working, g.n_checks, g.share_checks_met, g.n_visits, g.n_keys, "
        "max(g.wave_code) over (partition by g.area_code) as wave_code from mart.service_gap as g "
        "join clean.stations as s using (station_id) where g.period_code = ? and list_contains(?, g.area_code) order by 1, 2, 6",
        params=[context.period, list(context.areas)],
    ).pl()
    if context.audience == "public":
        rows = rows.filter(pl.col("class_code").is_in(PUBLIC_CLASSES))
    rows = _with_answers(con, rows, context).with_columns(
        pl.col("n").fill_null(0),
        pl.col(["n_visits", "n_checks"]).cast(pl.Int64),
        (~pl.col("service_code").is_in(not_evaluable(context))).alias("is_evaluable"),
        pl.col("n_visits").is_not_null().any().over("station_id").alias("sends_log"),
    )
    rows = rows.with_columns((pl.col("n") >= threshold()).alias("is_answered_here"))
    rows = rows.with_columns(pl.col("share_checks_met").round(3), evidence().alias("evidence_code"))
    verdicts = station_verdicts(con, context).select(*DISCLOSURE.keys, "verdict_code", shown_probability())
    rows = rows.join(verdicts, on=DISCLOSURE.keys, how="left", maintain_order="left")
    return rows.select(name for name in DISCLOSURE.columns() if not name.startswith("suppressed"))


def _with_answers(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Beside each station and service what the respondents say who name that station."""
    parts = [
        area_rows(con, sample, "station_id", tuple(not_evaluable(context)))
        for sample in main_samples(con, context.period, context.areas)
    ]
    names = [name for name in DISCLOSURE.protect[1].columns() if name != "n"]
    if not parts:
        empty = [pl.lit(None, pl.Float64).alias(name) for name in names]
        return rows.with_columns(pl.lit(None, pl.Int64).alias("n"), pl.lit("").alias("withheld_code"), *empty)
    answered = pl.concat(parts, how="diagonal_relaxed").rename({"by_code": "station_id", "n_met": "n_need_met"})
    answered = answered.select("area_code", "station_id", "service_code", "n", "withheld_code", *names)
    return rows.join(answered, on=["area_code", "station_id", "service_code"], how="left", maintain_order="left")


def evidence() -> pl.Expr:
    """The label of a row: declared against used, then declared against checked, then asked for."""
    offered = pl.col("is_offered").fill_null(False)
    used = (pl.col("n_visits") > 0).fill_null(False)
    checked = pl.col("n_checks").fill_null(0) > 0
    failing = (~pl.col("is_working") | (checked & (pl.col("share_checks_met") < FAILING_BELOW))).fill_null(False)
    needed = pl.col("is_answered_here") & (pl.col("need_share") >= NEEDED_FROM).fill_null(False)
    return (
        pl.when(~pl.col("is_evaluable"))
        .then(pl.lit("out_of_season"))
        .when(offered & failing)
        .then(pl.lit("declared_failing"))
        .when(offered & used)
        .then(pl.lit("declared_used"))
        .when(offered & ~pl.col("sends_log"))
        .then(pl.lit("declared_no_log"))
        .when(offered)
        .then(pl.lit("declared_unseen"))
        .when(used)
        .then(pl.lit("undeclared_used"))
        .when(needed)
        .then(pl.lit("undeclared_needed"))
        .otherwise(pl.lit("undeclared"))
    )


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """How many pairs fall under each label."""
    counts = dict(rows.group_by("evidence_code").len().iter_rows())
    values = {
        "pairs": rows.height,
        "used": counts.get("declared_used", 0),
        "unseen": counts.get("declared_unseen", 0),
        "failing": counts.get("declared_failing", 0),
        "undeclared": counts.get("undeclared_used", 0),
    }
    return say("evidence_by_station", "some", "records", values)


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Labels by service, as stacked bars of stations."""
    words = phrases()["lists"]["evidence"]
    side = 0 if context.lang == "zh" else 1
    counts = rows.group_by("service_code", "evidence_code").len("count")
    order = {code: place for place, code in enumerate(COLORS)}
    counts = counts.with_columns(
        pl.Series("label", [context.label("services", c) for c in counts["service_code"]], dtype=pl.String),
        pl.Series("status", [words[c][side] for c in counts["evidence_code"]], dtype=pl.String),
        pl.col("evidence_code").replace_strict(order).alias("_order"),
    )
    first = (
        counts.filter(pl.col("evidence_code").str.starts_with("declared"))
        .group_by("service_code")
        .agg(pl.col("count").sum().alias("_declared"))
    )
    counts = counts.join(first, on="service_code", how="left").sort(
        pl.col("_declared").fill_null(0), "service_code", "_order", descending=[True, False, False]
    )
    return charts.stacked(
        counts,
        label="label",
        value="count",
        status="status",
        title=context.pick("驿站数", "stations"),
        colors={words[code][side]: color for code, color in COLORS.items()},
    )


def for_page(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The rows to look into first; the workbook holds them all."""
    order = {code: place for place, code in enumerate(TO_SHOW)}
    picked = rows.filter(pl.col("evidence_code").is_in(TO_SHOW)).with_columns(
        pl.col("evidence_code").replace_strict(order, default=9).alias("_order")
    )
    picked = picked.sort(
        "_order",
        pl.col("is_promised").fill_null(False),
        "station_id",
        "service_code",
        descending=[False, True, False, False],
    ).head(PAGE_ROWS)
    return picked.select(
        "area_code",
        "station_name",
        "service_code",
        "evidence_code",
        "verdict_code",
        "probability",
        "n_checks",
        "share_checks_met",
        "n_visits",
        "n",
        "need_share",
        "is_evaluable",
        "is_answered_here",
        "suppressed_use",
        "suppressed_survey",
    )


FINDING = Finding(
    id="evidence_by_station",
    order=90,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    for_page=for_page,
    count=lambda rows: rows["station_id"].n_unique(),
    count_zh="驿站",
    count_en="stations",
    is_weighted=True,
    shows=(
        "station_name",
        "service_code",
        "evidence_code",
        "verdict_code",
        "probability",
        "n_visits",
        "share_checks_met",
        "need_share",
    ),
    question_zh="登记的、用到的、需要的，各站对得上吗？",
    question_en="Do declaration, use and need agree at each station?",
    measure_zh="驿站×服务：台账与检查、使用记录、问卷三类证据并列，给出初步说法",
    measure_en="Station by service: ledger and checks, log, and survey side by side, with a first label",
    source_zh="驿站台账、检查、使用记录、问卷",
    source_en="station ledger, checks, log and survey",
    caveats_zh=(
        "“使用记录未见”可能是没人用、用不了或没有登记，须现场核实。",
        "站级问卷多数不足10份，写作“问卷样本不足”；其余足够确定的才显示，太小的多半不够确定：只看显示出来的，平均会偏高一两个百分点。",
        "本表供核实与改进，不用于考核个人。",
    ),
    caveats_en=(
        "“No use on record” may mean unused, unusable or unlogged: verify on the spot.",
        "Most stations have fewer than 10 answers: shown as “too few answers”. Of the others only shares certain enough are shown, and very small ones mostly are not: those shown lie a point or two high on average.",
        "For verification and repair, not for judging individuals.",
    ),
)
