"""Measures that accept any answer variable, period and place; what findings and notebooks are made of.

Those in `__all__` return tidy frames that have passed the gate (small numbers null and flagged).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb
import polars as pl

from pipeline.analysis.shares import weighted_shares, with_share
from pipeline.disclose import Disclosure, Protect, disclose
from pipeline.errors import USAGE, Problem, fail
from pipeline.findings.finding import Context

__all__ = ["gap_table", "share_of_answers", "survey_quality", "use_over_time"]

FLAGS = ("speeder", "straightliner", "attention_failed", "duplicate")
RESPONDENT_COLUMNS = (
    "user_group",
    "platform",
    "employment_type",
    "shift",
    "gender",
    "age_band",
    "mode",
    "grid",
    "station",
)


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
    people = _people(con, wave_code, weight_set, drop_flags, population, areas)
    answers = _answers(con, wave_code, question_or_variable)
    rows = people.join(answers, on="person", how="inner")
    keys = ["area_code", "item_code"]
    if by:
        rows = rows.join(_by(con, wave_code, by), on="person", how="inner")
        keys.append("by_code")
    shares = weighted_shares(rows, by=keys, value="answer_code")
    labels = _labels(con, wave_code, question_or_variable)
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


def _people(
    con: duckdb.DuckDBPyConnection,
    wave: str,
    weight_set: str,
    drop_flags: Sequence[str] | None,
    population: str | Sequence[str] | None,
    areas: Iterable[str] | None,
) -> pl.DataFrame:
    """One row per respondent kept: person, area, weight (1 where the set is absent)."""
    unknown = sorted(set(drop_flags or ()) - set(FLAGS))
    if unknown:
        fail(
            USAGE,
            Problem(
                "unknown_flag",
                "drop_flags",
                "没有这种质量标记",
                "no such quality flag",
                got=", ".join(unknown),
                expected=", ".join(FLAGS),
            ),
        )
    keep = "r.is_valid" if drop_flags is None else " and ".join(["true", *[f"not r.is_{flag}" for flag in drop_flags]])
    people = con.sql(
        f"select r.respondent_id as person, r.area_code, coalesce(w.weight, 1.0) as weight, r.user_group_code "
        f"from clean.respondents as r left join clean.respondent_weights as w on w.wave_code = r.wave_code "
        f"and w.respondent_id = r.respondent_id and w.weight_set_code = ? where r.wave_code = ? and {keep} order by 1",
        params=[weight_set, wave],
    ).pl()
    if people.is_empty() and not con.execute("select 1 from ref.waves where wave_code = ?", [wave]).fetchall():
        known = [row[0] for row in con.sql("select wave_code from ref.waves order by 1").fetchall()]
        fail(
            USAGE,
            Problem(
                "unknown_wave", "wave_code", "没有这个调查波次", "no such wave", got=wave, expected=", ".join(known)
            ),
        )
    if population:
        people = people.filter(
            pl.col("user_group_code").is_in([population] if isinstance(population, str) else list(population))
        )
    if areas:
        people = people.filter(pl.col("area_code").is_in(list(areas)))
    return people.drop("user_group_code")


def _question(con: duckdb.DuckDBPyConnection, wave: str, wanted: str) -> tuple[str, str]:
    """Code and type of a question named by its code or its standard variable."""
    rows = con.execute(
        "select question_code, type_code, variable_code from ref.questions where wave_code = ? order by sort_order",
        [wave],
    ).fetchall()
    for code, kind, variable in rows:
        if wanted in (code, variable):
            if kind in ("text", "number", "date"):
                fail(
                    USAGE,
                    Problem(
                        "no_shares",
                        wanted,
                        "这道题没有选项，不能算比例",
                        "this question has no options to share",
                        got=kind,
                    ),
                )
            return code, kind
    known = ", ".join(sorted({name for code, _, variable in rows for name in (code, variable) if name}))
    fail(
        USAGE,
        Problem(
            "unknown_question",
            wave,
            "这一波次没有这道题或变量",
            "the wave has no such question or variable",
            got=wanted,
            expected=known,
        ),
    )


def _answers(con: duckdb.DuckDBPyConnection, wave: str, wanted: str) -> pl.DataFrame:
    """person, item_code, answer_code: a row for each chosen option; null where one answered and chose none."""
    code, kind = _question(con, wave, wanted)
    rows = con.sql(
        "select a.respondent_id as person, a.item_code, a.option_code, "
        "coalesce(a.value_text, case when ? then null else cast(cast(a.value_number as bigint) as varchar) end) as given, "
        "a.value_number from clean.answers as a where a.wave_code = ? and a.question_code = ? and a.state = 'answered'",
        params=[kind == "multiple", wave, code],
    ).pl()
    if kind == "multiple":
        picked = pl.col("value_number").fill_null(0) > 0
        rows = rows.with_columns(pl.when(picked).then(pl.col("option_code")).otherwise(None).alias("answer_code"))
    else:
        rows = rows.with_columns(pl.col("given").alias("answer_code"))
    values = con.sql(
        "select item_code, option_code as answer_code, value_code from ref.options where wave_code = ? and "
        "question_code = ? and option_code <> ''",
        params=[wave, code],
    ).pl()
    plain = values.select("answer_code", pl.col("value_code")).unique("answer_code")
    rows = rows.join(plain, on="answer_code", how="left").with_columns(
        pl.coalesce("value_code", "answer_code").alias("answer_code")
    )
    return rows.select("person", "item_code", "answer_code")


def _labels(con: duckdb.DuckDBPyConnection, wave: str, wanted: str) -> pl.DataFrame:
    code, _ = _question(con, wave, wanted)
    return con.sql(
        "select item_code, coalesce(value_code, option_code) as answer_code, min(text_zh) as label_zh, "
        "min(coalesce(text_en, text_zh)) as label_en, min(number) as sort_order from ref.options "
        "where wave_code = ? and question_code = ? and option_code <> '' group by 1, 2",
        params=[wave, code],
    ).pl()


def _by(con: duckdb.DuckDBPyConnection, wave: str, by: str) -> pl.DataFrame:
    """person, by_code: a respondents' column or the answer to another question."""
    if by in RESPONDENT_COLUMNS or by.removesuffix("_code") in RESPONDENT_COLUMNS:
        name = by.removesuffix("_code").removesuffix("_id")
        column = f"{name}_id" if name in ("grid", "station") else f"{name}_code"
        return con.sql(
            f"select respondent_id as person, coalesce({column}, '') as by_code from clean.respondents "
            f"where wave_code = ?",
            params=[wave],
        ).pl()
    return _answers(con, wave, by).drop_nulls("answer_code").select("person", pl.col("answer_code").alias("by_code"))


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
    counts = [f"n_{flag}" for flag in FLAGS]
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


