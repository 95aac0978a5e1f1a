"""Delimited text → records: cells as text, and the physical line on which each record begins. Nothing is dropped.

Polars splits plain files; a file with line breaks, stray quotes or uneven records goes through the csv module, which keeps
every cell exactly.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import polars as pl

from pipeline.readers.text.faults import FAULT, has_fault

_DELIMITERS = ",\t;|"
_LONE_RETURN = re.compile(r"\r(?!\n)")
_STANDS_FOR_RETURN = "\U0010fffd"  # a private character that no text holds; the csv module takes no lone return
_SAMPLE_RECORDS = 60
BROKEN_QUOTE_LINES = 20


@dataclass(frozen=True)
class Records:
    """All records of a file, blank ones left out: c0..cN as text, `source_row`, and `n_cells` as found."""

    frame: pl.DataFrame
    unreadable: tuple[int, ...] = field(default=())  # lines with a quote that never closes


@dataclass
class Place:
    """How far reading has come: the next line (0-based), and how many cells records usually have (0: not known yet)."""

    line: int = 0
    usual: int = 0


def delimiter_of(text: str, name: str = "") -> str:
    """The delimiter that cuts most of the first records into the same number of cells; a comma for one column.

    >>> delimiter_of("a;b;c\\n1;2,5;3\\n"), delimiter_of("编号\\t名称\\n1\\t甲"), delimiter_of("x\\n1\\n")
    (';', '\\t', ',')
    """
    head = text[:200_000]
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = []
        for record, _ in _parsed(head, delimiter):
            if record:
                widths.append(len(record))
            if len(widths) >= _SAMPLE_RECORDS:
                break
        counts = Counter(width for width in widths if width > 1)
        if not counts:
            continue
        width, n = counts.most_common(1)[0]
        share = n / len(widths) - 0.3 * (widths[0] == 1)
        tab_file = name.lower().endswith((".tsv", ".tab")) and delimiter == "\t"
        score = (round(share, 1) + (delimiter in ",\t") * 0.05 + tab_file, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def read_records(text: str, delimiter: str) -> Records:
    """Cut the text into records. A lone carriage return ends a line only where it is what ends most lines (old Macs);
    elsewhere it is part of a cell."""
    if returns_end_lines(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = without_returns(text)
    records = _split_lines(text, delimiter) or _read_each(text, delimiter)
    if FAULT in text:
        records = _without_faulty(records)
    return Records(with_returns(records.frame), records.unreadable) if _STANDS_FOR_RETURN in text else records


def _without_faulty(records: Records) -> Records:
    """Records with bytes that are no text cannot be read."""
    is_faulty = records.frame.select(has_fault(records.frame.width - 2)).to_series()
    lines = [*records.unreadable, *records.frame["source_row"].filter(is_faulty)]
    return Records(records.frame.filter(~is_faulty), tuple(sorted(lines)))


def returns_end_lines(text: str) -> bool:
    """Whether a lone carriage return is what ends most lines."""
    return text.count("\r") - text.count("\r\n") > 3 * text.count("\n")


def without_returns(text: str) -> str:
    """The text with a private character in place of each lone carriage return."""
    return _LONE_RETURN.sub(_STANDS_FOR_RETURN, text) if text.count("\r") > text.count("\r\n") else text


def with_returns(frame: pl.DataFrame) -> pl.DataFrame:
    """Records with their lone carriage returns again."""
    cells = pl.exclude("source_row", "n_cells").str.replace_all(_STANDS_FOR_RETURN, "\r", literal=True)
    return frame.with_columns(cells)


def _split_lines(text: str, delimiter: str) -> Records | None:
    """The quick way, when every line is a record and all have the same number of cells; else nothing."""
    lines = pl.Series("line", text.replace("\r\n", "\n").split("\n"), dtype=pl.String)
    frame = pl.DataFrame({"line": lines}).with_row_index("source_row", offset=1).filter(pl.col("line") != "")
    if not frame.height:
        return None
    mark = re.escape(delimiter)
    has_quotes = '"' in text
    bare = pl.col("line")
    if has_quotes:
        quoted = '"(?:[^"]|"")*"'
        strict = f'^(?:{quoted}|[^"{mark}]*)(?:{mark}(?:{quoted}|[^"{mark}]*))*$'
        if not frame.select(bare.str.contains(strict).all()).item():
            return None
        bare = bare.str.replace_all('"[^"]*"', "")
    n_marks = frame.select(n=bare.str.count_matches(delimiter, literal=True))["n"]
    if n_marks.n_unique() != 1:
        return None
    width = int(n_marks[0]) + 1
    names = [f"c{i}" for i in range(width)]
    if has_quotes:
        cells = pl.read_csv(
            io.BytesIO("\n".join(frame["line"].to_list()).encode()), separator=delimiter, has_header=False,
            infer_schema=False, new_columns=names, quote_char='"', schema=dict.fromkeys(names, pl.String),
        )  # fmt: skip
        if cells.height != frame.height:
            return None
    elif width == 1:
        cells = frame.select(c0="line")
    else:
        parts = pl.col("line").str.split_exact(delimiter, width - 1).struct.rename_fields(names)
        cells = frame.select(parts.alias("parts")).unnest("parts")
    return _without_blank(cells, frame["source_row"].cast(pl.Int64).to_list(), [width] * frame.height)


def _read_each(text: str, delimiter: str) -> Records:
    """Record by record. A quote that never closes makes its line unreadable; reading goes on with the next line."""
    rows: list[list[str]] = []
    starts: list[int] = []
    unreadable: list[int] = []
    for record, line in _parsed(text, delimiter):
        if record is None:
            unreadable.append(line)
        elif any(record):
            rows.append(record)
            starts.append(line)
    return Records(records_frame(rows, starts), tuple(unreadable))


def records_frame(rows: list[list[str]], starts: list[int]) -> pl.DataFrame:
    """Records as c0..cN, `source_row` and `n_cells`, blank ones left out. The lists are made equally long."""
    width = max(map(len, rows), default=0)
    n_cells = [len(row) for row in rows]
    for row in rows:
        row.extend([""] * (width - len(row)))
    columns = zip(*rows, strict=True) if rows else ()
    cells = pl.DataFrame({f"c{i}": pl.Series(values, dtype=pl.String) for i, values in enumerate(columns)})
    return _without_blank(cells, starts, n_cells).frame


def _parsed(text: str, delimiter: str) -> Iterator[tuple[list[str] | None, int]]:
    """Records with the line each begins on; None for a line whose quote never closes (reading resumes below it)."""
    return parsed(list(io.StringIO(text, newline="")), delimiter, Place())


def parsed(
    lines: list[str], delimiter: str, place: Place, *, is_end: bool = True
) -> Iterator[tuple[list[str] | None, int]]:
    """The same from lines, beginning at `place`, which is kept up to date. Without `is_end` more lines are to come: a record
    that is not finished is left to them, and `place` stays where it begins."""
    csv.field_size_limit(2**31 - 1)  # a cell may be long; nothing is cut
    is_open = False
    while place.line < len(lines) and not is_open:
        is_open = yield from _parsed_from(lines, delimiter, place, is_end)


def _parsed_from(
    lines: list[str], delimiter: str, place: Place, is_end: bool
) -> Generator[tuple[list[str] | None, int], None, bool]:
    """Records up to the first quote that never closes. Returns whether one is left open for lines to come."""
    is_used_up = False
    begin = place.line

    def feed() -> Iterator[str]:
        nonlocal is_used_up
        rest = iter(lines)
        rest.__setstate__(begin)  # not from the first line again and again, where many quotes are broken
        yield from rest
        is_used_up = True

    reader = csv.reader(feed(), delimiter=delimiter)
    for record in reader:
        first, n_lines = place.line, begin + reader.line_num - place.line
        if is_used_up and not is_end:
            return True
        is_runaway = n_lines > BROKEN_QUOTE_LINES and _swallowed(record, place.usual, n_lines, delimiter)
        if is_used_up or is_runaway:  # a whole record is handed over before the next line is asked for
            place.line, place.usual = first + 1, 0
            yield None, first + 1
            return False
        place.line, place.usual = begin + reader.line_num, place.usual or len(record)
        yield record, first + 1
    return False


def _swallowed(record: list[str], usual: int, n_lines: int, delimiter: str) -> bool:
    """Whether a record of many lines holds others: it has not the usual number of cells, or a cell of such lines."""
    if usual and len(record) != usual:
        return True
    inside = [line for cell in record for line in cell.split("\n")[1:-1]]
    return usual > 1 and sum(line.count(delimiter) == usual - 1 for line in inside) > 0.8 * (n_lines - 2)


def _without_blank(cells: pl.DataFrame, starts: list[int], n_cells: list[int]) -> Records:
    cells = cells.select(pl.all().replace("", None))
    frame = cells.with_columns(source_row=pl.Series(starts, dtype=pl.Int64), n_cells=pl.Series(n_cells, dtype=pl.Int64))
    if not cells.width:
        return Records(frame)
    return Records(frame.filter(is_seen(cells.width)))


def is_seen(width: int) -> pl.Expr:
    """Whether a person sees anything in a record of so many cells."""
    return pl.any_horizontal(pl.col(f"c{i}").str.strip_chars().replace("", None).is_not_null() for i in range(width))
