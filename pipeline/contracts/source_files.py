"""Source contracts read from TOML and checked: every mistake of a file is told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.contracts.source import COLUMN_TYPES, Column, Source, Table
from pipeline.contracts.source_coordinates import DATUMS, ORDERS, check_column, check_coordinates
from pipeline.contracts.source_names import check_names, read_explode
from pipeline.contracts.toml import Reader, load_toml
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.paths import METADATA, Study

_COLUMN_KEYS = (
    "name", "headings", "type", "codebook", "required", "not_null", "on_unknown", "personal", "min", "max", "qualifier",
    "order", "unit", "total_of",
)  # fmt: skip
_SOURCE_KEYS = (
    "code", "label_zh", "label_en", "files", "kind", "sheet", "encoding", "header_rows", "datum", "as_of", "key", "utc_offset_hours",
    "grain", "duplicate_window_minutes", "column", "table", "note",
)  # fmt: skip
_TABLE_KEYS = ("name", "columns", "latest_only", "unpivot", "explode", "validity", "hours", "required", "set")


def load_sources(study: Study | None = None) -> dict[str, Source]:
    """All source contracts by code; a contract in `place/sources` replaces the one of the same code.

    Raises exit 11 with every mistake of a file.
    """
    sources: dict[str, Source] = {}
    for folder in [METADATA / "sources", *([study.place / "sources"] if study else [])]:
        seen: dict[str, Path] = {}
        for path in sorted(folder.glob("*.toml")):
            source = _read(path)
            if source.code in seen:
                fail(
                    CONTRACT,
                    Problem("contract_twice", str(path), "同一来源写了两份合同", "two contracts for one source",
                            got=source.code, do_zh=f"另见 {seen[source.code]}", do_en=f"see also {seen[source.code]}"),
                )  # fmt: skip
            seen[source.code] = path
            sources[source.code] = source
    return sources


def _read(path: Path) -> Source:
    table = load_toml(path)
    reader = Reader(path)
    reader.known(table, _SOURCE_KEYS, "")
    columns = tuple(_column(reader, block) for block in reader.get(table, "column", list, "", []))
    source = Source(
        code=reader.get(table, "code", str, ""),
        label_zh=reader.get(table, "label_zh", str, ""),
        label_en=reader.get(table, "label_en", str, ""),
        files=tuple(reader.get(table, "files", list, "") or ()),
        kind=reader.choice(table, "kind", ("ledger", "log"), "", "ledger"),
        columns=columns,
        tables=tuple(_table(reader, block) for block in reader.get(table, "table", list, "", [])),
        sheet=reader.get(table, "sheet", str, "", None),
        encoding=reader.get(table, "encoding", str, "", None),
        header_rows=_header_rows(reader, table),
        datum=reader.choice(table, "datum", DATUMS, "", None),
        as_of=reader.get(table, "as_of", str, "", "none"),
        key=tuple(reader.get(table, "key", list, "", [])),
        utc_offset_hours=reader.get(table, "utc_offset_hours", (int, float), "", 8.0),
        grain=reader.choice(table, "grain", ("entry", "use", "request"), "", None),
        duplicate_window_minutes=reader.get(table, "duplicate_window_minutes", (int, float), "", 0.0),
        path=path,
    )
    names = {column.name for column in columns}
    check_names(reader, source)
    check_coordinates(reader, source)
    if source.kind == "ledger" and not source.tables:
        reader.note(
            "[[table]]",
            "台账来源至少要写一张表",
            "a ledger source feeds at least one table",
            expected='name = "clean.…"',
        )
    if source.kind == "log":
        for needed in (("station", "station_name"), ("used_at", "used_on")):
            if not set(needed) & names:
                expected = " / ".join(needed)
                reader.note(
                    "[[column]]",
                    "日志来源缺少列定义",
                    "a log source lacks a column",
                    got=" ".join(column.name for column in columns),
                    expected=expected,
                )
    if source.kind == "log" and source.grain is None:
        reader.note("grain", "日志来源要写粒度", "a log source needs its grain", expected="entry / use / request")
    reader.finish()
    return source


def _header_rows(reader: Reader, table: dict[str, Any]) -> int | tuple[int, ...] | None:
    """`header_rows = 2` (how many) or `header_rows = [4, 5]` (which rows, as in Excel)."""
    told = reader.get(table, "header_rows", (int, list), "", None)
    rows = told if isinstance(told, list) else [] if told is None else [told]
    if any(not isinstance(row, int) or row < 1 for row in rows) or told == []:
        reader.note("header_rows", "表头行要写正整数", "header rows are whole numbers from 1", expected="2 / [4, 5]")
        return None
    return tuple(told) if isinstance(told, list) else told


def _column(reader: Reader, block: dict[str, Any]) -> Column:
    where = f"[[column]] {block.get('name', '?')}"
    reader.known(block, _COLUMN_KEYS, where)
    column = Column(
        name=reader.get(block, "name", str, where),
        headings=tuple(reader.get(block, "headings", list, where) or ()),
        type=reader.choice(block, "type", COLUMN_TYPES, where, "text"),
        codebook=reader.get(block, "codebook", str, where, None),
        required=reader.get(block, "required", bool, where, False),
        not_null=reader.get(block, "not_null", bool, where, False),
        on_unknown=reader.choice(block, "on_unknown", ("reject", "stop", "null"), where, "reject"),
        personal=reader.choice(block, "personal", ("drop", "pseudonym", "coarsen"), where, None),
        min=reader.get(block, "min", (int, float), where, None),
        max=reader.get(block, "max", (int, float), where, None),
        qualifier=reader.get(block, "qualifier", str, where, None),
        order=reader.choice(block, "order", ORDERS, where, None),
        unit=reader.get(block, "unit", str, where, None),
        total_of=tuple(reader.get(block, "total_of", list, where, [])),
    )
    check_column(reader, column, where)
    if column.type in ("code", "codes") and column.codebook is None:
        reader.note(where, "type = code 需要写 codebook", "a code column needs its codebook", expected='codebook = "…"')
    return column


def _table(reader: Reader, block: dict[str, Any]) -> Table:
    where = f"[[table]] {block.get('name', '?')}"
    reader.known(block, _TABLE_KEYS, where)
    return Table(
        name=reader.get(block, "name", str, where),
        columns=reader.get(block, "columns", dict, where, {}),
        set=reader.get(block, "set", dict, where, {}),
        unpivot=reader.get(block, "unpivot", dict, where, None),
        explode=read_explode(reader, block, where),
        hours=reader.get(block, "hours", str, where, None),
        latest_only=reader.get(block, "latest_only", bool, where, False),
        validity=reader.get(block, "validity", bool, where, False),
        required=tuple(reader.get(block, "required", list, where, [])),
    )


def _exploded(table: Table) -> list[str]:
    """The clean columns that an exploded list fills."""
    return [table.explode[name] for name in ("into", "value", "n") if table.explode and name in table.explode]


def check_tables(sources: dict[str, Source], columns_of: dict[str, list[str]]) -> None:
    """Refuse (exit 11) sources that feed a table, or a column of a table, which the warehouse does not have."""
    problems = []
    for source in sources.values():
        for table in source.tables:
            where = f"{source.path} [[table]] {table.name}"
            if table.name not in columns_of:
                known = " ".join(sorted(name for name in columns_of if name.startswith("clean.")))
                problems.append(_unknown(where, "没有这张表", "there is no such table", table.name, known))
                continue
            columns = columns_of[table.name]
            problems += [
                _unknown(where, "表里没有这一列", "the table has no such column", name, " ".join(columns))
                for name in (*table.columns, *table.set, *_exploded(table))
                if name not in columns
            ]
    if problems:
        fail(CONTRACT, *problems)


def _unknown(where: str, zh: str, en: str, got: str, expected: str) -> Problem:
    return Problem("contract_invalid", where, zh, en, got, expected, "请修改该 TOML 文件", "mend this TOML file")
