"""What a stream gives: blocks of a large file, one after the other, each as a text table gives the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from pipeline.readers.text_table import TextTable


@dataclass(frozen=True)
class Mark:
    """Where a block begins: bytes before it in the text (unpacked, and in UTF-8 where the file is in UTF-16) or rows before
    it in a Parquet file; the line; how many cells records usually have; unreadable lines so far, by their bytes.

    >>> Mark(120, 4) == Mark.from_json(Mark(120, 4).as_json())
    True
    """

    offset: int = 0
    line: int = 1
    usual: int = 0
    n_faulty: int = 0

    def as_json(self) -> list[int]:
        """The mark as plain numbers; no content."""
        return [self.offset, self.line, self.usual, self.n_faulty]

    @classmethod
    def from_json(cls, numbers: Sequence[int]) -> Mark:
        """The mark that was written so."""
        return cls(*numbers)


@dataclass(frozen=True, eq=False)
class Block:
    """Some of the rows of a file, in its order.

    `frame` has `source_row` and c{i} for each column that is wanted: text, or dictionary-coded; empty cells are null.
    `set_aside` and `notices` are as in a text table; `n_read` counts the rows kept and set aside; `n_bytes` of the file on
    disk are read up to here; `mark` is where the next block begins.
    """

    frame: pl.DataFrame
    set_aside: pl.DataFrame
    notices: pl.DataFrame
    n_read: int
    n_bytes: int
    mark: Mark


class Stream(Protocol):
    """A large file. `head` is what `read_file` sees of its first records; `n_bytes` its size on disk."""

    head: TextTable
    n_bytes: int

    def blocks(
        self,
        positions: Sequence[int],
        *,
        coded: frozenset[int] = frozenset(),
        after: Mark | None = None,
        rows: int = 4_000_000,
    ) -> Iterator[Block]:
        """The rows, about `rows` at a time, with the columns at `positions`; those in `coded` dictionary-coded. `after` a
        mark the same further blocks come again. Raises exit 10 where the file turns out to be broken."""
        ...


def texts_of(column: pl.Series) -> pl.Series:
    """The distinct texts of a dictionary-coded column of a block, each at its number (`column.to_physical()`). Each block has
    dictionaries of its own; texts of rows that were set aside may be among them.

    >>> column = pl.Series("c0", ["甲", "乙", None, "甲"], dtype=pl.Categorical(pl.Categories.random()))
    >>> texts_of(column).to_list(), column.to_physical().to_list()
    (['甲', '乙'], [0, 1, None, 0])
    """
    top = column.to_physical().max()
    numbers = pl.int_range(0 if top is None else int(top) + 1, dtype=pl.UInt32, eager=True)
    return numbers.cat.to(column.dtype).cast(pl.String).alias(column.name)
