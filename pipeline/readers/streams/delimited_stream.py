"""A large CSV or TSV file in blocks: bytes cut at line ends, read the fast lane where lines are even, the exact way elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.errors import PipelineError
from pipeline.readers.refusals import refuse
from pipeline.readers.streams.exact_lane import cut_exactly
from pipeline.readers.streams.fast_lane import cut_quickly
from pipeline.readers.streams.no_records import LookedAt
from pipeline.readers.streams.settle import Known, Settled, settle
from pipeline.readers.streams.sources import Source
from pipeline.readers.streams.stream import Block, Mark
from pipeline.readers.text.encodings import decode
from pipeline.readers.text.faults import are_many, has_plain_lines
from pipeline.readers.text_table import TextTable, rows_with

_CHUNK = 32_000_000  # bytes that are cut at once
_MOST_TEXTS = 5_000_000  # in a dictionary that goes on to the next block
_LONGEST_LINE = 64_000_000  # bytes; what has none that end earlier is no table


class _Codes:
    """The dictionaries of some blocks and what is known of their texts; the encoding, as far as it is known."""

    def __init__(self, positions: Iterable[int], encoding: str) -> None:
        self.encoding = encoding
        self.categories = {i: pl.Categories.random() for i in positions}
        self.looked = LookedAt()
        # a dictionary that no column refers to is forgotten, and begins anew
        self._held = [pl.Series([], dtype=pl.Categorical(each)) for each in self.categories.values()]

    def after(self, frame: pl.DataFrame) -> _Codes:
        """Those for the next block: the same, so that a text keeps its number, or fresh ones where a dictionary has grown large."""
        most = [frame[f"c{i}"].to_physical().max() or 0 for i in self.categories]
        return self if max(most, default=0) < _MOST_TEXTS else _Codes(self.categories, self.encoding)


@dataclass(frozen=True, eq=False)
class DelimitedStream:
    """See `Stream`. `known` is what the head tells of all rows, `start` where the first line below the header begins,
    `unreadable` the lines above it that cannot be read."""

    head: TextTable
    n_bytes: int
    known: Known
    delimiter: str
    encoding: str
    is_ascii: bool
    start: Mark
    unreadable: tuple[int, ...]
    line_bytes: float
    open: Callable[[int], Source]

    def blocks(
        self,
        positions: Sequence[int],
        *,
        coded: frozenset[int] = frozenset(),
        after: Mark | None = None,
        rows: int = 4_000_000,
    ) -> Iterator[Block]:
        """See `Stream`."""
        mark = after or self.start
        source = self.open(mark.offset)
        first = rows_with(self.unreadable if after is None else (), "unreadable_row")
        codes = _Codes((i for i in positions if i in coded), self.encoding)
        try:
            is_end = False
            while not is_end:
                block, is_end = self._block(source, mark, positions, codes, int(rows * self.line_bytes), first)
                codes = codes.after(block.frame)
                mark, first = block.mark, first.clear()
                if is_end and are_many(mark.n_faulty, mark.line):
                    refuse("text_undecodable", self.head.path, got=f"{mark.n_faulty} 行 lines")
                yield block
                del block
        finally:
            source.close()

    def _block(
        self,
        source: Source,
        mark: Mark,
        positions: Sequence[int],
        codes: _Codes,
        n_bytes: int,
        first: pl.DataFrame,
    ) -> tuple[Block, bool]:
        """One block, and whether it is the last."""
        wanted = ["source_row", *(f"c{i}" for i in positions)]
        frames, set_aside, notices = [], [first], [self.head.notices.clear()]
        begin, is_end = mark.offset, False
        while not is_end and (not frames or mark.offset - begin < n_bytes):
            size = max(1, min(_CHUNK, n_bytes - (mark.offset - begin)))
            settled, mark, is_end = self._chunk(source, mark, codes, size)
            frames.append(_with(settled.frame, positions, codes.categories)[wanted])
            set_aside.append(settled.set_aside)
            notices.append(settled.notices)
        frame, aside = pl.concat(frames), pl.concat(set_aside)
        if self.head.is_blank_form and is_end:
            notices.append(self.head.notices)
        return Block(frame, aside, pl.concat(notices), frame.height + aside.height, source.n_bytes, mark), is_end

    def _chunk(self, source: Source, mark: Mark, codes: _Codes, size: int) -> tuple[Settled, Mark, bool]:
        """The next rows: at least one, or the end of the file."""
        while True:
            data, is_end = source.take(size)
            n = len(data) if is_end else data.rfind(b"\n") + 1
            if n:
                source.give_back(len(data) - n)
                data = data if n == len(data) else data[:n]
                found = self._settled(data, mark, codes, is_end)
                if found:
                    source.give_back(n - found[1].offset + mark.offset)
                    return found[0], found[1], is_end
                source.give_back(n)
            elif is_end:
                return settle(_no_cells(), [], self.known, codes.looked, is_end=True), mark, True
            else:
                source.give_back(len(data))
            if size > _LONGEST_LINE:
                refuse("not_a_table", self.head.path, got=f"一行超过 a line above {_LONGEST_LINE:,} 字节 bytes")
            size *= 2

    def _settled(self, data: bytes, mark: Mark, codes: _Codes, is_end: bool) -> tuple[Settled, Mark] | None:
        found = self._quickly(data, mark, codes)
        if found is not None:
            cells, n_lines = found
            after = Mark(mark.offset + len(data), mark.line + n_lines, mark.usual or cells.width - 1, mark.n_faulty)
            unreadable = []
        else:
            cut = cut_exactly(
                data, self.delimiter, line=mark.line, usual=mark.usual, encoding=codes.encoding, is_end=is_end
            )
            if not cut.n_bytes:
                return None
            cells = pl.concat([_no_cells(), *cut.frames], how="diagonal")
            cells = cells.with_columns(
                pl.col(f"c{i}").cast(pl.Categorical(each))
                for i, each in codes.categories.items()
                if f"c{i}" in cells.columns
            )
            after = Mark(mark.offset + cut.n_bytes, cut.line, cut.usual, mark.n_faulty + cut.n_faulty)
            unreadable = cut.unreadable
        settled = settle(cells, unreadable, self.known, codes.looked, is_end=is_end)
        if settled is None or settled.left is None:
            return settled and (settled, after)
        n = _last_lines(data, after.offset - mark.offset, after.line - settled.left)
        return settled, Mark(mark.offset + n, settled.left, after.usual, after.n_faulty)

    def _quickly(self, data: bytes, mark: Mark, codes: _Codes) -> tuple[pl.DataFrame, int] | None:
        """The fast lane. Where the head is plain ASCII, what comes first that is not tells how the file is written."""

        def cut() -> tuple[pl.DataFrame, int] | None:
            return cut_quickly(data, self.delimiter, coded=codes.categories, line=mark.line, encoding=codes.encoding)

        found = cut()
        if found is None and self.is_ascii and codes.encoding == "utf-8" and not data.isascii():
            lines = [line for line in data.split(b"\n") if not line.isascii()]
            try:
                encoding = decode(b"\n".join([b"", *lines, b""]), self.head.path).encoding
            except PipelineError:
                return None
            if encoding != "utf-8" and has_plain_lines(encoding):
                codes.encoding = encoding
                return cut()
        return found


def _last_lines(data: bytes, end: int, n: int) -> int:
    """Where the last `n` lines before `end` begin."""
    for _ in range(n):
        end = data.rfind(b"\n", 0, end - 1) + 1
    return end


def _no_cells() -> pl.DataFrame:
    return pl.DataFrame(schema={"source_row": pl.Int64, "n_cells": pl.Int64})


def _with(frame: pl.DataFrame, positions: Sequence[int], categories: dict[int, pl.Categories]) -> pl.DataFrame:
    """The frame with the columns that are wanted, though no row here has so many cells."""
    missing = [i for i in positions if f"c{i}" not in frame.columns]
    kinds = {i: pl.Categorical(categories[i]) if i in categories else pl.String for i in missing}
    if not missing:
        return frame
    return frame.with_columns(pl.lit(None, kind).alias(f"c{i}") for i, kind in kinds.items())
