"""What goes into the log room and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.contracts import Source
from pipeline.readers import TextTable
from pipeline.warehouse.load import EventFile


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

    `event_files` the Parquet files this build means; `fates`, `ledger`, `notices` the account of every raw row; `seen`
    source file id → (family, encoding) as the readers saw it; `n_reused` how many files were not read again; `unknown` the texts that nobody knows.
    """

    event_files: list[EventFile]
    fates: pl.DataFrame
    ledger: pl.DataFrame
    notices: pl.DataFrame
    seen: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    n_reused: int = 0
    unknown: pl.DataFrame = field(default_factory=pl.DataFrame)
