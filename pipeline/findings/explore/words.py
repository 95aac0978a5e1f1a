"""Words of the notebooks (metadata/notebook_words.toml): labels of codes, headings and sentences."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import polars as pl

from pipeline.findings.explore.choices import Choices
from pipeline.paths import METADATA


@cache
def notebook_words() -> dict[str, Any]:
    """metadata/notebook_words.toml."""
    return tomllib.loads((METADATA / "notebook_words.toml").read_text(encoding="utf-8"))


def label(choices: Choices, list_code: str, code: str, lang: str | None = None) -> str:
    """The words for a code: of the notebooks' own lists, else of the codebooks."""
    own = notebook_words()["lists"].get(list_code, {}).get(code)
    if own:
        return str(own[0 if (lang or choices.context.lang) == "zh" else 1])
    return choices.context.label(list_code, code, lang)


def labelled(table: pl.DataFrame, column: str, list_code: str, choices: Choices, into: str = "label") -> pl.DataFrame:
    """Adds the words for a code."""
    names = [label(choices, list_code, code) for code in table[column]]
    return table.with_columns(pl.Series(into, names, dtype=pl.String))


def with_area(table: pl.DataFrame, choices: Choices) -> pl.DataFrame:
    """Labels led by the area's name where there is more than one, so that no two areas fall together in a chart."""
    if len(choices.context.areas) < 2 or table.is_empty():
        return table
    names = [choices.context.label("areas", code) for code in table["area_code"]]
    return table.with_columns((pl.Series("_area", names, dtype=pl.String) + "·" + pl.col("label")).alias("label"))


def empty(*names: str) -> pl.DataFrame:
    """A frame without rows that every sentence and chart can read."""
    figures: Sequence[str] = (
        "n",
        "n_need",
        "n_unmet",
        "n_chosen",
        "need_share",
        "met_share",
        "est",
        "lci",
        "uci",
        "n_eff",
    )
    return pl.DataFrame(
        schema={**dict.fromkeys(names, pl.String), **dict.fromkeys(figures, pl.Float64), "suppressed": pl.Boolean}
    )
