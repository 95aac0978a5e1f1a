"""The SQL files of this folder, run in the order that the SQL itself tells: one SELECT each, the table is the file's name.

Only functions that DuckDB, Sail and Spark agree on stand in them (tests/unit/logs/test_sql_files.py refuses others).
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from pipeline.paths import Study

FOLDER = Path(__file__).resolve().parent


def connect(study: Study) -> duckdb.DuckDBPyConnection:
    """A database in memory. What does not fit is kept beside the events, never in a folder of somebody else's."""
    return duckdb.connect(config={"temp_directory": (study.events / "spill").as_posix()})


def register(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Let the SQL read a frame by name."""
    con.register(name, frame.to_arrow())


@cache
def statements() -> dict[str, str]:
    """Every SELECT by the name of the table it makes."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}


@cache
def needed_for(target: str) -> tuple[str, ...]:
    """The tables to make for `target`, in order, each after those it reads; `target` is the last."""
    files, done, order = statements(), set(), []
    with duckdb.connect() as parser:  # an empty database: it only has to read the SQL

        def visit(name: str) -> None:
            if name in done or name not in files:
                return
            done.add(name)
            for source in sorted(parser.get_table_names(files[name])):
                visit(source)
            order.append(name)

        visit(target)
    return tuple(order)


@cache
def passing() -> frozenset[str]:
    """Those that only one other SELECT reads: they stay views, so that rows stream through them without being kept."""
    with duckdb.connect() as parser:
        readers = Counter(source for sql in statements().values() for source in set(parser.get_table_names(sql)))
    return frozenset(name for name in statements() if readers[name] == 1)


def build(con: duckdb.DuckDBPyConnection, target: str, made: set[str]) -> None:
    """Make `target` and whatever it still lacks; `made` remembers what is there already."""
    for name in needed_for(target):
        if name not in made:
            kind = "view" if name in passing() and name != target else "table"
            con.execute(f"create or replace temp {kind} {name} as\n{statements()[name]}")
            made.add(name)
