"""What all readers of cells share: half width, blank, and the words of `metadata/values.toml`."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

import polars as pl

from pipeline.contracts.toml import load_toml
from pipeline.paths import METADATA


def half_width(values: pl.Series) -> pl.Series:
    """Digits, letters and signs in half width, outer spaces off; blank becomes null."""
    text = values.str.normalize("NFKC").str.strip_chars()
    return text.replace("", None)


def half(text: str) -> str:
    """One text in half width, outer spaces off.

    >>> half(" １２㎡ ")
    '12m2'
    """
    return unicodedata.normalize("NFKC", text).strip()


def is_blank(values: pl.Series) -> pl.Series:
    """True where a cell holds nothing."""
    return values.is_null() | (values.str.strip_chars() == "")


@cache
def words(part: str) -> dict[str, Any]:
    """One part of `metadata/values.toml`: the words that people put around numbers, lists and totals."""
    return load_toml(METADATA / "values.toml")[part]


def longest_first(texts: list[str]) -> list[str]:
    """Longer texts before those they begin with, so that the first that fits is the one meant."""
    return sorted(texts, key=lambda text: (-len(text), text))
