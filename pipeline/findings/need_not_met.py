"""Which needs are not met where couriers work."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect, word
from pipeline.findings.context import mark_season
from pipeline.findings.counts import main_wave
from pipeline.findings.estimating.figures import rules
from pipeline.findings.estimating.need_changes import Change, need_change
from pipeline.findings.estimating.tables import EXACT, FIGURES, KEYS, ORDER, gap_rows
from pipeline.findings.finding import Context, Finding, Headline, Sentence
from pipeline.findings.top_needed_services import headline as _headline
from pipeline.findings.top_needed_services import ranked, respondents, with_labels
from pipeline.findings.words import labels, percent, phrases

LISTED = ("p_adjusted", "is_gap", *ORDER)
DISCLOSURE = Disclosure(
    keys=KEYS,
    open=("is_evaluable", "withheld_code", "speaks_for_code"),
    protect=(
        Protect(
            n=("n",),
            values=("is_gap", *ORDER),
            shares=FIGURES,
            spread=(*EXACT, "p_adjusted"),
            numerator="n_unmet",
            beside=("n_need", "n_need_met"),
            basis="respondents",
        ),
        Protect(
            n=("n",),
            values=(),
            shares=("need_share", "met_share"),
            numerator="n_need_met",
            beside=("n_need", "n_unmet"),
            basis="respondents",
            flag="suppressed_met",
        ),
    ),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Share in need, share whose need is met, and the gap between the two with its error; gaps are judged together."""
    rows = gap_rows(con, context).rename({"n_met": "n_need_met"})
    counts = ("n_need", "n_need_met", "n_unmet")
    figures = [*FIGURES, "se", "n_eff", *LISTED, "need_share", "met_share", *counts, "withheld_code"]
    rows = mark_season(rows, context, figures)
    rows = rows.select(name for name in DISCLOSURE.columns() if not name.startswith("suppressed"))
    return rows.sort(
        "area_code",
        "wave_code",
        pl.col("est").round(6),
        "service_code",
        descending=[False, False, True, False],
        nulls_last=True,
    )


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The widest gap, and whether its place is certain."""
    said = ranked(rows, context, "need_not_met")
    if said.strength == "none":
        return said
    more = _listed(main_wave(rows), context)
    return Sentence(said.zh + more.zh, said.en + more.en, said.strength)


def _listed(rows: pl.DataFrame, context: Context) -> Sentence:
    """Which gaps are certain to be wider than the practical one."""
    certain = rows.filter(pl.col("is_gap"))["service_code"]
    zh, en = labels(context, "services", certain)
    common = {"practical": percent(rules()["gap"]["practical"]), "count": len(certain)}
    case = "listed" if len(certain) else "listed_none"
    words = phrases()["say"]["need_not_met"][case]
    return Sentence(words["zh"].format(services=zh, **common), words["en"].format(services=en, **common))


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Need and met need on one line: the distance is the gap."""
    told = pl.col("est").is_not_null() | pl.col("suppressed") | pl.col("suppressed_met")
    rows = with_labels(main_wave(rows).filter(pl.col("is_evaluable") & told), context)
    if rows.is_empty():
        return None
    return charts.paired_dots(
        rows,
        label="label",
        first="need_share",
        second="met_share",
        names=(context.pick("需要", "need it"), context.pick("需要且得到", "need it and get it")),
        title=context.pick("比例（两点之间为缺口）", "share (the distance is the gap)"),
        hidden=word("suppressed", context.lang),
    )


def headline(rows: pl.DataFrame, item: str | None) -> Headline | None:
    """Gap of the service with the widest gap, or of the one named."""
    found = _headline(rows, item)
    return found and Headline(found.value, found.item, "最大缺口", "widest gap", found.population, wave=found.wave)


def changed(con: duckdb.DuckDBPyConnection, before: Headline, now: Headline, area: str) -> Change | None:
    """By how much the headline's share changed between two waves."""
    return need_change(con, "unmet", now.item, area, now.wave, before.wave)


FINDING = Finding(
    id="need_not_met",
    order=70,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    headline=headline,
    change=changed,
    count=respondents,
    variables=("need", "met"),
    is_weighted=True,
    shows=("service_code", "est", "interval", "band", "is_gap", "need_share", "met_share", "n"),
    question_zh="哪些需要在干活的地方得不到满足？",
    question_en="Which needs are not met where couriers work?",
    measure_zh="缺口＝需要的比例－需要且在干活的地方得到的比例（同一批受访者；有已知总数时加权）",
    measure_en="Gap = share in need − share in need who get it where they work (same respondents, weighted where there is a frame)",
    source_zh="问卷",
    source_en="survey",
    caveats_zh=(
        "没有回答是否得到的人不计入。",
        "“得到”指在自己干活的地方得到，不一定是在驿站。",
        "缺口大不等于应由驿站提供，须与登记和记录对照。",
    ),
    caveats_en=(
        "Those who did not say whether they get it are left out.",
        "“Get it” means anywhere they work, not necessarily at a station.",
        "A wide gap does not by itself mean stations should provide it: set it beside ledger and log.",
    ),
)
