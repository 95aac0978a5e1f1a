"""The marts: their order, found in the SQL itself, and building them."""

from __future__ import annotations

import json
import time
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from pipeline.paths import PACKAGE
from pipeline.warehouse.dictionary import Column, Table, words

MARTS = PACKAGE / "marts"
BY_MONTH = MARTS / "by_month"  # counted from the events of each month (`log_kept`), when the month changes


class MartError(RuntimeError):
    """A mistake in a mart's SQL: a cycle, a mart that does not exist, or a statement that is no SELECT."""


def files(folder: Path = MARTS) -> dict[str, Path]:
    """Mart name → its file."""
    return {path.stem: path for path in sorted([*folder.glob("*.sql"), *(folder / BY_MONTH.name).glob("*.sql")])}


def order(folder: Path = MARTS) -> list[str]:
    """Mart names so that each comes after those it reads. Raises MartError for a cycle or an unknown mart."""
    found = files(folder)
    with duckdb.connect() as con:
        reads = {name: _reads(con, name, path.read_text(encoding="utf-8")) for name, path in found.items()}
    for name, others in reads.items():
        unknown = sorted(others - set(found))
        if unknown:
            raise MartError(f"mart.{name} reads marts that do not exist: {', '.join(unknown)}")
    try:
        return list(TopologicalSorter({name: sorted(reads[name]) for name in sorted(reads)}).static_order())
    except CycleError as error:
        raise MartError(f"marts read each other in a circle: {' → '.join(error.args[1])}") from None


def build(con: duckdb.DuckDBPyConnection, folder: Path = MARTS) -> dict[str, float]:
    """Make every mart as a table, rows in the order of their columns; seconds per mart. Those that stand as views over files
    counted month by month (`load.point_counts`) stay so."""
    found, seconds = files(folder), {}
    counted = {
        row[0] for row in con.execute("select view_name from duckdb_views() where schema_name = 'mart'").fetchall()
    }
    number = "coalesce(try_cast('0x' || courier_key as bigint), cast(hash(courier_key) >> 4 as bigint))"
    con.execute(f"create or replace temp view log_kept as select *, {number} as courier_no from clean.service_events")
    for name in order(folder):
        started = time.perf_counter()
        sql = found[name].read_text(encoding="utf-8")
        if name not in counted:
            con.execute(f"create or replace table mart.{name} as select * from ({sql}) order by all")
        kind = "view" if name in counted else "table"
        con.execute(f"comment on {kind} mart.{name} is '{question(sql).replace(chr(39), chr(39) * 2)}'")
        seconds[name] = time.perf_counter() - started
    con.execute("drop view log_kept")
    return seconds


def question(sql: str) -> str:
    """The question a mart answers: the first line of its header."""
    return sql.splitlines()[0].removeprefix("-- Question:").strip()


def described(con: duckdb.DuckDBPyConnection, folder: Path = MARTS) -> list[Table]:
    """The built marts as dictionary entries; needs built marts (empty ones will do)."""
    known, result = words(), []
    for name, path in files(folder).items():
        header = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("-- ")]
        columns = []
        for column, type_, *_ in con.execute(f"describe mart.{name}").fetchall():
            if column not in known:
                raise MartError(f"mart.{name}.{column} has no words in metadata/column_words.toml")
            columns.append(Column(f"mart.{name}", column, type_.lower(), *known[column]))
        text = " ".join(line.removeprefix("-- ") for line in header)
        result.append(Table(f"mart.{name}", "table", "", text, tuple(columns)))
    return result


def _reads(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> set[str]:
    """The marts a statement reads. DuckDB's own parser says so; unlike `get_table_names`, which binds the statement
    against tables without columns, its syntax tree needs no table to exist."""
    (text,) = con.execute("select json_serialize_sql(?)", [sql]).fetchone()  # type: ignore[misc]
    tree = json.loads(text)
    if tree.get("error"):
        raise MartError(f"marts/{name}.sql is not one SELECT: {tree.get('error_message')}")
    return {node["table_name"] for node in _nodes(tree) if node.get("schema_name") == "mart"}


def _nodes(tree: Any) -> list[dict[str, Any]]:
    if isinstance(tree, dict):
        return [tree, *(node for value in tree.values() for node in _nodes(value))]
    return [node for value in tree for node in _nodes(value)] if isinstance(tree, list) else []
