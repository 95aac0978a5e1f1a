"""The exact way: a few lines at a time as `read_records` reads a whole file; a record that is not finished waits for more."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipeline.readers.streams.fast_lane import cut_quickly
from pipeline.readers.streams.uneven_lines import uneven_lines
from pipeline.readers.text.faults import FAULT, marked, n_faulty
from pipeline.readers.text.records import Place, is_seen, parsed, records_frame, with_returns, without_returns

_PIECE = 2_000_000
MOST_OPEN = 8_000_000  # a quote that stays open longer than so many bytes is not meant to close


@dataclass
class Cut:
    """Records cut so far: frames of c0..cN, source_row and n_cells; lines that cannot be read; where the next begins."""

    line: int
    usual: int
    frames: list[pl.DataFrame] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    n_bytes: int = 0
    n_faulty: int = 0


def cut_exactly(data: bytes, delimiter: str, *, line: int, usual: int, encoding: str, is_end: bool) -> Cut:
    """Records of `data`, whose first line has the number `line`. Without `is_end` the last may be unfinished: then it is left
    (`n_bytes` says how far it went), unless it is so long that its quote cannot be meant to close."""
    cut = Cut(line, usual)
    size = _PIECE
    while cut.n_bytes < len(data):
        begin = cut.n_bytes
        end = data.find(b"\n", begin + size - 1) + 1 or len(data)
        piece = data if end - begin == len(data) else data[begin:end]
        is_last = is_end and end == len(data)
        if not _took_quickly(cut, piece, delimiter, encoding, is_end=is_last):
            _take_exactly(cut, piece, delimiter, encoding, is_end=is_last)
        if cut.n_bytes > begin:
            size = _PIECE
        elif end < len(data):
            size *= 2
        else:
            break
    return cut


def _took_quickly(cut: Cut, piece: bytes, delimiter: str, encoding: str, *, is_end: bool) -> bool:
    found = cut_quickly(piece, delimiter, coded={}, line=cut.line, encoding=encoding)
    if found is None:
        return _took_but_for_some(cut, piece, delimiter, encoding, is_end=is_end)
    frame, n_lines = found
    width = frame.width - 1
    cut.frames.append(frame.filter(is_seen(width)).with_columns(n_cells=pl.lit(width, pl.Int64)))
    cut.usual = cut.usual or width
    cut.n_bytes += len(piece)
    cut.line += n_lines
    return True


def _took_but_for_some(cut: Cut, piece: bytes, delimiter: str, encoding: str, *, is_end: bool) -> bool:
    """Without quotes every line stands for itself: the uneven ones are read each, the others together."""
    uneven = uneven_lines(piece, delimiter, encoding)
    if uneven is None:
        return False
    found = cut_quickly(uneven.others, delimiter, coded={}, line=0, encoding=encoding)
    if found is None:
        return False
    frame, _ = found
    width = frame.width - 1
    frame = frame.with_columns(source_row=pl.Series(uneven.others_at + cut.line, dtype=pl.Int64))
    alone = Cut(cut.line, 1)
    for place, line in zip(uneven.at, uneven.lines, strict=True):
        alone.line = cut.line + int(place)
        _take_exactly(alone, line, delimiter, encoding, is_end=is_end and place == uneven.n_lines - 1)
    frames = [frame.filter(is_seen(width)).with_columns(n_cells=pl.lit(width, pl.Int64)), *alone.frames]
    cut.frames.append(pl.concat(frames, how="diagonal").sort("source_row"))
    cut.unreadable += alone.unreadable
    cut.n_faulty += alone.n_faulty
    cut.usual = cut.usual or uneven.first_width
    cut.n_bytes += len(piece)
    cut.line += uneven.n_lines
    return True


def _take_exactly(cut: Cut, piece: bytes, delimiter: str, encoding: str, *, is_end: bool) -> None:
    n_all = len(piece)
    if is_end:
        piece = piece.removesuffix(b"\x1a")  # of old DOS tools
    text = marked(piece, encoding)
    has_faults = FAULT in text
    lines = list(io.StringIO(without_returns(text), newline="\n"))
    place = Place(usual=cut.usual)
    rows, starts = [], []
    for record, number in _records(lines, delimiter, place, is_end=is_end, is_too_long=len(piece) > MOST_OPEN):
        line = cut.line + number - 1
        if record is None or (has_faults and any(FAULT in cell for cell in record)):
            cut.unreadable.append(line)
        elif any(record):
            rows.append(record)
            starts.append(line)
    if rows:
        cut.frames.append(with_returns(records_frame(rows, starts)))
    cut.n_faulty += n_faulty("".join(lines[: place.line])) if has_faults else 0
    cut.n_bytes += n_all if is_end else _bytes_of(piece, place.line, len(lines))
    cut.line += place.line
    cut.usual = place.usual


def _records(lines: list[str], delimiter: str, place: Place, *, is_end: bool, is_too_long: bool):
    """Records and lines that cannot be read; where the first record of all is too long to be one, its first line."""
    yield from parsed(lines, delimiter, place, is_end=is_end)
    if is_too_long and place.line == 0 and not is_end:
        yield None, 1
        place.line, place.usual = 1, 0
        yield from parsed(lines, delimiter, place, is_end=False)


def _bytes_of(piece: bytes, n_lines: int, of: int) -> int:
    """The length of the first lines."""
    if n_lines >= of:
        return len(piece)
    return int(np.flatnonzero(np.frombuffer(piece, np.uint8) == 10)[n_lines - 1]) + 1 if n_lines else 0
