"""Where a sheet's headings are: below title lines, one to three rows, group headings joined to `group/name`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.readers.notes import is_note_cell, is_note_label
from pipeline.readers.sheets.cells import is_blank, text_of
from pipeline.readers.sheets.sheet import Merge

_LOOK = 200  # rows that decide how wide the table is
_HEAD = 60  # rows in which a header is looked for
_MOST_HEADER_ROWS = 3  # more only where a merged cell says so
_TALLEST = 5  # a merged cell that reaches further down is no heading
_NUMBER = re.compile(r"^[\s　]*[-+]?[\d０-９][\d０-９.,:：/%\-\s]*$")


@dataclass(frozen=True)
class Head:
    """The first rows of a block of a sheet, with merged cells looked through."""

    rows: Sequence[Sequence[Any]]
    start: int
    stop: int
    merges: Sequence[Merge]
    over: dict[tuple[int, int], Merge] = field(default_factory=dict)

    def value(self, row: int, column: int) -> Any:
        """What a person sees at this place: the cell's own value, or that of the merged cell that covers it."""
        merge = self.over.get((row, column))
        row, column = merge[:2] if merge else (row, column)
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def own(self, row: int, column: int) -> Any:
        return self.rows[row][column]

    def seen(self, row: int) -> dict[int, Any]:
        """Columns in which a person sees something in this row."""
        values = {column: self.value(row, column) for column in range(len(self.rows[row]))}
        return {column: value for column, value in values.items() if not is_blank(value)}

    def n_cells(self, row: int) -> int:
        """Separate cells with something in them: a merged one counts once."""
        return len({self.over.get((row, column), column) for column in self.seen(row)})


def head_of(rows: Sequence[Sequence[Any]], merges: Sequence[Merge], start: int, stop: int) -> Head:
    """The first rows of the block [start, stop)."""
    near = [merge for merge in merges if start <= merge[0] < min(stop, start + _LOOK)]
    over = {
        (row, column): merge
        for merge in near
        for row in range(merge[0], min(merge[2], start + _LOOK) + 1)
        for column in range(merge[1], merge[3] + 1)
    }
    return Head(rows, start, stop, near, over)


