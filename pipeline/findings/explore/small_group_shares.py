"""Any answer in small groups — stations, grid cells, platforms — never as a ranking: clear of the average, or not to be told from it."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.disclose import Disclosure, Protect, disclose, threshold
from pipeline.findings.answers import given_answers
from pipeline.findings.estimating.areas import SHRUNKEN
from pipeline.findings.estimating.small_groups import small_group_rows
from pipeline.findings.estimating.tables import EXACT, FIGURES
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.grouping import grouped, named_answers, taken, with_groups
from pipeline.findings.explore.survey import asking
from pipeline.findings.explore.words import empty, label, with_area

KEYS = ("area_code", "wave_code", "item_code", "answer_code")
SMALL = "small_sample"


def small_groups(
    con: duckdb.DuckDBPyConnection, choices: Choices, variable: str, by: str, *, answer: str | None = None
) -> pl.DataFrame:
    """Share giving each answer (or one `answer`) in every group: its own, the one that borrows from the others, and where it stands.

    Columns: n, n_chosen, est with se, interval, band and n_eff, shrunken_est with its interval, shrinkage (weight of the group's own
    answers), tier_code and `tier` in words (明显高于 / 难分 / 明显低于平均), withheld_code (`small_sample`: fewer than ten answered),
    group and label. Groups keep the order of their codes: tiers are told, ranks are not.
    """
    parts = []
    for area, wave in asking(con, choices, variable):
        sample, persons = taken(con, choices, area, wave)
        given = given_answers(con, wave, variable).join(persons, on="person", how="semi")
        if answer is not None:
            given = given.with_columns(pl.when(pl.col("answer_code") == answer).then(pl.col("answer_code")))
        rows = small_group_rows(sample, given, grouped(con, wave, by, persons))
        rows = rows.with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave))
        parts.append(named_answers(con, rows, variable))
    if not parts:
        return _nothing()
    table = pl.concat(parts).with_columns(
        withheld_code=pl.when(pl.col("n") < threshold()).then(pl.lit(SMALL)).otherwise(pl.col("withheld_code"))
    )
    basis = Disclosure(keys=(*KEYS, "by_code"), open=("label_zh", "label_en", "withheld_code"), protect=(
        Protect(n=("n",), values=("shrinkage", "tier_code"), shares=(*FIGURES, *SHRUNKEN[:3]), spread=EXACT,
                numerator="n_chosen", basis="respondents", within=KEYS),))  # fmt: skip
    shown = disclose(table, basis, name="small_groups")
    words = [_tier(row, choices) for row in shown.select("tier_code", "withheld_code").iter_rows(named=True)]
    shown = shown.with_columns(
        pl.Series("tier", words, dtype=pl.String), pl.col(f"label_{choices.context.lang}").alias("label")
    )
    return with_area(with_groups(con, choices, shown, by), choices)


def _tier(row: dict[str, str | None], choices: Choices) -> str | None:
    """The words for where a group stands, or that too few answered; null where hidden so that none can be worked back."""
    if row["tier_code"]:
        return label(choices, "tiers", row["tier_code"])
    return label(choices, "withheld", SMALL) if row["withheld_code"] == SMALL else None


def _nothing() -> pl.DataFrame:
    """No rows, with the columns that sentences read."""
    names = (
        "by_code",
        "group",
        "group_zh",
        "group_en",
        "label",
        "label_zh",
        "label_en",
        "withheld_code",
        "tier_code",
        "tier",
    )
    table = empty(*KEYS, *names)
    return table.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("se", *SHRUNKEN))
