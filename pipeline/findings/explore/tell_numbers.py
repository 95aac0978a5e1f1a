"""Sentences on numbers: means, quantiles, and whether groups differ."""

from __future__ import annotations

import polars as pl

from pipeline.findings.estimating.figures import rules
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.said import Said, nothing_or_why, p_words, say
from pipeline.findings.words import listed, number


def means(table: pl.DataFrame, choices: Choices, test: pl.DataFrame | None = None) -> Said:
    """The mean with its interval; of several items or groups the highest and lowest. `table` is `means(…)`.

    `test` (`compare_numbers(…)` of the same groups) says whether groups differ: without it no difference is claimed.
    """
    shown = table.filter(pl.col("est").is_not_null()).sort("est", descending=True, maintain_order=True)
    if shown.is_empty():
        return nothing_or_why(table, choices)
    first, last = shown.row(0, named=True), shown.row(-1, named=True)
    figures = _figures(first, "") | _figures(last, "last_") | {"n_rows": shown.height}
    if shown.height == 1:
        return say("mean", figures | {"item": first["label_zh"]}, {"item": first["label_en"]})
    by = "group" if "group" in shown.columns else "label"
    words = [{"item": first[f"{by}_{lang}"], "last": last[f"{by}_{lang}"]} for lang in ("zh", "en")]
    if by == "label" or test is None or shown["label_zh"].n_unique() > 1:
        return say("means", figures | words[0], words[1])
    tested = test.filter(pl.col("p").is_not_null())
    if tested.is_empty():
        return say("means", figures | words[0], words[1])
    p = float(tested["p"][0])
    case = "means_differ" if p <= rules()["gap"]["false_discoveries"] else "means_alike"
    return say(case, figures | {"p": p_words(p)} | words[0], words[1])


def quantiles(table: pl.DataFrame, choices: Choices) -> Said:
    """The median of everybody, or of each group, with its interval; `table` is `quantiles(…)` of one item."""
    shown = table.filter(pl.col("est").is_not_null() & (pl.col("at") == 0.5))
    if shown.is_empty():
        return nothing_or_why(table, choices)
    if "group" in shown.columns:
        names = [
            listed([f"{row[f'group_{lang}']} {_span(row, lang)}" for row in shown.iter_rows(named=True)], lang)
            for lang in ("zh", "en")
        ]
        return say("medians", {"groups": names[0]}, {"groups": names[1]})
    row = shown.row(0, named=True)
    return say("median", {"span": _span(row, "zh"), "n": number(row["n"])}, {"span": _span(row, "en")})


def _figures(row: dict, lead: str) -> dict[str, str]:
    names = ("est", "lci", "uci")
    return {f"{lead}{name}": number(row[name], 2) for name in names} | {f"{lead}n": number(row["n"])}


def _span(row: dict, lang: str) -> str:
    """A number with its interval, where there is one."""
    value = f"{row['est']:g}"
    if row["lci"] is None or row["uci"] is None:
        return value
    return (
        f"{value}（{row['lci']:g}–{row['uci']:g}）" if lang == "zh" else f"{value} ({row['lci']:g} to {row['uci']:g})"
    )
