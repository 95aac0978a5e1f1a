"""The engine everybody has: DuckDB in this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import duckdb
import polars as pl

from pipeline.logs.engines.protocol import Part, whole_numbers


class DuckDBEngine:
    """A database in memory (Engine). What does not fit is kept in `spill`, never in a folder of somebody else's.

    >>> with DuckDBEngine(Path("spill")) as engine:
    ...     engine.register("raw", pl.DataFrame({"n": [1, 2]}))
    ...     engine.table("doubled", "select n * 2 as n from raw")
    ...     engine.fetch("select sum(n) as n from doubled")["n"].to_list()
    [6]
    """

    name = "duckdb"

    def __init__(self, spill: Path) -> None:
        self.con = duckdb.connect(config={"temp_directory": spill.as_posix()})

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Let the SQL read a frame by name."""
        self.con.register(name, frame.to_arrow())

    def read(self, name: str, paths: Sequence[Path]) -> None:
        """Let the SQL read Parquet files of one schema by name."""
        listed = ", ".join(_quoted(path) for path in paths)
        self.view(name, f"select * from read_parquet([{listed}], hive_partitioning = false)")

    def view(self, name: str, select: str) -> None:
        """Name a SELECT whose rows stream through whatever reads it."""
        self.con.execute(f"create or replace temp view {name} as\n{select}")

    def table(self, name: str, select: str) -> None:
        """Make a table at once and keep it."""
        self.con.execute(f"create or replace temp table {name} as\n{select}")

    def drop(self, name: str) -> None:
        """Forget a frame, view or table."""
        kinds = dict(self.con.execute("select view_name, 'view' from duckdb_views() where not internal").fetchall())
        if kinds.get(name):
            self.con.execute(f"drop view if exists {name}")
        else:
            self.con.execute(f"drop table if exists {name}")
        self.con.unregister(name)

    def fetch(self, select: str) -> pl.DataFrame:
        """The rows of a SELECT; whole numbers as Int64."""
        return whole_numbers(self.con.sql(select).pl())

    def write(
        self, table: str, columns: Sequence[str], by: Sequence[str], order: Sequence[str], folder: Path
    ) -> list[Part]:
        """Store rows as Parquet, one sorted file for each combination of `by` (Engine)."""
        folder.mkdir(parents=True, exist_ok=True)
        found = self.con.execute(
            f"select {', '.join(by)}, count(*) from {table} group by {', '.join(by)} order by {', '.join(by)}"
        ).fetchall()
        wanted = " and ".join(f"{expression} = ?" for expression in by)
        parts = []
        for number, (*values, n_rows) in enumerate(found):
            path = folder / f"{number:05}.parquet"
            self.con.execute(
                f"copy (select {', '.join(columns)} from {table} where {wanted} order by {', '.join(order)}) "
                f"to {_quoted(path)} (format parquet, compression zstd)",
                values,
            )
            parts.append(Part(tuple(values), path, n_rows))
        return parts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.con.close()


def _quoted(path: Path) -> str:
    return "'" + path.as_posix().replace("'", "''") + "'"
