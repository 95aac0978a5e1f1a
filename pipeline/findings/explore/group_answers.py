"""Do groups answer differently, and which answers stand first? For any question and any groups."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.comparisons.multiplicity import adjusted
from pipeline.analysis.survey.independence import independence
from pipeline.disclose import Disclosure, Protect, disclose, threshold
from pipeline.findings.answers import given_answers, question
from pipeline.findings.estimating.against import DIFFERENCES, endless, group_differences
from pipeline.findings.estimating.answered import answer_estimates
from pipeline.findings.estimating.lists import order_columns
from pipeline.findings.estimating.numbers import group_rows
from pipeline.findings.estimating.sample import Sample
from pipeline.findings.estimating.tables import EXACT, FIGURES, ORDER
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.grouping import grouped, item_words, named_answers, taken, with_groups
from pipeline.findings.explore.survey import answers, asking
from pipeline.findings.explore.words import empty, with_area

KEYS = ("area_code", "wave_code", "item_code", "answer_code")
MANY = "一人可属几组，不能这样检验"
FEW = "两组两答中有的格子人数太少，检验值会透露人数"
TEST = ("statistic", "df1", "df2", "p", "p_adjusted")


def differences(con: duckdb.DuckDBPyConnection, choices: Choices, variable: str, by: str) -> pl.DataFrame:
    """Each group of `by` against all others together, for every answer: a row per answer and group.

    Columns of `answers`, and n_rest, rest_est (share among the others), difference with its error and interval, p_adjusted and is_apart
    (beyond chance, all answers and groups of a wave judged together). No difference where fewer than ten people gave, or did not give, an
    answer on either side.
    """
    parts = []
    for area, wave in asking(con, choices, variable):
        sample, persons = taken(con, choices, area, wave)
        given = given_answers(con, wave, variable).join(persons, on="person", how="semi")
        rows = group_differences(sample, given, grouped(con, wave, by, persons))
        parts.append(named_answers(con, rows.with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave)), variable))
    if not parts:
        return _nothing(*KEYS, "by_code", "group", "group_zh", "group_en")
    keys = (*KEYS, "by_code")
    basis = Disclosure(keys=keys, open=("label_zh", "label_en", "withheld_code"), protect=(
        Protect(n=("n",), values=(), shares=FIGURES, spread=EXACT, numerator="n_chosen", basis="respondents", within=KEYS),
        Protect(n=("n_rest",), values=(), shares=("rest_est",), numerator="n_rest_chosen", basis="respondents", flag="suppressed_rest"),
        Protect(n=("n_chosen", "n_rest_chosen"), values=DIFFERENCES, basis="respondents", flag="suppressed_difference"),
    ))  # fmt: skip
    shown = disclose(pl.concat(parts), basis, name="differences")
    open_rows = ~pl.col("suppressed") & ~pl.col("suppressed_rest")
    shown = shown.with_columns(pl.when(open_rows).then(pl.col(name)).alias(name) for name in DIFFERENCES)
    shown = shown.with_columns(pl.col(f"label_{choices.context.lang}").alias("label"))
    return with_area(with_groups(con, choices, shown, by), choices)


def association(con: duckdb.DuckDBPyConnection, choices: Choices, variable: str, by: str) -> pl.DataFrame:
    """Is the answer independent of the group? Rao & Scott's F, a row per item; of a question with several answers, per answer.

    Columns: n (with both), statistic (F), df1, df2, p, p_adjusted (over the rows of a wave), why_not in words where nothing can be
    tested. Groups and answers of fewer than ten people stay out of the table tested; no test of two groups and two answers with fewer than
    ten people in any cell, whose number the test would tell.
    """
    parts = []
    for area, wave in asking(con, choices, variable):
        sample, persons = taken(con, choices, area, wave)
        kind = question(con, wave, variable)[1]
        given = given_answers(con, wave, variable).join(persons, on="person", how="semi")
        rows = _tests(sample, given, grouped(con, wave, by, persons), several=kind == "multiple")
        words = named_answers if kind == "multiple" else _asked
        parts.append(words(con, rows.with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave)), variable))
    if not parts:
        return _nothing(*KEYS, "why_not").with_columns(pl.lit(None, pl.Float64).alias(name) for name in TEST)
    basis = Disclosure(keys=KEYS, open=("label_zh", "label_en", "why_not"), protect=(
        Protect(n=("n",), values=TEST, basis="respondents"),))  # fmt: skip
    shown = disclose(pl.concat(parts), basis, name="association")
    return with_area(shown.with_columns(pl.col(f"label_{choices.context.lang}").alias("label")), choices)


def order(con: duckdb.DuckDBPyConnection, choices: Choices, variable: str) -> pl.DataFrame:
    """The answers of a question in order: columns of `answers`, tier_code (against the average answer), rank_from and rank_to.

    All ranks of an item hold together with 95 % (Mogstad et al. 2024). Answers given by, or not given by, fewer than ten people have none.
    """
    table = answers(con, choices, variable)
    if table.is_empty():
        return table.with_columns(
            pl.lit(None, kind).alias(n) for n, kind in zip(ORDER, (pl.String, pl.Int64, pl.Int64), strict=True)
        )
    parts = []
    for area, wave in asking(con, choices, variable):
        sample, persons = taken(con, choices, area, wave)
        found = answer_estimates(sample, given_answers(con, wave, variable).join(persons, on="person", how="semi"))
        told = found.counts.select(
            pl.min_horizontal("n_chosen", pl.col("n") - pl.col("n_chosen")) >= threshold()
        ).to_series()
        for item in found.counts["item_code"].unique(maintain_order=True):
            here = (found.counts["item_code"] == item).to_numpy() & told.to_numpy()
            ranked = found.counts.select("item_code", "answer_code").hstack(order_columns(found.shares, here))
            parts.append(ranked.filter(pl.Series(here)).with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave)))
    table = table.join(pl.concat(parts), on=KEYS, how="left", maintain_order="left")
    return table.sort(
        "area_code", "item_code", "est", descending=[False, False, True], nulls_last=True, maintain_order=True
    )


def _tests(sample: Sample, given: pl.DataFrame, groups: pl.DataFrame, *, several: bool) -> pl.DataFrame:
    """One test per item (and answer)."""
    group = group_rows(sample, groups)
    in_many = groups["person"].n_unique() < groups.unique(["person", "by_code"]).height
    keys = ["item_code", "answer_code"] if several else ["item_code"]
    rows = []
    for key in given.drop_nulls("answer_code").select(keys).unique().sort(keys).iter_rows():
        part = given.filter(pl.col("item_code") == key[0])
        answer = _of_people(sample, part, key[1] if several else None)
        where = pl.DataFrame({"a": answer, "b": group})
        for name, other in (("a", "b"), ("b", "a")):
            few = pl.col(other).is_not_null().sum().over(name) < threshold()
            where = where.with_columns(pl.when(few).then(None).otherwise(pl.col(name)).alias(name))
        found = independence(endless(sample.design), where["a"], where["b"]).row(0, named=True)
        why = MANY if in_many else FEW if _solvable(where) else ""
        told = dict.fromkeys(TEST[:4]) | {"why_not": why} if why else {"why_not": found["reason"] or ""}
        rows.append({"item_code": key[0], "answer_code": key[1] if several else "", **found, **told})
    types = (
        dict.fromkeys(("item_code", "answer_code", "why_not"), pl.String)
        | {"n": pl.Int64}
        | dict.fromkeys(TEST[:4], pl.Float64)
    )
    table = pl.DataFrame([{name: row[name] for name in types} for row in rows], schema=types)
    p = table["p"].fill_null(float("nan")).to_numpy()
    return table.with_columns(
        pl.Series("p_adjusted", adjusted(p) if len(p) else np.zeros(0), dtype=pl.Float64).fill_nan(None)
    )


def _solvable(where: pl.DataFrame) -> bool:
    """Whether a test would tell a small number: of two groups and two answers, with the sums known, one number is all there is."""
    held = where.drop_nulls()
    cells = held.group_by("a", "b").len()["len"]
    return held["a"].n_unique() == held["b"].n_unique() == 2 and (len(cells) < 4 or cells.min() < threshold())


def _of_people(sample: Sample, given: pl.DataFrame, ticked: str | None) -> pl.Series:
    """The answer of each respondent of the sample, null: not asked; with `ticked`, whether it is among theirs."""
    told = (
        pl.col("answer_code")
        if ticked is None
        else (pl.col("answer_code") == ticked).fill_null(False).any().cast(pl.String)
    )
    of = given.group_by("person").agg(told.alias("a") if ticked is not None else told.first().alias("a"))
    return sample.frame.select("person").join(of, on="person", how="left", maintain_order="left")["a"]


def _asked(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, variable: str) -> pl.DataFrame:
    """Rows with the words of their items."""
    words = item_words(con, rows["wave_code"][0], variable) if rows.height else None
    if words is None:
        return rows.with_columns(pl.lit(None, pl.String).alias(name) for name in ("label_zh", "label_en"))
    words = words.rename({"item_zh": "label_zh", "item_en": "label_en"}).drop("wave_code")
    return rows.join(words, on="item_code", how="left", maintain_order="left")


def _nothing(*names: str) -> pl.DataFrame:
    """No rows, with the columns that sentences read."""
    table = empty(*names, "label", "label_zh", "label_en", "withheld_code")
    kinds = {name: pl.Boolean if name == "is_apart" else pl.Float64 for name in ("rest_est", *DIFFERENCES)}
    return table.with_columns(pl.lit(None, kind).alias(name) for name, kind in kinds.items())
