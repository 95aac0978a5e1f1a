"""What can be told of many lines from their bytes alone: do all end alike, have all the same number of cells, are quotes strict?

A window of a hundred kilobytes at a time stays in the processor's cache; each check is one pass over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_WINDOW = 1 << 17
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
    inside, is_strict, ends = False, True, []
    for at in range(0, len(cells), _WINDOW):
        window = cells[at : at + _WINDOW]
        is_line, is_cut = window == _NEWLINE, window == cut
        if has_quotes and is_strict:
            is_strict, is_inside = _quoting(cells, at, cut, inside)
            inside = bool(is_inside[-1])
            outside = ~is_inside
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


def _quoting(cells: np.ndarray, at: int, cut: int, inside: bool) -> tuple[bool, np.ndarray]:
    """Whether quotes are strict in the window at this place, and which bytes are inside one (with the quote that opens).

    A quote that opens follows a delimiter, a line's end or a quote; one that closes is followed by one of these."""
    first, last = max(at - 1, 0), min(at + _WINDOW + 1, len(cells))
    around = cells[first:last]
    is_quote = around == _QUOTE
    is_border = is_quote | (around == cut) | (around == _NEWLINE)
    if not at:
        is_border, is_quote = np.append(True, is_border), np.append(False, is_quote)
    if last == at + _WINDOW + 1:
        before, after, quote = is_border[:-2], is_border[2:] | (around[-_WINDOW:] == _RETURN), is_quote[1:-1]
    else:
        returns = np.append(around[(at > 0) + 1 :] == _RETURN, False)
        before, after, quote = is_border[:-1], np.append(is_border[2:], True) | returns, is_quote[1:]
    toggles = quote.copy()
    toggles[0] ^= inside
    is_inside = np.logical_xor.accumulate(toggles)
    opens = quote & is_inside
    return not (np.any(opens > before) or np.any((quote ^ opens) > after)), is_inside
