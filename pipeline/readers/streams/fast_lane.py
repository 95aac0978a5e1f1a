"""The fast lane: even lines, cut by Polars. Whatever is not even goes the exact way."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipeline.readers.streams.byte_checks import lines_seen
from pipeline.readers.text.records import BROKEN_QUOTE_LINES

_MARK = b"\xef\xbb\xbf"  # Polars takes it away at the beginning, wherever that is
Coded = Mapping[int, pl.Categories]


def cut_quickly(
    data: bytes, delimiter: str, *, coded: Coded, line: int, encoding: str
) -> tuple[pl.DataFrame, int] | None:
    """c0..cN and `source_row` of lines that are all records with the same number of cells, and how many lines they are; else
    nothing. A quoted cell may have line breaks.

    Columns in `coded` are dictionary-coded, the others text; an empty cell is null. `line` is the number of the first line.
    """
    if not data or data.startswith(_MARK):
        return None
    has_quotes = b'"' in data
    seen = lines_seen(data, delimiter, has_quotes=has_quotes)
    if not seen.is_strict or seen.n_low != seen.n_lines + seen.n_pairs:
        return None
    n_lines = seen.n_lines + (not data.endswith(b"\n"))
    starts = np.arange(n_lines) if seen.ends is None else np.append(0, np.flatnonzero(seen.ends) + 1)
    starts = starts[starts < n_lines]
    n_rows = len(starts)
    width, rest = seen.n_cuts // n_rows + 1, seen.n_cuts % n_rows
    is_tall = seen.ends is not None and np.diff(starts, append=n_lines).max() > BROKEN_QUOTE_LINES
    if rest or is_tall or (width == 1 and _has_blank(data)):
        return None
    schema = {f"c{i}": pl.Categorical(coded[i]) if i in coded else pl.String for i in range(width)}
    try:
        if encoding != "utf-8" and not data.isascii():
            data = data.decode(encoding).encode()
        frame = pl.read_csv(
            data, separator=delimiter, has_header=False, schema=schema, quote_char='"' if has_quotes else None
        )
    except (pl.exceptions.PolarsError, UnicodeError):  # a line that is too long, bytes that do not fit
        return None
    if frame.height != n_rows:
        return None
    if has_quotes and b'""' in data:
        frame = frame.with_columns(_filled(frame[name]) for name in schema)
    return frame.insert_column(width, pl.Series("source_row", starts + line, dtype=pl.Int64)), n_lines


def _has_blank(data: bytes) -> bool:
    return data.startswith((b"\n", b"\r\n")) or b"\n\n" in data or b"\n\r\n" in data


def _filled(cells: pl.Series) -> pl.Series:
    """Cells, those null that are quoted and empty."""
    if cells.dtype == pl.String:
        is_filled = cells != ""
    elif "" in cells.dtype.categories:
        is_filled = cells.to_physical() != cells.dtype.categories[""]
    else:
        return cells
    return cells if is_filled.all() else cells.to_frame().select(pl.when(is_filled).then(pl.first())).to_series()
