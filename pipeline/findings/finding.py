"""The shapes of a finding: what it declares, the period it is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import polars as pl

from pipeline.disclose import Disclosure


@dataclass(frozen=True)
class Context:
    """For which period, reader and place the findings are asked."""

    period: str
    starts_on: date
    ends_on: date
    last_on: date | None
    is_partial: bool
    areas: tuple[str, ...]
    lang: str = "zh"
    audience: str = "office"
    is_simulated: bool = False
    budget: float | None = None
    labels: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def label(self, list_code: str, code: str | None, lang: str | None = None) -> str:
        """The words for a code; the code itself where the list does not know it."""
        pair = self.labels.get((list_code, code or ""))
        return (pair[0] if (lang or self.lang) == "zh" else pair[1]) if pair else (code or "")

    def pick(self, zh: str, en: str) -> str:
        """The one of two wordings that the reader asked for."""
        return zh if self.lang == "zh" else en


@dataclass(frozen=True)
class Sentence:
    """What a disclosed table says, in both languages, and how strong the evidence for it is."""

    zh: str
    en: str
    strength: str = "none"


@dataclass(frozen=True)
class Headline:
    """The one figure of a finding that is carried from period to period, and the wave it was measured in."""

    value: float
    item: str
    zh: str
    en: str
    population: str = ""
    is_share: bool = True
    wave: str = ""


@dataclass(frozen=True)
class Finding:
    """A question, the measure that answers it, its table, chart, sentence, caveats and audience.

    `table` returns the figures before disclosure; `draw`, `say`, `headline` and `for_page` see the disclosed table only
    (a map also the ground it stands on: outlines, which are no figures).
    """

    id: str
    order: int
    question_zh: str
    question_en: str
    measure_zh: str
    measure_en: str
    source_zh: str
    source_en: str
    disclosure: Disclosure
    table: Callable[[duckdb.DuckDBPyConnection, Context], pl.DataFrame]
    say: Callable[[pl.DataFrame, Context], Sentence]
    draw: Callable[..., Any] | None = None  # of table and context; with a `ground` also of that
    ground: Callable[[duckdb.DuckDBPyConnection, Context, str], Any] | None = (
        None  # of an area's map: open facts of places
    )
    headline: Callable[[pl.DataFrame, str | None], Headline | None] | None = None
    change: Callable[[duckdb.DuckDBPyConnection, Headline, Headline, str], Any] | None = (
        None  # of the headline: need_changes.Change
    )
    for_page: Callable[[pl.DataFrame, Context], pl.DataFrame] | None = None
    shows: tuple[str, ...] = ()  # columns on the page, in order; the workbook and the CSV hold all
    count: Callable[[pl.DataFrame], int | None] | None = None
    count_zh: str = "受访者"
    count_en: str = "respondents"
    variables: tuple[
        str, ...
    ] = ()  # what its headline was asked with: waves are set beside only where all mean the same
    is_weighted: bool = False  # its survey shares take the weights of the wave: the source line says which
    caveats_zh: tuple[str, ...] = ()
    caveats_en: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The same figure in another period, or why there is none to set beside it."""

    period: str
    is_comparable: bool
    zh: str
    en: str
    value: float | None = None


@dataclass(frozen=True)
class Result:
    """A finding as answered for one context; `table` has passed the gate, everything else is made from it."""

    finding: Finding
    table: pl.DataFrame
    chart: Any
    sentence_zh: str
    sentence_en: str
    caveats: tuple[str, ...]
    source_line: str
    period: str
    n: int | None
    comparison: tuple[Comparison, ...]
    strength: str
    page_table: pl.DataFrame
    method: tuple[str, str] = ("", "")  # how survey figures were made and what they assume, zh and en

    def sentence(self, lang: str) -> str:
        """The sentence in one language."""
        return self.sentence_zh if lang == "zh" else self.sentence_en
