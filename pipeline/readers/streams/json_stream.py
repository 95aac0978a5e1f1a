"""Large JSON lines in blocks. Lines that are all written alike are cut at their quotes by Polars; others are parsed each."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pipeline.readers.json_lines import objects_of, read_json_lines
from pipeline.readers.refusals import refuse
from pipeline.readers.streams.beginning import Beginning
from pipeline.readers.streams.json_shape import Shape, cut_alike, shape_of, unlike
from pipeline.readers.streams.sources import Source
from pipeline.readers.streams.stream import Block, Mark
from pipeline.readers.text.faults import are_many, marked, n_faulty
from pipeline.readers.text_table import TextTable, no_rows, rows_with

_CHUNK = 32_000_000
_LONGEST_LINE = 64_000_000
_PIECE = 4_000_000


@dataclass(frozen=True, eq=False)
class JsonLinesStream:
    """See `Stream`. `names` are those of the head, in the order of its columns: only these can be asked for."""

    head: TextTable
    n_bytes: int
    names: tuple[str, ...]
    shape: Shape | None
    encoding: str
    line_bytes: float
    start: Mark
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
        kinds = {i: pl.String() for i in positions}
        try:
            is_end = False
            while not is_end:
                kinds |= {i: pl.Categorical(pl.Categories.random()) for i in positions if i in coded}
                block, is_end = self._block(source, mark, kinds, int(rows * self.line_bytes))
                mark = block.mark
                if is_end and are_many(mark.n_faulty, mark.line):
                    refuse("text_undecodable", self.head.path, got=f"{mark.n_faulty} 行 lines")
                yield block
                del block
        finally:
            source.close()

    def _block(self, source: Source, mark: Mark, kinds: dict[int, pl.DataType], n_bytes: int) -> tuple[Block, bool]:
        frames, unreadable, is_end = [_empty(kinds)], [], False
        begin = mark.offset
        while not is_end and (len(frames) < 2 or mark.offset - begin < n_bytes):
            data, is_end = _lines(source, self.head.path, max(1, min(_CHUNK, n_bytes - (mark.offset - begin))))
            at = 0
            frame = (
                cut_alike(data, self.shape, {i: self.names[i] for i in kinds}, kinds, mark.line) if self.shape else None
            )
            if frame is not None:
                frames.append(frame)
                mark = replace(mark, offset=mark.offset + len(data), line=mark.line + frame.height)
                continue
            apart = self._apart(data, mark, kinds) if self.shape else None
            if apart is not None:
                frame, bad, mark = apart
                frames.append(frame)
                unreadable += bad
                continue
            while at < len(data):
                end = data.find(b"\n", at + _PIECE) + 1 or len(data)
                frame, bad, mark = self._exactly(data[at:end], mark, kinds)
                frames.append(frame)
                unreadable += bad
                at = end
        frame = pl.concat(frames)
        aside = rows_with(unreadable, "unreadable_row")
        return Block(frame, aside, no_rows(), frame.height + aside.height, source.n_bytes, mark), is_end

    def _apart(
        self, data: bytes, mark: Mark, kinds: dict[int, pl.DataType]
    ) -> tuple[pl.DataFrame, list[int], Mark] | None:
        """Most lines cut alike, the few others parsed each."""
        found = unlike(data, self.shape)
        if found is None:
            return None
        odd, rest, places = found
        frame = cut_alike(rest, self.shape, {i: self.names[i] for i in kinds}, kinds, 0)
        if frame is None:
            return None
        frames = [frame.with_columns((places.cast(pl.Int64) + mark.line).alias("source_row"))]
        unreadable: list[int] = []
        faulty = mark.n_faulty
        for place, line in odd:
            each, bad, after = self._exactly(line, replace(mark, line=mark.line + place, n_faulty=0), kinds)
            frames.append(each)
            unreadable += bad
            faulty += after.n_faulty
        n_lines = len(odd) + len(places)
        after = replace(mark, offset=mark.offset + len(data), line=mark.line + n_lines, n_faulty=faulty)
        return pl.concat(frames).sort("source_row"), unreadable, after

    def _exactly(self, data: bytes, mark: Mark, kinds: dict[int, pl.DataType]) -> tuple[pl.DataFrame, list[int], Mark]:
        text = marked(data.removesuffix(b"\x1a"), self.encoding)
        records, rows, unreadable = objects_of(text, mark.line)
        columns = {"source_row": pl.Series("source_row", rows, dtype=pl.Int64)}
        for i, kind in kinds.items():
            name = self.names[i]
            columns[f"c{i}"] = pl.Series([record.get(name) or None for record in records], dtype=pl.String).cast(kind)
        faulty = n_faulty(text)
        after = replace(
            mark, offset=mark.offset + len(data), line=mark.line + data.count(b"\n"), n_faulty=mark.n_faulty + faulty
        )
        return pl.DataFrame(columns), unreadable, after


def open_json_lines(found: Beginning, n_bytes: int) -> JsonLinesStream:
    """The stream of a file of objects, one a line."""
    head = replace(
        read_json_lines(found.opened), encoding=found.opened.encoding, encoding_evidence=found.opened.evidence
    )
    records, _, _ = objects_of(found.opened.text, 1)
    first = found.opened.text.lstrip().partition("\n")[0]
    return JsonLinesStream(
        head=head,
        n_bytes=n_bytes,
        names=tuple(dict.fromkeys(name for record in records for name in record)),
        shape=shape_of(first) if found.encoding == "utf-8" else None,
        encoding=found.encoding,
        line_bytes=max(1.0, len(found.data) / (found.data.count(b"\n") or 1)),
        start=Mark(len(BOM_UTF8) if found.data.startswith(BOM_UTF8) else 0),
        open=found.open,
    )


def _lines(source: Source, path: Path, size: int) -> tuple[bytes, bool]:
    """Whole lines, about so many bytes."""
    while True:
        data, is_end = source.take(size)
        n = len(data) if is_end else data.rfind(b"\n") + 1
        source.give_back(len(data) - n)
        if n or is_end:
            return data[:n], is_end
        if size > _LONGEST_LINE:
            refuse("not_a_table", path, got=f"一行超过 a line above {_LONGEST_LINE:,} 字节 bytes")
        size *= 2


def _empty(kinds: dict[int, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(schema={"source_row": pl.Int64} | {f"c{i}": kind for i, kind in kinds.items()})
