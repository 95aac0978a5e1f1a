"""Headings of a text table ↔ columns of a contract: what is there, what is missing, what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.clean.fates import NOTICES, notice, together
from pipeline.contracts import Codebook, Source
from pipeline.contracts.codebook import normal
from pipeline.contracts.source import Column
from pipeline.errors import Problem
from pipeline.privacy import is_personal_heading, mask_contacts
from pipeline.readers import TextTable


@dataclass(frozen=True)
class Wide:
    """A column that stands for one code of a group (`服务项目/饮水`): the physical column, its heading, the code."""

    physical: str
    heading: str
    code: str


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
    table would show it (`wanted`)."""
    by_heading = _places(table)
    physical = {name: heading for heading, name in _headings(table)}
    columns: dict[str, tuple[Column, str, str]] = {}
    used: set[str] = set()
    problems: list[Problem] = []
    for column in source.columns:
        found = next((by_heading[normal(h)] for h in column.headings if normal(h) in by_heading), None)
        if found is not None:
            columns[column.name] = (column, found, physical[found])
            used.add(found)
        elif _must_exist(source, column):
            problems.append(_missing(source, column, table, shown))
    wide = _wide(source, table, codebooks)
    used |= {column.physical for group in wide.values() for column in group}
    notices = [
        notice(file_id, table.sheet, "personal_dropped" if is_personal_heading(heading) else "unknown_column", heading)
        for heading, name in _headings(table)
        if name not in used and heading.strip()
    ]
    notices += [
        notice(file_id, table.sheet, "missing_column", column.headings[0])
        for column in source.columns
        if column.name not in columns and not _must_exist(source, column) and _is_shown(column, wanted)
    ]
    shown = [physical for column, physical, _ in columns.values() if _is_shown(column, wanted)]
    shown += [item.physical for group in wide.values() for item in group]
    return Matched(columns, wide, shown, together(notices, NOTICES), problems)


def fits(source: Source, table: TextTable) -> bool:
    """Whether a table has every heading that a source cannot do without."""
    there = _places(table)
    wanted = [column for column in source.columns if _must_exist(source, column)]
    return all(any(normal(h) in there for h in column.headings) for column in wanted)


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


def _missing(source: Source, column: Column, table: TextTable, shown: str) -> Problem:
    where = f"{shown}" + (f" [{table.sheet}]" if table.sheet else "")
    there = "、".join(heading for heading, _ in _headings(table) if heading.strip())
    return Problem(
        "missing_required_column", where, f"缺少必需的列（{source.label_zh}）", f"a required column is missing ({source.label_en})",
        got=there, expected=" / ".join(column.headings),
        do_zh="请在表头补上该列，或在来源合同的 headings 中登记现用的列名",
        do_en="add the column, or add the heading used to the contract's headings",
    )  # fmt: skip


def _wide(source: Source, table: TextTable, codebooks: dict[str, Codebook]) -> dict[str, list[Wide]]:
    groups: dict[str, list[Wide]] = {}
    for spec in (entry.unpivot for entry in source.tables if entry.unpivot):
        group, book = spec["heading_group"], codebooks[spec["codebook"]]
        for heading, name in _headings(table):
            if "/" not in heading or normal(heading.split("/", 1)[0]) != normal(group):
                continue
            code = book.lookup(heading.split("/", 1)[1])
            if code is not None:
                groups.setdefault(group, []).append(Wide(name, heading, code))
    return groups
