"""Who has least around them: people by group, places and hours; and who the recorded users are."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect
from pipeline.findings.covering.basis import BASIS, all_rows
from pipeline.findings.covering.equity import GRIDS, PARTS
from pipeline.findings.covering.left_out import PEOPLE, VISITS, left_out_rows, visitor_rows
from pipeline.findings.covering.words import joined, walks, within
from pipeline.findings.district import districts
from pipeline.findings.estimating.sample import COURIERS, main_samples
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.who_answered import value_label
from pipeline.findings.words import percent, phrases, points, say, silence, speaks_for, strength

KEYS = ("area_code", "section_code", "variable_code", "value_code")
DISCLOSURE = Disclosure(
    keys=KEYS,
    open=("wave_code", "speaks_for_code", "courier_hours", "covered_hours", "withheld_code_unmet", *BASIS),
    protect=(
        Protect(  # of places nobody's answers are told: n is empty there, and the share is open
            n=("n",), values=("n_eff", "withheld_code"), shares=("covered_share", "covered_lci", "covered_uci"), spread=("covered_se",),
            basis="respondents", within=KEYS[:3], zeros_open="n", flag="suppressed_people",
        ),
        Protect(
            n=("n_rest",), values=("covered_difference", "covered_difference_lci", "covered_difference_uci", "p_adjusted", "is_apart"),
            basis="respondents", flag="suppressed_difference",
        ),
        Protect(
            n=("n_judged",), values=(), shares=("est_unmet", "lci_unmet", "uci_unmet"), basis="respondents", within=KEYS[:3],
            flag="suppressed_unmet",
        ),
        Protect(
            n=("n_keys",), values=("n_visits",), shares=("visit_share",), basis="couriers", within=KEYS[:3], zeros_open="n_visits",
            flag="suppressed_use",
        ),
    ),
)  # fmt: skip
NAMED = (("employment_type", "crowd_sourced"), ("gender", "female"))  # asked about by name, apart or not


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """People by group, places and hours, and recorded users, of each area: `covering.left_out`."""
    names = [name for name in DISCLOSURE.columns() if not name.startswith("suppressed")]
    found = districts(con, context)
    if not found:
        return all_rows([], tuple(names))
    samples = main_samples(con, context.period, context.areas)
    parts = [left_out_rows(con, district, samples) for district in found]
    users = visitor_rows(con, context).filter(pl.col("area_code").is_in([district.area for district in found]))
    lacking = [
        part.with_columns(pl.lit(None).alias(name) for name in names if name not in part.columns)
        for part in (*parts, users)
    ]
    return all_rows([part.select(names) for part in lacking], tuple(names))


def _row(rows: pl.DataFrame, variable: str, value: str) -> dict[str, Any] | None:
    """The row about one group, where there is one."""
    found = rows.filter(variable_code=variable, value_code=value)
    return found.row(0, named=True) if found.height else None


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """How much of their hours people have covered and who has least; places beside their mean; who the recorded users are."""
    whole, places = _row(rows, "all", "all"), _places(rows, context)
    if whole is None or whole["covered_share"] is None:
        said = [places] if places.zh else []
    else:
        said = [_people(rows, whole, context), *_named(rows, context), places]
    if not said:
        return silence(rows, "covered_share")
    return joined(*said, _visits(rows), walks(rows.filter(pl.col("walking_code").is_not_null()).row(0, named=True)))


def _people(rows: pl.DataFrame, whole: dict[str, Any], context: Context) -> Sentence:
    """Everybody's mean, and the group that certainly has least."""
    apart = rows.filter(pl.col("is_apart") & (pl.col("covered_difference") < 0) & pl.col("covered_share").is_not_null())
    power = strength(whole["n"], whole["covered_lci"], whole["covered_uci"])
    figures = {"mean": percent(whole["covered_share"]), "radius": f"{whole['radius_m']:g}"}
    if apart.is_empty():
        return say("who_is_left_out", "alike", power, figures, speaks_for=speaks_for(rows))
    least = apart.sort("covered_share", "variable_code", "value_code").row(0, named=True)
    figures |= {
        "share": percent(least["covered_share"]),
        "points": points(-least["covered_difference"]).removeprefix("+"),
        "low": points(-least["covered_difference_uci"]).removeprefix("+"),
        "high": points(-least["covered_difference_lci"]).removeprefix("+"),
    }
    names = [{"group": group_words(least, context, lang)} for lang in ("zh", "en")]
    return say("who_is_left_out", "apart", power, figures | names[0], figures | names[1], speaks_for(rows))


def group_words(row: dict[str, Any], context: Context, lang: str) -> str:
    """A group as it stands in a sentence: what is told apart, and the value."""
    variable = context.label("variables", row["variable_code"], lang)
    value = value_label(context, row["variable_code"], row["value_code"], lang)
    return f"{variable}为“{value}”的小哥" if lang == "zh" else f"those with {variable.lower()} “{value.lower()}”"


def _named(rows: pl.DataFrame, context: Context) -> list[Sentence]:
    """Crowd-sourced and female couriers, whether they are apart or not; nothing where they may not be shown."""
    verdicts, said = phrases()["say"]["who_is_left_out"]["verdict"], []
    for variable, value in NAMED:
        row = _row(rows, variable, value)
        if row is None or row["covered_share"] is None or row["is_apart"] is None:
            continue
        word, share = "apart" if row["is_apart"] else "alike", percent(row["covered_share"])
        sides = [
            {"group": group_words(row, context, lang), "share": share, "verdict": verdicts[f"{word}_{lang}"]}
            for lang in ("zh", "en")
        ]
        said.append(say("who_is_left_out", "group", "modelled", *sides))
    return said


