"""A sentence in both languages, filled with figures, and the words for what a row is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.words import label, notebook_words
from pipeline.findings.words import listed, phrases


@dataclass(frozen=True)
class Said:
    """A sentence in both languages; a notebook shows the Chinese with the English small below."""

    zh: str
    en: str

    def _repr_markdown_(self) -> str:
        return f"{self.zh}\n\n<small>{self.en}</small>"


def say(case: str, zh: dict[str, Any] | None = None, en: dict[str, Any] | None = None, *, power: str = "none") -> Said:
    """The sentence of one case with its figures; `en` only where the words differ."""
    words, lead = notebook_words()["say"][case], phrases()["strength"][power]
    english = words["en"].format(lead=lead.get("lead_en", ""), **(zh or {}) | (en or {}))
    return Said(words["zh"].format(lead=lead.get("lead_zh", ""), **(zh or {})), english[:1].upper() + english[1:])


def both_words(row: dict[str, Any], choices: Choices) -> tuple[str, str]:
    """The words for the item of a row, zh and en."""
    if row.get("label_zh"):
        return row["label_zh"], row["label_en"]
    code = row["service_code"]
    return label(choices, "services", code, "zh"), label(choices, "services", code, "en").lower()


def names_of(table: pl.DataFrame, choices: Choices, side: int) -> str:
    """The items of several rows as a list in a sentence."""
    names = [both_words(row, choices)[side] for row in table.iter_rows(named=True)]
    names = [f"“{name}”" if "、" in name else name for name in names]
    return listed(names, ("zh", "en")[side]) if names else ("无", "none")[side]


def p_words(p: float) -> str:
    """A p-value as people read it.

    >>> p_words(0.0004), p_words(0.0234), p_words(0.41)
    ('p<0.001', 'p=0.023', 'p=0.41')
    """
    return "p<0.001" if p < 0.001 else f"p={p:.3f}" if p < 0.1 else f"p={p:.2f}"


def nothing_or_why(table: pl.DataFrame, choices: Choices) -> Said:
    """The sentence where there is no figure: the reasons the table gives, in words (`why_not`) or by their codes."""
    if "why_not_code" in table.columns:
        codes = table.filter(pl.col("why_not_code") != "")["why_not_code"].unique(maintain_order=True)
        zh, en = ([label(choices, "not_comparable", code, lang) for code in codes] for lang in ("zh", "en"))
    else:
        zh = (
            table.filter(pl.col("why_not") != "")["why_not"].unique(maintain_order=True).to_list()
            if "why_not" in table.columns
            else []
        )
        en = zh
    return say("not_said", {"why": listed(zh, "zh")}, {"why": listed(en, "en")}) if zh else say("nothing")
