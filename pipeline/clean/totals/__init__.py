"""Totals are used, not thrown away: what a sheet states of itself, against its own rows. One line per stated figure.

totals = check_totals(table, matched, ticks=codebooks["ticks"], file_id="…")   # → the table audit.total_checks
"""

from __future__ import annotations

import polars as pl

from pipeline.clean.fates import conform
from pipeline.clean.sheets.columns import Matched
from pipeline.clean.totals.column_totals import column_checks
from pipeline.clean.totals.row_totals import row_checks
from pipeline.clean.totals.sheet import Checked
from pipeline.contracts import Codebook
from pipeline.readers import TextTable

TOTALS = {
    "source_file_id": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "column_name": pl.String,
    "kind_code": pl.String, "cell": pl.String, "stated": pl.Float64, "qualifier": pl.String, "counted": pl.Float64,
    "n_rows": pl.Int64, "agrees": pl.Boolean,
}  # fmt: skip


def check_totals(table: TextTable, matched: Matched, *, ticks: Codebook, file_id: str) -> pl.DataFrame:
    """Every figure that a sheet states of its own rows, and what the rows say (schema `TOTALS`).

    `kind_code` is `total`, `subtotal`, `group_count` (a number of rows in a group heading) or `row_total` (a column that
    adds up others). `counted` is what the raw rows give, also those that are refused or stand twice; `n_rows` how many.
    `agrees` is null where a cell among them cannot be read. Personal columns are never looked at.
    """
    sheet = Checked(table, matched, ticks)
    found = pl.DataFrame(
        [*column_checks(sheet), *row_checks(sheet)], schema_overrides=_SCHEMA, infer_schema_length=None
    )
    origin = found.with_columns(source_file_id=pl.lit(file_id), source_sheet=pl.lit(table.sheet))
    return conform(origin, TOTALS).sort("source_row", maintain_order=True)


_SCHEMA = {name: kind for name, kind in TOTALS.items() if name not in ("source_file_id", "source_sheet")}
__all__ = ["TOTALS", "check_totals"]
