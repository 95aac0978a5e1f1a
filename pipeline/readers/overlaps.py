"""Tables that stand beside each other share rows: in the account of rows each needs a name of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from xlsxwriter.utility import xl_col_to_name

from pipeline.readers.text_table import TextTable

_COLUMNS = re.compile(r"〔[A-Z]+–[A-Z]+〕$")


def told_apart(tables: Sequence[TextTable]) -> list[TextTable]:
    """The tables of a file; one that shares rows with an earlier table of its sheet is named by its columns, too
    (`台账〔F–I〕`), so that sheet and row name one record."""
    seen: dict[str, set[int]] = {}
    made = []
    for table in tables:
        rows = {*table.frame["source_row"], *table.set_aside["source_row"]}
        there = seen.setdefault(table.sheet, set())
        if rows & there and table.positions:
            first, last = (xl_col_to_name(place - 1) for place in (table.positions[0], table.positions[-1]))
            made.append(replace(table, sheet=f"{table.sheet}〔{first}–{last}〕"))
        else:
            made.append(table)
            there |= rows
    return made


def sheet_of(table: TextTable) -> str:
    """The sheet as it is called in the file.

    >>> _COLUMNS.sub("", "台账〔F–I〕")
    '台账'
    """
    return _COLUMNS.sub("", table.sheet)
