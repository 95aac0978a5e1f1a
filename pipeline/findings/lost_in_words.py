"""What the funnel says: at which step most couriers are lost, where venues differ, and what the logs add."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.findings.estimating.steps import ALL, STEPS
from pipeline.findings.finding import Context, Sentence
from pipeline.findings.words import about, listed, number, percent, points, say, silence, speaks_for, strength


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """At which step most are lost, or which steps cannot be told apart; where venues differ; what the logs add."""
    whole = rows.filter(pl.col("host_type_code") == ALL)
    losses = whole.filter(pl.col("est_loss").is_not_null()).sort("est_loss", descending=True, maintain_order=True)
    if losses.height:
        said = _most(losses, whole, context)
    elif whole["est"].drop_nulls().len():
        said = say("where_couriers_are_lost", "uncertain", "records", {})
    else:
        said = silence(rows.filter(pl.col("n").is_not_null() | pl.col("suppressed")))
    tails = [_end(whole), _venues(rows, context), _logs(whole)]
    return Sentence(said.zh + "".join(t.zh for t in tails), said.en + "".join(t.en for t in tails), said.strength)


def _most(losses: pl.DataFrame, whole: pl.DataFrame, context: Context) -> Sentence:
    """The step with the largest loss where it is certain, else the steps among which it may be."""
    top = losses.row(0, named=True)
    first = whole.filter("may_be_most")["step_code"].to_list()
    case = "tied" if len(first) > 1 else "clear" if first == [top["step_code"]] else "not_shown"
    loss = about(top["est_loss"], top["lci_loss"], top["uci_loss"])
    values = [
        {
            "step": _step(context, top["step_code"], lang),
            "part": context.label("funnel_parts", top["part_code"], lang),
            "loss": loss[at],
            "n": number(top["n"]),
            "steps": listed([_step(context, step, lang) for step in first], lang),
            "count": len(first),
        }
        for at, lang in enumerate(("zh", "en"))
    ]
    power = strength(top["n"], top["lci_loss"], top["uci_loss"])
    return say("where_couriers_are_lost", case, power, *values, speaks_for=speaks_for(whole))


def _end(whole: pl.DataFrame) -> Sentence:
    """How many got all the way."""
    end = whole.filter(pl.col("est").is_not_null() & (pl.col("step_code") == STEPS[-1]))
    if end.is_empty():
        return Sentence("", "", "none")
    share = about(end["est"][0], end["lci"][0], end["uci"][0])
    return _after("end", {"share": share[0]}, {"share": share[1]})


def _step(context: Context, code: str, lang: str) -> str:
    return context.label("funnel_steps", code, lang)


def _venues(rows: pl.DataFrame, context: Context) -> Sentence:
    """The certain difference of a type of venue from all others, the largest; or that none can be told."""
    judged = rows.filter((pl.col("host_type_code") != ALL) & pl.col("is_apart").is_not_null())
    if judged.is_empty():
        return Sentence("", "", "none")
    apart = judged.filter(pl.col("is_apart") & pl.col("difference").is_not_null()).sort(
        pl.col("difference").abs(), descending=True, maintain_order=True
    )
    if apart.is_empty():
        return _after("venues_alike", {}, {})
    top = apart.row(0, named=True)
    case = "venue_less" if top["difference"] < 0 else "venue_more"
    figures = {
        "gap": points(top["difference"]).lstrip("−+"),
        "low": points(top["difference_lci"]),
        "high": points(top["difference_uci"]),
        "n": number(top["n_asked"]),
    }
    venue = {
        "zh": context.label("host_types", top["host_type_code"], "zh"),
        "en": context.label("host_types", top["host_type_code"], "en").lower(),
    }
    values = [
        {**figures, "venue": venue[lang], "step": _step(context, top["step_code"], lang)} for lang in ("zh", "en")
    ]
    return _after(case, *values)


def _logs(whole: pl.DataFrame) -> Sentence:
    """What the logs of all venues say of the steps they see."""
    zh, en = "", ""
    for step, share, kind in (
        whole.filter(pl.col("log_share").is_not_null()).select("step_code", "log_share", "log_kind_code").iter_rows()
    ):
        value = {"share": percent(share), "rest": percent(1 - share)}
        said = _after(f"log_{step}" if step != "returned" else f"log_returned_{kind}", value, value)
        zh, en = zh + said.zh, en + said.en
    return Sentence(zh, en, "none")


def _after(case: str, zh: dict[str, Any], en: dict[str, Any]) -> Sentence:
    said = say("where_couriers_are_lost", case, "records", zh, en)
    return Sentence(said.zh, " " + said.en, "none")
