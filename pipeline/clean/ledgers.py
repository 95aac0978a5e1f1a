"""All ledgers and programme files of a study → clean tables. One generic path, driven by the source contracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatch
from typing import Any

import polars as pl

from pipeline.clean.columns import fits, match
from pipeline.clean.fates import FATES, balance, fates_of, notice, together
from pipeline.clean.ledger import drop_repeats, type_sheet
from pipeline.clean.locate import locate
from pipeline.clean.places import KINDS, Places, register, register_refused
from pipeline.clean.tables import build_tables
from pipeline.clean.totals import check_totals
from pipeline.clean.typing import Setting
from pipeline.clean.values import dates
from pipeline.contracts import Codebook, Source
from pipeline.contracts.codebook import normal
from pipeline.contracts.deliveries import RawFile, date_in_name
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.readers import TextTable


@dataclass(frozen=True)
class Around:
    """What all ledgers of a study share: code lists, known places, each area's box, the pseudonym key, the columns of
    the clean tables, and the reviewed aliases (which can name a place only once its register is read)."""

    codebooks: dict[str, Codebook]
    places: Places
    boxes: dict[str, tuple[float, float, float, float]]
    key: bytes
    columns_of: dict[str, list[str]]
    aliases: list[dict[str, Any]]


@dataclass
class Cleaned:
    """Clean tables by name and the account of every row read. `as_of` file id → the date the file speaks of;
    `owner` file id → the source that reads (the first of) its sheets."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    fates: list[pl.DataFrame] = field(default_factory=list)
    ledger: list[pl.DataFrame] = field(default_factory=list)
    notices: list[pl.DataFrame] = field(default_factory=list)
    totals: list[pl.DataFrame] = field(default_factory=list)
    as_of: dict[str, date] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)

    def add(self, tables: dict[str, pl.DataFrame]) -> None:
        """Put tables under those already there (several sources may feed one table)."""
        for name, frame in tables.items():
            there = self.tables.get(name)
            self.tables[name] = frame if there is None else pl.concat([there, frame], how="diagonal_relaxed")


def clean_ledgers(
    sources: list[Source],
    files: dict[str, list[RawFile]],
    read: Callable[[RawFile], list[TextTable]],
    around: Around,
) -> Cleaned:
    """Clean every delivery of every ledger source; registers (grids, buildings, stations, depots) come first, so that
    later sources can name them. `files` are the raw files per source code; `read` reads one (once).

    Raises exit 11 with every missing column and closed code of every file, exit 10 for unreadable files.
    """
    result, problems = Cleaned(), []
    claims = _claims(sources, files, read, result)
    for source in in_order(sources):
        _clean_source(source, claims.get(source.code, []), around, result, problems)
    if problems:
        fail(CONTRACT, *problems)
    return result


def _clean_source(
    source: Source, claimed: list[tuple[RawFile, TextTable]], around: Around, result: Cleaned, problems: list[Problem]
) -> None:
    """All deliveries of one source: typed, freed of repeats, put into their tables, and accounted for."""
    typed = [_type(source, file, table, around, result, problems) for file, table in claimed]
    sheets = [sheet for sheet in typed if sheet is not None]
    if sheets:
        result.fates += [sheet.fates for sheet in sheets]
        rows = pl.concat([sheet.rows for sheet in sheets], how="diagonal_relaxed")
        rows, misplaced = _refuse_places(source, rows, around, result)
        kept, repeats = drop_repeats(rows, source)
        result.fates.append(repeats)
        result.add(build_tables(source, kept, around.columns_of))
        for table in source.tables:
            for refused in [*(sheet.refused for sheet in sheets), misplaced]:
                register_refused(around.places, table.name, refused)
            register(around.places, table.name, result.tables[table.name])
        around.places.add_aliases(around.aliases)
    fates = together(result.fates, FATES)
    for file, table in claimed:
        rows = pl.concat([table.frame["source_row"], table.set_aside["source_row"]])  # a sheet may hold several tables
        here = (pl.col("source_file_id") == file.file_id) & (pl.col("source_sheet") == table.sheet)
        own = fates.filter(here & pl.col("source_row").is_in(rows.implode()))
        result.ledger.append(balance(table.n_read, own, file_id=file.file_id, sheet=table.sheet))


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
                KINDS.get(column.type) in unfed - {table.name for table in source.tables} for column in source.columns
            )
        ] or waiting[:1]  # fmt: skip
        done += ready
        waiting = [source for source in waiting if source not in ready]
    return done


def _claims(
    sources: list[Source], files: dict[str, list[RawFile]], read: Callable[[RawFile], list[TextTable]], result: Cleaned
) -> dict[str, list[tuple[RawFile, TextTable]]]:
    """Which source reads which sheet. A sheet nobody claims, and every hidden sheet, is set aside with a reason."""
    by_file: dict[str, tuple[RawFile, list[Source]]] = {}
    for source in sources:
        for file in files.get(source.code, []):
            by_file.setdefault(file.file_id, (file, []))[1].append(source)
    claims: dict[str, list[tuple[RawFile, TextTable]]] = {}
    for file, claimants in by_file.values():
        tables = read(file)
        visible = [table for table in tables if table.visibility == "visible"]
        for table in tables:
            owner = _owner(table, claimants, visible) if table in visible else None
            if owner is not None:
                claims.setdefault(owner.code, []).append((file, table))
                result.owner.setdefault(file.file_id, owner.code)
                continue
            _set_aside(result, file, table, "hidden_sheet" if table not in visible else "unclaimed_sheet")
    return claims


