"""Headings of a text table ↔ columns of a contract: what is there, what is missing, what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from pipeline.clean.fates import NOTICES, notice, together
from pipeline.clean.sheets.heading_units import UnitFound, by_base, unit_of
from pipeline.clean.sheets.wide import Wide, wide_columns
from pipeline.contracts import Codebook, Source
from pipeline.contracts.codebook import normal
from pipeline.contracts.source import Column
from pipeline.errors import Problem
from pipeline.privacy import holds_contacts, is_personal_heading, mask_contacts
from pipeline.readers import TextTable


@dataclass(frozen=True)
class Matched:
    """Where a contract's columns stand in a table. `columns` canonical name → (contract column, physical, heading);
    `wide` heading group → its columns; `shown` the physical columns that some clean table shows; `notices` what was
    seen and not read."""

    columns: dict[str, tuple[Column, str, str]]
    wide: dict[str, list[Wide]]
    shown: list[str]
    notices: pl.DataFrame
    problems: list[Problem]


def match(
    source: Source, table: TextTable, codebooks: dict[str, Codebook], *, file_id: str, shown: str, wanted: set[str]
) -> Matched:
    """Match a text table's headings with a source's columns. Personal columns match like any other; what is done with
    them is decided by the caller before any value is looked at. An absent optional column is news only when some clean
    table would show it (`wanted`). A number may stand under its heading with a unit in brackets (办公人数（万人）); with a
    unit that does not go with the column it is said and not read."""
    by_heading = _places(table)
    physical = {name: heading for heading, name in _headings(table)}
    with_unit = _with_unit(source, table)
    columns: dict[str, tuple[Column, str, str]] = {}
    used: set[str] = set()
    problems: list[Problem] = []
    strange: dict[str, str] = {}  # columns under a unit that does not go with them: physical → heading
    for column in source.columns:
        found = next((by_heading[normal(h)] for h in column.headings if normal(h) in by_heading), None)
        unit = unit_of(column, physical.get(found), with_unit)
        if found is None and unit.physical and not unit.is_known:
            strange[unit.physical] = physical[unit.physical]
        elif found is not None or unit.is_known:
            found = found or str(unit.physical)
            columns[column.name] = (replace(column, heading_unit=unit.text), found, physical[found])
            used.add(found)
            continue
        if _must_exist(source, column):
            problems.append(_missing(source, column, table, shown, unit))
    wide = wide_columns(source, _headings(table), codebooks)
    used |= {column.physical for group in wide.values() for column in group} | strange.keys()
    notices = [
        notice(file_id, table.sheet, "personal_dropped" if is_personal(heading, table.frame[name]) else "unknown_column", heading)
        for heading, name in _headings(table)
        if name not in used and heading.strip()
    ]  # fmt: skip
    notices += [notice(file_id, table.sheet, "unknown_unit", heading) for heading in strange.values()]
    notices += [
        notice(file_id, table.sheet, "missing_column", column.headings[0])
        for column in source.columns
        if column.name not in columns
        and not _must_exist(source, column)
        and _is_shown(column, wanted)
        and not _is_said_otherwise(source, column, wide)
    ]
    shown = [physical for column, physical, _ in columns.values() if _is_shown(column, wanted)]
    shown += [item.physical for group in wide.values() for item in group]
    return Matched(columns, wide, shown, together(notices, NOTICES), problems)


def fits(source: Source, table: TextTable) -> bool:
    """Whether a table has every heading that a source cannot do without."""
    there, with_unit = _places(table), _with_unit(source, table)
    wanted = [column for column in source.columns if _must_exist(source, column)]
    return all(
        any(normal(h) in there for h in column.headings) or unit_of(column, None, with_unit).physical
        for column in wanted
    )


def n_known(source: Source, table: TextTable) -> int:
    """How many columns of a contract a table has, those of its groups counted each."""
    there = _places(table)
    groups = {normal(entry.unpivot["heading_group"]) for entry in source.tables if entry.unpivot}
    n_wide = sum(normal(heading.split("/", 1)[0]) in groups for heading, _ in _headings(table) if "/" in heading)
    return n_wide + sum(any(normal(h) in there for h in column.headings) for column in source.columns)


def is_personal(heading: str, values: pl.Series) -> bool:
    """Whether a column that nobody declared is personal: its heading says so, or its cells mostly hold telephones."""
    return is_personal_heading(heading) or holds_contacts(values)


def _is_said_otherwise(source: Source, column: Column, wide: dict[str, list[Wide]]) -> bool:
    """Whether an absent list is no news: its table has columns to tick instead, or is mainly that of another sheet."""
    tables = [table for table in source.tables if table.listed == column.name]
    return bool(tables) and all(not table.unpivot or wide.get(table.unpivot["heading_group"]) for table in tables)


def _with_unit(source: Source, table: TextTable) -> dict[str, list[UnitFound]]:
    """Headings with a unit in brackets; a log's figures are read as they stand, so its headings must be the contract's."""
    return by_base(_headings(table)) if source.kind == "ledger" else {}


def _headings(table: TextTable) -> list[tuple[str, str]]:
    """(heading, physical column name) of a text table. The first row of a file without a header stands here as
    headings: phones and addresses in it are masked before they can reach a notice or a message."""
    names = [name for name in table.frame.columns if name != "source_row"]
    return list(zip(mask_contacts(pl.Series(table.columns, dtype=pl.String)).to_list(), names, strict=True))


def _is_shown(column: Column, wanted: set[str]) -> bool:
    """Whether some clean table shows the column; of a coordinate pair, its two halves."""
    return bool(wanted & ({"lon", "lat"} if column.type == "coordinate_pair" else {column.name}))


def _must_exist(source: Source, column: Column) -> bool:
    """Whether a table without this column cannot be used: required, never empty, or part of the key."""
    return column.required or column.not_null or column.name in source.key


def _places(table: TextTable) -> dict[str, str]:
    """Normalised heading → physical column. Under a group heading (`基本信息/驿站编号`) the last part counts too, where
    no other column ends so."""
    pairs = _headings(table)
    last = [normal(heading.rsplit("/", 1)[-1]) for heading, _ in pairs]
    short = {part: name for part, (_, name) in zip(last, pairs, strict=True) if last.count(part) == 1}
    return short | {normal(heading): name for heading, name in pairs}


def _missing(source: Source, column: Column, table: TextTable, shown: str, unit: UnitFound) -> Problem:
    where = f"{shown}" + (f" [{table.sheet}]" if table.sheet else "")
    if unit.physical:
        return Problem(
            "unknown_unit", f"{where}「{unit.heading}」", "表头里的单位不认识，或与该列不符",
            "the heading's unit is not known, or not that of the column", got=str(unit.text),
            expected=column.unit or column.headings[0], do_zh="请改用合同里的单位，或在 pipeline/metadata/units.toml 中登记该单位",
            do_en="use the contract's unit, or add the unit to pipeline/metadata/units.toml",
        )  # fmt: skip
    there = "、".join(heading for heading, _ in _headings(table) if heading.strip())
    return Problem(
        "missing_required_column", where, f"缺少必需的列（{source.label_zh}）", f"a required column is missing ({source.label_en})",
        got=there, expected=" / ".join(column.headings),
        do_zh="请在表头补上该列，或在来源合同的 headings 中登记现用的列名",
        do_en="add the column, or add the heading used to the contract's headings",
    )  # fmt: skip