def demand(con: duckdb.DuckDBPyConnection, period: str, areas: Iterable[str] | None = None) -> pl.DataFrame:
    """Undisclosed counts and weighted sums of need by wave and service, with Kish's factor of the wave.

    `w_told` leaves out those who need a service but did not say whether they get it: the base of met and unmet need.
    """
    table = con.sql(
        "select area_code, wave_code, population_code, service_code, n_asked as n, n_need, n_met, n_unmet, "
        "w_asked, w_need, w_met, w_unmet, w_asked - w_need + w_judged as w_told from mart.service_demand where period_code = ? and user_group_code = 'all' "
        "order by 1, 2, 4",
        params=[period],
    ).pl()
    if areas:
        table = table.filter(pl.col("area_code").is_in(list(areas)))
    return table.join(design_effects(con), on=["wave_code", "area_code"], how="left").with_columns(
        pl.col("deff").fill_null(1.0)
    )


def design_effects(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Kish's factor n·Σw² / (Σw)² of each wave and area, from the post-stratified weights where there are any."""
    return con.sql(
        "with w as (select w.*, max(case when weight_set_code = 'poststratified' then 1 else 0 end) "
        "over (partition by wave_code, area_code) as has_post from clean.respondent_weights as w) "
        "select wave_code, area_code, count(*) * sum(weight * weight) / (sum(weight) * sum(weight)) as deff from w "
        "where weight_set_code = case when has_post = 1 then 'poststratified' else 'equal' end group by 1, 2"
    ).pl()


def distinct_users(
    con: duckdb.DuckDBPyConnection,
    context: Context,
    columns: dict[str, str],
    where: str = "true",
    *,
    couriers_only: bool = True,
) -> pl.DataFrame:
    """Largest month's distinct couriers of a period for cells given as name → SQL expression; keyless events add none."""
    named = ", ".join(f"{expression} as {name}" for name, expression in columns.items())
    names = ", ".join(columns)
    if couriers_only:
        where = f"user_group_code in ('courier', 'rider') and ({where})"
    return con.sql(
        f"with keys as (select {named}, date_trunc('month', used_at) as m, count(distinct courier_key) as k "
        f"from clean.service_events where used_at >= ? and used_at < cast(? as date) + 1 and {where} group by all) "
        f"select {names}, max(k) as n_keys from keys group by all",
        params=[context.starts_on, context.ends_on],
    ).pl()


def main_wave(table: pl.DataFrame, size: str = "n") -> pl.DataFrame:
    """The rows of the wave with most respondents: sentences and charts never pool waves or populations."""
    if table.is_empty() or table[size].drop_nulls().is_empty():
        return table.head(0)
    top = table.filter(pl.col(size).is_not_null()).sort(size, "wave_code", descending=[True, True])["wave_code"][0]
    return table.filter(pl.col("wave_code") == top)


def overlapping(table: pl.DataFrame) -> list[str]:
    """Services after the first whose interval reaches the first one's."""
    floor = table["lci"][0]
    return [
        row["service_code"]
        for row in table.slice(1).iter_rows(named=True)
        if floor is not None and row["uci"] is not None and row["uci"] >= floor
    ]
