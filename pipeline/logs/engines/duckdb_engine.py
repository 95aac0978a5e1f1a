"""The engine everybody has: DuckDB in this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import duckdb
import polars as pl

from pipeline.contracts import load_toml
from pipeline.logs.engines.protocol import Part, whole_numbers
from pipeline.paths import METADATA


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
        limit = load_toml(METADATA / "log_limits.toml")["work"]["memory"]
        self.con = duckdb.connect(config={"temp_directory": spill.as_posix(), "memory_limit": limit})

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Let the SQL read a frame by name."""
        self.con.register(name, frame.to_arrow(compat_level=pl.CompatLevel.newest()))

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

    def small(self, name: str, select: str) -> None:
        """Make a small table that very many rows are joined with. Its texts are kept as members of lists (ENUM), so that each
        of those rows carries a number of a byte or two until it is written. The lists are in order: members compare by place."""
        self.table(f"{name}_plain", select)
        columns = self.con.execute(f"describe {name}_plain").fetchall()
        kept = []
        for column in [column for column, kind, *_ in columns if kind == "VARCHAR"]:
            self.con.execute(f"drop type if exists {name}_{column}")
            texts = f"select distinct {column} from {name}_plain where {column} is not null order by {column}"
            self.con.execute(f"create type {name}_{column} as enum ({texts})")
            kept.append(f"cast({column} as {name}_{column}) as {column}")
        replaced = f" replace ({', '.join(kept)})" if kept else ""
        self.table(name, f"select *{replaced} from {name}_plain")
        self.drop(f"{name}_plain")

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
        frame = self.con.sql(select).pl()
        return whole_numbers(frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String)))

    def write(
        self,
        table: str,
        columns: Sequence[str],
        by: Sequence[str],
        order: Sequence[str],
        folder: Path,
        among: Sequence[tuple] | None = None,
    ) -> list[Part]:
        """Store rows as Parquet, one sorted file for each combination of `by` (Engine)."""
        folder.mkdir(parents=True, exist_ok=True)
        found = among
        if found is None:
            listed = ", ".join(by)
            found = (
                self.con.execute(f"select distinct {listed} from {table} order by {listed}").fetchall() if by else [()]
            )
        wanted = " and ".join(f"{expression} = ?" for expression in by) or "true"
        sorted_by = f" order by {', '.join(order)}" if order else ""
        parts = []
        for number, values in enumerate(found):
            path = folder / f"{number:05}.parquet"
            copied = self.con.execute(
                f"copy (select {', '.join(columns)} from {table} where {wanted}{sorted_by}) "
                f"to {_quoted(path)} (format parquet, compression zstd, parquet_version v2)",
                values,
            ).fetchall()
            if copied[0][0] or not by:
                parts.append(Part(tuple(map(str, values)), path, copied[0][0]))
            else:
                path.unlink()
        return parts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.con.close()


def _quoted(path: Path) -> str:
    return "'" + path.as_posix().replace("'", "''") + "'"
