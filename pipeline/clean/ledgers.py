"""All ledgers and programme files of a study → clean tables. One generic path, driven by the source contracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from pipeline.clean.cleaned import Cleaned
from pipeline.clean.fates import FATES, balance, fates_of, notice, together
from pipeline.clean.geo.outline import Outline
from pipeline.clean.geo.place_rows import place_rows
from pipeline.clean.places.known_places import Places, register, register_refused
from pipeline.clean.places.proposals import propose
from pipeline.clean.places.refused import refused_places
from pipeline.clean.places.same_places import look_alikes
from pipeline.clean.places.unknown_values import of_sheet, positions, unknown_headings
from pipeline.clean.sheets.claims import claims_of, in_order
from pipeline.clean.sheets.columns import match
from pipeline.clean.sheets.ledger import Sheet, drop_repeats, type_sheet
from pipeline.clean.sheets.tables import build_tables
from pipeline.clean.sheets.typing import Setting
from pipeline.clean.totals import check_totals
from pipeline.clean.values import dates
from pipeline.clean.way_back.corrections import correct
from pipeline.clean.way_back.repairs import Repairs
from pipeline.clean.way_back.returns import send_back
from pipeline.clean.way_back.supersede import supersede
from pipeline.contracts import Codebook, Source
from pipeline.contracts.codebook import normal
from pipeline.contracts.corrections import Correction
from pipeline.contracts.deliveries import RawFile, date_in_name
from pipeline.contracts.forms import form_facts
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.readers import TextTable


@dataclass(frozen=True)
class Around:
    """What all ledgers of a study share: code lists, known places, each area's outline, the pseudonym key, the columns of
    the clean tables, the reviewed aliases (which can name a place only once its register is read), corrections, and the
    repaired rows that came back."""

    codebooks: dict[str, Codebook]
    places: Places
    outlines: dict[str, Outline]
    key: bytes
    columns_of: dict[str, list[str]]
    aliases: list[dict[str, Any]]
    corrections: list[Correction] = field(default_factory=list)
    repairs: Repairs = field(default_factory=Repairs)


def clean_ledgers(
    sources: list[Source],
    files: dict[str, list[RawFile]],
    read: Callable[..., list[TextTable]],
    around: Around,
) -> Cleaned:
    """Clean every delivery of every ledger source; registers (grids, buildings, stations, depots) come first, so that
    later sources can name them. `files` are the raw files per source code; `read` reads one (once; `encoding` and `header_rows` where a contract sets them).

    Raises exit 11 with every missing column and closed code of every file, exit 10 for unreadable files.
    """
    result, problems = Cleaned(), []
    corrected = correct(claims_of(sources, files, read, result), around.corrections, {s.code: s for s in sources})
    problems += corrected.problems
    result.tables["audit.corrections"] = corrected.applied
    for source in in_order(sources):
        _clean_source(source, corrected.claims.get(source.code, []), around, result, problems)
    if problems:
        fail(CONTRACT, *problems)
    return result


def _clean_source(
    source: Source, claimed: list[tuple[RawFile, TextTable]], around: Around, result: Cleaned, problems: list[Problem]
) -> None:
    """All deliveries of one source: typed, freed of repeats, put into their tables, and accounted for."""
    buildings = result.tables.get("clean.buildings")

    def type_again(sheet: Sheet, file: RawFile, table: TextTable) -> Sheet:
        setting = _setting(around, file, table, sheet.as_of)
        return type_sheet(source, table, file, sheet.matched, setting, as_of=sheet.as_of, key=around.key)

    def place_faults(rows: pl.DataFrame) -> pl.DataFrame:
        return place_rows(source, rows, around.outlines, buildings).fates

    typed = [_type(source, file, table, around, result, problems) for file, table in claimed]
    sheets = [sheet for sheet in typed if sheet is not None]
    repaired = supersede(source, sheets, around.repairs, type_again, place_faults)
    result.fates += repaired.fates
    result.owner |= dict.fromkeys(repaired.file_ids, source.code)
    sheets = repaired.sheets
    result.unknown += [_unknown(source, sheet, around, buildings) for sheet in sheets]
    if sheets:
        result.fates += [sheet.fates for sheet in sheets]
        rows = pl.concat([sheet.rows for sheet in sheets], how="diagonal_relaxed")
        placed = place_rows(source, rows, around.outlines, buildings)
        kept, repeats = drop_repeats(placed.kept, source)
        result.fates += [placed.fates, repeats]
        result.notices += [placed.notices, look_alikes(source, kept)]
        result.add(build_tables(source, kept, around.columns_of))
        refused = pl.concat([*(sheet.refused for sheet in sheets), placed.refused], how="diagonal_relaxed")
        for table in source.tables:
            register_refused(around.places, table.name, refused)
            register(around.places, table.name, result.tables[table.name])
        around.places.add_aliases(around.aliases)
        for table in source.tables:
            result.add({"audit.refused_places": refused_places(table.name, refused, around.places)})
    fates = together(result.fates, FATES)
    result.proposals += [propose(source, sheet, fates) for sheet in sheets]
    result.returns += send_back(source, sheets, fates, repaired.past)
    for file, table in claimed:
        rows = pl.concat([table.frame["source_row"], table.set_aside["source_row"]])  # a sheet may hold several tables
        here = (pl.col("source_file_id") == file.file_id) & (pl.col("source_sheet") == table.sheet)
        own = fates.filter(here & pl.col("source_row").is_in(rows.implode()))
        result.ledger.append(balance(table.n_read, own, file_id=file.file_id, sheet=table.sheet))


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
    setting = _setting(around, file, table, as_of)
    sheet = type_sheet(source, table, file, matched, setting, as_of=as_of, key=around.key)
    problems += sheet.problems
    result.notices += sheet.notices
    return sheet


def _unknown(source: Source, sheet: Sheet, around: Around, buildings: pl.DataFrame | None) -> pl.DataFrame:
    """The texts of a sheet that nobody knows, with the place where the rows that say them lie."""
    headings = unknown_headings(source, sheet, around.codebooks)
    if sheet.unknown.is_empty() and headings.is_empty():
        return of_sheet(sheet, headings)
    asked = pl.col("source_row").is_in(sheet.unknown["source_row"].implode())
    placed = place_rows(source, pl.concat([sheet.rows, sheet.refused]).filter(asked), around.outlines, buildings)
    rows = pl.concat([placed.kept, placed.refused], how="diagonal_relaxed")
    found = sheet.unknown.join(positions(rows, buildings), on="source_row", how="left", maintain_order="left")
    return of_sheet(sheet, pl.concat([found, headings], how="diagonal_relaxed"))


def _setting(around: Around, file: RawFile, table: TextTable, as_of: date | None) -> Setting:
    return Setting(around.codebooks, around.places, file.area_code, as_of, table.epoch_1904)


def _wanted(source: Source, around: Around) -> set[str]:
    """The canonical columns that some clean table of the source shows."""
    return {
        name
        for table in source.tables
        for name in (*around.columns_of[table.name], *table.columns.values(), table.hours, table.listed)
    }


def _as_of(source: Source, file: RawFile, table: TextTable, problems: list[Problem]) -> date | None:
    """The date a delivery speaks of, where the contract says it stands; the file's name may stand in for a note, and the
    note 填表日期 for the file's name. A sheet without rows speaks of nothing and needs none."""
    kind, _, detail = source.as_of.partition(":")
    detail = detail or form_facts().date_label
    found = date_in_name(file.path.name) if kind == "filename" else None
    if kind in ("note", "filename") and found is None:
        note = next((value for label, value in table.notes.items() if normal(label) == normal(detail)), None)
        found = dates(pl.Series([note], dtype=pl.String)).item()
    if kind == "note" and found is None:
        found = date_in_name(file.path.name)
    if kind in ("note", "filename") and found is None and table.n_read:
        where = f"{file.shown}" + (f" [{table.sheet}]" if table.sheet else "")
        problems.append(
            Problem("as_of_missing", where, "不知道这份文件的日期", "the date this file speaks of is not known",
                    expected=f"{detail}：2023年3月31日",
                    do_zh="请在表头上方写明填表日期，或在文件名中写日期",
                    do_en="write the date above the table, or into the file's name"),
        )  # fmt: skip
    return found
