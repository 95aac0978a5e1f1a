"""What a source contract says: which files, columns, key, datum, date and tables one kind of delivery has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

COLUMN_TYPES = (
    "text", "code", "codes", "int", "number", "coordinate", "coordinate_pair", "date", "datetime", "month", "tick", "hours",
    "station", "building", "grid", "depot", "area",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its canonical name, the headings people give it, its type and what to do with surprises.

    `order` says which of a coordinate pair in one cell comes first; such a column becomes the columns lon and lat. `unit`
    of its numbers, to which those of headings and cells are converted; `total_of` the columns (canonical names) whose sum
    it states; `heading_unit` is no part of a contract: the unit that a file's heading names, once matched.
    """

    name: str
    headings: tuple[str, ...]
    type: str = "text"
    codebook: str | None = None
    required: bool = False
    not_null: bool = False
    on_unknown: str = "reject"
    personal: str | None = None
    min: float | None = None
    max: float | None = None
    qualifier: str | None = None
    order: str | None = None
    unit: str | None = None
    total_of: tuple[str, ...] = ()
    heading_unit: str | None = None


@dataclass(frozen=True)
class Table:
    """One clean table that a source feeds.

    `columns` clean column → canonical name (same name when not listed); `set` clean column → constant;
    `unpivot` wide columns under one group heading → rows; `explode` a column of lists (type `codes`) → one row per code:
    `into` takes the code, `value` the constant `set`, `n` the number said of it; `hours` canonical column of opening-hours text → rows;
    `latest_only` keep the last delivery per key; `validity` successive deliveries become valid_from / valid_to;
    `required` clean columns without which a row of this table is not made (no fault of the raw row).
    """

    name: str
    columns: dict[str, str]
    set: dict[str, Any]
    unpivot: dict[str, Any] | None = None
    hours: str | None = None
    latest_only: bool = False
    validity: bool = False
    required: tuple[str, ...] = ()
    explode: dict[str, Any] | None = None

    @property
    def listed(self) -> str | None:
        """The column of lists that this table takes apart."""
        return self.explode.get("column") if self.explode else None


@dataclass(frozen=True)
class Source:
    """One kind of delivery."""

    code: str
    label_zh: str
    label_en: str
    files: tuple[str, ...]
    kind: str
    columns: tuple[Column, ...]
    tables: tuple[Table, ...]
    sheet: str | None = None
    encoding: str | None = None
    header_rows: int | tuple[int, ...] | None = None  # how many there are, or which rows they are
    datum: str | None = None
    as_of: str = "none"
    key: tuple[str, ...] = ()
    utc_offset_hours: float = 8.0
    grain: str | None = None
    duplicate_window_minutes: float = 0.0
    path: Path | None = None
