"""The plan of one area in a paragraph, from its disclosed rows."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.findings.district.rules import walking
from pipeline.findings.finding import Context, Sentence
from pipeline.findings.planning.lines import ALTERNATIVE, FUNDED, NONE, POOR, TOTAL, VERIFY
from pipeline.findings.planning.settings import rules
from pipeline.findings.words import listed, nothing, number, percent, phrases, say

NAMES = 2  # places named in the paragraph
SHOWN = 1.0  # hours a week: less is not worth a sentence


def plan_sentence(rows: pl.DataFrame, context: Context) -> Sentence:
    """What the money buys, how near to the best that is, what is unsure and what is not worth its money; or why there is no plan."""
    none = rows.filter(pl.col("kind_code") == NONE)
    if none.height:
        budget = number(none["budget_yuan"][0])
        words = phrases()["plan"]["none"][none["plan_code"][0]]
        return Sentence(words["zh"].format(budget=budget), words["en"].format(budget=budget), "none")
    total = rows.filter(pl.col("kind_code") == TOTAL)
    if total.is_empty() or total["gain"][0] is None:
        return nothing("all_hidden" if total.height else "no_data")
    row = total.row(0, named=True)
    listed_ = rows.filter(pl.col("kind_code").is_in([FUNDED, VERIFY]))
    lead = say("what_to_change", "some", _strength(listed_), _figures(row, listed_))
    more = [made for made in (_range(row), _proof(row), _fair(row), _last(row), *_others(rows, listed_)) if made]
    zh, en = "".join(part[0] for part in more), " ".join(part[1] for part in more)
    return Sentence(lead.zh + zh, f"{lead.en} {en}".strip(), lead.strength)


def _strength(funded: pl.DataFrame) -> str:
    """As sure as the draws are: need rests on a survey, most prices are assumed, so never more than moderate."""
    firm = funded.filter(pl.col("certainty_code") == "firm")["gain"].sum()
    return "fair" if firm >= funded["gain"].sum() / 2 else "weak"


def _figures(row: dict[str, Any], funded: pl.DataFrame) -> dict[str, Any]:
    return {
        "budget": number(row["budget_yuan"]), "places": funded.height, "cost": number(row["cost_yuan"]), "once": number(row["one_off_yuan"]),
        "yearly": number(row["yearly_yuan"]), "months": rules()["plan"]["horizon_months"], "gain": number(row["gain"]),
        "share": percent(row["gain"] / row["closable"]), "walk": number(walking().radius_m),
    }  # fmt: skip


def _say(name: str, **values: Any) -> tuple[str, str]:
    words = phrases()["plan"]["more"][name]
    return words["zh"].format(**values), words["en"].format(**values)


def _range(row: dict[str, Any]) -> tuple[str, str] | None:
    """How far need, what works and prices may move gain and cost."""
    if row["gain_low"] is None:
        return None
    ends = {name: number(row[name]) for name in ("gain_low", "gain_high", "cost_low", "cost_high")}
    return _say("range", draws=row["n_draws"], **ends)


def _proof(row: dict[str, Any]) -> tuple[str, str]:
    """How near to the best list it is."""
    if not row["gap_share"]:
        return _say("optimal", bound=number(row["bound"]))
    return _say("gap", bound=number(row["bound"]), gap=f"{row['gap_share'] * 100:.1f}%")


def _fair(row: dict[str, Any]) -> tuple[str, str] | None:
    rule = rules()["plan"]
    part, most = percent(rule["floor_share"]), percent(rule["fairness_most"])
    if row["n_cells_short"]:
        return _say("unfair", part=part, most=most, cells=row["n_cells"], short=row["n_cells_short"])
    return _say("fair", part=part, hours=number(row["fairness_cost"])) if row["fairness_cost"] >= SHOWN else None


def _last(row: dict[str, Any]) -> tuple[str, str] | None:
    return _say("last", hours=number(row["last_10k"])) if row["last_10k"] and row["last_10k"] >= SHOWN else None


def _others(rows: pl.DataFrame, funded: pl.DataFrame) -> list[tuple[str, str]]:
    """What is looked at first, what cannot be told apart, and what is not worth its money."""
    found = []
    looked = funded.filter(pl.col("action_codes").str.contains("verify"))
    if looked.height:
        found.append(_say("verify", count=looked.height))
    agreed = funded.filter("needs_agreement")
    if agreed.height:
        found.append(_say("agreement", count=agreed.height))
    tied, swaps = funded.filter(pl.col("tie_code").is_not_null()), rows.filter(pl.col("kind_code") == ALTERNATIVE)
    if tied.height and swaps.height:
        found.append(_say("tie", count=tied.height, others=swaps.height))
    poor = rows.filter(pl.col("kind_code") == POOR)
    if poor.height:
        zh, en = (listed(poor[f"short_{lang}"].head(NAMES), lang) for lang in ("zh", "en"))
        words = phrases()["plan"]["more"]["poor"]
        found.append((words["zh"].format(count=poor.height, names=zh), words["en"].format(count=poor.height, names=en)))
    return found
