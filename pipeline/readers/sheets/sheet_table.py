"""The tables of one sheet, each with its headings, its records, the rows set aside and the merges filled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipeline.readers.families import family_of_rows, n_header_rows
from pipeline.readers.notes import all_notes
from pipeline.readers.refusals import refuse
from pipeline.readers.row_kinds import REMARK
from pipeline.readers.sheets.cells import is_blank, is_blank_row, text_of
from pipeline.readers.sheets.header import Head, find_header, head_of, is_number
from pipeline.readers.sheets.header_why import TOLD, why
from pipeline.readers.sheets.merged_cells import fill_down
from pipeline.readers.sheets.sheet import Sheet
from pipeline.readers.sheets.sheet_blocks import blocks
from pipeline.readers.sheets.sheet_body import Body, body_of
from pipeline.readers.sheets.side_by_side import side_by_side
from pipeline.readers.sorted_rows import SortedRows, noted_rows, sort_rows
from pipeline.readers.text_table import NO_ROWS, TextTable, tidy_headings


def tables_in(path: Path, sheet: Sheet, *, header_rows: int | Sequence[int] | None = None) -> list[TextTable]:
    """The tables of a sheet, from top to bottom and left to right; none when the sheet is empty."""
    tables: list[TextTable] = []
    for start, stop in blocks(sheet, split=header_rows is None):
        for part in side_by_side(sheet, start, stop) if header_rows is None else [sheet]:
            head = head_of(part.rows, part.merges, start, stop)
            header = _header(path, part, head, header_rows)
            if header:
                tables.append(_table(path, part, head, header, told=header_rows is not None))
    return tables


def _header(path: Path, sheet: Sheet, head: Head, told: int | Sequence[int] | None) -> tuple[int, ...]:
    if told is not None and not isinstance(told, int):
        if not told or min(told) < 1 or max(told) > len(sheet.rows):
            refuse(
                "no_such_rows", path, got=" ".join(map(str, told)), expected=f"1–{len(sheet.rows)}", where=sheet.name
            )
        return tuple(row - 1 for row in sorted(told))
    found = find_header(head)
    if not found:
        return found
    first_rows = [[text_of(value) or None for value in row] for row in sheet.rows[found[0] : found[0] + 3]]
    family = family_of_rows(first_rows)
    n_rows = told or (n_header_rows(family, first_rows) if family else len(found))
    return tuple(range(found[0], min(found[0] + n_rows, head.stop)))


def _table(path: Path, sheet: Sheet, head: Head, header: Sequence[int], *, told: bool) -> TextTable:
    family = family_of_rows([[text_of(value) for value in sheet.rows[row]] for row in header])
    body = body_of(sheet, head, header, is_survey=family is not None)
    cells, filled = fill_down(body)
    numbers = pl.int_range(body.first + 1, body.first + 1 + cells.height, eager=True, dtype=pl.Int64)
    rows = sort_rows(cells, body.kinds, numbers)
    return TextTable(
        path=path,
        sheet=sheet.name,
        visibility=sheet.visibility,
        columns=tidy_headings(body.titles, [i + 1 + sheet.left for i in body.used]),
        frame=rows.kept,
        header_rows=tuple(row + 1 for row in header),
        set_aside=rows.set_aside,
        notes=_notes(sheet, head, header, body),
        family=family or "ledger",
        filled=filled,
        positions=tuple(i + 1 + sheet.left for i in body.used),
        notices=_notices(sheet, head, header, body, rows),
        aside=rows.aside,
        header_why=TOLD if told else _why(sheet, head, header, family),
        epoch_1904=sheet.epoch_1904,
        header_cells=tuple(tuple(text_of(sheet.rows[row][i]) for i in body.used) for row in header),
    )


def _why(sheet: Sheet, head: Head, header: Sequence[int], family: str | None) -> str:
    seen = [value for row in header for value in head.seen(row).values()]
    return why(
        n_header=len(header), n_above=sum(not is_blank_row(sheet.rows[row]) for row in range(head.start, header[0])),
        family=family, is_merged=any(merge[1] < merge[3] and merge[0] in header for merge in sheet.merges),
        is_values=sum(map(is_number, seen)) * 2 > len(seen),
    )  # fmt: skip


def _notes(sheet: Sheet, head: Head, header: Sequence[int], body: Body) -> dict[str, str]:
    """What stands above, beside and below the table, and outside the grid of a web page."""

    def lines(rows: Sequence[int], columns: Sequence[int]) -> list[list[str]]:
        seen = [[sheet.rows[row][column] for column in columns] for row in rows]
        return [[text_of(value) for value in row if not is_blank(value)] for row in seen]

    everywhere = [column for column in range(sheet.width) if column not in body.beside]
    below = [body.first + i for i, kind in enumerate(body.kinds) if kind == REMARK]
    beside = lines(range(header[0], head.stop), list(body.beside)) if body.beside else []
    above = [[line] for line in sheet.above] + lines(range(head.start, header[0]), range(sheet.width))
    after = lines(below, everywhere) + beside + [[line] for line in sheet.below]
    return all_notes(above, after)


def _notices(sheet: Sheet, head: Head, header: Sequence[int], body: Body, rows: SortedRows) -> pl.DataFrame:
    found: dict[str, list[int]] = {}
    if body.beside:
        found["side_note"] = [
            row + 1
            for row in range(header[0], head.stop)
            if any(not is_blank(sheet.rows[row][column]) for column in body.beside)
        ]
    if not rows.kept.height and not rows.set_aside.height and has_headings(head.seen(header[-1]).values()):
        found[NO_ROWS] = [header[-1] + 1]
    kept = set(rows.kept["source_row"]) if sheet.faults else set()
    for row, reason in sheet.faults:
        if row in kept:
            found.setdefault(reason, []).append(row)
    return noted_rows(found)


def has_headings(cells: Sequence[object]) -> bool:
    """Whether a row without any rows below it is a header: at least two words, and no more numbers than words.

    >>> has_headings(["编号", "名称"]), has_headings(["驿站台账"]), has_headings(["编号", 3.0, 4.0])
    (True, False, False)
    """
    seen = [cell for cell in cells if not is_blank(cell)]
    n_words = sum(not is_number(cell) for cell in seen)
    return n_words > 1 and n_words * 2 >= len(seen)
