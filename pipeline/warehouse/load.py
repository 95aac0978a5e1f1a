"""Build the schema and fill it: frames by column name, event files as a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipeline.warehouse.dictionary import TABLES_SQL, Table, comment, tables

EVENTS = "clean.service_events"
_SHOWN = {  # what the files keep short
    "event_id": "coalesce(e.event_id, concat(e.source_file_id, ':', e.source_sheet, ':', e.source_row)) as event_id",
    "courier_key": "printf('%016x', e.courier_no) as courier_key",
}


class LoadError(RuntimeError):
    """A bug of ours: a cleaner handed over what the schema does not take. Names table and counts, never a value."""


@dataclass(frozen=True)
class EventFile:
    """One immutable Parquet file of events this build means; `path` is absolute, below processed/."""

    path: Path
    source_file_id: str
    month_on: date
    n_rows: int


def create(path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A new, empty warehouse at `path` with keys, checks and comments. The file must not exist."""
    con = duckdb.connect(str(path))
    con.execute("begin")  # hundreds of small statements: one write
    con.execute(TABLES_SQL.read_text(encoding="utf-8"))
    con.execute("".join(_comments(table) for table in tables().values()))
    con.execute("commit")
    return con


def load(
    con: duckdb.DuckDBPyConnection,
    loaded: Mapping[str, pl.DataFrame],
    *,
    events: Sequence[EventFile] = (),
    counts: Sequence[tuple[str, Path]] = (),
    fates: Sequence[Path] = (),
    processed: Path | None = None,
) -> None:
    """Fill tables by qualified name (`clean.stations`), columns matched by name.

    A nullable column that a frame lacks becomes NULL. `fates` are files of further rows of audit.row_fates. `events` turns
    clean.service_events into a view over those files, `counts` (mart, file) the marts counted by month; `processed` is the folder their recorded paths are relative to. Raises LoadError for what only a bug of
    ours can cause: an unknown table or column, a missing or repeated key.
    """
    known = tables()
    for name, frame in loaded.items():
        if name not in known or known[name].kind != "table":
            raise LoadError(f"{name}: no such table in tables.sql")
        _insert(con, known[name], frame)
    if fates:
        names = ", ".join(column.name for column in known["audit.row_fates"].columns)
        con.execute(f"insert into audit.row_fates ({names}) select {names} from read_parquet({_listed(fates)})")
    if events:
        if processed is None:
            raise LoadError("event files need the folder their paths are relative to")
        recorded = {
            "path": [file.path.resolve().relative_to(processed.resolve()).as_posix() for file in events],
            "source_file_id": [file.source_file_id for file in events],
            "month_on": [file.month_on for file in events],
            "n_rows": [file.n_rows for file in events],
        }
        _insert(con, known["audit.event_files"], pl.DataFrame(recorded))
        con.execute(f"drop table {EVENTS}")
        point_events(con, [file.path.resolve() for file in events])
    if counts:
        below = [path.resolve().relative_to(processed.resolve()).as_posix() for _, path in counts]
        _insert(
            con, known["audit.count_files"], pl.DataFrame({"mart_name": [name for name, _ in counts], "path": below})
        )
        point_counts(con, [(name, path.resolve()) for name, path in counts])


def point_events(con: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> None:
    """Make clean.service_events a view over exactly these files, less the rows known as duplicates.

    Absolute paths, so that the warehouse works in any DuckDB client; replacing a view loses its comments, so they are
    written again.
    """
    table = tables()[EVENTS]
    names = ", ".join(_SHOWN.get(column.name, f"e.{column.name}") for column in table.columns)
    con.execute(f"""
        create or replace view {EVENTS} as
        select {names}
        from read_parquet({_listed(paths)}, hive_partitioning = false) as e
        anti join (select * from audit.row_fates where fate = 'duplicate') as d
          on e.source_file_id = d.source_file_id and e.source_sheet = d.source_sheet and e.source_row = d.source_row
    """)
    _check_types(con, table)
    con.execute(_comments(Table(table.name, "view", table.zh, table.en, table.columns)))


def point_counts(con: duckdb.DuckDBPyConnection, counts: Sequence[tuple[str, Path]]) -> None:
    """Make the marts that are counted by month views over exactly these files."""
    for name in sorted({name for name, _ in counts}):
        paths = [path for mart, path in counts if mart == name]
        con.execute(f"create or replace view mart.{name} as select * from read_parquet({_listed(paths)})")


def _listed(paths: Sequence[Path]) -> str:
    return "[" + ", ".join("'" + path.as_posix().replace("'", "''") + "'" for path in paths) + "]"


def _insert(con: duckdb.DuckDBPyConnection, table: Table, frame: pl.DataFrame) -> None:
    unknown = [name for name in frame.columns if name not in {column.name for column in table.columns}]
    if unknown:
        raise LoadError(f"{table.name}: columns that the table does not have: {', '.join(unknown)}")
    if frame.is_empty():
        return
    names = ", ".join(f'"{name}"' for name in frame.columns)
    con.register("_incoming", frame.to_arrow())
    try:
        con.execute(f"insert into {table.name} ({names}) select {names} from _incoming")
    except duckdb.Error as error:
        message = _diagnosis(con, table, frame, error)
        raise LoadError(message) from None  # DuckDB's own message shows the value
    finally:
        con.unregister("_incoming")


def _diagnosis(con: duckdb.DuckDBPyConnection, table: Table, frame: pl.DataFrame, error: duckdb.Error) -> str:
    """What is wrong with the frame, in names and counts."""
    schema, name = table.name.split(".")
    constraints = con.execute(
        "select constraint_type, constraint_column_names from duckdb_constraints() "
        "where schema_name = ? and table_name = ? order by constraint_type, constraint_column_names",
        [schema, name],
    ).fetchall()
    parts = [f"{table.name}: {frame.height} rows refused ({type(error).__name__})"]
    for kind, keys in constraints:
        missing = [key for key in keys if key not in frame.columns]
        if kind == "NOT NULL":
            n = frame.height if missing else frame[keys[0]].null_count()
            parts += [f"{n} without {keys[0]}"] if n else []
        elif kind in ("PRIMARY KEY", "UNIQUE") and not missing:
            n = frame.height - frame.select(keys).n_unique()
            parts += [f"{n} repeat the key {', '.join(keys)}"] if n else []
    return "; ".join(dict.fromkeys(parts))


def _check_types(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    stored = {row[0]: row[1].lower() for row in con.execute(f"describe {table.name}").fetchall()}
    wrong = [f"{c.name} is {stored[c.name]}, not {c.type}" for c in table.columns if stored[c.name] != c.type]
    if wrong:
        raise LoadError(f"{table.name}: the event files have other types: {'; '.join(wrong)}")


def _comments(table: Table) -> str:
    """The statements that write the words of a table and its columns into the database."""
    told = [f"comment on {table.kind} {table.name} is {_quoted(f'{table.zh}; {table.en}')};"]
    told += [f"comment on column {table.name}.{c.name} is {_quoted(comment(c))};" for c in table.columns]
    return "\n".join(told)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
