"""One sheet as a grid of values, whatever file it comes from: a workbook, a web page, an XML spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.readers.text_table import VISIBLE

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; 0-based, inclusive


@dataclass(frozen=True)
class Sheet:
    """Rows from A1 on, all of one width; merged ranges. `above` and `below` are lines of text outside the grid (a web
    page has some), `left` the columns cut off at the left, `faults` what the file says of single cells: reason → rows
    (as in Excel) that are kept but remarkable."""

    name: str
    rows: list[list[Any]]
    merges: Sequence[Merge] = ()
    visibility: str = VISIBLE
    epoch_1904: bool = False
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    left: int = 0
    faults: Sequence[tuple[int, str]] = ()

    @property
    def width(self) -> int:
        """Cells in a row."""
        return len(self.rows[0]) if self.rows else 0


def columns_of(sheet: Sheet, first: int, last: int, stop: int) -> Sheet:
    """The same sheet with only the columns first..last (0-based, inclusive) of the rows above `stop`."""
    merges = [
        (top, max(left, first) - first, bottom, min(right, last) - first)
        for top, left, bottom, right in sheet.merges
        if left <= last and right >= first
    ]
    rows = [row[first : last + 1] for row in sheet.rows[:stop]]
    return replace(sheet, rows=rows, merges=merges, left=sheet.left + first)


def rectangle(rows: Sequence[list[Any]]) -> list[list[Any]]:
    """Rows padded to the width of the longest.

    >>> rectangle([["a"], ["b", "c"]])
    [['a', ''], ['b', 'c']]
    """
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]
