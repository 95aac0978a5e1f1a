"""The rows of a table by what they are: records, rows set aside, and the totals and groups among them with their cells."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.readers.row_kinds import BLANK, GROUP, TOTAL
from pipeline.readers.text_table import rows_with

REASON = pl.col("reason_code")


@dataclass(frozen=True)
class SortedRows:
    """`kept` the records, c0..cN and source_row; `set_aside` source_row and reason_code of the others, blank ones left
    out; `aside` those of them that are used again (totals and group headings), with their cells."""

    kept: pl.DataFrame
    set_aside: pl.DataFrame
    aside: pl.DataFrame


def sort_rows(cells: pl.DataFrame, kinds: pl.Series, source_rows: pl.Series) -> SortedRows:
    """Rows c0..cN by their kind: null a record, `blank`, or the reason it is set aside."""
    rows = cells.with_columns(source_rows.alias("source_row"), kinds.alias("reason_code"))
    aside = rows.filter(REASON.is_not_null() & (REASON != BLANK))
    return SortedRows(
        kept=rows.filter(REASON.is_null()).drop("reason_code"),
        set_aside=aside.select("source_row", "reason_code"),
        aside=aside.filter(REASON.is_in([TOTAL, GROUP])),
    )


def noted_rows(reasons: dict[str, list[int]]) -> pl.DataFrame:
    """Notices from reason → rows, in the order of rows."""
    return pl.concat(
        [rows_with(sorted(set(rows)), reason) for reason, rows in reasons.items()] or [rows_with([], "")]
    ).sort("source_row", maintain_order=True)