def find_header(head: Head) -> tuple[int, ...]:
    """The header's rows (0-based); empty when the block holds nothing."""
    filled = [row for row in range(head.start, min(head.stop, head.start + _LOOK)) if head.n_cells(row)]
    if not filled:
        return ()
    widths = sorted(len(head.seen(row)) for row in filled if head.n_cells(row) > 1)
    if not widths:
        return (filled[0],)
    enough = 0.6 * widths[len(widths) // 2]
    near = [row for row in filled if row < head.start + _HEAD]
    wide = [
        row for row in near if head.n_cells(row) > 1 and len(head.seen(row)) >= enough and not is_note_row(head, row)
    ]
    first = wide[0] if wide else near[0]
    if _share_of_numbers(head, first) > 0.5:  # values: its headings may be the sparser line above
        above = [row for row in near if row < first and head.n_cells(row) > 1 and not is_note_row(head, row)]
        first = above[-1] if above and _share_of_numbers(head, above[-1]) == 0 else first
    if first - 1 >= head.start and _completes(head, first - 1, first):
        first -= 1
    last = _last_header_row(head, first)
    words = _last_words_over_values(head, last, near)
    return (words,) if words > last else tuple(range(first, last + 1))


def _last_words_over_values(head: Head, header_end: int, near: Sequence[int]) -> int:
    """Chatty notes above a table may look like its header; the true one has words over every column of numbers."""
    below = range(header_end + 1, min(head.stop, head.start + _LOOK))
    values = {}
    for column in range(max((len(head.rows[row]) for row in below), default=0)):
        seen = [value for row in below if not is_blank(value := head.value(row, column))]
        if len(seen) >= 4 and sum(map(is_number, seen)) >= 0.7 * len(seen):
            values[column] = seen
    best = header_end
    for row in near:
        seen_here = head.seen(row)
        if row > header_end and any(is_number(seen_here.get(column, "")) for column in values):
            break  # the first record: what is below is no header, even if it says the same
        if header_end < row <= header_end + 6 and len(values) > 1 and not is_note_row(head, row):
            has_words = all(column in seen_here and not is_number(seen_here[column]) for column in values)
            best = row if has_words and head.n_cells(row) == len(seen_here) else best
    return best


def headings(head: Head, header: Sequence[int], n_columns: int) -> list[str]:
    """One heading per column, group headings joined to `group/name`."""
    return ["/".join(_parts(head, header, column)) for column in range(n_columns)]


def _parts(head: Head, header: Sequence[int], column: int) -> list[str]:
    parts: list[str] = []
    cells: list[Any] = []
    for row in header:
        merge = head.over.get((row, column))
        value = head.value(row, column)
        if is_blank(value) and row != header[-1]:
            value = _group_to_the_left(head, row, column)
        text = "" if is_blank(value) else text_of(value).strip(" \t\r\n\u3000")
        if text and not (merge and merge in cells) and text not in parts[-1:]:
            parts.append(text)
        cells.append(merge)
    return parts


def _group_to_the_left(head: Head, row: int, column: int) -> Any:
    """A group heading whose merge was lost reaches to the right as long as names stand below and it has one itself."""
    if row + 1 >= head.stop or is_blank(head.value(row + 1, column)):
        return ""
    for left in range(column - 1, -1, -1):
        if is_blank(head.value(row + 1, left)):
            return ""
        if not is_blank(head.value(row, left)):
            return "" if (row, left) in head.over else head.value(row, left)
    return ""


def _last_header_row(head: Head, first: int) -> int:
    last = first
    while True:
        tall = [merge[2] for merge in head.merges if first <= merge[0] <= last and merge[2] <= first + _TALLEST]
        below = max([last, *tall])
        if below == last and last < first + _MOST_HEADER_ROWS - 1 and _names_below(head, first, last):
            below = last + 1
        below = min(below, head.stop - 1)
        if below == last:
            return last
        last = below


def _names_below(head: Head, first: int, row: int) -> bool:
    """Whether the next row holds the names under this row's group headings: text, and nowhere else anything new."""
    if row + 1 >= head.stop:
        return False
    spans = {
        column
        for merge in head.merges
        if merge[0] <= row <= merge[2] and merge[1] < merge[3]
        for column in range(merge[1], merge[3] + 1)
    }
    own = {c: head.own(row + 1, c) for c in range(len(head.rows[row + 1])) if not is_blank(head.own(row + 1, c))}
    if spans:
        under = [column for column in own if column in spans]
        others = [c for c in own if c not in spans and not _adds_nothing(head, range(first, row + 1), c, own[c])]
        spread = any(
            sum(merge[1] <= column <= merge[3] for column in own) > 1
            for merge in head.merges
            if merge[0] <= row <= merge[2]
        )
        return len(under) > 1 and spread and not others and not any(is_number(own[column]) for column in own)
    return _completes(head, row, row + 1) and len(own) > 1


def _adds_nothing(head: Head, above: Sequence[int], column: int, value: Any) -> bool:
    """Whether a name fits below what stands above it: nothing yet but a group's heading, or the same again."""
    groups = [(row, column) for row in above if (merge := head.over.get((row, column))) and merge[1] < merge[3]]
    seen = [head.value(row, column) for row in above if (row, column) not in groups]
    seen = [upper for upper in seen if not is_blank(upper)]
    return all(text_of(upper).strip() == text_of(value).strip() for upper in seen)


def _completes(head: Head, upper: int, lower: int) -> bool:
    """Whether two rows without merged cells are one header: groups above, names below, standing in each other's gaps."""
    if any(row in (merge[0], merge[2]) and merge[1] < merge[3] for merge in head.merges for row in (upper, lower)):
        return False
    above, below = head.seen(upper), head.seen(lower)
    if (
        len(above) < 2
        or len(below) < 2
        or is_note_row(head, upper)
        or any(map(is_number, [*above.values(), *below.values()]))
    ):
        return False
    both, gaps = above.keys() & below.keys(), below.keys() - above.keys()
    alone = above.keys() - below.keys()
    inside = all(any(left in both for left in range(column)) for column in gaps)
    return bool(both) and bool(gaps) and bool(alone) and inside and len(above.keys() | below.keys()) > len(below)


def is_note_row(head: Head, row: int) -> bool:
    """Whether a row is a line about the table: 填报单位：…, or such a label with its value in the next cell."""
    texts = [text_of(value) for value in head.seen(row).values()]
    if len(texts) == 2 and is_note_label(texts[0]):
        return True
    return any(is_note_cell(text) for text in texts[:1]) or (
        len(texts) > 1 and sum(map(is_note_cell, texts)) > len(texts) / 3
    )


def _share_of_numbers(head: Head, row: int) -> float:
    values = list(head.seen(row).values())
    return sum(map(is_number, values)) / max(1, len(values))


def is_number(value: Any) -> bool:
    """Whether a cell holds a value rather than words: a number, a date, a truth value, or text that reads like one."""
    return not isinstance(value, str) or bool(_NUMBER.match(value))
