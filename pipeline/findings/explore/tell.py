"""Sentences of the notebooks, computed from disclosed frames: what a chart says, in Chinese and English."""

from __future__ import annotations

import polars as pl

from pipeline.contracts.period import previous_period
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.said import Said, both_words, names_of, say
from pipeline.findings.explore.tell_change import change
from pipeline.findings.explore.words import label, notebook_words
from pipeline.findings.finding import Result
from pipeline.findings.words import about, listed, number, percent, strength

__all__ = [
    "Said", "blanks", "caveats", "change", "demand", "failures", "finding", "flags", "funnel", "gaps", "hours", "months",
    "open_time", "places", "programme", "say", "steady", "top", "weekdays",
]  # fmt: skip


def top(table: pl.DataFrame, choices: Choices) -> Said:
    """The answer given most, and which others cannot be told apart from it."""
    shown = table.filter(pl.col("est").is_not_null()).sort("est", descending=True, maintain_order=True)
    if shown.is_empty():
        return say("nothing")
    first = shown.row(0, named=True)
    tied = shown.slice(1).filter(pl.col("uci") >= first["lci"]).head(4)
    zh, en = about(first["est"], first["lci"], first["uci"])
    others = [both_words(row, choices) for row in tied.iter_rows(named=True)]
    name = both_words(first, choices)
    return say(
        "top_tied" if others else "top_clear",
        {"first": name[0], "share": zh, "others": listed([pair[0] for pair in others], "zh")},
        {"first": name[1], "share": en, "others": listed([pair[1] for pair in others], "en")},
        power=strength(first["n"], first["lci"], first["uci"]),
    )


def gaps(table: pl.DataFrame, choices: Choices) -> Said:
    """How many gaps hold at the threshold chosen, and which stay undecided."""
    shown = table.filter(pl.col("est").is_not_null())
    if shown.is_empty():
        return say("nothing")
    held = shown.filter("is_gap")
    undecided = shown.filter(~pl.col("is_gap") & (pl.col("est") > choices.gap_threshold))
    figures = {
        "threshold": percent(choices.gap_threshold),
        "n_items": shown.height,
        "n_gap": held.height,
        "n_open": undecided.height,
    }
    lists = [{"gaps": names_of(held, choices, side), "open": names_of(undecided, choices, side)} for side in (0, 1)]
    return say("gaps", figures | lists[0], lists[1])


def steady(table: pl.DataFrame, choices: Choices) -> Said:
    """Which verdicts depend on weights or flags, and which share moves most."""
    shown = table.filter(pl.col("lowest").is_not_null())
    if shown.is_empty():
        return say("nothing")
    changing = shown.filter((pl.col("n_variants_gap") > 0) & (pl.col("n_variants_gap") < pl.col("n_variants")))
    row = shown.sort(pl.col("highest") - pl.col("lowest"), descending=True, maintain_order=True).row(0, named=True)
    figures = {"n_variants": row["n_variants"], "n_same": shown.height - changing.height, "n_changed": changing.height,
               "low": percent(row["lowest"]), "high": percent(row["highest"])}  # fmt: skip
    lists = [{"changed": names_of(changing, choices, side), "most": both_words(row, choices)[side]} for side in (0, 1)]
    return say("steady" if changing.height else "steady_all", figures | lists[0], lists[1])


def places(table: pl.DataFrame, choices: Choices) -> Said:
    """The widest gap among grid cells, and how much is hidden; `table` is `needs_and_gaps(…, by="grid")`."""
    table = table.filter("is_evaluable")
    shown = table.filter(pl.col("est").is_not_null()).sort("est", descending=True, maintain_order=True)
    if shown.is_empty():
        return say("nothing")
    row = shown.row(0, named=True)
    figures = {"n_cells": table.height, "hidden": table.height - shown.height, "share": percent(row["est"]), "n": number(row["n"]),
               "place": label(choices, "grids", row["by_code"]), "n_gap": shown["is_gap"].sum()}  # fmt: skip
    return say("places", figures | {"item": both_words(row, choices)[0]}, {"item": both_words(row, choices)[1]})


