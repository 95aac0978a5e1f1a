"""Measures that accept any answer variable, period and place; for notebooks and findings alike.

Each returns a tidy frame that has passed the gate (small numbers null and flagged).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb
import polars as pl

from pipeline.analysis.shares import weighted_shares, with_share
from pipeline.disclose import Disclosure, Protect, disclose
from pipeline.errors import USAGE, Problem, fail
from pipeline.findings.answers import FLAGS, given_answers, groups, option_labels, people
from pipeline.findings.counts import demand

__all__ = ["FLAGS", "gap_table", "share_of_answers", "survey_quality", "use_over_time"]


def share_of_answers(
    con: duckdb.DuckDBPyConnection,
    wave_code: str,
    question_or_variable: str,
    *,
    by: str | None = None,
    weight_set: str = "poststratified",
    drop_flags: Sequence[str] | None = None,
    population: str | Sequence[str] | None = None,
    areas: Iterable[str] | None = None,
) -> pl.DataFrame:
    """Share of respondents giving each answer to any question, with an interval; the interface of notebooks.

    `question_or_variable`: a question code or a standard variable. `by`: another question, variable or column of the
    respondents. `drop_flags`: quality flags whose bearers are left out; None keeps the wave's own rule. `population`:
    a user group, or several. Of a question with several rows (matrix) each row is asked on its own.
    """
    asked = people(con, wave_code, weight_set, drop_flags, population, areas)
    answers = given_answers(con, wave_code, question_or_variable)
    rows = asked.join(answers, on="person", how="inner")
    keys = ["area_code", "item_code"]
    if by:
        rows = rows.join(groups(con, wave_code, by), on="person", how="inner")
        keys.append("by_code")
    shares = weighted_shares(rows, by=keys, value="answer_code")
    labels = option_labels(con, wave_code, question_or_variable)
    table = shares.join(labels, on=["item_code", "answer_code"], how="left").with_columns(
        pl.lit(wave_code).alias("wave_code"),
        pl.col("label_zh").fill_null(pl.col("answer_code")),
        pl.col("label_en").fill_null(pl.col("answer_code")),
        pl.col("sort_order").fill_null(999),
    )
    keys = ["wave_code", *keys, "answer_code"]
    basis = Disclosure(
        keys=tuple(keys),
        open=("label_zh", "label_en"),
        protect=(
            Protect(
                n=("n",), values=("n_eff",), shares=("est", "lci", "uci"), numerator="n_chosen", basis="respondents"
            ),
        ),
    )
    return disclose(
        table.sort([*[k for k in keys if k != "answer_code"], "sort_order", "answer_code"]).drop("sort_order"),
        basis,
        name="share_of_answers",
    )


def use_over_time(
    con: duckdb.DuckDBPyConnection,
    *,
    by: str = "month",
    service: str | None = None,
    user_groups: Sequence[str] | None = None,
    kind: str = "use",
    areas: Iterable[str] | None = None,
    between: tuple[date, date] | None = None,
) -> pl.DataFrame:
    """Recorded visits by `month`, `day`, `weekday` or `hour`, one row per area and time, with distinct users.

    `between`: first and last day counted; all days where it is None.
    """
    times = {
        "month": "cast(date_trunc('month', used_at) as date)",
        "day": "cast(used_at as date)",
        "weekday": "isodow(used_at)",
        "hour": "hour(used_at)",
    }
    if by not in times:
        fail(USAGE, Problem("bad_by", "by", "不能按此分组", "cannot group by this", got=by, expected=", ".join(times)))
    where = ["event_kind_code = ?"]
    values: list[object] = [kind]
    for column, wanted in (
        ("service_code", [service] if service else None),
        ("user_group_code", user_groups),
        ("area_code", areas),
    ):
        if wanted:
            where.append(f"list_contains(?, {column})")
            values.append(list(wanted))
    if between:
        where.append("cast(used_at as date) between ? and ?")
        values.extend(between)
    table = con.sql(
        f"with cells as (select area_code, {times[by]} as {by}_on, date_trunc('month', used_at) as m, "
        f"sum(n_visits) as n_visits, sum(n_visits) filter (outcome_code = 'served') as n_served, "
        f"count(distinct courier_key) as n_keys from clean.service_events where {' and '.join(where)} group by 1, 2, 3) "
        f"select area_code, {by}_on, cast(sum(n_visits) as bigint) as n_visits, cast(sum(coalesce(n_served, 0)) as bigint) "
        f"as n_served, max(n_keys) as n_keys from cells group by 1, 2 order by 1, 2",
        params=values,
    ).pl()
    basis = Disclosure(
        keys=("area_code", f"{by}_on"),
        protect=(Protect(n=("n_keys",), values=("n_visits", "n_served"), basis="couriers", zeros_open="n_visits"),),
    )
    return disclose(table, basis, name="use_over_time")


def survey_quality(con: duckdb.DuckDBPyConnection, wave_code: str | None = None) -> pl.DataFrame:
    """Respondents, valid ones and flags by wave and user group."""
    counts = [*(f"n_{flag}" for flag in FLAGS), "n_any_flag"]
    columns = ", ".join(["n_respondents", "n_valid", *counts, "n_panel"])
    table = con.sql(
        f"select wave_code, area_code, user_group_code, {columns} from mart.survey_quality "
        "where ? is null or wave_code = ? order by 1, 2, 3",
        params=[wave_code, wave_code],
    ).pl()
    parts = tuple(
        Protect(n=(name,), values=(), basis="respondents", zeros_open=name, flag=f"suppressed_{name}")
        for name in ("n_respondents", "n_valid", *counts, "n_panel")
    )
    return disclose(
        table, Disclosure(keys=("wave_code", "area_code", "user_group_code"), protect=parts), name="survey_quality"
    )


def gap_table(
    con: duckdb.DuckDBPyConnection, period: str, *, threshold: float = 0.1, areas: Iterable[str] | None = None
) -> pl.DataFrame:
    """Gap = need − met for every wave and service of a quarter; `is_gap` when its whole interval exceeds `threshold`."""
    table = demand(con, period, areas)
    table = with_share(table, part="w_unmet", whole="w_told", n="n", deff="deff")
    table = table.with_columns(
        (pl.col("w_need") / pl.col("w_asked")).alias("need_share"),
        (pl.col("w_met") / pl.col("w_told")).alias("met_share"),
    )
    basis = Disclosure(
        keys=("area_code", "wave_code", "population_code", "service_code"),
        open=(),
        protect=(
            Protect(n=("n",), values=(), shares=("est", "lci", "uci"), numerator="n_unmet", basis="respondents"),
            Protect(
                n=("n",),
                values=(),
                shares=("need_share", "met_share"),
                numerator="n_need",
                basis="respondents",
                flag="suppressed_need",
            ),
        ),
    )
    shown = disclose(
        table.select(
            "area_code",
            "wave_code",
            "population_code",
            "service_code",
            "n",
            "n_unmet",
            "est",
            "lci",
            "uci",
            "n_need",
            "need_share",
            "met_share",
        ),
        basis,
        name="gap_table",
    )
    return shown.with_columns((pl.col("lci") > threshold).alias("is_gap")).sort(
        "area_code", "wave_code", "est", descending=[False, False, True]
    )
