"""Sheets of our own blank workbooks (填写说明, the hidden lists) stand beside the data and are no data."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipeline.contracts.forms import form_facts
from pipeline.readers import TextTable


def without_own_sheets(tables: list[TextTable]) -> list[TextTable]:
    """The tables of a file without those of our own sheets: known by the sheet's name *and* the line on top of it, so that
    a sheet somebody else calls 填写说明 is told of like any other.

    In such a workbook a sheet without rows is one nobody has filled in: that is no news.
    """
    ours = {table.sheet for table in tables if _has_sign(table)}
    if not ours:
        return tables
    return [
        replace(table, notices=table.notices.filter(pl.col("reason_code") != "no_rows"))
        for table in tables
        if table.sheet not in ours
    ]


def _has_sign(table: TextTable) -> bool:
    top = (table.notes.get("title"), *table.columns[:1])
    return any(table.sheet == own.name and own.sign in top for own in form_facts().own_sheets.values())
