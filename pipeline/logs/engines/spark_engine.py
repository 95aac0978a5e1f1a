"""An engine somewhere else, spoken to over Spark Connect: Apache Spark, or Sail. The SQL is the same; nothing is written twice."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from pipeline.logs.engines.exchange import Exchange
from pipeline.logs.engines.protocol import Part, whole_numbers
from pipeline.logs.engines.reach import no_shared_folder, open_session

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SMALL = 2**20  # bytes of a frame that still go through the connection itself


class SparkEngine:
    """A session at `remote` (`sc://HOST:PORT`, or `local[N]` for a Spark of one's own) that shares a folder with us (Engine).

    `exchange` is that folder, a path or the address of an object store. Raises exit 3 where the packages are missing, exit
    10 where nobody answers or the folder is not shared.
    """

    name = "spark"

    def __init__(self, remote: str, exchange: str) -> None:
        self.session: SparkSession = open_session(remote)
        self.exchange = Exchange(exchange)
        self._addresses: dict[str, str | None] = {}
        self._see_each_other(remote, exchange)

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Let the SQL read a frame by name: a small one through the connection, a larger one through the folder."""
        plain = frame.with_columns(
            pl.col(kind).cast(pl.Int64) for kind in (pl.UInt64, pl.UInt32, pl.UInt16, pl.UInt8) if kind in frame.dtypes
        )
        self.drop(name)
        if plain.is_empty() or plain.estimated_size() > _SMALL:
            self._keep(name, self.exchange.put(name, plain))
        else:
            table = plain.to_arrow(compat_level=pl.CompatLevel.oldest())
            with _quiet():
                self._name(name, self.session.createDataFrame(table))

    def read(self, name: str, paths: Sequence[Path]) -> None:
        """Let the SQL read Parquet files of one schema by name."""
        self.drop(name)
        self._name(name, self.session.read.parquet(*self.exchange.bring(paths)))

    def view(self, name: str, select: str) -> None:
        """Name a SELECT; whatever reads it runs it."""
        rows = self._sql(select)
        self.drop(name)
        self._name(name, rows)

    def table(self, name: str, select: str) -> None:
        """Make a table at once and keep it, in the shared folder: a cache of the engine may be dropped or is a wish only."""
        address = self.exchange.fresh(name)
        rows = self._sql(select)
        schema = rows.schema  # told, not found: of no rows Sail writes no file
        rows.write.parquet(address)
        self.drop(name)
        self._name(name, self.session.read.schema(schema).parquet(address), address)

    def small(self, name: str, select: str) -> None:
        """Make a small table that very many rows are joined with: the engine hands it to every worker by itself."""
        self.table(name, select)

    def drop(self, name: str) -> None:
        """Forget a frame, view or table."""
        if name not in self._addresses:
            return
        self.session.catalog.dropTempView(name)
        if address := self._addresses.pop(name):
            self.exchange.remove(address)

    def fetch(self, select: str) -> pl.DataFrame:
        """The rows of a SELECT; whole numbers as Int64."""
        with _quiet():
            return whole_numbers(pl.DataFrame(pl.from_arrow(self._sql(select).toArrow())))

    def write(
        self,
        table: str,
        columns: Sequence[str],
        by: Sequence[str],
        order: Sequence[str],
        folder: Path,
        among: Sequence[tuple] | None = None,
    ) -> list[Part]:
        """Store rows as Parquet, one sorted file for each combination of `by` (Engine; no value of it may be empty). All rows
        of a file meet in one task. Without keys a constant is the key: only then does Sail, too, write one file in order."""
        keys = {f"part_{number}": expression for number, expression in enumerate(by or ["'all'"])}
        parts = [f"cast({expression} as varchar) as {name}" for name, expression in keys.items()]
        address = self.exchange.fresh("written")
        rows = self._sql(f"select {', '.join([*columns, *parts])} from {table}").repartition(*keys)
        rows = rows.sortWithinPartitions(*(rows[name].asc_nulls_last() for name in (*keys, *order)))
        rows.write.partitionBy(*keys).option("compression", "zstd").parquet(address)
        written = self.exchange.take(address, folder)
        self.exchange.remove(address)
        if by:
            return written
        if not written:  # no rows: one file all the same, as DuckDB makes it
            path = folder / "00000.parquet"
            pl.DataFrame(pl.from_arrow(rows.toArrow())).drop(*keys).write_parquet(path, compression="zstd")
            return [Part((), path, 0)]
        return [Part((), part.path, part.n_rows) for part in written]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.exchange.close()
        self.session.stop()

    def _sql(self, select: str) -> DataFrame:
        from pipeline.logs.engines.translate import to_spark  # sqlglot is there only where an engine is

        return self.session.sql(to_spark(select))

    def _keep(self, name: str, address: str) -> None:
        self._name(name, self.session.read.parquet(address), address)

    def _name(self, name: str, rows: DataFrame, address: str | None = None) -> None:
        rows.createOrReplaceTempView(name)
        self._addresses[name] = address

    def _see_each_other(self, remote: str, exchange: str) -> None:
        """What we write they must find, and what they write we must find."""
        try:
            self._keep("seen", self.exchange.put("seen", pl.DataFrame({"n": [1]})))
            self.table("seen_back", "select n from seen")
            if not self.exchange.holds(self._addresses["seen_back"]):
                raise FileNotFoundError(exchange)
            self.drop("seen_back")
            self.drop("seen")
        except Exception as error:  # the engines raise what they like
            no_shared_folder(remote, exchange, error)


def _quiet() -> Any:
    """pyspark warns that it has not been tried with this pandas; none of its pandas is used here."""
    return warnings.catch_warnings(action="ignore", category=FutureWarning)
