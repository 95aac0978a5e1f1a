"""What stands in a survey export and is no answer: groups that repeat within a respondent, and trial runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.readers.surveys import kobo, qualtrics
from pipeline.readers.text_table import rows_with

if TYPE_CHECKING:
    from pipeline.readers.text_table import TextTable

PREVIEW = "preview_row"


def is_repeat(family: str, table: TextTable) -> bool:
    """Whether a sheet holds a group that repeats (members of a household …): one sheet each in Kobo's workbooks."""
    return family == "kobo" and kobo.is_repeat(table)


def rows_aside(family: str, table: TextTable) -> pl.DataFrame:
    """Rows that are no answers, with the reason: source_row, reason_code. Qualtrics marks trial runs in `Status`."""
    return rows_with(qualtrics.preview_rows(table).to_list() if family == "qualtrics" else [], PREVIEW)
