"""The data dictionary: every stored table and column in words, read from the remarks in tables.sql."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from pipeline.contracts import load_toml
from pipeline.paths import METADATA

TABLES_SQL = Path(__file__).with_name("tables.sql")
WORDS = METADATA / "column_words.toml"  # of columns that only views and marts have
PRIVACY_CLASSES = ("open", "office", "restricted")
# The origin triple stands on one line without a remark in every clean table: it has one meaning everywhere.
ORIGIN = {
    "source_file_id": ("office", "源文件", "origin: file the row was read from (audit.source_files)"),
    "source_sheet": ("office", "源工作表", "origin: sheet, '' for a text file"),
    "source_row": ("office", "源行号", "origin: row, 1-based as in Excel"),
}
_OPENING = re.compile(r"create (table|view) (\w+\.\w+) (?:\(|as)\s*(?:--\s*(.*))?$")
_COLUMN = re.compile(r"  (\w+) (\w+).*?--\s*(open|office|restricted);\s*([^;]+);\s*(.+)$")
_CONSTRAINT = re.compile(r"  (primary key|check|unique|foreign key)\b")


@dataclass(frozen=True)
class Column:
    """One stored column: `privacy` open | office | restricted, and its meaning in both languages."""

    table: str
    name: str
    type: str
    privacy: str
    zh: str
    en: str


@dataclass(frozen=True)
class Table:
    """One stored table or view."""

    name: str
    kind: str
    zh: str
    en: str
    columns: tuple[Column, ...]


@cache
def tables() -> dict[str, Table]:
    """Every table and view of tables.sql by qualified name, in the order of the file.

    >>> tables()["clean.stations"].columns[0].zh
    '驿站编号'
    """
    text = TABLES_SQL.read_text(encoding="utf-8")
    found: dict[str, Table] = {}
    for statement in re.split(r"^(?=create (?:table|view) )", text, flags=re.MULTILINE)[1:]:
        lines = statement.splitlines()
        kind, name, remark = _OPENING.match(lines[0]).groups()  # type: ignore[union-attr]
        zh, _, en = (remark or "").partition(";")
        columns = _stored_columns(name, lines[1:]) if kind == "table" else ()
        found[name] = Table(name, kind, zh.strip(), en.strip(), columns)
    types = _view_columns(text, [table.name for table in found.values() if table.kind == "view"])
    for name, described in types.items():
        view = found[name]
        columns = tuple(_inherited(name, column, type_, found) for column, type_ in described)
        found[name] = Table(view.name, view.kind, view.zh, view.en, columns)
    return found


def columns() -> list[Column]:
    """Every stored column of every table and view of tables.sql."""
    return [column for table in tables().values() for column in table.columns]


def words() -> dict[str, tuple[str, str, str]]:
    """Words of every column name, for views and marts: name → privacy, zh, en. What column_words.toml says comes before
    what the first stored column of that name says."""
    known: dict[str, tuple[str, str, str]] = {}
    stored = [column for table in tables().values() if table.kind == "table" for column in table.columns]
    for column in stored:
        known.setdefault(column.name, (column.privacy, column.zh, column.en))
    return known | _own_words()


@cache
def _own_words() -> dict[str, tuple[str, str, str]]:
    return {name: (block["privacy"], block["zh"], block["en"]) for name, block in load_toml(WORDS).items()}


def comment(column: Column) -> str:
    """The text stored with COMMENT ON COLUMN."""
    return f"{column.privacy}; {column.zh}; {column.en}"


def page(marts: Iterable[Table] = ()) -> str:
    """docs/data_dictionary.md: the stored tables, then the marts."""
    lines = [
        "# 数据字典 · Data dictionary",
        "",
        "Generated from `pipeline/warehouse/tables.sql`, `pipeline/marts/*.sql` and `pipeline/metadata/column_words.toml`"
        " by `python -m pipeline.warehouse`; do not edit.",
        "",
        "保密级别 Privacy: `open` 可作为汇总数公开 may be shown as counts · `office` 仅限办公室 inside the office only · "
        "`restricted` 不得离开本机 never leaves the machine.",
        "",
    ]
    for table in [*tables().values(), *marts]:
        lines += [f"## {table.name}", "", f"{table.zh} — {table.en}" if table.zh else table.en, ""]
        lines += ["| column 列 | type 类型 | privacy | 说明 | meaning |", "|---|---|---|---|---|"]
        lines += [f"| `{c.name}` | {c.type} | {c.privacy} | {c.zh} | {_cell(c.en)} |" for c in table.columns]
        lines.append("")
    return "\n".join(lines)


def _stored_columns(table: str, lines: list[str]) -> tuple[Column, ...]:
    result = []
    for line in lines:
        if line.startswith(");"):
            break
        if line.startswith("  source_file_id varchar not null, source_sheet"):
            for name, (privacy, zh, en) in ORIGIN.items():
                result.append(Column(table, name, "integer" if name == "source_row" else "varchar", privacy, zh, en))
            continue
        if _CONSTRAINT.match(line):
            continue
        match = _COLUMN.match(line)
        if match is None:
            raise ValueError(f"tables.sql: {table}: no remark with a privacy class: {line.strip()}")
        result.append(Column(table, *match.groups()))
    return tuple(result)


def _view_columns(sql: str, views: list[str]) -> dict[str, list[tuple[str, str]]]:
    if not views:
        return {}
    with duckdb.connect() as con:
        con.execute(sql)
        return {
            view: [(row[0], row[1].lower()) for row in con.execute(f"describe {view}").fetchall()] for view in views
        }


def _inherited(view: str, name: str, type_: str, found: dict[str, Table]) -> Column:
    """A view's column keeps the words of a stored column of its name; the code of a list keeps those of ref.codes."""
    candidates = [c for t in found.values() if t.kind == "table" for c in t.columns if c.name == name]
    if view.startswith("ref."):
        code = "code" if name.endswith("_code") else name
        candidates = [column for column in found["ref.codes"].columns if column.name == code]
    elif view.startswith("audit."):
        candidates.sort(key=lambda column: not column.table.startswith("audit."))
    if not candidates:
        return Column(view, name, type_, *_own_words()[name])
    column = candidates[0]
    return Column(view, name, type_, column.privacy, column.zh, column.en)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
