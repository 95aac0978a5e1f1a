"""Sentences on services: importance against performance, Kano's categories, and what changed since the wave before."""

from __future__ import annotations

import polars as pl

from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.said import Said, both_words, names_of, nothing_or_why, say
from pipeline.findings.explore.words import label
from pipeline.findings.words import listed, number, percent


def importance(table: pl.DataFrame, choices: Choices) -> Said:
    """Which services to concentrate on for certain, which to keep up, and how many lie too near a line; `table` is `importance(…)`."""
    placed = table.filter(pl.col("quadrant_code").is_not_null())
    if placed.is_empty():
        return nothing_or_why(table, choices)
    clear = placed.filter("is_clear")
    names = {name: clear.filter(pl.col("quadrant_code") == name) for name in ("concentrate_here", "keep_up")}
    near = placed.filter(~pl.col("is_clear") & (pl.col("p_concentrate_here") > 0.05))
    lists = [
        {name: names_of(part, choices, side) for name, part in (*names.items(), ("near", near))} for side in (0, 1)
    ]
    return say("importance", {"n_items": placed.height, "n_clear": clear.height} | lists[0], lists[1])


def kano(table: pl.DataFrame, choices: Choices) -> Said:
    """The category of each service, and for which of them it is certain; `table` is `kano(…)`."""
    placed = table.filter(pl.col("category_code").is_not_null())
    if placed.is_empty():
        return nothing_or_why(table, choices)
    parts = []
    for lang, side in (("zh", 0), ("en", 1)):
        items = [
            f"{both_words(row, choices)[side]}{_category(row, choices, lang)}" for row in placed.iter_rows(named=True)
        ]
        parts.append({"items": listed(items, lang), "clear": names_of(placed.filter("is_clear"), choices, side)})
    figures = {"n": number(placed["n"].max()), "n_items": placed.height, "n_clear": placed.filter("is_clear").height}
    return say("kano", figures | parts[0], parts[1])


def _category(row: dict, choices: Choices, lang: str) -> str:
    """The category without its explanation, and its probability."""
    words = label(choices, "kano_categories", row["category_code"], lang).split("（")[0].split(" (")[0]
    sure = percent(row["p_category"])
    return f"为{words}（把握{sure}）" if lang == "zh" else f" {words} ({sure} certain)"


def change_of_gap(table: pl.DataFrame, choices: Choices) -> Said:
    """Which needs and gaps changed beyond chance, or why nothing can be said; `table` is `change_of_gap(…)`."""
    tested = table.filter(pl.col("p_adjusted").is_not_null())
    if tested.is_empty():
        return nothing_or_why(table, choices)
    changed = tested.filter("is_change")
    figures = {"n_tested": tested.height, "n_changed": changed.height}
    parts = []
    for lang, side in (("zh", 0), ("en", 1)):
        wave = label(choices, "waves", tested["earlier_wave"][0], lang)
        parts.append(
            {
                "wave": wave,
                "items": listed([_changed(row, choices, lang, side) for row in changed.iter_rows(named=True)], lang),
            }
        )
    return say("gap_changes" if changed.height else "gap_changes_none", figures | parts[0], parts[1])


def _changed(row: dict, choices: Choices, lang: str, side: int) -> str:
    measure = label(choices, "gap_measures", row["measure_code"], lang)
    item, low, high = both_words(row, choices)[side], 100 * row["change_lci"], 100 * row["change_uci"]
    before, now = percent(row["est_before"]), percent(row["est"])
    if lang == "zh":
        return (
            f"{measure}“{item}”由{before}到{now}（差{100 * row['change']:+.0f}个百分点，区间{low:+.0f}至{high:+.0f}）"
        )
    return f"{item} {measure} from {before} to {now} ({100 * row['change']:+.0f} points, {low:+.0f} to {high:+.0f})"
