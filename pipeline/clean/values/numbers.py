"""Numbers as people write them: a value, what was said about it (`eq gt lt approx`), and the unit behind it.

Whatever may mean two things is refused: 3-5, 3w, 三百五, two figures with a space between, a unit nobody knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import polars as pl

from pipeline.clean.values.numerals import in_digits
from pipeline.clean.values.text import half, longest_first, words
from pipeline.clean.values.units import conversion, units

BAD, UNKNOWN_UNIT = "bad_number", "unknown_unit"
_PLAIN = r"^-?[0-9]+(?:\.[0-9]+)?$"
_SHAPE = re.compile(r"^([-+]?)([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE]([-+][0-9]{2,}))?(?![0-9.,])(.*)$", re.S)
_GROUPED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
_SPACED = re.compile(r"^[^0-9]*[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]+)?[^0-9]*$")
_BETWEEN = ":：×xX*✕"  # stands between a label and its number: 微波炉×2
SCHEMA = {"value": pl.Float64, "qualifier": pl.String, "fault": pl.String, "as_written": pl.String,
          "step": pl.Float64}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """How the numbers of a column are written. `unit` the column's own, to which others are converted; `heading_unit`
    what its heading says; `labels` what may stand before a number or behind its unit and means the column itself
    (微波炉2台 under 微波炉)."""

    unit: str | None = None
    heading_unit: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """One number; `fault` says why there is none. `as_written` is a unit of measure that nobody could convert, `step` what
    its last written digit is worth (3.5万: 1000)."""

    value: float | None = None
    qualifier: str | None = None
    fault: str | None = None
    as_written: str | None = None
    step: float | None = None


PLAIN = Written()


def numbers(values: pl.Series, written: Written = PLAIN) -> tuple[pl.Series, pl.Series]:
    """Numbers and their qualifier (`eq gt lt approx`); both null where unreadable.

    >>> value, qualifier = numbers(pl.Series(["近30万", "２０余", "12台", "很多", "3-5"]))
    >>> value.to_list(), qualifier.to_list()
    ([300000.0, 20.0, 12.0, None, None], ['lt', 'gt', 'eq', None, None])
    """
    read = read_numbers(values, written)
    return read["value"].alias(values.name), read["qualifier"]


def read_numbers(values: pl.Series, written: Written = PLAIN) -> pl.DataFrame:
    """`value`, `qualifier`, `fault` (`bad_number`, `unknown_unit`; null for a number or a blank) and `step` of every cell.

    A column whose unit nobody states may write one unit of measure behind its numbers, and they stand in that; with two
    (2公里, 500米) nobody knows what the column counts.
    """
    text = values.str.strip_chars().replace("", None)
    is_plain = (
        text.str.contains(_PLAIN).fill_null(False)
        if written.heading_unit is None
        else pl.repeat(False, len(text), eager=True)
    )
    odd = text.filter(~is_plain).drop_nulls().unique().to_list()
    found = [read_number(cell, written) for cell in odd]
    table = pl.DataFrame(
        [(n.value, n.qualifier, n.fault, n.as_written, n.step) for n in found], schema=SCHEMA, orient="row"
    )
    if table["as_written"].n_unique() - table["as_written"].has_nulls() > 1:
        is_measured = pl.col("as_written").is_not_null()
        table = table.with_columns(
            *(pl.when(~is_measured).then(name).alias(name) for name in ("value", "qualifier")),
            fault=pl.when(is_measured).then(pl.lit(UNKNOWN_UNIT)).otherwise("fault"),
        )
    table = table.with_columns(text=pl.Series(odd, dtype=pl.String)).drop("as_written")
    read = pl.DataFrame({"text": text}).join(table, on="text", how="left", maintain_order="left")
    plain = pl.when(pl.Series(is_plain))
    return read.select(
        plain.then(pl.col("text").cast(pl.Float64, strict=False)).otherwise("value").alias("value"),
        plain.then(pl.lit("eq")).otherwise("qualifier").alias("qualifier"),
        "fault",
        plain.then(10.0 ** -pl.col("text").str.extract(r"\.([0-9]+)$").str.len_chars().cast(pl.Float64).fill_null(0.0))
        .otherwise("step").alias("step"),
    )  # fmt: skip


def read_number(text: str, written: Written = PLAIN) -> Number:
    """One cell.

    >>> read_number("约3.5万人", Written(unit="人")).value, read_number("3.5", Written("人", "万人")).value
    (35000.0, 35000.0)
    >>> read_number("微波炉2台", Written(labels=("微波炉",))).value, read_number("饮水机2台").fault
    (2.0, 'bad_number')
    """
    plain = _joined(_unlabelled(half(text), written.labels).replace("−", "-"))
    if plain is None:
        return Number(fault=BAD)
    before, plain = _taken(plain.removeprefix("百分之") + ("%" if plain.startswith("百分之") else ""))
    shape = _SHAPE.match(in_digits(plain))
    if not shape or before is None:
        return Number(fault=BAD)
    sign, digits, exponent, behind = shape.groups()
    odd, scale, unit, after = _behind(behind)
    said = _one_of([before, odd, after])
    if said is None or re.search(r"[0-9]|^[-–—~.,/至到]", _unit_name(unit)):
        return Number(fault=BAD)
    if said == "eq" and exponent and int(exponent) > len(digits.partition(".")[2]):
        said = "approx"  # a spreadsheet that shows 1.2E+05 has rounded it
    value = float(f"{sign}{digits}{'e' + exponent if exponent else ''}") * scale
    step = scale * 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
    return _in_unit(value, said, unit, written, step=step, is_scaled=scale != 1)


def _in_unit(value: float, said: str, unit: str, written: Written, *, step: float, is_scaled: bool) -> Number:
    """The number in the column's unit. A unit behind it goes before the heading's; 3.5万 under （万人） may mean both."""
    target = written.unit or written.heading_unit
    if unit:
        if not units(unit):
            return Number(fault=UNKNOWN_UNIT if re.fullmatch(r"[^\W\d_]{1,6}", unit) else BAD)
        factor, as_written = conversion(unit, target), None
        if factor is None and target is None and all(meaning.dimension != "share" for meaning in units(unit)):
            factor, as_written = 1.0, unit
    else:
        stated = written.heading_unit
        factor, as_written = (conversion(stated, written.unit) if stated else 1.0), None
        if stated and is_scaled and factor not in (None, 1.0):
            return Number(fault=BAD)
    if factor is None:
        return Number(fault=UNKNOWN_UNIT)
    return Number(value if factor == 1 else round(value * factor, 9), said, None, as_written, step * factor)


def _unlabelled(text: str, labels: tuple[str, ...]) -> str:
    """The text without the column's own name before or behind its number."""
    for label in longest_first([half(label) for label in labels if label.strip()]):
        rest = text.removeprefix(label) if text.startswith(label) else text.removesuffix(label)
        if rest and rest != text:
            return rest.strip(f" {_BETWEEN}()")
    return text


