"""Cells of one HTML table → rows and merged ranges: each cell takes the next place that no cell from above covers."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.readers.sheets.sheet import Merge, rectangle

MOST_COLUMNS, MOST_ROWS = 1000, 65534  # what browsers allow a cell to span


@dataclass
class Grid:
    """A table while it is read."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    caption: str = ""
    covered: dict[int, int] = field(default_factory=dict)  # column → last row that a cell from above covers

    def new_row(self) -> None:
        """Begin the next row."""
        self.rows.append([])

    def add(self, text: str, *, across: int, down: int) -> None:
        """Put a cell into the last row."""
        if not self.rows:
            self.new_row()
        here, row = len(self.rows) - 1, self.rows[-1]
        while self.covered.get(len(row), -1) >= here:
            row.append("")
        left = len(row)
        row.extend([text, *[""] * (across - 1)])
        if across > 1 or down > 1:
            self.merges.append((here, left, here + down - 1, left + across - 1))
            self.covered |= dict.fromkeys(range(left, left + across), here + down - 1)

    def finished(self) -> tuple[list[list[str]], list[Merge]]:
        """All rows of one width; merges that end with the table."""
        last = len(self.rows) - 1
        merges = [(top, left, min(bottom, last), right) for top, left, bottom, right in self.merges]
        return rectangle(self.rows), [merge for merge in merges if merge[:2] != merge[2:]]


def span(said: str | None, most: int) -> int:
    """How many rows or columns a cell takes; 0 means all that follow.

    >>> span("2", 10), span(None, 10), span("0", 10), span("99999", 10), span("x", 10)
    (2, 1, 10, 10, 1)
    """
    number = int(said) if said and said.strip().isdecimal() else 1
    return min(number or most, most)
