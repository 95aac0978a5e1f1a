"""What the log room asks of an engine: a handful of methods, the same for one machine and for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import polars as pl


@dataclass(frozen=True)
class Part:
    """One Parquet file that `write` made: the `values` of its `by` expressions, where it lies, how many rows it holds."""

    values: tuple[str, ...]
    path: Path
    n_rows: int


class Engine(Protocol):
    """Runs the SELECT files. SQL is always handed over in DuckDB's dialect; names are those the SQL uses.

    `register` a frame by name; `read` Parquet files by name; `view` and `table` name a SELECT (a table is made at once and
    kept, a view is not), `small` a table that very many rows are joined with; `drop` forgets a name; `fetch` brings a SELECT's rows here; `write` stores rows as Parquet, one
    file for each combination of the `by` columns, holding `columns`, sorted by `order` (as they come where there is none); `among`: the only values of `by` there are, where that is known.
    """

    name: str

    def register(self, name: str, frame: pl.DataFrame) -> None: ...

    def read(self, name: str, paths: Sequence[Path]) -> None: ...

    def view(self, name: str, select: str) -> None: ...

    def table(self, name: str, select: str) -> None: ...

    def small(self, name: str, select: str) -> None: ...

    def drop(self, name: str) -> None: ...

    def fetch(self, select: str) -> pl.DataFrame: ...

    def write(
        self,
        table: str,
        columns: Sequence[str],
        by: Sequence[str],
        order: Sequence[str],
        folder: Path,
        among: Sequence[tuple] | None = None,
    ) -> list[Part]: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def whole_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Counts and sums as Int64, whatever integer type an engine gives them (int, bigint, hugeint, decimal without a point).

    >>> whole_numbers(pl.DataFrame({"n": pl.Series([1], dtype=pl.Int32)})).schema["n"]
    Int64
    """
    wide = [name for name, kind in frame.schema.items() if kind.is_integer() or _is_whole(kind)]
    return frame.with_columns(pl.col(wide).cast(pl.Int64))


def _is_whole(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.Decimal) and kind.scale == 0
