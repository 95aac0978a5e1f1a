"""Who is asked about, the groups they are put in, and the words for groups and items."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from pipeline.findings.answers import groups, option_labels
from pipeline.findings.estimating.sample import Sample, take_domain
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.words import label

LISTS = {
    "user_group": "user_groups", "platform": "platforms", "employment_type": "employment_types", "shift": "shifts",
    "gender": "genders", "age_band": "age_bands", "mode": "modes", "grid": "grids",
}  # fmt: skip


def taken(con: duckdb.DuckDBPyConnection, choices: Choices, area: str, wave: str) -> tuple[Sample, pl.DataFrame]:
    """The sample of a wave as chosen, and the persons of it asked about (column person)."""
    sample, persons = take_domain(con, wave, area, choices.weight_set, choices.drop_flags, choices.user_groups)
    return sample, sample.frame.select("person") if persons is None else persons


def grouped(con: duckdb.DuckDBPyConnection, wave: str, by: str, persons: pl.DataFrame) -> pl.DataFrame:
    """person, by_code of those asked about: a column of the respondents or another question; who is in no group is left out."""
    return groups(con, wave, by).filter(pl.col("by_code") != "").join(persons, on="person", how="semi")


def with_groups(
    con: duckdb.DuckDBPyConnection, choices: Choices, table: pl.DataFrame, by: str, column: str = "by_code"
) -> pl.DataFrame:
    """Adds the words for groups: group_zh, group_en, and `group` in the language chosen."""
    words = _group_words(con, choices, by, table["wave_code"].unique() if "wave_code" in table.columns else ())
    pairs = [words.get(code, (code, code)) for code in table[column]]
    made = pl.DataFrame(pairs, schema={"group_zh": pl.String, "group_en": pl.String}, orient="row")
    named = table.hstack(made)
    if len(choices.context.areas) > 1 and "area_code" in table.columns:  # no two areas fall together
        for lang in ("zh", "en"):
            areas = pl.Series(
                "_area", [label(choices, "areas", code, lang) for code in table["area_code"]], dtype=pl.String
            )
            named = named.with_columns((areas + "·" + pl.col(f"group_{lang}")).alias(f"group_{lang}"))
    return named.with_columns(pl.col(f"group_{choices.context.lang}").alias("group"))


def _group_words(
    con: duckdb.DuckDBPyConnection, choices: Choices, by: str, waves: Iterable[str]
) -> dict[str, tuple[str, str]]:
    name = by.removesuffix("_code").removesuffix("_id")
    if name == "station":
        return {code: (text, text) for code, text in con.sql("select station_id, name from clean.stations").fetchall()}
    if name in LISTS:
        codes = [
            code for (code,) in con.execute("select code from ref.codes where list_code = ?", [LISTS[name]]).fetchall()
        ]
        codes += [code for (of, code) in choices.context.labels if of == LISTS[name]]
        return {
            code: (label(choices, LISTS[name], code, "zh"), label(choices, LISTS[name], code, "en")) for code in codes
        }
    found: dict[str, tuple[str, str]] = {}
    for wave in waves:
        rows = option_labels(con, wave, by).filter(pl.col("item_code") == "")
        found |= {row["answer_code"]: (row["label_zh"], row["label_en"]) for row in rows.iter_rows(named=True)}
    return found


def item_words(con: duckdb.DuckDBPyConnection, wave: str, wanted: str) -> pl.DataFrame:
    """item_code, item_zh, item_en of the rows of a question; of one without rows, the question itself under ''."""
    return con.sql(
        "select q.wave_code, coalesce(o.item_code, '') as item_code, coalesce(o.text_zh, q.text_zh) as item_zh, "
        "coalesce(o.text_en, o.text_zh, q.text_en, q.text_zh) as item_en from ref.questions as q left join ref.options as o "
        "on o.wave_code = q.wave_code and o.question_code = q.question_code and o.option_code = '' and o.item_code <> '' "
        "where q.wave_code = ? and ? in (q.question_code, q.variable_code) order by o.number, o.rowid",
        params=[wave, wanted],
    ).pl()


def named_answers(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, variable: str) -> pl.DataFrame:
    """Rows of one wave with the words of their answers (label_zh, label_en), in the order of the question."""
    labels = option_labels(con, rows["wave_code"][0], variable) if rows.height else None
    if labels is None:
        return rows.with_columns(pl.lit(None, pl.String).alias(name) for name in ("label_zh", "label_en"))
    labels = labels.with_columns(pl.col("item_code").fill_null(""))
    named = rows.join(labels, on=["item_code", "answer_code"], how="left", maintain_order="left").with_columns(
        pl.col("label_zh").fill_null(pl.col("answer_code")), pl.col("label_en").fill_null(pl.col("answer_code"))
    )
    return named.sort("item_code", "sort_order", nulls_last=True, maintain_order=True).drop("sort_order")


def named_items(con: duckdb.DuckDBPyConnection, choices: Choices, table: pl.DataFrame, wanted: str) -> pl.DataFrame:
    """Adds the words for the rows of a question as label_zh, label_en and `label`; in the order of the question."""
    waves = table["wave_code"].unique(maintain_order=True)
    words = pl.concat([item_words(con, wave, wanted) for wave in waves], how="vertical") if len(waves) else None
    if words is None:
        return table.with_columns(*(pl.lit(None, pl.String).alias(name) for name in ("label_zh", "label_en", "label")))
    words = words.rename({"item_zh": "label_zh", "item_en": "label_en"}).with_row_index("_place")
    named = (
        table.with_row_index("_row")
        .join(words, on=["wave_code", "item_code"], how="left")
        .sort("area_code", "_place", "_row")
    )
    named = named.with_columns(
        pl.col("label_zh").fill_null(pl.col("item_code")), pl.col("label_en").fill_null(pl.col("item_code"))
    )
    return named.with_columns(pl.col(f"label_{choices.context.lang}").alias("label")).drop("_row", "_place")
