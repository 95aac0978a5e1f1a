"""Rejected rows of a source → sheets of a return workbook: the cells as received, nothing personal among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

import polars as pl

from pipeline.clean.sheets.ledger import Home, Sheet, reporting_unit
from pipeline.contracts import Source
from pipeline.contracts.codebook import normal
from pipeline.contracts.returned import Fault, Origin, ReturnRow, ReturnSheet, placeholder
from pipeline.privacy import mask_contacts, screen_text

WAITING = ("station_refused", "place_refused")  # such a row is all right itself: another file has to be repaired
_LONGEST = 32_000  # a workbook's cell holds little more
PastFault = tuple[str, str, str, str]  # area, key of the row, heading, reason


def send_back(
    source: Source, sheets: list[Sheet], fates: pl.DataFrame, past: dict[PastFault, list[date]]
) -> list[ReturnSheet]:
    """What goes back to the keepers of a source's files: one sheet per table that has rows to repair. `past` holds faults
    that repairs did away with, and the dates (as_of) of the deliveries they stood in."""
    rejected = fates.filter(pl.col("fate") == "rejected")
    before = {fault: list(dates) for fault, dates in past.items()}
    for sheet in sheets:
        for fault, as_of in past_faults(sheet, rejected, source):
            before.setdefault(fault, []).append(as_of)
    found = [
        (sheet, list(_rows(source, sheet, faults, before)))
        for sheet in sheets
        if (faults := _faults_of(sheet, rejected))
    ]
    # A repaired row that is still at fault goes back under the file it came from, beside that file's other rows.
    found.sort(key=lambda item: (item[0].home.path, item[0].home.sheet))
    groups = groupby(found, key=lambda item: item[0].home)
    return [_return_sheet(source, home, list(group)) for home, group in groups]


def _return_sheet(source: Source, home: Home, parts: list[tuple[Sheet, list[ReturnRow | None]]]) -> ReturnSheet:
    table = parts[0][0].table
    found = [row for _, rows in parts for row in rows]
    return ReturnSheet(
        source_code=source.code, label_zh=source.label_zh, unit=reporting_unit(table.notes) or "", path=home.path,
        sheet=home.sheet, headings=table.columns, n_waiting=found.count(None),
        rows=tuple(sorted((row for row in found if row is not None), key=lambda row: row.origin.row)),
    )  # fmt: skip


def past_faults(sheet: Sheet, rejected: pl.DataFrame, source: Source) -> Iterator[tuple[PastFault, date]]:
    """Each fault of a sheet's rows with the key of its row and the date of the delivery; rows without a key are left out."""
    if sheet.as_of is None:
        return
    faulty = _faults_of(sheet, rejected)
    keys = _keys(source, sheet, list(faulty))
    for row, faults in faulty.items():
        for heading, reason, _ in faults:
            if keys.get(row):
                yield (sheet.file.area_code, keys[row], heading or "", reason), sheet.as_of


def _faults_of(sheet: Sheet, rejected: pl.DataFrame) -> dict[int, list[tuple[str | None, str, str | None]]]:
    here = rejected.filter(
        (pl.col("source_file_id") == sheet.file.file_id)
        & (pl.col("source_sheet") == sheet.table.sheet)
        & pl.col("source_row").is_in(sheet.table.frame["source_row"].implode())
    )
    faults: dict[int, list[tuple[str | None, str, str | None]]] = {}
    for row, *fault in (
        here.select("source_row", "column_name", "reason_code", "kept_row").sort("source_row").iter_rows()
    ):
        faults.setdefault(row, []).append(tuple(fault))
    return faults


def _rows(
    source: Source, sheet: Sheet, faults: dict[int, list], past: dict[PastFault, list[date]]
) -> Iterator[ReturnRow | None]:
    """The rows of one sheet, None for one that only waits for another file."""
    keys = _keys(source, sheet, list(faults))
    shown = _shown(source, sheet, list(faults))
    for row, found in faults.items():
        if all(reason in WAITING for _, reason, _ in found):
            yield None
            continue
        before = [
            day for heading, reason, _ in found if row in keys
            for day in past.get((sheet.file.area_code, keys[row], heading or "", reason), [])
        ]  # fmt: skip
        origin = sheet.origins.get(row)
        again = Origin(
            sheet.home.sha12, sheet.home.sheet, origin.row if origin else row, origin.round + 1 if origin else 1
        )
        cells = tuple(placeholder(again.row) if cell is None else cell or None for cell in shown[row])
        marked = tuple(
            Fault(_columns(source, sheet, heading), heading, reason, kept) for heading, reason, kept in found
        )
        yield ReturnRow(cells, marked, again, any(sheet.as_of and day < sheet.as_of for day in before))


def _shown(source: Source, sheet: Sheet, rows: list[int]) -> dict[int, list[str | None]]:
    """Cells by row; None where a value must not be shown: personal columns, columns that no contract reads, values that
    screening would mask."""
    own = sheet.table.frame.filter(pl.col("source_row").is_in(rows))
    open_columns = {physical for column, physical, _ in sheet.matched.columns.values() if column.personal is None}
    open_columns |= {item.physical for group in sheet.matched.wide.values() for item in group}
    # A log's columns are all called text, times and numbers too; what people write freely in it is personal and not read.
    is_free = source.kind != "log"
    free_text = {physical for c, physical, _ in sheet.matched.columns.values() if is_free and c.type == "text"}
    columns = []
    for i in range(len(sheet.table.columns)):
        name = f"c{i}"
        values = own[name].fill_null("")
        if name not in open_columns:
            columns.append([None if value else "" for value in values])
            continue
        screened = screen_text(values) if name in free_text else mask_contacts(values)
        columns.append([v if v == s and len(v) < _LONGEST else None for v, s in zip(values, screened, strict=True)])
    return {row: list(cells) for row, cells in zip(own["source_row"], zip(*columns, strict=True), strict=True)}


def _keys(source: Source, sheet: Sheet, rows: list[int]) -> dict[int, str]:
    """The key of each row as its text says it, whatever typing made of it; rows with a blank in it are left out."""
    places = [sheet.matched.columns[name][1] for name in source.key if name in sheet.matched.columns]
    if not places or len(places) < len(source.key):
        return {}
    own = sheet.table.frame.filter(pl.col("source_row").is_in(rows)).select("source_row", *places).drop_nulls()
    return {row: "\x1f".join(normal(text) for text in texts) for row, *texts in own.iter_rows()}


def _columns(source: Source, sheet: Sheet, name: str | None) -> tuple[int, ...]:
    """The places of the columns a fate names: as headed in the file, or (a key, a pair) by headings of the contract."""
    wanted = [normal(part) for part in (name or "").split("、") if part]
    headings = {heading: i for i, heading in enumerate(sheet.table.columns)}
    at = {normal(heading): i for heading, i in headings.items()}
    for column, physical, _ in sheet.matched.columns.values():
        for heading in column.headings:
            at.setdefault(normal(heading), int(physical[1:]))
    found: Iterable[int] = [at[part] for part in wanted if part in at]
    return tuple(dict.fromkeys(found))