def _owner(table: TextTable, claimants: list[Source], visible: list[TextTable]) -> Source | None:
    named = [source for source in claimants if source.sheet and fnmatch(table.sheet, source.sheet)]
    if named:
        return named[0]
    free = [source for source in claimants if not source.sheet]
    fitting = [source for source in free if fits(source, table)]
    if fitting:
        return fitting[0]
    # A lone sheet that fits nobody is still its source's: the missing columns must be said, not hidden as "unclaimed".
    return (
        free[0]
        if free and table is visible[0] and not any(fits(source, t) for source in free for t in visible)
        else None
    )


def _set_aside(result: Cleaned, file: RawFile, table: TextTable, reason: str) -> None:
    rows = pl.concat([table.frame.select("source_row"), table.set_aside.select("source_row")], how="vertical_relaxed")
    fates = fates_of(rows, file_id=file.file_id, sheet=table.sheet, fate="set_aside", reason=reason)
    result.fates.append(fates)
    result.ledger.append(balance(rows.height, fates, file_id=file.file_id, sheet=table.sheet))
    result.notices.append(notice(file.file_id, table.sheet, reason, n=rows.height))


def _type(source: Source, file: RawFile, table: TextTable, around: Around, result: Cleaned, problems: list[Problem]):
    matched = match(
        source, table, around.codebooks, file_id=file.file_id, shown=file.shown, wanted=_wanted(source, around)
    )
    problems += matched.problems
    result.notices.append(matched.notices)
    aside = table.set_aside.select("source_row", "reason_code")
    result.fates.append(fates_of(aside, file_id=file.file_id, sheet=table.sheet, fate="set_aside"))
    for reason, n in table.notices.group_by("reason_code").len().sort("reason_code").iter_rows():
        result.notices.append(notice(file.file_id, table.sheet, reason, n=n))
    if table.filled:
        result.notices.append(notice(file.file_id, table.sheet, "filled_cell", n=len(table.filled)))
    as_of = _as_of(source, file, table, problems)
    if matched.problems:
        return None
    if as_of is not None:
        result.as_of[file.file_id] = as_of
    result.totals.append(check_totals(table, matched, ticks=around.codebooks["ticks"], file_id=file.file_id))
    setting = Setting(around.codebooks, around.places, file.area_code, as_of, getattr(table, "epoch_1904", False))
    sheet = type_sheet(source, table, file, matched, setting, as_of=as_of, key=around.key)
    problems += sheet.problems
    result.notices += sheet.notices
    return sheet


def _wanted(source: Source, around: Around) -> set[str]:
    """The canonical columns that some clean table of the source shows."""
    return {
        name
        for table in source.tables
        for name in (*around.columns_of[table.name], *table.columns.values(), table.hours, table.listed)
    }


def _as_of(source: Source, file: RawFile, table: TextTable, problems: list[Problem]) -> date | None:
    """The date a delivery speaks of, where the contract says it stands; a note may stand in for by the file's name."""
    kind, _, detail = source.as_of.partition(":")
    found = None
    if kind == "note":
        note = next((value for label, value in table.notes.items() if normal(label) == normal(detail)), None)
        found = dates(pl.Series([note], dtype=pl.String)).item()
    if kind in ("note", "filename") and found is None:
        found = date_in_name(file.path.name)
    if kind in ("note", "filename") and found is None:
        where = f"{file.shown}" + (f" [{table.sheet}]" if table.sheet else "")
        problems.append(
            Problem("as_of_missing", where, "不知道这份文件的日期", "the date this file speaks of is not known",
                    expected=f"{detail or '日期'}：2023年3月31日",
                    do_zh="请在表头上方写明填表日期，或在文件名中写日期",
                    do_en="write the date above the table, or into the file's name"),
        )  # fmt: skip
    return found


def _refuse_places(
    source: Source, rows: pl.DataFrame, around: Around, result: Cleaned
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Coordinates to WGS-84; rows whose pair cannot be right are rejected (second frame)."""
    if source.datum is None or not {"lon", "lat"} <= set(rows.columns):
        return rows, rows.clear()
    kept, misplaced = [], []
    for (area,), part in rows.group_by("area_code", maintain_order=True):
        located, bad = locate(part, source.datum, around.boxes.get(area))
        kept.append(located.filter(~bad))
        misplaced.append(located.filter(bad))
    refused = pl.concat(misplaced)
    for (file_id, sheet), part in refused.group_by("source_file_id", "source_sheet", maintain_order=True):
        origin = {"file_id": str(file_id), "sheet": str(sheet)}
        result.fates.append(fates_of(part, **origin, fate="rejected", reason="bad_coordinates", column="经度、纬度"))
    return pl.concat(kept), refused
