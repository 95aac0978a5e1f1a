"""The fast lane: even lines, cut by Polars. Whatever is not even goes the exact way."""

from __future__ import annotations

import csv
from collections.abc import Mapping

import polars as pl

from pipeline.readers.streams.byte_checks import lines_seen

_MARK = b"\xef\xbb\xbf"  # Polars takes it away at the beginning, wherever that is
Coded = Mapping[int, pl.Categories]


def cut_quickly(data: bytes, delimiter: str, *, coded: Coded, line: int, encoding: str) -> pl.DataFrame | None:
    """c0..cN and `source_row` of lines that are all records with the same number of cells; else nothing.

    Columns in `coded` are dictionary-coded, the others text; an empty cell is null. `line` is the number of the first line.
    """
    if not data or data.startswith(_MARK):
        return None
    has_quotes = b'"' in data
    width = _width(data, delimiter)
    seen = lines_seen(data, delimiter, has_quotes=has_quotes)
    n_rows = seen.n_lines + (not data.endswith(b"\n"))
    is_even = seen.is_strict and seen.n_cuts == (width - 1) * n_rows
    if not is_even or seen.n_low != seen.n_lines + seen.n_pairs or (width == 1 and _has_blank(data)):
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
    return frame.with_columns(source_row=pl.int_range(line, line + n_rows, dtype=pl.Int64))


def _width(data: bytes, delimiter: str) -> int:
    """How many cells the first line has."""
    first = data[: data.find(b"\n") + 1] or data
    if b'"' not in first:
        return first.count(delimiter.encode()) + 1
    return len(next(csv.reader([first.decode("latin-1").replace("\r", "")], delimiter=delimiter)))


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
