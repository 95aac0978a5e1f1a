"""What people have to work on after a run: rows to repair (processed/return) and questions to decide (processed/review)."""

from __future__ import annotations

from functools import partial

import duckdb

from pipeline.contracts.returned import ReturnSheet
from pipeline.errors import PipelineError
from pipeline.export import return_workbooks, review_workbook
from pipeline.export.write import stop
from pipeline.paths import Study


def write(con: duckdb.DuckDBPyConnection, study: Study, returns: list[ReturnSheet], *, is_simulated: bool) -> None:
    """Write both from a warehouse, published or not. A workbook that another program holds open keeps none of the others
    from being written; only then exit 10."""
    held = []
    for step in (partial(return_workbooks.write, returns=returns), review_workbook.write):
        try:
            step(con, study, is_simulated=is_simulated)
        except PipelineError as error:
            held += error.problems
    stop(held)
