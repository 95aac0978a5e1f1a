"""A vertically merged value stands for every record it covers: repeated inside the table, and recorded."""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from pipeline.readers.sheets.sheet import Merge
from pipeline.readers.sheets.sheet_body import Body


def fill_down(body: Body) -> tuple[pl.DataFrame, frozenset[tuple[int, int]]]:
    """The cells with merged values repeated in the records they cover, and which cells were filled, as (source_row,
    index of the column)."""
    place = {column: j for j, column in enumerate(body.used)}
    downward: dict[int, list[Merge]] = defaultdict(list)
    for merge in body.merges:
        if merge[0] < merge[2]:
            downward[place[merge[1]]].append(merge)
    cells, filled = body.cells, set()
    is_record = body.kinds.is_null().to_list() if downward else []
    for j, merges in downward.items():
        values = cells[f"c{j}"].to_list()
        for top, _, bottom, _ in merges:
            value = values[top - body.first]
            for row in range(top + 1 - body.first, min(bottom + 1 - body.first, len(values))):
                if value is not None and is_record[row] and values[row] is None:
                    values[row] = value
                    filled.add((row + body.first + 1, j))
        cells = cells.with_columns(pl.Series(f"c{j}", values, dtype=pl.String))
    return cells, frozenset(filled)
