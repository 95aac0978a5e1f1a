"""Open a built warehouse, wherever the study lies now."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.paths import Study
from pipeline.warehouse.load import EVENTS, point_counts, point_events


def open_warehouse(where: Study | Path | str, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """A connection to the warehouse of a study (or to a warehouse file).

    The view clean.service_events, and those of the marts counted by month, name their files by absolute path. When the
    study has moved they are not there any more: the stored views are pointed at `events/` beside the warehouse. Where the file cannot be written (read-only
    medium, open elsewhere) the connection is an in-memory database whose views pass through to the file instead.
    """
    path = where.warehouse if isinstance(where, Study) else Path(where)
    con = duckdb.connect(str(path), read_only=read_only)
    paths = _event_paths(con, path)
    if not paths or str(paths[0].as_posix()).replace("'", "''") in _view_sql(con):
        return con
    counts = _count_paths(con, path)
    if not read_only:
        _point(con, paths, counts)
        return con
    con.close()
    try:
        with duckdb.connect(str(path)) as writable:
            _point(writable, paths, counts)
    except duckdb.IOException:
        return _passing_through(path, paths, counts)
    return duckdb.connect(str(path), read_only=True)


def _event_paths(con: duckdb.DuckDBPyConnection, path: Path) -> list[Path]:
    """Where the event files of this build lie now: recorded relative to the warehouse's own folder."""
    rows = con.execute("select path from audit.event_files order by path").fetchall()
    return [path.resolve().parent / row[0] for row in rows]


def _count_paths(con: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[str, Path]]:
    rows = con.execute("select mart_name, path from audit.count_files order by path").fetchall()
    return [(name, path.resolve().parent / below) for name, below in rows]


def _point(con: duckdb.DuckDBPyConnection, paths: list[Path], counts: list[tuple[str, Path]]) -> None:
    point_events(con, paths)
    point_counts(con, counts)


def _view_sql(con: duckdb.DuckDBPyConnection) -> str:
    schema, name = EVENTS.split(".")
    # fetchall, not fetchone: a result that is not read to its end blocks the connection
    rows = con.execute(
        "select sql from duckdb_views() where schema_name = ? and view_name = ?", [schema, name]
    ).fetchall()
    return rows[0][0] if rows else ""


def _passing_through(path: Path, paths: list[Path], counts: list[tuple[str, Path]]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("attach ? as stored (read_only)", [str(path)])
    relations = con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'stored' "
        "union select schema_name, view_name from duckdb_views() where database_name = 'stored' and not internal"
    ).fetchall()
    for schema in {schema for schema, _ in relations}:
        con.execute(f"create schema if not exists {schema}")
    for schema, name in relations:
        if f"{schema}.{name}" not in {EVENTS, *(f"mart.{mart}" for mart, _ in counts)}:
            con.execute(f"create view {schema}.{name} as select * from stored.{schema}.{name}")
    _point(con, paths, counts)
    return con
