"""A large Parquet file in blocks, its values as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.readers.parquet import as_text, table_of
from pipeline.readers.refusals import refuse
from pipeline.readers.streams.stream import Block, Mark
from pipeline.readers.text_table import TextTable, no_rows

PARQUET_MAGIC = b"PAR1"
_FEW = 1000


@dataclass(frozen=True, eq=False)
class ParquetStream:
    """See `Stream`. A mark counts rows."""

    head: TextTable
    n_bytes: int
    n_rows: int

    def blocks(
        self,
        positions: Sequence[int],
        *,
        coded: frozenset[int] = frozenset(),
        after: Mark | None = None,
        rows: int = 4_000_000,
    ) -> Iterator[Block]:
        """See `Stream`."""
        begin = after.offset if after else 0
        while begin < self.n_rows or begin == 0:
            frame = _rows(self.head.path, begin, max(1, rows), positions, coded)
            begin += frame.height
            n_bytes = self.n_bytes * begin // self.n_rows if self.n_rows else self.n_bytes
            yield Block(frame, no_rows(), no_rows(), frame.height, n_bytes, Mark(begin, begin + 1))
            if not frame.height:
                return


def open_parquet(path: Path) -> ParquetStream:
    """The file as a stream. Raises exit 10 when it is broken or holds no rows."""
    try:
        lazy = pl.scan_parquet(path, glob=False)
        head = lazy.head(_FEW).collect()
        n_rows = int(lazy.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        refuse("parquet_broken", path, got=type(error).__name__)
    if not n_rows:
        refuse("no_table", path)
    return ParquetStream(table_of(path, head), path.stat().st_size, n_rows)


def _rows(path: Path, begin: int, n: int, positions: Sequence[int], coded: frozenset[int]) -> pl.DataFrame:
    try:
        lazy = pl.scan_parquet(path, glob=False)
        names = lazy.collect_schema().names()
        frame = lazy.slice(begin, n).select(names[i] for i in sorted(set(positions))).collect()
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        refuse("parquet_broken", path, got=type(error).__name__)
    texts = frame.select(
        as_text(frame.schema[names[i]], names[i]).cast(_kind(i, coded)).alias(f"c{i}") for i in dict.fromkeys(positions)
    )
    rows = pl.int_range(begin + 1, begin + 1 + frame.height, dtype=pl.Int64, eager=True).alias("source_row")
    return pl.DataFrame([rows, *texts.get_columns()])


def _kind(position: int, coded: frozenset[int]) -> pl.DataType:
    return pl.Categorical(pl.Categories.random()) if position in coded else pl.String()