def funnel(table: pl.DataFrame, choices: Choices) -> Said:
    """The step at which most are lost, or those it may be; `table` is `funnel(…)`, with groups the rows of all."""
    table = table.filter(pl.col("by_code") == "all") if "by_code" in table.columns else table
    shown = table.filter(pl.col("est_loss").is_not_null()).sort("est_loss", descending=True, maintain_order=True)
    if shown.is_empty():
        return say("nothing")
    row, first = shown.row(0, named=True), table.filter("may_be_most")["step_code"].to_list()
    case = "funnel" if first == [row["step_code"]] else "funnel_tied"
    zh, en = ({"step": label(choices, "funnel_steps", row["step_code"], lang),
               "steps": listed((label(choices, "funnel_steps", step, lang) for step in first), lang)} for lang in ("zh", "en"))  # fmt: skip
    return say(case, {**zh, "lost": percent(row["est_loss"]), "n": number(row["n"])}, en)


def months(table: pl.DataFrame, choices: Choices) -> Said:
    """Visits logged and visits reported, side by side and never added."""
    shown = table.filter(pl.col("n_visits").is_not_null())
    logged, reported = (shown.filter(pl.col("origin") == origin) for origin in ("events", "reported"))
    if logged.is_empty():
        return say("nothing")
    rate = lambda part: number(part["n_visits"].sum() / part["n_stations"].sum())  # noqa: E731
    figures = {
        "first": logged["label"].min(),
        "last": logged["label"].max(),
        "visits": number(logged["n_visits"].sum()),
        "per_station": rate(logged),
    }
    if reported.is_empty():
        return say("months_logged", figures)
    return say("months_both", figures | {"reported": rate(reported)})


def hours(table: pl.DataFrame, choices: Choices) -> Said:
    """The two busiest hours next to each other and their share of what is shown."""
    counted = table.filter(pl.col("n_visits").is_not_null()).group_by("hour_on").agg(pl.col("n_visits").sum())
    visits = dict(counted.iter_rows())
    if not visits:
        return say("nothing")
    start = max(sorted(visits), key=lambda hour: visits[hour] + visits.get(hour + 1, 0))
    share = (visits[start] + visits.get(start + 1, 0)) / sum(visits.values())
    return say("hours", {"from": start, "to": start + 2, "share": percent(share)})


def weekdays(table: pl.DataFrame, choices: Choices) -> Said:
    """The busiest and the quietest day of the week."""
    shown = table.filter(pl.col("n_visits").is_not_null()).sort("n_visits", descending=True, maintain_order=True)
    if shown.is_empty():
        return say("nothing")
    most, least = shown.row(0, named=True), shown.row(-1, named=True)
    names = notebook_words()["weekdays"]
    texts = [
        {"most": names[side][most["weekday_on"] - 1], "least": names[side][least["weekday_on"] - 1]}
        for side in ("zh", "en")
    ]
    return say(
        "weekdays", texts[0] | {"most_n": number(most["n_visits"]), "least_n": number(least["n_visits"])}, texts[1]
    )


def failures(table: pl.DataFrame, choices: Choices) -> Said:
    """The service most often asked for in vain."""
    shown = table.filter(pl.col("unserved_share").is_not_null())
    if shown.is_empty():
        return say("nothing")
    row = shown.row(0, named=True)
    names = both_words(row, choices)
    return say("failures", {"item": names[0], "share": percent(row["unserved_share"]), "stock": percent(row["stocked_out_share"])},
               {"item": names[1]})  # fmt: skip


def open_time(table: pl.DataFrame, choices: Choices) -> Said:
    """How much of the time need could not be recorded."""
    opened, closed, short = (
        table[name].sum() if table.height else 0 for name in ("open_hours", "closed_hours", "stock_out_hours")
    )
    if not opened:
        return say("nothing")
    return say("open_time", {"open": number(opened), "closed": number(closed), "stock": number(short),
                             "closed_share": percent(closed / (opened + closed))})  # fmt: skip