def _places(rows: pl.DataFrame, context: Context) -> Sentence:
    """The mean of courier-hours, the night, the worst tenth and the worst cell; nothing where nobody is out."""
    parts = {row["value_code"]: row["covered_share"] for row in rows.filter(variable_code=PARTS).iter_rows(named=True)}
    if parts.get("all") is None:
        return Sentence("", "")
    cells = rows.filter((pl.col("variable_code") == GRIDS) & pl.col("covered_share").is_not_null())
    cell = cells.sort("covered_share", "value_code").row(0, named=True)
    figures = {
        "mean": percent(parts["all"]),
        "night": percent(parts["night"]),
        "worst": percent(parts["worst"]),
        "cell": percent(cell["covered_share"]),
        "grid": context.label("grids", cell["value_code"]),
    }
    return say("who_is_left_out", "places", "modelled", figures)


def _visits(rows: pl.DataFrame) -> Sentence:
    """How much of recorded use is couriers'; nothing where it may not be shown."""
    shares = rows.filter(pl.col("section_code") == VISITS).select("value_code", "visit_share")
    ours = shares.filter(pl.col("value_code").is_in(COURIERS))
    if ours.is_empty() or ours["visit_share"].null_count():
        return Sentence("", "")
    return say("who_is_left_out", "visits", "modelled", {"couriers": percent(ours["visit_share"].sum())})


def labelled(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Adds `label`, the group in words."""
    names = [value_label(context, row["variable_code"], row["value_code"]) for row in rows.iter_rows(named=True)]
    return rows.with_columns(pl.Series("label", names, dtype=pl.String))


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Groups of people with their intervals about everybody's mean; without a survey, places."""
    people = rows.filter((pl.col("section_code") == PEOPLE) & pl.col("covered_share").is_not_null())
    title = context.pick("上班时间里有覆盖的比例", "share of their hours covered")
    if people.height:
        whole = _row(people, "all", "all")
        shown = labelled(people.filter(pl.col("variable_code") != "all"), context)
        shown = shown.with_columns(label=_told_apart(shown, context))
        mark = None if whole is None else whole["covered_share"]
        return charts.ranges(
            shown, label="label", value="covered_share", lower="covered_lci", upper="covered_uci", title=title, mark=mark,
            names=("平均", "区间（虚线：全体）") if context.lang == "zh" else ("mean", "interval (dashed: everybody)"),
        )  # fmt: skip
    places = rows.filter(pl.col("covered_share").is_not_null())
    if places.is_empty():
        return None
    return charts.bars(labelled(places, context), label="label", value="covered_share", title=title)


def _told_apart(rows: pl.DataFrame, context: Context) -> pl.Series:
    """Labels; those that two characteristics share are led by the characteristic."""
    led = [f"{context.label('variables', row['variable_code'])}·{row['label']}" for row in rows.iter_rows(named=True)]
    twice = rows["label"].is_duplicated()
    return pl.Series(
        [one if is_twice else label for one, label, is_twice in zip(led, rows["label"], twice, strict=True)]
    )


FINDING = Finding(
    id="who_is_left_out",
    order=58,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    count=lambda rows: rows.filter(pl.col("variable_code") == "all")["n"].sum() or None,
    is_weighted=True,
    for_page=lambda rows, context: rows.drop("wave_code"),
    shows=(
        "section_code", "variable_code", "value_code", "covered_share", "covered_interval", "covered_difference", "is_apart", "est_unmet",
        "n", "courier_hours", "visit_share",
    ),
    question_zh="谁被落下了？",
    question_en="Who is left out?",
    measure_zh=f"受访小哥：所需服务在上班时间里、常去网格内、{within()[0]}有开着的驿站登记提供的比例（各项服务平均），按群体；并列他们说需要而得不到的比例。楼宇与钟点：小哥工时的覆盖，平均、夜间、最差的十分之一、各网格",
    measure_en=f"Responding couriers: of their hours at work in their grid cell, the share with an open station {within()[1]} that declares what they need (mean over services), by group; beside it what they say they do not get. Buildings and hours: courier-hours covered, on average, at night, in the worst tenth and in each grid cell",
    source_zh="问卷、楼宇小哥在岗推算、驿站台账与开放时间、使用记录",
    source_en="survey, expected couriers at buildings, station ledger and opening hours, logs",
    caveats_zh=(
        "问卷只问班次，不问钟点：各班次的钟点是假设的（见 access.toml）。",
        "覆盖按登记与开放时间推算，不是本人所说；本人所说的看“所需服务中得不到的”。两者口径不同，不相减。",
        "区间只反映答卷的不确定，不含步行距离与在岗人数的不确定；各组一起判断，二十项“确有不同”里平均至多误判一项。不足10人的组不显示。",
    ),
    caveats_en=(
        "Surveys ask for the shift, not for its hours: those are assumed (access.toml).",
        "Coverage is worked out from what stations declare and when they are open; what people say themselves is the share they do not get. The two are not to be subtracted.",
        "Intervals hold the uncertainty of answers only, not that of walks or of expected couriers. Groups are judged together: of twenty said to be apart, one on average is not. Groups of fewer than 10 are not shown.",
    ),
)  # fmt: skip
