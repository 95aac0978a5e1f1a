"""The text table: one table of a file as read — all text, every row with its origin. Nothing is typed or repaired here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.readers.surveys.outline import Form

VISIBLE, HIDDEN, VERY_HIDDEN = "visible", "hidden", "very_hidden"
ROW_SCHEMA = {"source_row": pl.Int64, "reason_code": pl.String}
NO_ROWS = "no_rows"  # a notice: a header and no record below it


def no_rows() -> pl.DataFrame:
    """An empty list of rows with reasons."""
    return pl.DataFrame(schema=ROW_SCHEMA)


@dataclass(frozen=True, eq=False)
class TextTable:
    """One table of one file.

    `frame` holds c0..cN (text; an empty cell is null, spaces are kept) in the order of `columns`, and `source_row`: the
    row as in Excel, or the physical line on which a record of a text file begins, or the ordinal of an element (JSON
    array, Parquet). `set_aside` lists the rows of the table that are no records (totals, remarks, group headings, broken
    lines), `notices` rows that are kept but remarkable: source_row and reason_code, never a value. Header and blank rows
    and the lines above the header are in neither, so the rows read are frame.height + set_aside.height.
    `positions` gives the place of each column in the file, 1-based; `filled` the cells filled from vertical merges, as
    (source_row, index of the column); `notes` what stands around the table (title, 填表日期 …), persons left out.
    `aside` holds c0..cN, `source_row` and `reason_code` of the totals and group headings among the rows set aside, for
    reconciling; `header_why` says in a few words (zh) how the header was found, `encoding_evidence` what the encoding was
    told from. `header_cells` are the header rows as they stand, cell by cell under each other (survey exports name a column
    in one row and word its question in the next); `form` is what the file itself says of its questions (value labels of an
    SPSS file), by name. `epoch_1904`: a serial number that stands as a plain number counts days from 1904-01-01.
    """

    path: Path
    sheet: str
    columns: tuple[str, ...]
    frame: pl.DataFrame
    visibility: str = VISIBLE
    header_rows: tuple[int, ...] = (1,)
    set_aside: pl.DataFrame = field(default_factory=no_rows)
    notes: dict[str, str] = field(default_factory=dict)
    family: str = "table"
    encoding: str = ""
    filled: frozenset[tuple[int, int]] = frozenset()
    positions: tuple[int, ...] = ()
    notices: pl.DataFrame = field(default_factory=no_rows)
    aside: pl.DataFrame = field(default_factory=no_rows)
    header_why: str = ""
    encoding_evidence: str = ""
    epoch_1904: bool = False
    header_cells: tuple[tuple[str, ...], ...] = ()
    form: Form | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether a person who opens the workbook does not see this sheet."""
        return self.visibility != VISIBLE

    @property
    def is_blank_form(self) -> bool:
        """Whether this is a header without any row below it: a quiet month, a blank template."""
        return not self.n_read and NO_ROWS in self.notices["reason_code"]

    @property
    def n_read(self) -> int:
        """Rows of the table: records and rows set aside."""
        return self.frame.height + self.set_aside.height


def tidy_headings(headings: Sequence[str], positions: Sequence[int]) -> tuple[str, ...]:
    """Headings that can be told apart: ends trimmed, empty ones named by their place, repeated ones numbered.

    >>> tidy_headings(["编号", "", "电话 ", "电话"], [1, 2, 3, 4])
    ('编号', '未命名2', '电话', '电话 (2)')
    """
    used: dict[str, int] = {}
    result: list[str] = []
    for heading, position in zip(headings, positions, strict=True):
        name = heading.strip("\ufeff \t\r\n\u3000") or f"未命名{position}"
        shown = name
        while shown in used:
            used[name] = used.get(name, 1) + 1
            shown = f"{name} ({used[name]})"
        used.setdefault(shown, 1)
        result.append(shown)
    return tuple(result)


def rows_with(source_rows: Sequence[int], reason: str) -> pl.DataFrame:
    """Rows with one reason."""
    return pl.DataFrame(
        {"source_row": list(source_rows), "reason_code": [reason] * len(source_rows)}, schema=ROW_SCHEMA
    )
