"""A column of workbook cells as text, many at once: the same text, cell by cell, as `cells.text_of` writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from pipeline.readers.sheets.cells import EXACT, text_of

_SMALL = 1e-4  # below this, Python and Polars write exponents differently


def texts_of(values: Sequence[Any]) -> pl.Series:
    """Cells as text; an empty cell is null.

    >>> texts_of(["甲", "", 3.0, 2.5, True]).to_list()
    ['甲', None, '3', '2.5', 'TRUE']
    """
    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return pl.Series([value or None for value in values], dtype=pl.String)
    if float not in kinds:
        return pl.Series(_written(values), dtype=pl.String)
    numbers = _numbers([value if value.__class__ is float else None for value in values])
    if not kinds - {float, type(None)}:
        return numbers
    others = _written(values)
    return _first_of(numbers, pl.Series(others, dtype=pl.String)) if any(others) else numbers


def _moment(value: dt.datetime) -> str:
    return text_of(value) if value.microsecond else value.isoformat()


_WRITERS: dict[type, Callable[[Any], str | None]] = {
    str: lambda value: value or None,
    type(None): lambda value: None,
    float: lambda value: None,  # written many at once
    dt.date: dt.date.isoformat,
    dt.datetime: _moment,
}


def _written(values: Sequence[Any]) -> list[str | None]:
    return [_WRITERS.get(value.__class__, text_of)(value) or None for value in values]


def _numbers(values: list[float | None]) -> pl.Series:
    """Floats as `text_of` writes them: whole ones without a point, the others as Python does."""
    number = pl.col("number")
    size = number.abs()
    whole = pl.when((number == number.floor()) & (size < EXACT)).then(number).cast(pl.Int64, strict=False)
    plain = pl.when((size >= _SMALL) & (size < EXACT)).then(number).cast(pl.String)
    frame = pl.DataFrame({"number": pl.Series(values, dtype=pl.Float64)})
    texts = frame.select("number", text=pl.coalesce(whole.cast(pl.String), plain))
    if texts.select((pl.col("text").is_null() & pl.col("number").is_not_null()).any()).item():
        rest = [text_of(value) if text is None and value is not None else text for value, text in texts.iter_rows()]
        return pl.Series(rest, dtype=pl.String)
    return texts["text"]


def _first_of(numbers: pl.Series, others: pl.Series) -> pl.Series:
    return pl.DataFrame({"a": numbers, "b": others}).select(pl.coalesce("a", "b").alias("c"))["c"]
