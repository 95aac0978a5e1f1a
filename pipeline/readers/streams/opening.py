"""A large file → a stream of its rows, where it can be read that way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipeline.readers.opened import DELIMITED, Opened
from pipeline.readers.opening.sniff import recognise
from pipeline.readers.refusals import refuse
from pipeline.readers.row_kinds import SPACES, first_column_is_numbers
from pipeline.readers.streams.delimited_stream import DelimitedStream
from pipeline.readers.streams.settle import Known
from pipeline.readers.streams.sources import PlainSource
from pipeline.readers.streams.stream import Mark, Stream
from pipeline.readers.text.delimited import layout_of, read_delimited
from pipeline.readers.text.records import Records, delimiter_of, read_records, returns_end_lines

_HEAD = 1_000_000  # bytes that tell what a file is
_CONTAINERS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"$FL2", b"$FL3", b"PAR1")


def open_stream(
    path: Path | str, *, encoding: str | None = None, header_rows: int | Sequence[int] | None = None
) -> Stream | None:
    """The file as a stream, or nothing where it cannot be read that way (workbooks, archives, JSON lists …: `read_file`
    reads those whole). Its columns, header and encoding are told from the first megabyte.

    Raises `PipelineError` exit 10 with the reason when the file cannot be read or holds no table.
    """
    path = Path(path)
    if not path.exists() or path.is_dir():
        return None
    source = PlainSource(path)
    data, is_end = source.take(_HEAD)
    source.close()
    if data.startswith(_CONTAINERS) or not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return None
    if not is_end:
        data = data[: data.rfind(b"\n") + 1]
    if not data:
        return None
    opened = recognise(path, data, encoding)
    if opened.kind != DELIMITED or returns_end_lines(opened.text) or opened.encoding not in ("utf-8", "utf-8-sig"):
        return None
    return _delimited(opened, data, header_rows, n_bytes=path.stat().st_size, is_end=is_end)


def _delimited(
    opened: Opened, data: bytes, header_rows: int | Sequence[int] | None, *, n_bytes: int, is_end: bool
) -> DelimitedStream:
    head = read_delimited(opened, header_rows=header_rows)
    if is_end and not head.n_read and not head.is_blank_form:
        refuse("no_table", opened.path)
    head = replace(head, encoding=opened.encoding, encoding_evidence=opened.evidence)
    delimiter = delimiter_of(opened.text, opened.path.name)
    records = read_records(opened.text, delimiter)
    layout = layout_of(opened, records.frame, header_rows)
    body = records.frame.slice(layout.header[-1] + 1)
    usual = int(records.frame["n_cells"].median() or 0)
    known = Known(layout.columns, layout.family is not None, _is_numbered(body), max(usual, layout.columns.n_used))
    start = _start(opened, data, records, layout.header[-1])
    return DelimitedStream(
        head=head,
        n_bytes=n_bytes,
        known=known,
        delimiter=delimiter,
        encoding="utf-8",
        start=start,
        unreadable=tuple(line for line in records.unreadable if line < start.line),
        line_bytes=max(1.0, len(data) / (data.count(b"\n") or 1)),
        open=lambda offset: PlainSource(opened.path, offset),
    )


def _start(opened: Opened, data: bytes, records: Records, header: int) -> Mark:
    """Where the line below the header begins. The cells of a header may have line breaks."""
    *cells, line, _ = records.frame.row(header)
    line += 1 + sum(cell.count("\n") for cell in cells if cell)
    at = 0
    for _ in range(line - 1):
        at = data.find(b"\n", at) + 1 or len(data)
    first = [row for row in records.unreadable if row < line]
    usual = records.frame.filter(pl.col("source_row") > max(first, default=0))["n_cells"]
    return Mark(at, line, int(usual[0]) if len(usual) else 0)


def _is_numbered(body: pl.DataFrame) -> bool:
    return "c0" in body.columns and first_column_is_numbers(
        body.select(pl.col("c0").str.replace_all(SPACES, "").replace("", None))
    )
