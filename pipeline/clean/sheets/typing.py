"""One contract column of text → typed values and the rows whose value cannot be accepted, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pipeline.clean import values as read
from pipeline.clean.geo.cells import read_numbers, read_pairs, without_empty_pairs
from pipeline.clean.hours import parse_hours
from pipeline.clean.places.known_places import KINDS, Places
from pipeline.clean.values.text import words
from pipeline.contracts import Codebook
from pipeline.contracts.source import Column
from pipeline.privacy import mask_contacts, screen_text

_MEASURED = ("int", "number", "date", "datetime", "month")


@dataclass(frozen=True)
class Setting:
    """What typing needs to know beside the column: code lists, known places, the area, the day the delivery speaks of,
    and whether the workbook counts its days from 1904."""

    codebooks: dict[str, Codebook]
    places: Places
    area_code: str
    as_of: date | None = None
    epoch_1904: bool = False

    @property
    def dates(self) -> read.DateSetting:
        """What a date may leave to its delivery."""
        return read.DateSetting(self.as_of, self.epoch_1904)


@dataclass(frozen=True)
class Typed:
    """`values` (null where unreadable; structs of lon and lat for a coordinate pair), `reason` per row (null = accepted),
    `qualifier` for numbers; `noted` what was seen that rejects no row: reason → number of rows; `unlisted` for lists of
    codes the entries of each row that nobody knows."""

    values: pl.Series
    reason: pl.Series
    qualifier: pl.Series | None = None
    noted: dict[str, int] = field(default_factory=dict)
    unlisted: pl.Series | None = None


@dataclass(frozen=True)
class _Read:
    """What a reader made of a column: values, the reason for each value that it cannot accept (or one for all)."""

    values: pl.Series
    reason: pl.Series | str
    qualifier: pl.Series | None = None
    noted: dict[str, int] = field(default_factory=dict)
    unlisted: pl.Series | None = None


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
    if column.type in _MEASURED:
        raw = raw.replace(words("missing")["words"], None)
    found = _convert(column, raw, setting, book)
    typed = found.values
    bad = raw.is_not_null() & typed.is_null()
    faults = _where(bad, found.reason)
    if column.type == "station":
        elsewhere = bad & setting.places.is_named("depot", setting.area_code, raw)
        faults = _where(elsewhere, "other_kind_of_station").fill_null(faults)
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
    return Typed(
        typed.alias(column.name), faults.alias("reason_code"), found.qualifier, found.noted, found.unlisted
    )  # fmt: skip


def _convert(column: Column, raw: pl.Series, setting: Setting, book: Codebook | None) -> _Read:
    match column.type:
        case "text" | "area":
            return _Read((screen_text if column.personal == "coarsen" else mask_contacts)(raw), "missing_value")
        case "code":
            return _Read(lookup(raw, book), "unknown_code")
        case "codes":
            return _codes(column, raw, book)
        case "int" | "number":
            return _numbers(column, raw)
        case "coordinate":
            return _Read(*read_numbers(raw))
        case "coordinate_pair":
            return _Read(*read_pairs(raw, column.order or ""))
        case "date":
            return _Read(read.dates(raw, setting.dates), read.date_faults(raw, setting.dates))
        case "datetime":
            faults = read.date_faults(raw, setting.dates, otherwise="bad_time")
            return _Read(read.datetimes(raw, setting.dates), faults)
        case "month":
            faults = read.date_faults(raw, setting.dates).replace("date_without_day", "bad_date")
            return _Read(read.months(raw, setting.dates), faults)
        case "tick":
            return _Read(ticks(raw, _ticks(setting)), "bad_tick")
        case "hours":
            known = {text: parse_hours(text) is not None for text in raw.drop_nulls().unique().to_list()}
            readable = raw.replace_strict(list(known), list(known.values()), default=False, return_dtype=pl.Boolean)
            return _Read(raw.set(~readable.fill_null(False), None), "bad_hours")
        case kind if kind in KINDS:
            found = setting.places.resolve(kind, setting.area_code, raw)
            return _Read(found, "unknown_station" if kind == "station" else "unknown_place")
    raise AssertionError(f"a column type without a reader: {column.type}")


def _numbers(column: Column, raw: pl.Series) -> _Read:
    """Numbers in the column's unit. A whole number is one; a bound or an estimate that no column keeps is noted."""
    labels = tuple(heading.rsplit("/", 1)[-1] for heading in column.headings)
    found = read.read_numbers(raw, read.Written(column.unit, column.heading_unit, labels))
    value = found["value"]
    if column.type == "int":
        whole = value.round(0)
        value = whole.set(((value - whole).abs() > 1e-6).fill_null(False), None).cast(pl.Int64, strict=False)
    kept = found["qualifier"].set(value.is_null(), None)
    n_bounds = int((kept != "eq").sum())
    noted = {"qualifier_dropped": n_bounds} if n_bounds and not column.qualifier else {}
    return _Read(value, found["fault"].fill_null("bad_number"), kept, noted)


def _codes(column: Column, raw: pl.Series, book: Codebook) -> _Read:
    """Lists of codes. An entry nobody knows refuses the list, or is left out and counted where the contract says so; one
    that stands twice with two numbers refuses it always."""
    lists, facts = read.code_lists(raw, book)
    unknown, refused = facts["n_unknown"] > 0, facts["repeats"]
    is_bound = lists.list.eval(pl.element().struct.field("qualifier") != "eq").list.any()
    noted = {"list_incomplete": int(facts["is_open"].sum()), "qualifier_dropped": int(is_bound.sum() or 0)}
    if column.on_unknown == "null":
        noted["unknown_code"] = int(facts["n_unknown"].sum())
    else:
        refused = refused | unknown
    reason = _where(facts["repeats"], "repeated_item").fill_null("unknown_code")
    values = pl.DataFrame({"list": lists, "bad": refused}).select(pl.when(~pl.col("bad")).then("list")).to_series()
    return _Read(values, reason, noted={code: n for code, n in noted.items() if n}, unlisted=facts["unknown"])


def lookup(raw: pl.Series, book: Codebook) -> pl.Series:
    """Spellings → codes of a codebook; null where unknown."""
    distinct = raw.drop_nulls().unique().to_list()
    return raw.replace_strict(distinct, [book.lookup(text) for text in distinct], default=None, return_dtype=pl.String)


def ticks(raw: pl.Series, book: Codebook) -> pl.Series:
    """Ticks → true / false; null where blank or unreadable. A 1 that a program wrote as 1.0 is the same tick."""
    return lookup(raw.str.replace(r"^([01])\.0+$", "$1"), book).replace_strict(
        ["yes", "no"], [True, False], default=None, return_dtype=pl.Boolean
    )


def _ticks(setting: Setting) -> Codebook:
    return setting.codebooks["ticks"]


def _where(mask: pl.Series, reason: pl.Series | str) -> pl.Series:
    said = pl.col("reason") if isinstance(reason, pl.Series) else pl.lit(reason)
    frame = pl.DataFrame({"mask": mask} | ({"reason": reason} if isinstance(reason, pl.Series) else {}))
    return frame.select(pl.when("mask").then(said)).to_series()
