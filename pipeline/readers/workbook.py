"""Workbooks through calamine: sheets with their visibility, cells and merged ranges, and the tables in them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import python_calamine as calamine

from pipeline.readers.header import Merge
from pipeline.readers.opened import Opened
from pipeline.readers.refusals import refuse
from pipeline.readers.sheet_table import tables_in
from pipeline.readers.text_table import HIDDEN, VERY_HIDDEN, VISIBLE, TextTable

_SEEN = calamine.SheetVisibleEnum


@dataclass(frozen=True)
class Sheet:
    """One sheet as calamine gives it: rows from A1 on, merged ranges 0-based and inclusive."""

    name: str
    visibility: str
    rows: list[list[Any]]
    merges: list[Merge]


def read_workbook(
    opened: Opened, *, sheet: str | None = None, header_rows: int | Sequence[int] | None = None
) -> list[TextTable]:
    """Every table of every sheet, hidden ones too (the caller sets their rows aside)."""
    sheets = _sheets(opened, sheet)
    return [table for one in sheets for table in tables_in(opened.path, one, header_rows=header_rows)]


def _sheets(opened: Opened, wanted: str | None) -> list[Sheet]:
    where = ""
    try:
        book = calamine.load_workbook(io.BytesIO(opened.data))
        metas = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        if wanted is not None and wanted not in [meta.name for meta in metas]:
            refuse("no_such_sheet", opened.path, got=" ".join(meta.name for meta in metas), expected=wanted)
        sheets = []
        for meta in metas:
            if wanted not in (None, meta.name):
                continue
            where = meta.name
            found = book.get_sheet_by_name(meta.name)
            merges = [(*first, *last) for first, last in found.merged_cell_ranges or []]
            sheets.append(Sheet(meta.name, _visibility(meta), found.to_python(skip_empty_area=False), merges))
        return sheets
    except calamine.PasswordError:
        refuse("workbook_encrypted", opened.path)
    except calamine.ZipError:
        refuse("zip_broken", opened.path, got="zip", where=where)
    except calamine.CalamineError as error:
        code = "workbook_encrypted" if "password" in str(error).lower() else "workbook_broken"
        refuse(code, opened.path, got=type(error).__name__, where=where)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a bug in calamine on a broken file; not an Exception
            raise
        refuse("workbook_broken", opened.path, got="calamine", where=where)


def _visibility(meta: calamine.SheetMetadata) -> str:
    if meta.visible == _SEEN.VeryHidden:
        return VERY_HIDDEN
    return HIDDEN if meta.visible == _SEEN.Hidden else VISIBLE
