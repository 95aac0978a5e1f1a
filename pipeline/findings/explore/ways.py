"""What weights do and cost in the survey at hand, who comes how often, and which places in an order are certain."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import polars as pl

from pipeline.findings import evaluate
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.survey import answers, needs_and_gaps
from pipeline.findings.explore.words import label, labelled, with_area

REPORT = (
    "area_code", "wave_code", "weight_set_code", "is_in_use", "speaks_for", "margins", "n", "n_eff", "kish_deff", "cv", "g_min", "g_max",
    "max_margin_error", "covers_never_visitors", "note_zh", "note_en",
)  # fmt: skip


def weight_reports(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """One row per weight set of the surveys chosen (audit.weight_reports): n, n_eff, kish_deff, g range, cv, margins; in words,
    `never_visitors` (whether anybody speaks for them; — where visits play no part) and `note`.

    `n_eff` here is n / (1 + CV²): what is left of the answers, by the inequality of the weights alone.
    """
    table = con.sql(f"select {', '.join(REPORT)} from audit.weight_reports").pl()
    table = _of_the_waves(table, choices).sort("area_code", "wave_code", "n_eff", descending=[False, False, True])
    covered = pl.col("covers_never_visitors")
    zh = choices.context.lang == "zh"
    table = table.with_columns(
        never_visitors=pl.when(covered).then(pl.lit("是" if zh else "yes")).when(~covered).then(pl.lit("否" if zh else "no")).otherwise(pl.lit("—")),
        note=pl.col("note_zh" if zh else "note_en").fill_null("—"),
    )  # fmt: skip
    return with_area(labelled(table, "weight_set_code", "weight_sets", choices), choices)


def needs_by_weights(con: duckdb.DuckDBPyConnection, choices: Choices, *, top: int = 6) -> pl.DataFrame:
    """Unmet need of the leading services under each weight set: service_code, label, weight_set_code, series (its words), est.

    Only services whose figure may be shown under every set, so that no two sets give away the few between them.
    """
    sets = weight_reports(con, choices).select(
        "area_code", "wave_code", "weight_set_code", pl.col("label").alias("series")
    )
    codes = sets["weight_set_code"].unique(maintain_order=True).to_list()
    parts = [
        needs_and_gaps(con, replace(choices, weight_set=code)).with_columns(pl.lit(code).alias("weight_set_code"))
        for code in codes
    ]
    columns = ("area_code", "wave_code", "service_code", "label", "weight_set_code", "est", "lci", "uci")
    if not parts:
        return pl.DataFrame(
            schema=dict.fromkeys(columns, pl.String) | dict.fromkeys(columns[5:], pl.Float64)
        ).with_columns(series=pl.lit(None, pl.String))
    keys = ["area_code", "wave_code", "service_code"]
    table = pl.concat(parts, how="diagonal_relaxed").select(columns)
    table = table.filter(pl.col("est").is_not_null().all().over(keys))
    first = table.filter(pl.col("weight_set_code") == codes[-1]).group_by("area_code", maintain_order=True).head(top)
    names = {code: label(choices, "weight_sets", code) for code in codes}
    return first.select(keys).join(table, on=keys, how="left", maintain_order="left").with_columns(
        series=pl.col("weight_set_code").replace_strict(names, default=None, return_dtype=pl.String)
    )  # fmt: skip


def who_comes(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """How often people come, as answered by way in (`qr`, `intercept`), by all as answered (`equal`) and by all as weighted
    (`weighted`): answer_code, label, series_code, est; rarest first. A figure too uncertain to be shown has no row."""
    plain = replace(choices, weight_set="equal")
    by_mode = answers(con, plain, "visits_per_week", by="mode").with_columns(pl.col("by_code").alias("series_code"))
    parts = [
        by_mode.filter(pl.col("series_code").is_in(["qr", "intercept"])),
        answers(con, plain, "visits_per_week").with_columns(series_code=pl.lit("equal")),
        answers(con, choices, "visits_per_week").with_columns(series_code=pl.lit("weighted")),
    ]
    columns = (
        "area_code",
        "wave_code",
        "answer_code",
        "label",
        "label_zh",
        "label_en",
        "series_code",
        "n",
        "est",
        "lci",
        "uci",
    )
    table = pl.concat([part.select(columns) for part in parts], how="diagonal_relaxed").filter(
        pl.col("est").is_not_null()
    )
    names = [label(choices, "ways_in", code) for code in table["series_code"]]
    order = pl.col("answer_code").cast(pl.Float64, strict=False)
    return table.with_columns(pl.Series("series", names, dtype=pl.String)).sort(
        "area_code", order, "answer_code", maintain_order=True
    )


def need_order(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """Needs of the survey with the places each can have (rank_from, rank_to), all certain together, and its tier."""
    (found,) = evaluate(con, ["top_needed_services"], choices.context)
    table = _of_the_waves(found.table, choices).filter(pl.col("rank_from").is_not_null())
    table = table.with_columns(rank=pl.col("est").rank("min", descending=True).over("area_code").cast(pl.Int64))
    names = [choices.context.label("tiers", code) for code in table["tier_code"]]
    table = table.with_columns(pl.Series("tier", names, dtype=pl.String)).sort("area_code", "rank", maintain_order=True)
    return with_area(labelled(table, "service_code", "services", choices), choices)


def _of_the_waves(table: pl.DataFrame, choices: Choices) -> pl.DataFrame:
    """Rows of the surveys chosen."""
    waves = pl.DataFrame(list(choices.waves), schema={"area_code": pl.String, "wave_code": pl.String}, orient="row")
    return table.join(waves, on=["area_code", "wave_code"], how="semi", maintain_order="left")
