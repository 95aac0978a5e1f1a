"""The list of planted defects and of the spellings used: part of the truth, never of the raw files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

COLUMNS = ("area_code", "file", "sheet", "row", "column", "defect_code", "note")


@dataclass(frozen=True)
class Record:
    """Where an area's files go, and what was planted in them. `file` is the path below raw/, rows are counted as in
    Excel (from 1, headers included); in text files the row is the line."""

    raw: Path
    area_code: str
    folder: str
    defects: list[tuple[str, str, str, int, str, str, str]] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)

    def path(self, file: str) -> Path:
        """The place of a file of this area, its folder made."""
        path = self.raw / self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def name(self, file: str) -> str:
        """The file's path below raw/."""
        return f"{self.folder}/{file}" if self.folder else file

    def add(self, file: str, sheet: str, row: int, column: str, code: str, note: str = "") -> None:
        """One planted defect."""
        self.defects.append((self.area_code, self.name(file), sheet, row, column, code, note))


def defects_table(records: list[Record]) -> pl.DataFrame:
    """All planted defects, in the order of file, sheet and row."""
    rows = [defect for record in records for defect in record.defects]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String) | {"row": pl.Int64}, orient="row").sort(
        "file", "sheet", "row", "column", "defect_code"
    )
