"""Workbooks through calamine: sheets with their visibility, cells and merged ranges, and the tables in them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import python_calamine as calamine

from pipeline.readers.opened import Opened
from pipeline.readers.opening.broken import BROKEN
from pipeline.readers.refusals import refuse
from pipeline.readers.sheets.cells import duration_text
from pipeline.readers.sheets.sheet import Sheet
from pipeline.readers.sheets.sheet_table import tables_in
from pipeline.readers.text_table import HIDDEN, VERY_HIDDEN, VISIBLE, TextTable
from pipeline.readers.workbooks.cell_faults import cell_faults
from pipeline.readers.workbooks.date_system import counts_from_1904
from pipeline.readers.workbooks.merges_elsewhere import merges_by_sheet

_SEEN = calamine.SheetVisibleEnum


def read_workbook(
    opened: Opened, *, sheet: str | None = None, header_rows: int | Sequence[int] | None = None
) -> list[TextTable]:
    """Every table of every sheet, hidden ones too (the caller sets their rows aside)."""
    return [table for one in _sheets(opened, sheet) for table in tables_in(opened.path, one, header_rows=header_rows)]


def _sheets(opened: Opened, wanted: str | None) -> Iterator[Sheet]:
    """One sheet after the other, so that only one lies in memory."""
    with _faults_of(opened, ""):
        book = calamine.load_workbook(io.BytesIO(opened.data))
        metas = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    if wanted is not None and wanted not in [meta.name for meta in metas]:
        refuse("no_such_sheet", opened.path, got=" ".join(meta.name for meta in metas), expected=wanted)
    is_document = opened.data[30:38] == b"mimetype"  # an .ods begins so
    with _faults_of(opened, ""):
        from_1904, merges = counts_from_1904(opened.data), merges_by_sheet(opened.data)
    for meta in metas:
        if wanted in (None, meta.name):
            with ThreadPoolExecutor(1) as beside:  # calamine leaves the second processor free
                faults = beside.submit(cell_faults, opened.data, meta.name)
                sheet = _sheet(opened, book, meta, is_document=is_document)
            with _faults_of(opened, meta.name):
                sheet = replace(sheet, faults=faults.result())
            yield replace(sheet, epoch_1904=from_1904, merges=merges.get(sheet.name, sheet.merges))


def _sheet(
    opened: Opened, book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata, *, is_document: bool
) -> Sheet:
    with _faults_of(opened, meta.name):
        found = book.get_sheet_by_name(meta.name)
        merges = [(*first, *last) for first, last in found.merged_cell_ranges or []]
        rows = found.to_python(skip_empty_area=False)
    if is_document:
        rows = [[duration_text(value) for value in row] for row in rows]
    return Sheet(meta.name, rows, merges, _visibility(meta))


@contextmanager
def _faults_of(opened: Opened, where: str) -> Iterator[None]:
    """What cannot be opened is refused with the reason."""
    try:
        yield
    except calamine.PasswordError:
        refuse("workbook_encrypted", opened.path)
    except calamine.ZipError:
        refuse("zip_broken", opened.path, got="zip", where=where)
    except calamine.CalamineError as error:
        code = "workbook_encrypted" if "password" in str(error).lower() else "workbook_broken"
        refuse(code, opened.path, got=type(error).__name__, where=where)
    except BROKEN as error:
        refuse("zip_broken", opened.path, got=type(error).__name__, where=where)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a bug in calamine on a broken file; not an Exception
            raise
        refuse("workbook_broken", opened.path, got="calamine", where=where)


def _visibility(meta: calamine.SheetMetadata) -> str:
    if meta.visible == _SEEN.VeryHidden:
        return VERY_HIDDEN
    return HIDDEN if meta.visible == _SEEN.Hidden else VISIBLE
