"""Which source reads which sheet of which file, and in which order sources are read."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatch
from typing import Any

import polars as pl

from pipeline.clean.cleaned import Cleaned
from pipeline.clean.fates import balance, fates_of, notice
from pipeline.clean.places.known_places import KINDS
from pipeline.clean.sheets.columns import fits, n_known
from pipeline.clean.sheets.own_sheets import without_own_sheets
from pipeline.contracts import Source
from pipeline.contracts.deliveries import RawFile
from pipeline.readers import TextTable
from pipeline.readers.overlaps import sheet_of

# What must be known before a column of a type is read. A station's name may turn out to be that of a depot.
_WAITS_FOR = {kind: {table} for kind, table in KINDS.items()} | {"station": {KINDS["station"], KINDS["depot"]}}


def in_order(sources: list[Source]) -> list[Source]:
    """Sources so that a register stands before whoever names its places.

    >>> from pipeline.contracts import Column, Table
    >>> stations = Source("b", "", "", (), "ledger", (), (Table("clean.stations", {}, {}),))
    >>> counts = Source("a", "", "", (), "ledger", (Column("s", ("s",), "station"),), ())
    >>> [source.code for source in in_order([counts, stations])]
    ['b', 'a']
    """
    waiting, done = sorted(sources, key=lambda source: source.code), []
    while waiting:
        unfed = {table.name for source in waiting for table in source.tables}
        ready = [
            source for source in waiting
            if not any(
                _WAITS_FOR.get(column.type, set()) & (unfed - {table.name for table in source.tables})
                for column in source.columns
            )
        ] or waiting[:1]  # fmt: skip
        done += ready
        waiting = [source for source in waiting if source not in ready]
    return done


def claims_of(
    sources: list[Source], files: dict[str, list[RawFile]], read: Callable[..., list[TextTable]], result: Cleaned
) -> dict[str, list[tuple[RawFile, TextTable]]]:
    """Which source reads which sheet. A sheet nobody claims, and every hidden sheet, is set aside with a reason."""
    by_file: dict[str, tuple[RawFile, list[Source]]] = {}
    for source in sources:
        for file in files.get(source.code, []):
            by_file.setdefault(file.file_id, (file, []))[1].append(source)
    claims: dict[str, list[tuple[RawFile, TextTable]]] = {}
    for file, claimants in by_file.values():
        tables = without_own_sheets(read(file, **_told(claimants)))
        visible = [table for table in tables if table.visibility == "visible"]
        for table in tables:
            owner = _owner_of(table, claimants, visible) if table in visible else None
            if owner is not None:
                claims.setdefault(owner.code, []).append((file, table))
                result.owner.setdefault(file.file_id, owner.code)
                continue
            _set_aside(result, file, table, "hidden_sheet" if table not in visible else "unclaimed_sheet")
    return claims


def _told(claimants: list[Source]) -> dict[str, Any]:
    """What the contracts know better than the readers: the encoding of a text file, the rows of the headings."""
    names = ("encoding", "header_rows")
    said = {
        name: [getattr(source, name) for source in claimants if getattr(source, name) is not None] for name in names
    }
    return {name: values[0] for name, values in said.items() if values}


def _owner_of(table: TextTable, claimants: list[Source], visible: list[TextTable]) -> Source | None:
    """Whose a sheet is: by its name; where a file has no sheet of the name a source asks for (a renamed sheet, a text file,
    a web page), by its headings, and of several sources that of which it has most."""
    named = [source for source in claimants if source.sheet and fnmatch(sheet_of(table), source.sheet)]
    if named:  # what stands beside or below the table that is meant, with other headings, is not it
        same_sheet = [other for other in visible if sheet_of(other) == sheet_of(table)]
        is_meant = fits(named[0], table) or not any(fits(named[0], other) for other in same_sheet)
        return named[0] if is_meant else None
    free = [s for s in claimants if not any(fnmatch(sheet_of(t), s.sheet or "") for t in visible if t.sheet)]
    fitting = [source for source in free if fits(source, table)]
    if fitting:
        return max(fitting, key=lambda source: n_known(source, table))
    # A lone sheet that fits nobody is still its source's: the missing columns must be said, not hidden as "unclaimed".
    is_lone = table is visible[0] and not any(fits(source, t) for source in free for t in visible)
    return max(free, key=lambda source: n_known(source, table)) if free and is_lone else None


def _set_aside(result: Cleaned, file: RawFile, table: TextTable, reason: str) -> None:
    rows = pl.concat([table.frame.select("source_row"), table.set_aside.select("source_row")], how="vertical_relaxed")
    fates = fates_of(rows, file_id=file.file_id, sheet=table.sheet, fate="set_aside", reason=reason)
    result.fates.append(fates)
    result.ledger.append(balance(rows.height, fates, file_id=file.file_id, sheet=table.sheet))
    result.notices.append(notice(file.file_id, table.sheet, reason, n=rows.height))
