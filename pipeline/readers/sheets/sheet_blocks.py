"""Where one table of a sheet ends and the next begins: at a blank row, or below a total, before headings of its own."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.readers.notes import read_notes
from pipeline.readers.row_kinds import is_total
from pipeline.readers.sheets.cells import is_blank, is_blank_row, text_of
from pipeline.readers.sheets.header import Head, find_header, head_of, is_note_row, is_number
from pipeline.readers.sheets.sheet import Sheet

_LONG = 200  # rows after which the first table's header is settled
_NEAR = 60  # rows that tell whether another table begins


def blocks(sheet: Sheet, *, split: bool) -> list[tuple[int, int]]:
    """Row ranges [start, stop), one per table; `split` false keeps the sheet whole."""
    rows = sheet.rows
    start, stop = 0, len(rows)
    while stop and is_blank_row(rows[stop - 1]):
        stop -= 1
    while start < stop and is_blank_row(rows[start]):
        start += 1
    found: list[tuple[int, int]] = []
    first: tuple[Head, tuple[int, ...]] | None = None
    for row, end in _places(sheet, start, stop) if split else ():
        if first is None or row - start <= _LONG:
            head = head_of(rows, sheet.merges, start, row)
            first = head, find_header(head)
        if _another_table(sheet, first, row, end):
            found.append((start, row))
            start, first = row, None
    return [*found, (start, stop)] if stop else []


def _places(sheet: Sheet, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Rows where another table may begin, with the end of what hangs together there: at least two rows, not the first."""
    blank = [is_blank_row(row) for row in sheet.rows[start:stop]]
    ends = [i for i, empty in enumerate(blank) if empty] + [len(blank)]
    place, n_seen = 0, 0
    for i, empty in enumerate(blank):
        if i > ends[place]:
            place += 1
        n_seen += not empty
        after = i and (blank[i - 1] or _is_total(sheet.rows[start + i - 1]))
        if after and not empty and n_seen > 2 and ends[place] - i > 1:
            yield start + i, start + ends[place]


def _is_total(row: list) -> bool:
    lead = next((cell for cell in row if not is_blank(cell)), "")
    if lead.__class__ is not str or "小" in lead or not ("计" in lead or "otal" in lead.lower()):
        return False  # most rows; and a subtotal ends no table
    return is_total(lead)


def _is_words(row: list) -> bool:
    seen = [cell for cell in row if not is_blank(cell)]
    return len(seen) > 1 and not any(map(is_number, seen))


def _is_table(head: Head, header: tuple[int, ...], stop: int) -> bool:
    """Whether there are headings and a record below; lines of text or labels with one value each are none."""
    return len(head.seen(header[-1])) > 1 and any(
        head.n_cells(row) > 1 and not is_note_row(head, row)
        for row in range(header[-1] + 1, min(stop, header[-1] + _LONG))
    )


def _another_table(sheet: Sheet, first: tuple[Head, tuple[int, ...]], row: int, end: int) -> bool:
    """Whether a new table begins at `row`: below a title of its own or over other columns than the first table's (right
    below a total: over more of them), with other words, and values under them. (A record may be all words too.)"""
    old_head, old_header = first
    if not old_header or not any(map(_is_words, sheet.rows[row : min(end, row + 4)])):
        return False
    if not _is_table(old_head, old_header, row):
        return False
    head = head_of(sheet.rows, sheet.merges, row, min(end, row + _NEAR))
    header = find_header(head)
    if not header or header[-1] + 1 >= head.stop or header[0] - row > 3:
        return False
    names, old = head.seen(header[-1]), old_head.seen(old_header[-1])
    words = [text_of(value).strip() for value in names.values()]
    is_wider = len(names) > len(old)
    is_set_apart = is_wider or (
        is_blank_row(sheet.rows[row - 1]) and (header[0] > row or not names.keys() <= old.keys())
    )
    if not is_set_apart or len(names) < 2 or len(set(words)) < len(words) or any(map(is_number, names.values())):
        return False
    if set(words) <= {text_of(value).strip() for value in old.values()}:
        return False
    if read_notes([words], titled=False).keys() - {"note"}:
        return False
    below = [sheet.rows[i] for i in range(header[-1] + 1, min(end, header[-1] + 6))]
    values = {column: [row[column] for row in below if not is_blank(row[column])] for column in names}
    return any(found and all(map(is_number, found)) for found in values.values())