def _joined(text: str) -> str | None:
    """The text without the signs and spaces that group digits; None where they do not, so that two figures may stand there."""
    if re.search(r"[0-9.]\s+[0-9.]", text) and not _SPACED.match(text):
        return None
    text = _GROUPED.sub(lambda found: found[0].replace(",", ""), re.sub(r"\s", "", text))
    return None if re.search(r"[0-9],|,[0-9]", text) else text


def _taken(text: str) -> tuple[str | None, str]:
    """What is said before a number (`eq` when nothing is, None when it contradicts itself), and the text behind it."""
    said: list[str | None] = []
    while found := _before().match(text):
        said.append(words("numbers")["before"][found[0]])
        text = text[found.end() :]
    return _one_of(said), text


def _behind(text: str) -> tuple[str | None, float, str, str | None]:
    """What stands behind the digits: odd (余), scale (万), unit, and what is said behind it (以上)."""
    table = words("numbers")
    odd, scale, odd_too, rest = _odd_scale().match(text).groups()
    after = _after().search(rest)
    said = _one_of([table["odd"].get(odd), table["odd"].get(odd_too)]) if odd or odd_too else None
    unit = rest[: after.start()] if after else rest
    return said, table["scale"].get(scale, 1.0), unit, table["after"][after[0]] if after else None


def _one_of(said: list[str | None]) -> str | None:
    """The one thing said of a number; about goes before the rest (约20余), two bounds in two directions are none."""
    bounds = {word for word in said if word not in (None, "eq")}
    if "approx" in bounds:
        return "approx"
    return "eq" if not bounds else bounds.pop() if len(bounds) == 1 else None


def _unit_name(unit: str) -> str:
    """The unit without a digit that belongs to its name (m2)."""
    return "" if units(unit) else unit


@cache
def _before() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, longest_first(list(words("numbers")["before"])))))


@cache
def _odd_scale() -> re.Pattern[str]:
    odd = "|".join(map(re.escape, longest_first(list(words("numbers")["odd"]))))
    scale = "|".join(map(re.escape, longest_first(list(words("numbers")["scale"]))))
    return re.compile(rf"^({odd})?({scale})?({odd})?(.*)$", re.S)


@cache
def _after() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first(list(words('numbers')['after']))))})$")
