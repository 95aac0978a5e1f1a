"""What goes into the log room and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.clean.fates import FATES, together
from pipeline.contracts import Source
from pipeline.readers import TextTable
from pipeline.warehouse.load import EventFile

_ORDER = ["source_file_id", "source_sheet", "source_row", "fate", "column_name", "reason_code"]


@dataclass(frozen=True)
class LogDelivery:
    """One log file received: where it lies, its contract, its area, its id (hash of path and content).

    `area_offset_hours` is how far the area's wall clock is ahead of UTC; None stands for the usual one (log_limits.toml).
    `tables` are the rows themselves where they are no file of their own: rows of a return workbook that came back, in the
    columns of the file they belong to.
    """

    path: Path
    source: Source
    area_code: str
    source_file_id: str
    area_offset_hours: float | None = None
    tables: tuple[TextTable, ...] = ()


@dataclass(frozen=True)
class LogResult:
    """Everything the warehouse needs to know of the logs.

    `event_files` the Parquet files this build means, `month_files` those made for its months; `fate_files` those with the fates of rows (FATES among their columns), so
    that millions of them need not be held; `own_fates` fates in none of these; `cube_files` (name of the cube, file);
    `ledger`, `notices` the account of every raw row; `seen` source file id → (family, encoding) as the readers saw it;
    `n_reused` how many files were not read again, `n_months_built` how many months were; `unknown` the texts nobody knows.
    """

    event_files: list[EventFile]
    fate_files: list[Path]
    cube_files: list[tuple[str, Path]]
    ledger: pl.DataFrame
    notices: pl.DataFrame
    own_fates: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FATES))
    month_files: list[Path] = field(default_factory=list)
    seen: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    n_reused: int = 0
    n_months_built: int = 0
    unknown: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def fates(self) -> pl.DataFrame:
        """All fates, in order; for logs of a size that can be held."""
        frames = [pl.read_parquet(path, columns=list(FATES)).cast(FATES) for path in self.fate_files]
        return together([*frames, self.own_fates], FATES).sort(_ORDER)

    @property
    def files(self) -> list[Path]:
        """Every file in the store that this build means."""
        return [*(event.path for event in self.event_files), *self.month_files]
