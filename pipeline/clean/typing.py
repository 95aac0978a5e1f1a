"""One contract column of text → typed values and the rows whose value cannot be accepted, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.clean import values as read
from pipeline.clean.geo.cells import read_numbers, read_pairs, without_empty_pairs
from pipeline.clean.hours import parse_hours
from pipeline.clean.places import KINDS, Places
from pipeline.contracts import Codebook
from pipeline.contracts.source import Column
from pipeline.privacy import mask_contacts, screen_text


@dataclass(frozen=True)
class Setting:
    """What typing needs to know beside the column: code lists, known places, the area, the year of the delivery."""

    codebooks: dict[str, Codebook]
    places: Places
    area_code: str
    year: int | None = None


@dataclass(frozen=True)
class Typed:
    """`values` (null where unreadable; structs of lon and lat for a coordinate pair), `reason` per row (null = accepted),
    `qualifier` for numbers."""

    values: pl.Series
    reason: pl.Series
    qualifier: pl.Series | None = None


def type_column(column: Column, text: pl.Series, setting: Setting) -> Typed:
    """Type one column. A blank is null, and a fault only where the contract says `not_null`."""
    raw = text.str.strip_chars().replace("", None)
    if column.type == "coordinate_pair":
        raw = without_empty_pairs(raw)
    book = setting.codebooks.get(column.codebook) if column.codebook else None
    if book is not None or column.type == "tick":
        missing = {
            value for value in raw.drop_nulls().unique().to_list() if (book or _ticks(setting)).is_missing(value)
        }
        raw = raw.set(raw.is_in(list(missing)).fill_null(False), None) if missing else raw
    typed, qualifier, reason = _convert(column, raw, setting, book)
    bad = raw.is_not_null() & typed.is_null()
    faults = _where(bad, reason)
    if column.type in KINDS:
        waiting = bad & setting.places.is_refused(column.type, setting.area_code, raw)
        faults = _where(waiting, "station_refused" if column.type == "station" else "place_refused").fill_null(faults)
    if column.min is not None or column.max is not None:
        outside = ~typed.is_between(
            column.min if column.min is not None else -1e18, column.max if column.max is not None else 1e18
        )
        outside = outside.fill_null(False)
        faults = _where(outside, "out_of_range").fill_null(faults)
        typed = typed.set(outside, None)
    if column.not_null:
        faults = faults.fill_null(_where(raw.is_null(), "missing_value"))
    return Typed(typed.alias(column.name), faults.alias("reason_code"), qualifier)


def _convert(
    column: Column, raw: pl.Series, setting: Setting, book: Codebook | None
) -> tuple[pl.Series, pl.Series | None, str | pl.Series]:
    """Values, qualifiers, and the reason for those that cannot be read (one for all, or one per row)."""
    match column.type:
        case "text" | "area":
            return (screen_text if column.personal == "coarsen" else mask_contacts)(raw), None, "missing_value"
        case "code":
            return lookup(raw, book), None, "unknown_code"
        case "codes":
            return raw, None, "unknown_code"
        case "int" | "number":
            value, qualifier = read.numbers(raw)
            if column.type == "int":
                value = value.round(0).cast(pl.Int64, strict=False)
            return value, qualifier, "bad_number"
        case "coordinate":
            degrees, reason = read_numbers(raw)
            return degrees, None, reason
        case "coordinate_pair":
            pairs, reason = read_pairs(raw, column.order or "")
            return pairs, None, reason
        case "date":
            return read.dates(raw, year=setting.year), None, "bad_date"
        case "datetime":
            return read.datetimes(raw), None, "bad_time"
        case "month":
            return read.months(raw), None, "bad_date"
        case "tick":
            return ticks(raw, _ticks(setting)), None, "bad_tick"
        case "hours":
            known = {text: parse_hours(text) is not None for text in raw.drop_nulls().unique().to_list()}
            readable = raw.replace_strict(list(known), list(known.values()), default=False, return_dtype=pl.Boolean)
            return raw.set(~readable.fill_null(False), None), None, "bad_hours"
        case kind if kind in KINDS:
            found = setting.places.resolve(kind, setting.area_code, raw)
            return found, None, "unknown_station" if kind == "station" else "unknown_place"
    raise AssertionError(f"a column type without a reader: {column.type}")


def lookup(raw: pl.Series, book: Codebook) -> pl.Series:
    """Spellings → codes of a codebook; null where unknown."""
    distinct = raw.drop_nulls().unique().to_list()
    return raw.replace_strict(distinct, [book.lookup(text) for text in distinct], default=None, return_dtype=pl.String)


def ticks(raw: pl.Series, book: Codebook) -> pl.Series:
    """Ticks → true / false; null where blank or unreadable."""
    return lookup(raw, book).replace_strict(["yes", "no"], [True, False], default=None, return_dtype=pl.Boolean)


def _ticks(setting: Setting) -> Codebook:
    return setting.codebooks["ticks"]


def _where(mask: pl.Series, reason: str | pl.Series) -> pl.Series:
    return pl.DataFrame({"mask": mask}).select(pl.when("mask").then(pl.lit(reason))).to_series()
