"""What can be told of many lines from their bytes alone: do all end alike, have all the same number of cells, are quotes strict?

A window of a few hundred kilobytes at a time stays in the processor's cache; each check is one pass over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_WINDOW = 1 << 18
_NEWLINE, _RETURN, _TAB, _QUOTE, _SPACE = 10, 13, 9, 34, 32


@dataclass(frozen=True)
class LinesSeen:
    """Counts over some lines: `n_lines` line feeds, `n_pairs` of them after a carriage return, `n_low` bytes that are control
    characters (line ends among them, tabs not), `n_cuts` delimiters outside quotes. `is_strict`: every quote opens or closes
    a whole cell, or is doubled inside one. `ends`: whether each line feed ends a record, where some are inside a cell."""

    n_lines: int
    n_pairs: int
    n_low: int
    n_cuts: int
    is_strict: bool = True
    ends: np.ndarray | None = None


def lines_seen(data: bytes, delimiter: str, *, has_quotes: bool) -> LinesSeen:
    """Count. Right for every encoding in which bytes below 0x40 stand for themselves."""
    cells = np.frombuffer(data, np.uint8)
    cut = ord(delimiter)
    counts = np.zeros(4, np.int64)
    inside, is_strict, ends = np.uint8(0), True, []
    for at in range(0, len(cells), _WINDOW):
        window = cells[at : at + _WINDOW]
        is_line, is_cut = window == _NEWLINE, window == cut
        if has_quotes and is_strict:
            is_strict, depth = _quoting(cells, at, window, cut, inside)
            inside = depth[-1] & 1
            outside = (depth & 1) == 0
            is_cut &= outside
            ends.append(outside[is_line])
        before = cells[at - 1 : at + len(window) - 1] if at else np.concatenate(([0], cells[: len(window) - 1]))
        n_lines = np.count_nonzero(is_line)
        n_low = np.count_nonzero(window < _SPACE)
        n_pairs = 0 if n_low == n_lines else np.count_nonzero(is_line & (before == _RETURN))
        n_tabs = 0 if n_low == n_lines + n_pairs else np.count_nonzero(window == _TAB)
        counts += (n_lines, n_pairs, n_low - n_tabs, np.count_nonzero(is_cut))
    all_ends = np.concatenate(ends) if ends else None
    has_inside = all_ends is not None and not all_ends.all()
    return LinesSeen(*map(int, counts), is_strict=is_strict and not inside, ends=all_ends if has_inside else None)


def _quoting(cells: np.ndarray, at: int, window: np.ndarray, cut: int, inside: np.uint8) -> tuple[bool, np.ndarray]:
    """Whether quotes are strict here, and for each byte how many quotes stand before and at it (odd: inside one).

    A quote that opens follows a delimiter, a line's end or a quote; one that closes is followed by one of these."""
    is_quote = window == _QUOTE
    depth = np.cumsum(is_quote, dtype=np.uint8) + inside
    places = np.flatnonzero(is_quote)
    opens = (depth[places] & 1).astype(bool)
    before = cells[places[opens] + at - 1]
    before[: int(bool(at == 0 and len(before) and places[opens][0] == 0))] = _NEWLINE
    after_at = places[~opens] + at + 1
    after = cells[np.minimum(after_at, len(cells) - 1)]
    after[after_at >= len(cells)] = _NEWLINE
    good_before = (before == cut) | (before == _NEWLINE) | (before == _QUOTE)
    good_after = (after == cut) | (after == _NEWLINE) | (after == _QUOTE) | (after == _RETURN)
    return bool(good_before.all() and good_after.all()), depth
