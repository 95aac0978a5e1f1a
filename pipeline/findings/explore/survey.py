"""Answers of the period's survey for any choice of people, flags and weights: shares, gaps, quality."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import polars as pl

from pipeline.contracts.wave import FLAGS
from pipeline.disclose import Disclosure, Protect, disclose
from pipeline.findings.answers import groups
from pipeline.findings.context import mark_season, not_evaluable
from pipeline.findings.estimating.areas import SHRUNKEN, gaps_of
from pipeline.findings.estimating.sample import take_domain
from pipeline.findings.estimating.tables import EXACT, FIGURES
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.words import empty, labelled, with_area
from pipeline.findings.measures import share_of_answers

STANDARD = (
    "user_group", "platform", "employment_type", "shift", "gender", "age_band", "visits_per_week", "grid", "station", "need", "met",
    "aware", "found", "open", "entered", "served", "returned", "felt_welcome", "satisfaction", "attention", "mode",
)  # fmt: skip


def answers(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    variable: str,
    *,
    by: str | None = None,
    of_responses: bool = False,
) -> pl.DataFrame:
    """Share giving each answer to any question or standard variable of the period's survey; `by` any other one.

    `of_responses`: where several answers may be ticked, each one's share of all ticks, which add up to 1.
    No rows where the survey did not ask for a standard variable; a name that is neither ends with those it has.
    """
    parts = [
        share_of_answers(con, wave, variable, by=by, weight_set=choices.weight_set, drop_flags=choices.drop_flags,
                         population=choices.user_groups, areas=[area], of_responses=of_responses)
        for area, wave in asking(con, choices, variable)
    ]  # fmt: skip
    keys = ["area_code", "wave_code", "item_code", "answer_code", *(["by_code"] if by else [])]
    table = pl.concat(parts) if parts else empty(*keys, "label_zh", "label_en")
    words = pl.col("label_zh") if choices.context.lang == "zh" else pl.col("label_en")
    return with_area(table.with_columns(words.alias("label")), choices)


def asking(con: duckdb.DuckDBPyConnection, choices: Choices, variable: str) -> list[tuple[str, str]]:
    """(area, wave) of those who asked; all of them for a name nobody knows, so that it is refused."""
    asked = con.sql("select wave_code, question_code, variable_code from ref.questions").fetchall()
    standard = {*STANDARD, *(row[0] for row in con.sql("select variable_code from ref.variables").fetchall())}
    waves = {row[0] for row in asked if variable in row[1:]}
    found = [(area, wave) for area, wave in choices.waves if wave in waves]
    return found if found or variable in standard else list(choices.waves)


def needs_and_gaps(con: duckdb.DuckDBPyConnection, choices: Choices, *, by: str | None = None) -> pl.DataFrame:
    """Share in need, share whose need is met where they work, and the gap with its error and interval, for each service.

    `is_gap`: above the threshold beyond chance, all rows of a wave judged together (Benjamini–Hochberg). `by`: a column of the
    respondents or another question; its small groups also get shares that borrow from the others. Services out of season carry no
    figure (`is_evaluable` false). The base leaves out those who need a service but did not say whether they get it.
    """
    keys = ["area_code", "wave_code", "service_code", *(["by_code"] if by else [])]
    if not choices.waves:
        return empty(*keys, "label").with_columns(
            pl.lit(None, pl.Boolean).alias(name) for name in ("is_gap", "is_evaluable")
        )
    table = pl.concat([_gaps(con, choices, area, wave, by) for area, wave in choices.waves], how="diagonal_relaxed")
    table = table.rename({"n_met": "n_need_met"})
    within = tuple(keys[:3]) if by else None  # the total over all groups is known
    shrunken = SHRUNKEN[:3] if by else ()
    basis = Disclosure(keys=tuple(keys), open=("withheld_code",), protect=(
        Protect(n=("n",), values=(), shares=("need_share", "met_share"), numerator="n_need", beside=("n_unmet", "n_need_met"),
                basis="respondents", within=within, flag="suppressed_need"),
        Protect(n=("n",), values=("is_gap", *(("shrinkage",) if by else ())), shares=(*FIGURES, *shrunken),
                spread=(*EXACT, "p_adjusted"), numerator="n_unmet", beside=("n_need", "n_need_met"), basis="respondents", within=within)))  # fmt: skip
    names = [name for name in basis.columns() if not name.startswith("suppressed")]
    shown = disclose(table.select(names), basis, name="needs_and_gaps")
    figures = [name for name in names if name not in (*keys, "n", "withheld_code")]
    shown = mark_season(shown, choices.context, figures)
    shown = shown.sort("area_code", "est", "service_code", *keys[3:], descending=[False, True, False, *[False] * len(keys[3:])],
                       nulls_last=True)  # fmt: skip
    return with_area(labelled(shown, "service_code", "services", choices), choices)


def _gaps(con: duckdb.DuckDBPyConnection, choices: Choices, area: str, wave: str, by: str | None) -> pl.DataFrame:
    """Needs and gaps of one wave before the gate."""
    sample, persons = take_domain(con, wave, area, choices.weight_set, choices.drop_flags, choices.user_groups)
    out = tuple(not_evaluable(choices.context))
    grouped = groups(con, wave, by).filter(pl.col("by_code") != "") if by else None
    return gaps_of(con, sample, groups=grouped, persons=persons, out_of_season=out, practical=choices.gap_threshold)


def steadiness(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """The gap of each service as chosen, and the least and most it becomes under other weights and other flags."""
    sets = [row[0] for row in con.execute("select distinct weight_set_code from clean.respondent_weights where list_contains(?, wave_code) "
                                          "union select 'equal' order by 1", [[wave for _, wave in choices.waves]]).fetchall()]  # fmt: skip
    variants = [choices, *(replace(choices, weight_set=name) for name in sets),
                replace(choices, drop_flags=()), replace(choices, drop_flags=FLAGS)]  # fmt: skip
    keys = ["area_code", "wave_code", "service_code", "label"]
    tables = [needs_and_gaps(con, variant).select(*keys, "est", "is_gap", "is_evaluable") for variant in variants]
    spread = pl.concat(tables).group_by(keys[:3]).agg(
        pl.col("est").min().alias("lowest"), pl.col("est").max().alias("highest"), pl.col("est").is_null().any().alias("_hidden"),
        pl.col("is_gap").sum().alias("n_variants_gap"))  # fmt: skip
    table = tables[0].join(spread, on=keys[:3], how="left")
    hide = [pl.when(pl.col("_hidden")).then(None).otherwise(pl.col(name)).alias(name) for name in ("lowest", "highest")]
    return table.with_columns(hide).drop("_hidden").with_columns(pl.lit(len(variants)).alias("n_variants"))


def asked_about(con: duckdb.DuckDBPyConnection, choices: Choices, area: str, wave: str) -> pl.DataFrame:
    """The respondents chosen: one column, person."""
    sample, persons = take_domain(con, wave, area, choices.weight_set, choices.drop_flags, choices.user_groups)
    return sample.frame.select("person") if persons is None else persons


def flags(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """How many of the respondents chosen carry each quality flag; one respondent may carry several."""
    columns = ", ".join(f"count(*) filter (is_{flag}) as {flag}" for flag in FLAGS)
    wanted = [wave for _, wave in choices.waves]
    table = con.sql(
        f"select area_code, wave_code, count(*) as n, count(*) filter (not is_valid) as dropped, {columns} from clean.respondents "
        "where list_contains(?, wave_code) and list_contains(?, area_code) and list_contains(?, user_group_code) group by 1, 2 order by 1, 2",
        params=[wanted, list(choices.context.areas), list(choices.user_groups)]).pl()  # fmt: skip
    table = table.unpivot(
        index=["area_code", "wave_code", "n"], on=[*FLAGS, "dropped"], variable_name="flag_code", value_name="n_flagged"
    )
    table = table.with_columns((pl.col("n_flagged") / pl.col("n")).alias("est"))
    basis = Disclosure(keys=("area_code", "wave_code", "flag_code"), protect=(
        Protect(n=("n",), values=(), shares=("est",), numerator="n_flagged", basis="respondents"),))  # fmt: skip
    return with_area(labelled(disclose(table, basis, name="flags"), "flag_code", "flags", choices), choices)


def blanks(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """Share of those shown a question who left it blank."""
    parts = []
    for area, wave in choices.waves:
        kept = asked_about(con, choices, area, wave)
        states = con.sql(
            "select a.respondent_id as person, a.question_code, q.sort_order, q.text_zh, q.text_en, bool_or(a.state = 'answered') as is_answered "
            "from clean.answers as a join ref.questions as q using (wave_code, question_code) where a.wave_code = ? "
            "and a.state <> 'not_shown' and q.type_code <> 'text' group by all", params=[wave]).pl()  # fmt: skip
        parts.append(kept.join(states, on="person").with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave)))
    if not parts:
        return empty("area_code", "wave_code", "question_code", "label")
    text = "text_zh" if choices.context.lang == "zh" else "text_en"
    table = pl.concat(parts).group_by("area_code", "wave_code", "question_code", "sort_order", pl.col(text).alias("label")).agg(
        pl.len().alias("n"), (~pl.col("is_answered")).sum().cast(pl.Int64).alias("n_blank"), (~pl.col("is_answered")).mean().alias("est"))  # fmt: skip
    basis = Disclosure(keys=("area_code", "wave_code", "question_code"), open=("label",), protect=(
        Protect(n=("n",), values=(), shares=("est",), numerator="n_blank", basis="respondents"),))  # fmt: skip
    shown = disclose(table.sort("area_code", "wave_code", "sort_order").drop("sort_order"), basis, name="blanks")
    return with_area(shown, choices)
