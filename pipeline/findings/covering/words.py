"""The words that all findings of coverage and access share: the day, how walks are known, what is left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from pipeline.findings.district.rules import walking
from pipeline.findings.finding import Sentence
from pipeline.findings.words import number, phrases


def day_words(day: date, lang: str) -> str:
    """A day as people write it.

    >>> day_words(date(2023, 5, 31), "zh"), day_words(date(2023, 5, 31), "en")
    ('5月31日', '31 May')
    """
    return f"{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%B}"


def walks(row: dict[str, Any]) -> Sentence:
    """How walking distances of a table are known: an assumption is never left unsaid."""
    words = phrases()["walking"][row["walking_code"]]
    detour = "" if row["detour"] is None else f"{row['detour']:g}"
    return Sentence(words["zh"].format(detour=detour), words["en"].format(detour=detour))


def missing(row: dict[str, Any]) -> Sentence:
    """What is in no figure for want of coordinates or hours; nothing where all are in."""
    figures = {
        "places": number(row["n_places_left_out"]),
        "hours": number(row["left_out_hours"]),
        "stations": number(row["n_stations_left_out"]),
    }
    said = [words for part, words in phrases()["not_on_map"].items() if row[f"n_{part}_left_out"]]
    zh, en = ("".join(words[lang] for words in said).format(**figures) for lang in ("zh", "en"))
    return Sentence(zh, en)


def joined(first: Sentence, *others: Sentence) -> Sentence:
    """Sentences one after the other, as strong as the first."""
    every = (first, *others)
    return Sentence("".join(one.zh for one in every), "".join(one.en for one in every), first.strength)


def with_labels(rows: pl.DataFrame, context: Any, column: str, list_code: str, into: str = "label") -> pl.DataFrame:
    """Rows with the words for a code in the reader's language."""
    names = [context.label(list_code, code) for code in rows[column]]
    return rows.with_columns(pl.Series(into, names, dtype=pl.String))


def within() -> tuple[str, str]:
    """What counts as near, for the line under a question: the radius and how walks are known."""
    rule = walking()
    words = phrases()["walking"]["rule"]
    figures = {"radius": f"{rule.radius_m:g}", "catchment": f"{rule.catchment_m:g}", "detour": f"{rule.detour:g}"}
    return words["zh"].format(**figures), words["en"].format(**figures)
