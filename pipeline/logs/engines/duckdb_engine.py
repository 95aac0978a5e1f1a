"""DuckDB, in memory: what does not fit is kept beside the events, never in a folder of somebody else's."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl


class DuckDBEngine:
    """One database in memory, thrown away at the end."""

    def __init__(self, spill: Path | None = None, memory: str | None = None) -> None:
        config: dict[str, str] = {}
        if spill is not None:
            config["temp_directory"] = spill.as_posix()
        if memory is not None:
            config["memory_limit"] = memory
        self.con = duckdb.connect(config=config)
        self._frames: set[str] = set()

    def register(self, name: str, frame: pl.DataFrame, *, is_small: bool = True) -> None:
        """Let the SQL read a frame by name; a small one is kept as a table (see `table`)."""
        self.con.execute(f"drop table if exists {name}")
        if name in self._frames:
            self.con.unregister(name)
            self._frames.discard(name)
        if not is_small:
            self.con.register(name, frame.to_arrow())
            self._frames.add(name)
            return
        self.con.register("_incoming", frame.to_arrow())
        self.con.execute(f"create temp table {name} as select * from _incoming")
        self.con.unregister("_incoming")

    def parquet(self, name: str, paths: list[Path]) -> None:
        """Let the SQL read Parquet files by name."""
        self.con.execute(f"create or replace temp view {name} as {read_parquet(paths)}")

    def view(self, name: str, sql: str) -> None:
        """A step that rows stream through."""
        self._drop(name)
        self.con.execute(f"create temp view {name} as\n{sql}")

    def table(self, name: str, sql: str) -> None:
        """A step that is kept."""
        self._drop(name)
        self.con.execute(f"create temp table {name} as\n{sql}")

    def small_table(self, name: str, sql: str) -> None:
        """A small table that millions of rows are joined with. Its texts are kept as members of a list (ENUM), so that a row
        carries a number of one byte or two until it is written."""
        self.table(f"{name}_texts", sql)
        columns = self.con.execute(f"describe {name}_texts").fetchall()
        texts = [column for column, kind, *_ in columns if kind == "VARCHAR"]
        casts = []
        for column in texts:
            self.con.execute(f"drop type if exists {name}_{column}")
            self.con.execute(
                f"create type {name}_{column} as enum (select distinct {column} from {name}_texts where {column} is not null)"
            )
            casts.append(f"cast({column} as {name}_{column}) as {column}")
        replaced = f" replace ({', '.join(casts)})" if casts else ""
        self.table(name, f"select *{replaced} from {name}_texts")

    def fetch(self, sql: str) -> pl.DataFrame:
        """The rows of a query."""
        return self.con.sql(sql).pl().with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))

    def write(self, sql: str, path: Path) -> None:
        """The rows of a query into one Parquet file, in their order."""
        self.con.execute(f"copy ({sql}) to '{quoted(path)}' (format parquet, compression zstd)")

    def close(self) -> None:
        """Throw everything away."""
        self.con.close()

    def _drop(self, name: str) -> None:
        kinds = self.con.execute(
            "select 'view' from duckdb_views() where view_name = ? union all select 'table' from duckdb_tables() where table_name = ?",
            [name, name],
        ).fetchall()
        for (kind,) in kinds:
            self.con.execute(f"drop {kind} {name}")


def read_parquet(paths: list[Path]) -> str:
    """A SELECT of all rows of some Parquet files."""
    listed = ", ".join(f"'{quoted(path)}'" for path in paths)
    return f"select * from read_parquet([{listed}], hive_partitioning = false)"


def quoted(path: Path) -> str:
    """A path within a text of SQL."""
    return path.as_posix().replace("'", "''")
