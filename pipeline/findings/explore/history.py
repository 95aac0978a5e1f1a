"""One variable over the waves: how each asked for it, and what changed since the wave before, where that can be said."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import polars as pl

from pipeline.findings.answers import given_answers
from pipeline.findings.comparable import comparable
from pipeline.findings.context import context_for, not_evaluable
from pipeline.findings.estimating.answered import Answered, answer_estimates
from pipeline.findings.estimating.changes import CHANGES, change_rows
from pipeline.findings.estimating.sample import take_domain
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.survey import answers
from pipeline.findings.explore.words import label

OF_SERVICES = ("need", "met")  # variables whose answers are services
BEFORE = ("n", "n_chosen", "est", "lci", "uci")


def variable_history(con: duckdb.DuckDBPyConnection, choices: Choices, variable: str) -> pl.DataFrame:
    """Wording and options of a variable, one row per wave of the areas chosen, oldest first.

    `variable`: a standard variable, or a question of the waves chosen that is linked to one. `same_as` names the last
    earlier wave of the same people that means the same; `why_not` says what stands against the wave just before.
    """
    rows = con.sql(
        "select w.wave_code, w.area_code, v.population_code, w.closed_on, v.question_code, v.type_code, v.text_zh, v.options_zh, "
        "v.same_as_wave, v.why_not_code from ref.variable_wordings as v join ref.waves as w using (wave_code) "
        "where v.variable_code = ? and list_contains(?, w.area_code) order by w.area_code, w.closed_on, w.wave_code",
        params=[_variable(con, choices, variable), list(choices.context.areas)],
    ).pl()
    words = lambda name, code: label(choices, name, code) if code else ""  # noqa: E731
    return rows.with_columns(
        pl.Series("label", [words("waves", code) for code in rows["wave_code"]], dtype=pl.String),
        pl.Series("population", [words("populations", code) for code in rows["population_code"]], dtype=pl.String),
        pl.Series("same_as", [words("waves", code) for code in rows["same_as_wave"]], dtype=pl.String),
        pl.Series("why_not", [words("not_comparable", code) for code in rows["why_not_code"]], dtype=pl.String),
    )


def change(
    con: duckdb.DuckDBPyConnection, choices: Choices, variable: str, *, earlier: str | None = None
) -> pl.DataFrame:
    """Shares of each answer in the chosen waves and in an earlier one (the one just before where none is named).

    Where the variable does not mean the same in both, of the same people, there is no figure of the earlier wave and no
    difference; `why_not` says why. Raises exit 2 for a question or wave that is not there. No difference either where few people gave an answer and its share is coarse,
    nor for a service out of season in either wave. Columns of
    `answers`, and `earlier_wave, n_before, n_chosen_before, est_before, lci_before, uci_before, change, change_se, change_lci,
    change_uci, p_adjusted, is_change` (beyond chance, all answers judged together) and `why_not`.
    """
    name = _variable(con, choices, variable)
    parts = []
    for area, wave in choices.waves:
        now = answers(con, replace(choices, waves=((area, wave),)), variable)
        before = earlier or wave_before(con, area, wave)
        reason = _reason(con, name, before, wave)
        parts.append(_set_beside(con, choices, name, now, (area, before or ""), reason))
    parts = [part for part in parts if part.height]
    return pl.concat(parts) if parts else _alone(answers(con, choices, variable), "", "")


def _reason(con: duckdb.DuckDBPyConnection, variable: str, before: str | None, wave: str) -> str | None:
    if before is None:
        return "no_wave_before"
    if not con.execute("select 1 from ref.variables where variable_code = ?", [variable]).fetchall():
        return "not_linked"
    return comparable(con, variable, before, wave)


def _set_beside(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    variable: str,
    now: pl.DataFrame,
    earlier: tuple[str, str],
    reason: str | None,
) -> pl.DataFrame:
    if reason is not None or now.is_empty():
        return _alone(now, earlier[1], label(choices, "not_comparable", reason or "not_asked"))
    then = answers(con, replace(choices, waves=(earlier,)), variable)
    wave = now["wave_code"][0]
    same = _same_answers(con, variable, wave, earlier[1])
    key = lambda table, code: _keyed(con, table, variable, code, same)  # noqa: E731
    old = key(then, earlier[1]).select("_item", "_answer", *(pl.col(name).alias(f"{name}_before") for name in BEFORE))
    table = key(now, wave).join(old, on=["_item", "_answer"], how="left", maintain_order="left")
    both = [_answered(con, choices, (earlier[0], code), variable) for code in (wave, earlier[1])]
    rows = [
        key(of.counts.join(labels.select("item_code", "answer_code", "label_zh"), on=["item_code", "answer_code"], how="left",
                           maintain_order="left"), code).select("_item", "_answer", pl.int_range(pl.len()).alias(name))
        for of, labels, code, name in zip(both, (now, then), (wave, earlier[1]), ("row_now", "row_before"), strict=True)
    ]  # fmt: skip
    off = _off(con, choices, variable, earlier[1])
    pairs = rows[0].join(rows[1], on=["_item", "_answer"]).filter(~pl.col("_answer").is_in(off))
    changed = change_rows(*both, pairs.sort("row_now"))
    table = table.join(changed, on=["item_code", "answer_code"], how="left", maintain_order="left")
    coarse = pl.any_horizontal(pl.col("n_chosen", "n_chosen_before").is_null())  # shares in steps of five points
    exact = [pl.when(~coarse).then(pl.col(name)).alias(name) for name in CHANGES]
    told = _ordered(table.drop("_item", "_answer").with_columns(exact), now, earlier[1], "")
    why = pl.when(pl.col("answer_code").is_in(off)).then(pl.lit(label(choices, "not_comparable", "out_of_season")))
    return told.with_columns(why.otherwise(pl.col("why_not")).alias("why_not"))


def off_season(con: duckdb.DuckDBPyConnection, choices: Choices, wave: str) -> set[str]:
    """Services out of season in the period of a wave."""
    period = con.execute("select period_code from ref.waves where wave_code = ?", [wave]).fetchall()[0][0]
    return set(not_evaluable(context_for(con, period=period, areas=choices.context.areas)))


def _off(con: duckdb.DuckDBPyConnection, choices: Choices, variable: str, before: str) -> list[str]:
    """Answers that name a service out of season in either wave: few need it then, and no change of need follows."""
    if variable not in OF_SERVICES:
        return []
    return sorted(off_season(con, choices, before) | set(not_evaluable(choices.context)))


def _answered(con: duckdb.DuckDBPyConnection, choices: Choices, where: tuple[str, str], variable: str) -> Answered:
    """The estimates behind `answers` of one area and wave."""
    area, wave = where
    sample, persons = take_domain(con, wave, area, choices.weight_set, choices.drop_flags, choices.user_groups)
    given = given_answers(con, wave, variable)
    return answer_estimates(sample, given if persons is None else given.join(persons, on="person", how="semi"))


def _alone(now: pl.DataFrame, earlier: str, why: str) -> pl.DataFrame:
    """The figures of one wave, with nothing beside them and the reason."""
    empty = [pl.lit(None, now.schema[name]).alias(f"{name}_before") for name in BEFORE]
    return _ordered(
        now.with_columns(
            *empty, *(pl.lit(None, pl.Boolean if name == "is_change" else pl.Float64).alias(name) for name in CHANGES)
        ),
        now,
        earlier,
        why,
    )


def _ordered(table: pl.DataFrame, now: pl.DataFrame, earlier: str, why: str) -> pl.DataFrame:
    told = table.with_columns(pl.lit(earlier).alias("earlier_wave"), pl.lit(why).alias("why_not"))
    return told.select(*now.columns, "earlier_wave", *(f"{name}_before" for name in BEFORE), *CHANGES, "why_not")


def _keyed(
    con: duckdb.DuckDBPyConnection, table: pl.DataFrame, variable: str, wave: str, same: list[str]
) -> pl.DataFrame:
    """What an answer is known by in any wave: its row by the wording, itself by its standard value or else its wording."""
    items = dict(
        con.execute(
            "select o.item_code, o.text_zh from ref.options as o join ref.variable_wordings as v using (wave_code, question_code) "
            "where v.variable_code = ? and o.wave_code = ? and o.option_code = ''",
            [variable, wave],
        ).fetchall()
    )
    valued = pl.col("answer_code").is_in(same)
    return table.with_columns(
        pl.col("item_code").replace(items).alias("_item"),
        pl.when(valued).then(pl.col("answer_code")).otherwise(pl.lit("=") + pl.col("label_zh")).alias("_answer"),
    )


def _same_answers(con: duckdb.DuckDBPyConnection, variable: str, *waves: str) -> list[str]:
    """Standard values that options of both waves stand for: a bare option code may be something else in each."""
    rows = con.execute(
        "select o.value_code from ref.options as o join ref.variable_wordings as v using (wave_code, question_code) "
        "where v.variable_code = ? and list_contains(?, o.wave_code) and o.value_code is not null "
        "group by o.value_code having count(distinct o.wave_code) = 2 order by 1",
        [variable, list(waves)],
    ).fetchall()
    return [row[0] for row in rows]


def wave_before(con: duckdb.DuckDBPyConnection, area: str, wave: str) -> str | None:
    """The wave just before in the same area: of the same population where there is one."""
    rows = con.execute(
        "select e.wave_code from ref.waves as e join ref.waves as w on w.wave_code = ? and e.area_code = ? "
        "and (e.closed_on, e.wave_code) < (w.closed_on, w.wave_code) "
        "order by e.population_code = w.population_code desc, e.closed_on desc, e.wave_code desc limit 1",
        [wave, area],
    ).fetchall()
    return rows[0][0] if rows else None


def _variable(con: duckdb.DuckDBPyConnection, choices: Choices, name: str) -> str:
    """The standard variable of a question of the waves chosen; the name itself where it is none."""
    rows = con.execute(
        "select variable_code from ref.variable_wordings where list_contains(?, wave_code) and question_code = ? limit 1",
        [[wave for _, wave in choices.waves], name],
    ).fetchall()
    return rows[0][0] if rows else name
