"""Sentences of the notebook on methods: what each picture shows, with its figures."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.said import Said, both_words, names_of, say
from pipeline.findings.explore.words import label
from pipeline.findings.words import number, percent


def coverage(table: pl.DataFrame) -> Said:
    """How often the plain interval and the one used hold the truth, with fewest and most answers; `interval_coverage()`."""
    at = {(row["n"], row["method_code"]): row["coverage"] for row in table.iter_rows(named=True)}
    few, many = table["n"].min(), table["n"].max()
    figures = {"few": few, "many": many, "wald": percent(at[few, "wald"]), "rule": percent(at[few, "rule"])}
    return say(
        "method_coverage", figures | {"wald_many": percent(at[many, "wald"]), "rule_many": percent(at[many, "rule"])}
    )


def population(table: pl.DataFrame, size: int) -> Said:
    """What knowing the size of the population is worth, at the middle sample; `finite_population(size)`."""
    sizes = table["n"].unique().sort()
    n = sizes[len(sizes) // 2]
    halves = dict(table.filter(pl.col("n") == n).select("way_code", "half_width").iter_rows())
    figures = {"size": number(size), "n": number(n)} | {way: _points(half) for way, half in halves.items()}
    return say("method_population", figures)


def weights(table: pl.DataFrame, reports: pl.DataFrame, choices: Choices) -> Said:
    """The leading need that moves most from equal weights to those in use; `needs_by_weights(…)`, `weight_reports(…)`."""
    used = _in_use(reports, choices)
    keys = ["area_code", "wave_code", "service_code"]
    before = table.filter(pl.col("weight_set_code") == "equal")
    after = table.filter(pl.col("weight_set_code") == used).select(*keys, pl.col("est").alias("after"))
    both = before.join(after, on=keys)
    if both.is_empty() or used == "equal":
        return say("method_weights_equal" if used == "equal" else "nothing")
    row = both.sort((pl.col("after") - pl.col("est")).abs(), descending=True, maintain_order=True).row(0, named=True)
    figures = {"before": percent(row["est"]), "after": percent(row["after"])}
    sides = [{"item": words, "used": label(choices, "weight_sets", used, lang)} for words, lang in zip(both_words(row, choices), ("zh", "en"), strict=True)]  # fmt: skip
    return say("method_weights", figures | sides[0], sides[1])


def cost(reports: pl.DataFrame, choices: Choices) -> Said:
    """What the weights in use leave of the answers; `weight_reports(…)`."""
    used = _in_use(reports, choices)
    rows = reports.filter(pl.col("weight_set_code") == used)
    if rows.is_empty():
        return say("nothing")
    row = rows.row(0, named=True)
    figures = {"n": number(row["n"]), "n_eff": number(row["n_eff"]), "deff": f"{row['kish_deff']:.2f}"}
    sides = [{"used": label(choices, "weight_sets", used, lang)} for lang in ("zh", "en")]
    return say("method_cost", figures | sides[0], sides[1])


def who_comes(table: pl.DataFrame) -> Said:
    """Who never comes: among those met elsewhere, among all as answered, among all as weighted; `who_comes(…)`."""
    rarest = table.filter(pl.col("answer_code").cast(pl.Float64, strict=False) == 0)
    share = dict(rarest.select("series_code", "est").iter_rows())
    if not {"equal", "weighted"} <= set(share):
        return say("nothing")
    figures = {name: percent(share[name]) for name in ("equal", "weighted")}
    if "intercept" in share:
        return say("method_who_comes", figures | {"intercept": percent(share["intercept"])})
    return say("method_who_comes_hidden", figures)


def poster(table: pl.DataFrame, interviews: int) -> Said:
    """How far the poster misses the truth in each way; `poster_samples(…)`."""
    rows = {row["way_code"]: row for row in table.iter_rows(named=True)}
    figures = {"truth": percent(table["truth"][0]), "interviews": interviews} | {
        way: percent(row["est"]) for way, row in rows.items()
    }
    return say("method_poster", figures)


def band(table: pl.DataFrame, choices: Choices) -> Said:
    """How much wider selection makes the leading gap than chance alone; `needs_and_gaps(…)`."""
    shown = table.filter(pl.col("band_low").is_not_null()).sort("est", descending=True, maintain_order=True)
    if shown.is_empty():
        return say("nothing")
    row = shown.row(0, named=True)
    figures = {name: percent(row[name]) for name in ("est", "lci", "uci", "band_low", "band_high")}
    names = both_words(row, choices)
    return say("method_band", figures | {"item": names[0]}, {"item": names[1]})


def borrowing(table: pl.DataFrame) -> Said:
    """How far own and borrowing figures lie from the truth on average; `borrowing(…)`."""
    off = table.select(
        direct=((pl.col("direct") - pl.col("truth")) ** 2).mean().sqrt(), shrunken=((pl.col("shrunken") - pl.col("truth")) ** 2).mean().sqrt()
    ).row(0, named=True)  # fmt: skip
    figures = {
        "n_areas": table.height,
        "n_districts": table["district"].n_unique(),
        "own": percent(table["shrinkage"].mean()),
    }
    return say("method_borrowing", figures | {name: _points(value) for name, value in off.items()})


def many(table: pl.DataFrame) -> Said:
    """How false a list is, uncorrected and corrected; `many_tests(…)`."""
    rows = {row["method_code"]: row for row in table.iter_rows(named=True)}
    figures = {
        f"{code}_{name}": percent(rows[code][f"{name}_share"]) for code in ("raw", "bh") for name in ("false", "found")
    }
    return say("method_many", figures)


def order(table: pl.DataFrame, choices: Choices) -> Said:
    """Which places are certain, and how many are above or below the average for certain; `need_order(…)`."""
    if table.is_empty():
        return say("nothing")
    above = table.filter(pl.col("tier_code") == "clearly_above")
    width = (table["rank_to"] - table["rank_from"] + 1).mean()
    figures: dict[str, Any] = {"n_items": table.height, "n_above": above.height, "places": number(float(width), 1),
                               "n_certain": table.filter(pl.col("rank_from") == pl.col("rank_to")).height,
                               "n_below": table.filter(pl.col("tier_code") == "clearly_below").height}  # fmt: skip
    return say("method_order", figures | {"above": names_of(above, choices, 0)}, {"above": names_of(above, choices, 1)})


def same_people(table: pl.DataFrame) -> Said:
    """What it is worth to ask the same people again; `same_people()`."""
    first, last = table.row(0, named=True), table.row(-1, named=True)
    return say("method_same_people", {"none": _points(first["half_width"]), "all": _points(last["half_width"])})


def _points(value: float) -> str:
    return f"{100 * value:.1f}"


def _in_use(reports: pl.DataFrame, choices: Choices) -> str:
    """The weight set chosen, else the one published figures of the (first) survey are made with."""
    used = reports.filter("is_in_use")["weight_set_code"]
    return choices.weight_set or (used[0] if len(used) else "equal")
