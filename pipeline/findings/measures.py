"""Measures that accept any answer variable, period and place; for notebooks and findings alike.

Each returns a tidy frame that has passed the gate (small numbers null and flagged).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb
import polars as pl

from pipeline.contracts.wave import FLAGS
from pipeline.disclose import Disclosure, Protect, disclose
from pipeline.errors import USAGE, Problem, fail
from pipeline.findings.answers import given_answers, groups, option_labels
from pipeline.findings.context import Context, context_for
from pipeline.findings.estimating.answered import answer_estimates
from pipeline.findings.estimating.figures import figures
from pipeline.findings.estimating.sample import known_wave, take_domain
from pipeline.findings.estimating.tables import EXACT, FIGURES, KEYS, gap_rows, no_figures

__all__ = ["FLAGS", "gap_table", "share_of_answers", "survey_quality", "use_over_time"]


def share_of_answers(
    con: duckdb.DuckDBPyConnection,
    wave_code: str,
    question_or_variable: str,
    *,
    by: str | None = None,
    weight_set: str | None = None,
    drop_flags: Sequence[str] | None = None,
    population: str | Sequence[str] | None = None,
    areas: Iterable[str] | None = None,
    of_responses: bool = False,
) -> pl.DataFrame:
    """Share of respondents giving each answer to any question, with error, interval and selection band; for notebooks.

    `question_or_variable`: a question code or a standard variable. `by`: another question, variable or column of the
    respondents. `weight_set` None: the one in use. `drop_flags`: quality flags whose bearers are left out; None keeps the
    wave's own rule. `population`: a user group, or several; couriers and riders by default. `of_responses`: shares of all
    answers given to a question with several. Of a question with several rows (matrix) each row is asked on its own.
    """
    known_wave(con, wave_code)
    answers = given_answers(con, wave_code, question_or_variable)
    labels = option_labels(con, wave_code, question_or_variable)
    grouped = groups(con, wave_code, by) if by else None
    parts = []
    for area in _areas(con, wave_code, areas):
        sample, persons = take_domain(con, wave_code, area, weight_set, drop_flags, population)
        here = answers if persons is None else answers.join(persons, on="person", how="semi")
        found = answer_estimates(sample, here, grouped, of_responses=of_responses)
        rows = found.counts.hstack(figures(found.shares, sample))
        parts.append(rows.with_columns(pl.lit(area).alias("area_code")))
    keys = ["wave_code", "area_code", "item_code", *(["by_code"] if by else []), "answer_code"]
    table = pl.concat(parts) if parts else no_figures(tuple(keys[1:]), ("n", "n_chosen"))
    table = table.join(labels, on=["item_code", "answer_code"], how="left").with_columns(
        pl.lit(wave_code).alias("wave_code"),
        pl.col("label_zh").fill_null(pl.col("answer_code")),
        pl.col("label_en").fill_null(pl.col("answer_code")),
        pl.col("sort_order").fill_null(999),
    )
    basis = Disclosure(
        keys=tuple(keys),
        open=("label_zh", "label_en", "withheld_code"),
        protect=(
            Protect(n=("n",), values=(), shares=FIGURES, spread=EXACT, numerator="n_chosen", basis="respondents"),
        ),
    )
    return disclose(
        table.sort([*[k for k in keys if k != "answer_code"], "sort_order", "answer_code"]).drop("sort_order"),
        basis,
        name="share_of_answers",
    )


def _areas(con: duckdb.DuckDBPyConnection, wave_code: str, areas: Iterable[str] | None) -> list[str]:
    """Areas of a wave, those asked for among them."""
    rows = con.execute(
        "select distinct area_code from clean.respondents where wave_code = ? order by 1", [wave_code]
    ).fetchall()
    wanted = None if areas is None else set(areas)
    return [area for (area,) in rows if wanted is None or area in wanted]


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
    """Gap = need − met for every wave and service of a quarter; `is_gap`: above `threshold` beyond chance, judged together.

    Of all gaps so marked about one in twenty is expected to be none (Benjamini–Hochberg).
    """
    context: Context = context_for(con, period=period, areas=areas)
    basis = Disclosure(
        keys=KEYS,
        open=("withheld_code",),
        protect=(
            Protect(
                n=("n",), values=("is_gap",), shares=FIGURES, spread=(*EXACT, "p_adjusted"), numerator="n_unmet",
                beside=("n_need", "n_need_met"), basis="respondents",
            ),
            Protect(
                n=("n",), values=(), shares=("need_share", "met_share"), numerator="n_need",
                beside=("n_unmet", "n_need_met"), basis="respondents",
                flag="suppressed_need",
            ),
        ),
    )  # fmt: skip
    rows = gap_rows(con, context, threshold).rename({"n_met": "n_need_met"})
    names = [name for name in basis.columns() if not name.startswith("suppressed")]
    return disclose(rows.select(names), basis, name="gap_table").sort(
        "area_code", "wave_code", "est", descending=[False, False, True]
    )
