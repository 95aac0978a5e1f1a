"""Station by service: the verdict of the three kinds of evidence, how sure it is, and why."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect
from pipeline.findings.evidence_by_station import PUBLIC_CLASSES
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.verdicts import station_verdicts
from pipeline.findings.verdicts.words import shown_probability, with_reason_words
from pipeline.findings.words import labels, say

COLORS = {
    "met": charts.GREEN,
    "declared_but_failing": charts.RED,
    "unknown_to_users": charts.ORANGE,
    "hidden_demand": charts.BLUE,
    "unmet": "#8b6bb1",
    "low_need": "#c9cdd3",
    "no_evidence": "#e3e6ea",
}
TO_SHOW = ("declared_but_failing", "unknown_to_users", "hidden_demand")  # what can be mended at the station itself
PAGE_ROWS = 15
PAGE_EACH = 5  # of each verdict to show
DISCLOSURE = Disclosure(
    keys=("area_code", "station_id", "service_code"),
    open=(
        "station_name", "class_code", "grid_id", "verdict_code", "probability", "reasons", "reason_zh", "reason_en", "is_evaluable",
        "is_promised", "is_offered", "is_working", "n_checks", "share_checks_met", "n_facilities", "n_facilities_working",
        "is_map_listed",
    ),
    protect=(
        Protect(
            n=("n_keys",), values=("n_visits",), basis="couriers", within=("area_code", "station_id"), zeros_open="n_visits",
            flag="suppressed_use",
        ),
        Protect(n=("n",), values=(), basis="respondents", flag="suppressed_survey"),
    ),
)  # fmt: skip


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """The verdict of every station and service, with what of the evidence may be shown."""
    rows = station_verdicts(con, context)
    if context.audience == "public":
        rows = rows.filter(pl.col("class_code").is_in(PUBLIC_CLASSES))
    rows = with_reason_words(rows, context).with_columns(
        shown_probability(),
        pl.col("share_checks_met").round(3),
        pl.col("n_checks", "n_visits").cast(pl.Int64),
    )
    return rows.select(name for name in DISCLOSURE.columns() if not name.startswith("suppressed"))


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """How many pairs have each verdict, and the service with most that can be mended at the station."""
    counts = dict(rows.group_by("verdict_code").len().iter_rows())
    values: dict[str, Any] = {"pairs": rows.height, **{code: counts.get(code, 0) for code in COLORS}}
    mend = rows.filter(pl.col("verdict_code").is_in(TO_SHOW))
    if mend.is_empty():
        return say("gaps_by_station", "none", "records", values)
    first = mend.group_by("service_code").len().sort("len", "service_code", descending=[True, False]).row(0)
    zh, en = labels(context, "services", [first[0]])
    return say(
        "gaps_by_station",
        "some",
        "records",
        {**values, "service": zh, "most": first[1]},
        {**values, "service": en, "most": first[1]},
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Verdicts by service, as stacked bars of stations; services with most to mend on top."""
    counts = rows.group_by("service_code", "verdict_code").len("count")
    gap = pl.col("count").filter(pl.col("verdict_code").is_in([*TO_SHOW, "unmet"])).sum().over("service_code")
    counts = counts.with_columns(
        _gap=gap, _order=pl.col("verdict_code").replace_strict({c: k for k, c in enumerate(COLORS)})
    )
    counts = counts.sort("_gap", "service_code", "_order", descending=[True, False, False])
    words = {code: context.label("verdicts", code) for code in COLORS}
    counts = counts.with_columns(
        pl.Series("label", [context.label("services", c) for c in counts["service_code"]], dtype=pl.String),
        pl.Series("status", [words[c] for c in counts["verdict_code"]], dtype=pl.String),
    )
    return charts.stacked(
        counts,
        label="label",
        value="count",
        status="status",
        title=context.pick("驿站数", "stations"),
        colors={words[code]: color for code, color in COLORS.items()},
    )


def for_page(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The most certain ones of what can be mended at the station; the workbook holds all."""
    order = {code: place for place, code in enumerate(TO_SHOW)}
    picked = rows.filter(pl.col("verdict_code").is_in(TO_SHOW)).with_columns(
        _order=pl.col("verdict_code").replace_strict(order, default=9)
    )
    picked = picked.sort("_order", "probability", "station_id", "service_code", descending=[False, True, False, False])
    first = picked.filter(pl.int_range(pl.len()).over("_order") < PAGE_EACH)
    rest = picked.join(first, on=DISCLOSURE.keys, how="anti").head(PAGE_ROWS - first.height)
    return (
        pl.concat([first, rest])
        .sort("_order", "probability", "station_id", "service_code", descending=[False, True, False, False])
        .drop("_order")
    )


FINDING = Finding(
    id="gaps_by_station",
    order=91,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    for_page=for_page,
    count=lambda rows: rows["station_id"].n_unique(),
    count_zh="驿站",
    count_en="stations",
    shows=("station_name", "service_code", "verdict_code", "probability", "reason_zh", "reason_en", "n_visits"),
    question_zh="各站各项服务，缺口在哪里、为什么？",
    question_en="Which services of which stations fall short, and why?",
    measure_zh="驿站×服务：登记、使用、需要三类证据按概率合成一个判定，附把握程度与理由",
    measure_en="Station by service: what is declared, used and needed weighed into one verdict, with its probability and reasons",
    source_zh="驿站台账、检查、设施、使用记录、问卷",
    source_en="station ledger, checks, facilities, log and survey",
    caveats_zh=(
        "判定是最可能的一种，不是定论：把握程度低的先去现场看。没有证据的写“证据不足”，不当作没有。",
        "该站问卷不足10份时，需要按网格或全街道估计，并写明“问卷样本不足”；问卷没问的服务，由使用多少推断。",
        "“有而不知”靠使用比应有的少来看，使用少的小站看不出来。本表供核实与改进，不用于考核个人。",
    ),
    caveats_en=(
        "A verdict is what is most probable, not a ruling: where it is unsure, look on the spot first. Missing evidence reads “No evidence”, never as nothing there.",
        "Where fewer than 10 respondents name a station, need is that of its grid cell or of the area, and the row says “too few answers”; need of services the survey does not ask about is judged by use.",
        "“Unknown to users” shows in less use than expected, and cannot be seen at stations with little use. For verification and repair, not for judging individuals.",
    ),
)
