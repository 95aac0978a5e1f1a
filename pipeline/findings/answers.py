"""Respondents and their answers as frames of people: what shares are made of. Nothing here has passed the gate."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.errors import USAGE, Problem, fail

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


def question(con: duckdb.DuckDBPyConnection, wave: str, wanted: str) -> tuple[str, str]:
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


def given_answers(con: duckdb.DuckDBPyConnection, wave: str, wanted: str) -> pl.DataFrame:
    """person, item_code, answer_code: a row for each chosen option; null where one answered and chose none."""
    code, kind = question(con, wave, wanted)
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


def option_labels(con: duckdb.DuckDBPyConnection, wave: str, wanted: str) -> pl.DataFrame:
    """item_code, answer_code, label_zh, label_en, sort_order of the options of a question."""
    code, _ = question(con, wave, wanted)
    return con.sql(
        "select item_code, coalesce(value_code, option_code) as answer_code, min(text_zh) as label_zh, "
        "min(coalesce(text_en, text_zh)) as label_en, min(number) as sort_order from ref.options "
        "where wave_code = ? and question_code = ? and option_code <> '' group by 1, 2",
        params=[wave, code],
    ).pl()


def groups(con: duckdb.DuckDBPyConnection, wave: str, by: str) -> pl.DataFrame:
    """person, by_code: a respondents' column or the answer to another question."""
    if by in RESPONDENT_COLUMNS or by.removesuffix("_code") in RESPONDENT_COLUMNS:
        name = by.removesuffix("_code").removesuffix("_id")
        column = f"{name}_id" if name in ("grid", "station") else f"{name}_code"
        return con.sql(
            f"select respondent_id as person, coalesce({column}, '') as by_code from clean.respondents "
            f"where wave_code = ?",
            params=[wave],
        ).pl()
    return (
        given_answers(con, wave, by).drop_nulls("answer_code").select("person", pl.col("answer_code").alias("by_code"))
    )
