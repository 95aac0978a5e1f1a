"""Where the headings of a delimited file are, and what they say: below title lines, more rows for some platforms."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.readers.families import family_of_rows, n_header_rows
from pipeline.readers.notes import is_note_cell, is_note_label
from pipeline.readers.opened import Opened
from pipeline.readers.refusals import refuse
from pipeline.readers.sheets.header import is_number

HEAD = 30  # records in which a header is looked for


def row_of(head: pl.DataFrame, index: int) -> list[str | None]:
    """The cells of one record."""
    return list(head.drop("source_row", "n_cells").row(index))


def header_of(opened: Opened, head: pl.DataFrame, told: int | Sequence[int] | None) -> tuple[int, ...]:
    """Indices of the header's records: the first that is no title line; more for platforms that write more."""
    if told is not None and not isinstance(told, int):
        lines = head["source_row"].to_list()
        if not told or not set(told) <= set(lines):
            refuse("no_such_rows", opened.path, got=" ".join(map(str, told)), expected=f"{lines[0]}–{lines[-1]}")
        return tuple(lines.index(line) for line in sorted(told))
    rows = [row_of(head, index) for index in range(head.height)]
    first = _first(rows, head["n_cells"].to_list())
    n_rows = told or n_header_rows(family_of_rows(rows[first : first + 2]), rows[first : first + 3])
    return tuple(range(first, min(first + n_rows, len(rows))))


def _first(rows: Sequence[Sequence[str | None]], n_cells: Sequence[int]) -> int:
    """The first record that is as wide as records here are. Lines of one cell, or of a label and its value, stand above."""
    seen = [[cell for cell in row if cell and cell.strip()] for row in rows]
    wide = sorted(len(cells) for cells in seen if len(cells) > 1)
    if not wide:
        return 0
    is_pair = wide[len(wide) // 2] == 2
    for i, cells in enumerate(seen):
        if len(cells) > 1 and not is_note_cell(cells[0]) and not (len(cells) == 2 and is_note_label(cells[0])):
            n_wide = sum(len(others) > 1 for others in seen[i:])
            is_sure = n_wide * 2 >= len(seen) - i and (i <= n_wide or not any(map(is_number, cells)))
            return i if is_sure else 0  # else a list of single cells with stray delimiters
        if is_pair and len(cells) == 1 and n_cells[i] > 1 and not _is_title(rows[i + 1 :]):
            return i  # a heading is missing
    return 0


def _is_title(below: Sequence[Sequence[str | None]]) -> bool:
    """Whether the headings follow: two words and no value."""
    cells = [cell for cell in below[0] if cell] if below else []
    return len(cells) > 1 and not any(map(is_number, cells))


def headings_of(head: pl.DataFrame, header: Sequence[int]) -> list[str]:
    """Headings, several rows joined with '/'; a group without a name of its own reaches to the right (SurveyMonkey)."""
    rows = [row_of(head, index) for index in header]
    for upper in rows[:-1]:
        group = None
        for i, cell in enumerate(upper):
            group = cell if cell else group
            upper[i] = group if rows[-1][i] else cell
    joined = []
    for parts in zip(*rows, strict=True):
        texts = [part.strip("\ufeff \t\r\n\u3000") for part in parts if part and '"ImportId"' not in part]
        joined.append("/".join(dict.fromkeys(text for text in texts if text)))
    return joined
