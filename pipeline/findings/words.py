"""The words a finding may use, from metadata/phrases.toml, and figures written the way an official reads them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

import polars as pl

from pipeline import disclose
from pipeline.findings.finding import Context, Sentence
from pipeline.paths import METADATA


@cache
def phrases() -> dict[str, Any]:
    """metadata/phrases.toml."""
    return tomllib.loads((METADATA / "phrases.toml").read_text(encoding="utf-8"))


def strength(n: float | None, lower: float | None = None, upper: float | None = None) -> str:
    """How far an estimate carries: `strong`, `fair`, `weak` or `none`, by n and the width of its interval."""
    if not n:
        return "none"
    width = (upper - lower) if lower is not None and upper is not None else 0.0
    for name in ("strong", "fair"):
        rule = phrases()["strength"][name]
        if n >= rule["min_n"] and width <= rule["max_width"]:
            return name
    return "weak"


def strength_word(name: str, lang: str) -> str:
    """The words shown for a strength."""
    return str(phrases()["strength"][name][lang])


def say(
    finding_id: str,
    case: str,
    strength: str,
    zh: dict[str, Any],
    en: dict[str, Any] | None = None,
    speaks_for: str = "respondents",
) -> Sentence:
    """The sentence of one case, led in by whom it speaks for, or by a warning where its evidence is weak."""
    words = phrases()["say"][finding_id][case]
    lead = phrases()["strength"].get(strength, {})
    if strength in ("strong", "fair"):
        lead = phrases()["speaks"].get(speaks_for, lead)
    return Sentence(
        words["zh"].format(lead=lead.get("lead_zh", ""), **zh),
        _upper(words["en"].format(lead=lead.get("lead_en", ""), **(en if en is not None else zh))),
        strength,
    )


def speaks_for(rows: pl.DataFrame) -> str:
    """Whom the figures of a table speak for: a population, or those who answered."""
    if rows.is_empty() or "speaks_for_code" not in rows.columns:
        return "respondents"
    return rows["speaks_for_code"].drop_nulls().first() or "respondents"


def nothing(reason: str) -> Sentence:
    """The sentence where there is nothing to say: no data, or nothing that may be shown."""
    words = phrases()["nothing"][reason]
    return Sentence(words["zh"], words["en"], "none")


def silence(rows: pl.DataFrame, figure: str = "est") -> Sentence:
    """Why a finding's disclosed rows hold no figure to speak of: out of season, hidden, not certain enough, nobody in need
    (all of `figure` 0), or simply no data."""
    if rows.height and "is_evaluable" in rows.columns and not rows["is_evaluable"].any():
        return nothing("out_of_season")
    if disclose.hides(rows):
        return nothing("all_hidden")
    if _withheld(rows).height:
        return nothing("not_certain")
    return nothing("nobody" if figure in rows.columns and rows[figure].max() == 0 else "no_data")


def left_out(rows: pl.DataFrame, context: Context) -> Sentence:
    """What an order of services leaves out though it might stand first: figures withheld for too wide an interval."""
    services = _withheld(rows, "wide")["service_code"].to_list()
    if not services:
        return Sentence("", "", "none")
    zh, en = labels(context, "services", services)
    words = phrases()["left_out"]
    return Sentence(words["zh"].format(count=len(services), services=zh), words["en"].format(services=en), "none")


def _withheld(rows: pl.DataFrame, *reasons: str) -> pl.DataFrame:
    """Rows of figures that were not certain enough, for one of these reasons or any."""
    if "withheld_code" not in rows.columns:
        return rows.clear()
    return rows.filter(pl.col("withheld_code").is_in(reasons or ["wide", "uncertain"]))


def percent(value: float | None) -> str:
    """A share without decimals."""
    if value is None:
        return "—"
    if 0 < value < 0.005:
        return "<1%"
    return "0%" if -0.005 < value < 0 else f"{value * 100:.0f}%"


def points(value: float) -> str:
    """A difference of shares in points, with its sign.

    >>> points(-0.046), points(0.004)
    ('−5', '0')
    """
    rounded = round(value * 100)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded)}"


def number(value: float | None, digits: int = 0) -> str:
    """A count with thousands separators."""
    return "—" if value is None else f"{value:,.{digits}f}"


def about(value: float | None, lower: float | None, upper: float | None) -> tuple[str, str]:
    """A share with its interval in words, zh and en."""
    if lower is None or upper is None:
        return f"约{percent(value)}", f"about {percent(value)}"
    low, high = percent(lower), percent(upper)
    return f"约{percent(value)}（大致在{low}至{high}之间）", f"about {percent(value)} (roughly {low} to {high})"


def listed(items: Iterable[str], lang: str) -> str:
    """Items as a list in a sentence.

    >>> listed(["饮水", "充电"], "zh"), listed(["water", "rest", "charging"], "en")
    ('饮水、充电', 'water, rest and charging')
    """
    names = list(items)
    if lang == "zh":
        return "、".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def labels(context: Context, list_code: str, codes: Iterable[str]) -> tuple[str, str]:
    """The labels of several codes as a list, zh and en."""
    wanted = list(codes)
    return (
        listed([context.label(list_code, c, "zh") for c in wanted], "zh"),
        listed([context.label(list_code, c, "en").lower() for c in wanted], "en"),
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
