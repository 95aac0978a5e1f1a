"""The last line of a log that was cut off while it was written or copied: it says less than it did, and nobody knows what."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.readers.text_table import no_rows, rows_with

_LINE_ENDS = (b"\n", b"\r")
_PACKED = (".gz", ".zst")


def torn(path: Path, frame: pl.DataFrame, notices: pl.DataFrame) -> pl.DataFrame:
    """The last row, if it has fewer cells than the others (the notice `ragged_row`) and its line does not end: a row to set
    aside (`source_row, reason_code`). Of packed files the end is not looked at."""
    if frame.is_empty() or path.suffix.lower() in _PACKED or not path.is_file():
        return no_rows()
    last = frame["source_row"].max()
    ragged = notices.filter(pl.col("reason_code") == "ragged_row")["source_row"]
    if last not in ragged:
        return no_rows()
    with path.open("rb") as file:
        file.seek(-1, 2)
        is_ended = file.read(1) in _LINE_ENDS
    return no_rows() if is_ended else rows_with([last], "unreadable_row")
