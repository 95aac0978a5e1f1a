"""A list in one cell (`饮水、充电；热饭 等`, `微波炉2台、饮水机1台`) → the codes it names, with the number said of each.

A code that is not named is not "no": a list says what is there and nothing of the rest.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import polars as pl

from pipeline.clean.values.numbers import read_number
from pipeline.clean.values.numerals import in_digits
from pipeline.clean.values.text import half, longest_first, words
from pipeline.contracts import Codebook

ITEMS = pl.List(pl.Struct({"code": pl.String, "n": pl.Float64, "qualifier": pl.String}))
_HARD = re.compile(r"[、，,；;/／|｜\n\r\t①-⑳●•·▪◆■]+")
_SOFT = re.compile(r"(\s+|以及|和|及|与|[+＋&＆])")
_NUMBERED = re.compile(r"(?:(?<=^)|(?<=[\s、，,；;。]))[(（]?([0-9]{1,2})[)）.、．]\s*(?=[^0-9\s])")
_FIGURE = r"[约近]?(?:[0-9]+|[一二两三四五六七八九十百]+)\s*[余多]?\s*"
_BEHIND = re.compile(rf"^(?P<label>.+?)\s*[:：×xX*✕]?\s*[(（]?\s*(?P<count>{_FIGURE}[^\W\d_]{{0,2}})\s*[)）]?$")
_BEFORE = re.compile(rf"^(?P<count>{_FIGURE}[^\W\d_])\s*(?P<label>\D.*)$")


@dataclass(frozen=True)
class Item:
    """One entry of a list: its code and the number said of it, or `text` that nobody knows (`code` is None)."""

    code: str | None
    n: float | None = None
    qualifier: str | None = None
    text: str = ""


@dataclass(frozen=True)
class ListOf:
    """What one cell lists. `is_open`: it says that there is more (等); `repeats`: an entry stands twice with two numbers;
    `unknown`: entries nobody knows, as they stand."""

    items: tuple[Item, ...] = ()
    is_open: bool = False
    repeats: bool = False
    unknown: tuple[str, ...] = ()


def code_lists(values: pl.Series, book: Codebook) -> tuple[pl.Series, pl.DataFrame]:
    """Cells → lists of {code, n, qualifier}, and per cell `n_unknown`, `unknown`, `is_open`, `repeats`. A blank is null, a list of
    nothing (无) is empty; entries nobody knows are left out and counted."""
    text = values.str.strip_chars().replace("", None)
    distinct = text.drop_nulls().unique().to_list()
    found = [read_list(cell, book) for cell in distinct]
    rows = [
        (cell, [{"code": i.code, "n": i.n, "qualifier": i.qualifier} for i in one.items], len(one.unknown), list(one.unknown), one.is_open, one.repeats)
        for cell, one in zip(distinct, found, strict=True)
    ]  # fmt: skip
    schema = {"text": pl.String, "items": ITEMS, "n_unknown": pl.Int64, "unknown": pl.List(pl.String),
              "is_open": pl.Boolean, "repeats": pl.Boolean}  # fmt: skip
    read = pl.DataFrame({"text": text}).join(
        pl.DataFrame(rows, schema=schema, orient="row"), on="text", how="left", maintain_order="left"
    )
    facts = read.select(
        pl.col("n_unknown").fill_null(0),
        "unknown",
        pl.col("is_open").fill_null(False),
        pl.col("repeats").fill_null(False),
    )
    return read["items"].alias(values.name), facts


def read_list(text: str, book: Codebook) -> ListOf:
    """One cell. An entry is the longest text that is a spelling, so that `饮 水` and a spelling with 和 are found whole.

    >>> from pipeline.contracts import load_codebooks
    >>> found = read_list("微波炉2台、饮 水 机；约10把椅子等", load_codebooks()["facilities"])
    >>> [(item.code, item.n) for item in found.items], found.is_open
    ([('microwave', 2.0), ('water_dispenser', None), ('chair', 10.0)], True)
    """
    cell = _unnumbered(text.strip())
    if half(cell).casefold() in words("lists")["none"]:
        return ListOf()
    cell, more = _and_others(cell, book)
    items = [item for part in _parts(cell, book) for item in _entries(part, book)]
    known = _once([item for item in items if item.code is not None])
    codes = {item.code for item in known}
    is_open = more is not None and (more is True or more != len(codes))
    return ListOf(known, is_open, len(codes) < len(known), tuple(item.text for item in items if item.code is None))


def _once(items: list[Item]) -> tuple[Item, ...]:
    """Each entry once; one without a number is the same as one with it."""
    numbered = {item.code for item in items if item.n is not None}
    return tuple(dict.fromkeys(item for item in items if item.n is not None or item.code not in numbered))


def _unnumbered(text: str) -> str:
    """The text without 1. 2. 3. before its entries; only when they count up from one at its beginning, since a number
    before a separator may also be how many there are (饮水机 2、微波炉 1)."""
    marks = list(_NUMBERED.finditer(text))
    counts_up = [int(mark[1]) for mark in marks] == list(range(1, len(marks) + 1))
    if len(marks) < 2 or marks[0].start() != 0 or not counts_up:
        return text
    return _NUMBERED.sub("\n", text)


def _and_others(text: str, book: Codebook) -> tuple[str, int | None]:
    """The text without 等 and what follows it, and what that says: True more than listed, a number how many in all, None
    nothing. 等 inside a spelling is none."""
    if found := re.search(r"(?:…+|\.{3,})$", text):
        return text[: found.start()], True
    bare = text.rstrip(" 。.；;")
    if book.lookup(_HARD.split(bare)[-1]) is not None:
        return bare, None
    found = _others().search(bare)
    if not found:
        return bare, None
    number = in_digits(f"{found['n'] or ''}个").removesuffix("个")
    return bare[: found.start()], int(number) if number.isdigit() and not found["odd"] else True


@cache
def _others() -> re.Pattern[str]:
    table = words("lists")
    things, kinds = ("|".join(longest_first(table[name])) for name in ("things", "kinds"))
    number = r"(?P<n>[0-9]+|[一二两三四五六七八九十]+)?(?P<odd>[余多几])?"
    return re.compile(rf"\s*[、，,]?\s*等+\s*(?:{number}(?:{kinds})?(?:{things})?)$")


def _parts(text: str, book: Codebook) -> list[str]:
    """The text cut at its separators; a spelling that holds one itself stays whole."""
    marked, kept = text, []
    for spelling in _with_separator(book):
        at = unicodedata.normalize("NFKC", marked).casefold().find(spelling)
        if at >= 0 and len(unicodedata.normalize("NFKC", marked)) == len(marked):
            kept.append(marked[at : at + len(spelling)])
            marked = f"{marked[:at]}\n{marked[at + len(spelling) :]}"
    parts = [part.strip(" 　。.") for part in _HARD.split(marked)]
    return [part for part in [*parts, *kept] if part]


@cache
def _separated(spellings: tuple[str, ...]) -> tuple[str, ...]:
    there = {half(text).casefold() for text in spellings}
    return tuple(longest_first([text for text in there if _HARD.search(text)]))


def _with_separator(book: Codebook) -> tuple[str, ...]:
    return _separated(tuple(text for code in book.codes for text in (code.label_zh, code.label_en, *code.spellings)))


def _entries(part: str, book: Codebook) -> list[Item]:
    """The entries of a part without hard separators: from the left, the longest run of pieces that is an entry."""
    pieces = _SOFT.split(_without_lead(part, book))
    items, at = [], 0
    while at < len(pieces):
        if at % 2 or book.is_missing(pieces[at]):  # a separator, or a place left empty
            at += 1
            continue
        runs = ((_item("".join(pieces[at:end]), book), end) for end in range(len(pieces), at, -1))
        item, at = next((run for run in runs if run[0]), (Item(None, text=pieces[at]), at + 1))
        items.append(item)
    return items


def _without_lead(part: str, book: Codebook) -> str:
    """`提供：饮水` without what it begins with."""
    if _item(part, book):
        return part
    leads = "|".join(longest_first(words("lists")["lead"]))
    return re.sub(rf"^(?:{leads})\s*[:：]?\s*", "", part)


def _item(text: str, book: Codebook) -> Item | None:
    """An entry with or without its number: 微波炉, 微波炉2台, 2台微波炉, 微波炉×2; None when it is none."""
    text = text.strip()
    code = book.lookup(text)
    if code is not None:
        return Item(code)
    for shape in (_BEHIND, _BEFORE):
        found = shape.match(text)
        code = book.lookup(found["label"]) if found else None
        number = read_number(found["count"]) if found and code is not None else None
        if number is not None and number.fault is None:
            return Item(code, number.value, number.qualifier)
    return None
