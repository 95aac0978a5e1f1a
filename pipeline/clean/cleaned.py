"""What cleaning ledgers gives: clean tables, the account of every row, and what goes back to the keepers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pipeline.contracts.returned import ReturnSheet


@dataclass
class Cleaned:
    """Clean tables by name and the account of every row read. `as_of` file id → the date the file speaks of;
    `owner` file id → the source that reads (the first of) its sheets; `returns` the rows to repair; `unknown` the texts
    that no list and no register knows (unknown_values.UNKNOWN); `proposals` corrections to accept (proposals.PROPOSALS)."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    fates: list[pl.DataFrame] = field(default_factory=list)
    ledger: list[pl.DataFrame] = field(default_factory=list)
    notices: list[pl.DataFrame] = field(default_factory=list)
    totals: list[pl.DataFrame] = field(default_factory=list)
    as_of: dict[str, date] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    returns: list[ReturnSheet] = field(default_factory=list)
    unknown: list[pl.DataFrame] = field(default_factory=list)
    proposals: list[pl.DataFrame] = field(default_factory=list)

    def add(self, tables: dict[str, pl.DataFrame]) -> None:
        """Put tables under those already there (several sources may feed one table)."""
        for name, frame in tables.items():
            there = self.tables.get(name)
            self.tables[name] = frame if there is None else pl.concat([there, frame], how="diagonal_relaxed")
