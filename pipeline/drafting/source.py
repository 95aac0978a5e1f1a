"""One export to draft from: its table, what its headings show, how its platform writes, and which form it has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.readers.surveys.outline import Outline
from pipeline.readers.surveys.survey_columns import Dialect
from pipeline.readers.text_table import TextTable

_NUMBER_NAMES = re.compile(r"按序号|_2\.xlsx?$|_number|numeric", re.IGNORECASE)
_INTEGER = r"^-?\d+(?:\.0+)?$"


@dataclass(frozen=True)
class Source:
    """One export. `form` is text (options as words), number (as their numbers) or code (as the form's codes)."""

    table: TextTable
    outline: Outline
    dialect: Dialect
    form: str = "text"

    @property
    def numbered(self) -> bool:
        """Whether cells hold options as their numbers."""
        return self.form == "number"


def respondents(source: Source) -> pl.Series | None:
    """Who answered each row, comparable between exports; None where no column tells."""
    positions = source.outline.meta.get("respondent", ())
    if not positions:
        return None
    column = source.table.frame[f"c{positions[0]}"].cast(pl.String)
    return column.str.strip_chars().str.replace(r"\.0+$", "").alias("respondent")


def form_of(table: TextTable, outline: Outline, dialect: Dialect) -> str:
    """Which form an export has. Code, where a form told the codes of options and the cells hold them; number, where nearly
    every closed-looking cell is an integer; else text.
    """
    told = [(stem, {one.code for one in stem.told.options}, {one.text for one in stem.told.options})
            for stem in outline.stems if stem.told.options]  # fmt: skip
    if told:
        return _form_told(table, told)
    shares = [share for stem in outline.stems for part in stem.parts
              if not part.is_fill_in and (share := _integers(table, part.position)) is not None]  # fmt: skip
    mostly = sum(share >= 0.95 for share in shares) >= 0.8 * max(1, len(shares))
    named = _NUMBER_NAMES.search(table.path.name) is not None
    half = sum(share >= 0.95 for share in shares) >= 0.5 * max(1, len(shares))
    return "number" if shares and (mostly or (named and half)) else "text"


def _integers(table: TextTable, position: int) -> float | None:
    cells = table.frame[f"c{position}"].cast(pl.String).str.strip_chars()
    cells = cells.filter(cells.is_not_null() & (cells != ""))
    return None if cells.is_empty() else float(cells.str.contains(_INTEGER).mean() or 0.0)


def _form_told(table: TextTable, told: Sequence[tuple[Any, set[str], set[str]]]) -> str:
    """Code or text by which of the two the cells hold more of; number where the codes are all numbers."""
    as_code = as_text = 0
    numeric = all(code.lstrip("-").isdecimal() for _, codes, _ in told for code in codes)
    for stem, codes, texts in told:
        whole = [part for part in stem.parts if not part.option and not part.is_fill_in]
        for part in whole:
            cells = set(table.frame[f"c{part.position}"].cast(pl.String).drop_nulls().unique().to_list())
            pieces = {piece.removesuffix(".0") for cell in cells for piece in (cell, *cell.split())}
            as_code += len(pieces & codes)
            as_text += len(cells & texts)
    if as_text > as_code:
        return "text"
    return "number" if numeric and as_code else "code"


def stems_in_step(one: Outline, other: Outline) -> Mapping[int, int]:
    """Which question of one export is which of the other (by place): by number, else by name, else by wording."""
    keys = [{}, {}, {}]
    for place, stem in enumerate(other.stems):
        for known, key in zip(keys, (stem.number, stem.name, stem.text), strict=True):
            if key not in (None, ""):
                known.setdefault(key, place)
    found: dict[int, int] = {}
    for place, stem in enumerate(one.stems):
        for known, key in zip(keys, (stem.number, stem.name, stem.text), strict=True):
            if key in known and known[key] not in found.values():
                found[place] = known[key]
                break
    return found
