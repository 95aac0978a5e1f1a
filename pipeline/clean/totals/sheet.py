"""A sheet as the checks of its totals see it: columns that may be looked at, records, and the rows that state totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from pipeline.clean.sheets.columns import Matched, is_personal
from pipeline.clean.sheets.typing import ticks
from pipeline.clean.totals.covered import GROUP, Line, total_label
from pipeline.clean.totals.figures import Figures, figures, marks
from pipeline.clean.values import Written
from pipeline.clean.values.text import words
from pipeline.contracts import Codebook
from pipeline.contracts.codebook import normal
from pipeline.privacy import mask_contacts
from pipeline.readers import TextTable

_SEQUENCE = ("序号", "编号序", "no", "nr", "#")


@dataclass(frozen=True)
class Checked:
    """`table` as read, `matched` to its contract. Columns are named by their place (0-based); personal ones are not in
    `columns` and no figure of theirs is ever looked at."""

    table: TextTable
    matched: Matched
    ticks: Codebook

    @cached_property
    def aside(self) -> pl.DataFrame:
        """The totals and group headings among the rows set aside, with their cells."""
        return self.table.aside if "c0" in self.table.aside.columns else pl.DataFrame()

    @cached_property
    def headings(self) -> list[str]:
        """One per column; what looks like a telephone in it is masked."""
        return mask_contacts(pl.Series(self.table.columns, dtype=pl.String)).to_list()

    @cached_property
    def columns(self) -> list[int]:
        """The columns that are not personal."""
        declared = {physical for column, physical, _ in self.matched.columns.values() if column.personal}
        return [
            at for at, heading in enumerate(self.headings)
            if f"c{at}" not in declared and not is_personal(heading, self.table.frame[f"c{at}"])
        ]  # fmt: skip

    @cached_property
    def lines(self) -> list[Line]:
        """Records, totals and group headings in the order of the sheet."""
        records = [Line(row, record=at) for at, row in enumerate(self.table.frame["source_row"].to_list())]
        stated = [self._line(row) for row in self.aside.iter_rows(named=True)] if self.aside.height else []
        return sorted([*records, *(line for line in stated if line)], key=lambda line: line.source_row)

    def _line(self, row: dict) -> Line | None:
        cells = [row[f"c{at}"] for at in range(len(self.headings))]
        if row["reason_code"] == "group_row":
            at = next((at for at, cell in enumerate(cells) if cell and cell.strip()), 0)
            return Line(row["source_row"], GROUP, at=at, label=(cells[at] or "").strip())
        found = total_label(cells)
        return Line(row["source_row"], found[0], at=found[1], label=found[2]) if found else None

    def written(self, column: int) -> Written:
        """How the numbers of a column are written, as its contract says where it knows the column."""
        names = (self.headings[column].rsplit("/", 1)[-1],)
        for known, physical, _ in self.matched.columns.values():
            if physical == f"c{column}":
                return Written(known.unit, known.heading_unit, (*names, *known.headings))
        for item in (item for group in self.matched.wide.values() for item in group):
            if item.physical == f"c{column}":
                return Written(item.unit, item.heading_unit, (*names, *item.labels))
        return Written(labels=names)

    def figures(self, column: int) -> Figures | None:
        """The figures of a column of numbers or of ticks; None for words, running numbers and codes."""
        cells = self.table.frame[f"c{column}"].str.strip_chars().replace(["", *words("missing")["words"]], None)
        if cells.null_count() == len(cells) or self.counts_rows(column):
            return None
        read = figures(cells, self.written(column))
        if read.is_said.sum() >= read.is_bad.sum():
            return read
        distinct = cells.drop_nulls().unique().to_list()
        if all(self.ticks.lookup(text) is not None or self.ticks.is_missing(text) for text in distinct):
            return marks(ticks(cells, self.ticks))
        return None

    def counts_rows(self, column: int) -> bool:
        """Whether a figure below a column can only be a number of rows: running numbers, codes and names."""
        return is_one_of(self.headings[column], "names") or is_named(self.headings[column], _SEQUENCE)

    def cell(self, column: int, source_row: int) -> str:
        """Where a figure stands, as a spreadsheet names it: F12."""
        positions = self.table.positions
        return f"{letters(positions[column] if positions else column + 1)}{source_row}"

    @cached_property
    def first_of_its_kind(self) -> np.ndarray:
        """Per record whether no record above it says the same in every column but a running number."""
        keep = [f"c{at}" for at, heading in enumerate(self.headings) if not is_named(heading, _SEQUENCE)]
        said = self.table.frame.select(pl.struct(pl.col(keep or "^c0$").fill_null("")))
        return said.to_series().is_first_distinct().to_numpy()


def letters(position: int) -> str:
    """The letters of a column, counted from 1.

    >>> letters(1), letters(26), letters(27), letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    text = ""
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def is_one_of(heading: str, kind: str) -> bool:
    """Whether a heading holds one of the words of `[totals]`: Chinese ones anywhere, others as words of their own."""
    plain = normal(heading)
    apart = set(re.findall(r"[a-z]+", heading.casefold()))
    return any(
        word in apart if re.fullmatch(r"[a-z]+", word) else normal(word) in plain for word in words("totals")[kind]
    )


def is_named(heading: str, names: Sequence[str]) -> bool:
    """Whether the last part of a heading is exactly one of these names."""
    return normal(heading.rsplit("/", 1)[-1]) in {normal(name) for name in names}