def demand(table: pl.DataFrame, choices: Choices) -> Said:
    """The service whose demand lies furthest above what was served, and where only capacity is known."""
    shown = table.filter(pl.col("at_least_per_100_hours").is_not_null() & (pl.col("sold_out_share") > 0))
    if shown.is_empty():
        return say("nothing")
    hidden = pl.col("at_least_per_100_hours") - pl.col("served_per_100_hours")
    row = shown.sort(hidden, descending=True, maintain_order=True).row(0, named=True)
    names = both_words(row, choices)
    capacity = table["n_stations_capacity"].sum()
    figures = {"served": number(row["served_per_100_hours"], 1), "least": number(row["at_least_per_100_hours"], 1),
               "days": percent(row["sold_out_share"]), "capacity": capacity}  # fmt: skip
    return say("demand_capacity" if capacity else "demand", {"item": names[0], **figures}, {"item": names[1]})


def flags(table: pl.DataFrame, choices: Choices) -> Said:
    """The quality flag seen most."""
    shown = table.filter(pl.col("est").is_not_null() & (pl.col("flag_code") != "dropped")).sort(
        "est", descending=True, maintain_order=True
    )
    if shown.is_empty():
        return say("nothing")
    row = shown.row(0, named=True)
    names = [label(choices, "flags", row["flag_code"], lang) for lang in ("zh", "en")]
    return say("flags", {"n": number(row["n"]), "most": names[0], "share": percent(row["est"])}, {"most": names[1]})


def blanks(table: pl.DataFrame, choices: Choices) -> Said:
    """The question left blank most."""
    shown = table.filter(pl.col("est").is_not_null()).sort("est", descending=True, maintain_order=True)
    if shown.is_empty():
        return say("nothing")
    row = shown.row(0, named=True)
    return say("blanks", {"n_questions": shown.height, "question": row["label"], "share": percent(row["est"]),
                          "many": shown.filter(pl.col("est") > 0.05).height})  # fmt: skip


def programme(table: pl.DataFrame, choices: Choices) -> Said:
    """How much is on record, and what rose most against the quarter before."""
    now = table.filter((pl.col("period_code") == choices.context.period) & pl.col("count").is_not_null())
    if now.is_empty():
        return say("nothing")
    before = table.filter((pl.col("period_code") == previous_period(choices.context.period)) & (pl.col("count") > 0))
    both = now.join(
        before.select("area_code", "measure_code", pl.col("count").alias("before")), on=["area_code", "measure_code"]
    )
    if both.is_empty():
        return say("programme_first", {"n_measures": now.height})
    rising = both.filter((pl.col("kind") == "flow") & (pl.col("count") > pl.col("before")))
    figures = {"n_measures": now.height, "n_both": both.height, "n_up": rising.height,
               "n_down": both.filter((pl.col("kind") == "flow") & (pl.col("count") < pl.col("before"))).height}  # fmt: skip
    if rising.is_empty():
        return say("programme_none_up", figures)
    row = rising.sort(pl.col("count") / pl.col("before"), descending=True, maintain_order=True).row(0, named=True)
    names = [label(choices, "programme_measures", row["measure_code"], lang) for lang in ("zh", "en")]
    figures |= {"up_before": number(row["before"]), "up_now": number(row["count"])}
    return say("programme", figures | {"up": names[0]}, {"up": names[1]})


def finding(result: Result) -> Said:
    """The sentence of a registered finding, with its source line."""
    return Said(f"{result.sentence_zh}\n\n<small>{result.source_line}</small>", result.sentence_en)


def caveats(*results: Result) -> Said:
    """The caveats registered findings carry, as a list."""
    zh = [text for result in results for text in result.finding.caveats_zh]
    en = [text for result in results for text in result.finding.caveats_en]
    return Said("\n".join(f"- {text}" for text in dict.fromkeys(zh)), " ".join(dict.fromkeys(en)))
