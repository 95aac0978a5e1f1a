"""A large file → a stream of its rows, where it can be read that way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipeline.readers.opened import DELIMITED, JSONLINES
from pipeline.readers.refusals import refuse
from pipeline.readers.row_kinds import SPACES, first_column_is_numbers
from pipeline.readers.streams.beginning import Beginning, beginning_of
from pipeline.readers.streams.delimited_stream import DelimitedStream
from pipeline.readers.streams.json_stream import open_json_lines
from pipeline.readers.streams.parquet_stream import PARQUET_MAGIC, open_parquet
from pipeline.readers.streams.settle import Known
from pipeline.readers.streams.stream import Mark, Stream
from pipeline.readers.text.delimited import layout_of, read_delimited
from pipeline.readers.text.records import Records, delimiter_of, read_records, returns_end_lines


def open_stream(
    path: Path | str, *, encoding: str | None = None, header_rows: int | Sequence[int] | None = None
) -> Stream | None:
    """The file as a stream, or nothing where it cannot be read that way (workbooks, archives, JSON lists …: `read_file`
    reads those whole). Delimited text, JSON lines and Parquet can; text also packed as .gz or .zst.

    Columns, header and encoding are told from the first megabyte and samples of later places. Blocks give the rows that
    `read_file` gives, with these bounds: a quote that stays open for more than 8 MB never closes; notes beside the table and
    the running number of a first column are known from the head; a thousand lone cells in a row are no remarks at the end.
    Raises `PipelineError` exit 10 with the reason when the file cannot be read or holds no table.
    """
    path = Path(path)
    if not path.exists() or path.is_dir():
        return None
    with path.open("rb") as file:
        if file.read(4) == PARQUET_MAGIC:
            return open_parquet(path)
    found = beginning_of(path, encoding)
    if found is None:
        return None
    n_bytes = path.stat().st_size
    if found.opened.kind == JSONLINES:
        return open_json_lines(found, n_bytes)
    if found.opened.kind != DELIMITED or returns_end_lines(found.opened.text):
        return None
    return _delimited(found, header_rows, n_bytes)


def _delimited(found: Beginning, header_rows: int | Sequence[int] | None, n_bytes: int) -> DelimitedStream | None:
    opened = found.opened
    head = read_delimited(opened, header_rows=header_rows)
    if found.is_all and not head.n_read and not head.is_blank_form:
        refuse("no_table", opened.path)
    delimiter = delimiter_of(opened.text, opened.name)
    if delimiter == "|" and found.encoding != "utf-8":  # which may be half of a character
        return None
    records = read_records(opened.text, delimiter)
    layout = layout_of(opened, records.frame, header_rows)
    body = records.frame.slice(layout.header[-1] + 1)
    usual = int(records.frame["n_cells"].median() or 0)
    known = Known(layout.columns, layout.family is not None, _is_numbered(body), max(usual, layout.columns.n_used))
    start = _start(found.data, records, layout.header[-1])
    return DelimitedStream(
        head=replace(head, encoding=opened.encoding, encoding_evidence=opened.evidence),
        n_bytes=n_bytes,
        known=known,
        delimiter=delimiter,
        encoding=found.encoding,
        is_ascii=found.data.isascii(),
        start=start,
        unreadable=tuple(line for line in records.unreadable if line < start.line),
        line_bytes=max(1.0, len(found.data) / (found.data.count(b"\n") or 1)),
        open=found.open,
    )


def _start(data: bytes, records: Records, header: int) -> Mark:
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
    bare = body.select(pl.col("c0").str.replace_all(SPACES, "").replace("", None)) if "c0" in body.columns else None
    return bare is not None and first_column_is_numbers(bare)
