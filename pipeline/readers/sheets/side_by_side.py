"""Tables that stand beside each other on one sheet, an empty column between, become sheets of their own.

A ledger may have an empty column in its middle, too. So it is cut only where the part at the right repeats the headings
at the left (printed in two columns), has its headings in other rows, or ends rows earlier though none of its rows is blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.readers.row_kinds import is_remark, is_total
from pipeline.readers.sheets.cells import is_blank, text_of
from pipeline.readers.sheets.header import find_header, head_of, is_number
from pipeline.readers.sheets.sheet import Sheet, columns_of

_LEAST = 2  # headings that make a part a table; rows by which a part must be shorter


def side_by_side(sheet: Sheet, start: int, stop: int) -> list[Sheet]:
    """The sheet itself, or one sheet per table that stands side by side in the rows [start, stop)."""
    parts = _parts(sheet, start, stop)
    if len(parts) < 2:
        return [sheet]
    header = find_header(head_of(sheet.rows, sheet.merges, start, stop))
    tables = [
        part for part in parts if len(_words(sheet, part, header)) >= _LEAST or _stands_lower(sheet, part, start, stop)
    ]
    cuts = [
        right[0]
        for left, right in pairwise(tables)
        if _is_apart(sheet, left, right, header, stop) or _stands_lower(sheet, right, start, stop)
    ]
    if not cuts:
        return [sheet]
    edges = [0, *cuts, sheet.width]
    return [columns_of(sheet, first, after - 1, stop) for first, after in pairwise(edges)]


def _parts(sheet: Sheet, start: int, stop: int) -> list[tuple[int, int]]:
    """Runs of columns with something in them."""
    rows = sheet.rows[start:stop]
    used = [any(not is_blank(row[column]) for row in rows) for column in range(sheet.width)]
    for top, left, _, right in sheet.merges:  # a heading over its columns, not a title over everything
        if start <= top < stop and right - left < sheet.width / 2:
            used[left : right + 1] = [used[left] or one for one in used[left : right + 1]]
    edges = [i for i in range(sheet.width + 1) if (i < sheet.width and used[i]) != (i > 0 and used[i - 1])]
    return [(first, after - 1) for first, after in zip(edges[::2], edges[1::2], strict=True)]


def _words(sheet: Sheet, part: tuple[int, int], header: Sequence[int]) -> list[str]:
    """What stands in the header's last row over these columns, if it is all words."""
    cells = [sheet.rows[row][part[0] : part[1] + 1] for row in header[-1:]]
    seen = [cell for row in cells for cell in row if not is_blank(cell)]
    return [] if any(map(is_number, seen)) else [text_of(cell).strip() for cell in seen]


def _is_apart(sheet: Sheet, left: tuple[int, int], right: tuple[int, int], header: Sequence[int], stop: int) -> bool:
    names, others = _words(sheet, left, header), _words(sheet, right, header)
    if set(others) <= set(names):
        return True
    ends = [_end_if_dense(sheet, part, header[-1] + 1, stop) for part in (left, right)]
    return None not in ends and abs(ends[0] - ends[1]) >= _LEAST


def _end_if_dense(sheet: Sheet, part: tuple[int, int], first: int, stop: int) -> int | None:
    """The last record's row of this part, when no row before it is less than half filled."""
    wide, end = part[1] - part[0] + 1, first - 1
    for row in range(first, stop):
        seen = [cell for cell in sheet.rows[row][part[0] : part[1] + 1] if not is_blank(cell)]
        if not seen or is_total(lead := text_of(seen[0])) or is_remark(lead):
            continue
        if len(seen) < max(2, wide / 2) or row != end + 1:
            return None
        end = row
    return end


def _stands_lower(sheet: Sheet, part: tuple[int, int], start: int, stop: int) -> bool:
    """Whether a part has a header of its own, in other rows than the sheet's, with values below."""
    if part[1] - part[0] + 1 < _LEAST:
        return False
    alone = columns_of(sheet, *part, stop)
    header = find_header(head_of(alone.rows, alone.merges, start, stop))
    whole = find_header(head_of(sheet.rows, sheet.merges, start, stop))
    if not header or set(header) & set(whole) or header[-1] + 1 >= stop:
        return False
    words = _words(alone, (0, alone.width - 1), header)
    below = [cell for cell in alone.rows[header[-1] + 1] if not is_blank(cell)]
    return len(set(words)) == len(words) >= _LEAST and len(below) >= _LEAST and any(map(is_number, below))
