"""A file that was opened and recognised, on its way to the reader of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WORKBOOK, DELIMITED, JSON, JSONLINES, PARQUET = "workbook", "delimited", "json", "jsonlines", "parquet"


@dataclass(frozen=True)
class Opened:
    """A file's content: bytes of a workbook or Parquet file, or decoded text with its encoding."""

    path: Path
    kind: str
    data: bytes = b""
    text: str = ""
    encoding: str = ""
