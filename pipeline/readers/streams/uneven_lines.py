"""Which lines of a text without quotes are not like the others: more or fewer cells, bytes that are no text, blank lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_NEWLINE, _RETURN, _TAB, _SPACE = 10, 13, 9, 32
_MOST = 0.2  # of the lines; where more are uneven nothing is gained


@dataclass(frozen=True)
class UnevenLines:
    """`lines` the uneven ones, which stand `at` these places (0-based) among `n_lines`; `others` the rest together, `others_at`
    their places; `first_width` how many cells the first line has that is not blank."""

    n_lines: int
    at: np.ndarray
    lines: list[bytes]
    others_at: np.ndarray
    others: bytes
    first_width: int


def uneven_lines(data: bytes, delimiter: str, encoding: str) -> UnevenLines | None:
    """Tell them apart; nothing where quotes make lines depend on each other, or too many lines are uneven."""
    if b'"' in data:
        return None
    cells = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(cells == _NEWLINE) + 1
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(cells))
    n_cuts = np.diff(np.searchsorted(np.flatnonzero(cells == ord(delimiter)), ends), prepend=0)
    is_uneven = n_cuts != (usual := int(np.bincount(n_cuts).argmax()))
    places = [*_controls(cells), *_undecodable(data, encoding)]
    is_uneven[np.searchsorted(ends, places, side="right")] = True
    if not usual or is_uneven.mean() > _MOST:
        return None
    starts = np.append(0, ends[:-1])
    at = np.flatnonzero(is_uneven)
    lines = [data[starts[i] : ends[i]] for i in at]
    pieces, begin = [], 0
    for i in at:
        pieces.append(data[begin : starts[i]])
        begin = ends[i]
    pieces.append(data[begin:])
    seen = next((i for i in range(len(ends)) if data[starts[i] : ends[i]].strip(b"\r\n")), 0)
    return UnevenLines(len(ends), at, lines, np.flatnonzero(~is_uneven), b"".join(pieces), int(n_cuts[seen]) + 1)


def _controls(cells: np.ndarray) -> np.ndarray:
    """Places of control characters, lone carriage returns among them."""
    low = np.flatnonzero((cells < _SPACE) & (cells != _NEWLINE) & (cells != _TAB))
    after = cells[np.minimum(low + 1, len(cells) - 1)]
    return low[~((cells[low] == _RETURN) & (after == _NEWLINE))]


def _undecodable(data: bytes, encoding: str) -> list[int]:
    """A place in each line that is not in the encoding."""
    found, begin = [], 0
    while True:
        try:
            data[begin:].decode(encoding)
            return found
        except UnicodeDecodeError as error:
            found.append(begin + error.start)
            begin = data.find(b"\n", found[-1]) + 1
            if not begin:
                return found
