"""CSV and TSV tables: headings found, records kept as text with their physical line, uneven records kept with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipeline.readers.families import family_of_rows
from pipeline.readers.notes import all_notes
from pipeline.readers.opened import Opened
from pipeline.readers.refusals import refuse
from pipeline.readers.row_kinds import BLANK, REMARK, reasons
from pipeline.readers.sheets.header import is_number
from pipeline.readers.sheets.header_why import TOLD, why
from pipeline.readers.sheets.sheet_table import has_headings
from pipeline.readers.sheets.side_notes import side_note_columns
from pipeline.readers.sorted_rows import SortedRows, noted_rows, sort_rows
from pipeline.readers.text.delimited_header import HEAD, header_of, headings_of, row_of
from pipeline.readers.text.records import Records, delimiter_of, read_records
from pipeline.readers.text_table import NO_ROWS, TextTable, rows_with, tidy_headings

_BINARY_NAMES = (
    ".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".parquet", ".sav", ".zsav", ".zip", ".png", ".jpg", ".pdf",
)  # fmt: skip


@dataclass(frozen=True)
class _Columns:
    """The headings and which cells stand under them: the first `n_used`; `width` up to the last with a heading; `beside`
    further cells that are notes."""

    titles: list[str]
    n_used: int
    width: int
    beside: tuple[int, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tidy_headings((self.titles + [""] * self.n_used)[: self.n_used], range(1, self.n_used + 1))


def read_delimited(opened: Opened, *, header_rows: int | Sequence[int] | None = None) -> TextTable:
    """The table of a delimited text file. Raises exit 10 when a binary name hides prose."""
    records = read_records(opened.text, delimiter_of(opened.text, opened.path.name))
    frame = records.frame
    if opened.path.name.lower().endswith(_BINARY_NAMES) and not _is_even(frame):
        refuse("not_what_name_says", opened.path, got="文本 text", expected=opened.path.suffix)
    if not frame.height:
        refuse("no_table", opened.path)
    head = frame.head(HEAD)
    header = header_of(opened, head, header_rows)
    family = family_of_rows([row_of(head, index) for index in header])
    body = frame.slice(header[-1] + 1)
    columns = _columns(frame, body, headings_of(head, header), is_survey=family is not None)
    rows, notices = _sort_out(body, columns, records, is_survey=family is not None)
    is_bare = not rows.kept.height and not rows.set_aside.height and has_headings(row_of(head, header[-1]))
    return TextTable(
        path=opened.path,
        sheet="",
        columns=columns.names,
        frame=rows.kept,
        header_rows=tuple(head["source_row"][row] for row in header),
        set_aside=rows.set_aside,
        notes=_notes(frame.head(header[0]), body, columns, rows.set_aside),
        family=family or "table",
        encoding=opened.encoding,
        positions=tuple(range(1, columns.n_used + 1)),
        notices=noted_rows({NO_ROWS: [head["source_row"][header[-1]]]}) if is_bare else notices,
        aside=rows.aside,
        header_why=TOLD if header_rows is not None else _why(head, header, family),
        encoding_evidence=opened.evidence,
        header_cells=tuple(tuple(cell or "" for cell in row_of(head, row)[: columns.n_used]) for row in header),
    )


def _is_even(frame: pl.DataFrame) -> bool:
    return frame.height > 1 and frame["n_cells"].n_unique() == 1 and frame["n_cells"][0] > 1


def _why(head: pl.DataFrame, header: Sequence[int], family: str | None) -> str:
    cells = [cell for cell in row_of(head, header[-1]) if cell]
    is_values = sum(map(is_number, cells)) * 2 > len(cells)
    return why(n_header=len(header), n_above=header[0], family=family, is_values=is_values)


def _columns(frame: pl.DataFrame, body: pl.DataFrame, titles: list[str], *, is_survey: bool) -> _Columns:
    """Columns up to the last with a heading, or with values in records that are not uneven anyway; notes behind them."""
    named = max((i + 1 for i, title in enumerate(titles) if title), default=0)
    usual = int(frame["n_cells"].median() or 0)
    filled = [i + 1 for i in range(named, usual) if frame[f"c{i}"].null_count() < frame.height]
    n_used = max([named, *filled])
    width = named or n_used
    if is_survey or n_used < 3:
        return _Columns(titles, n_used, width)
    beside = side_note_columns(titles[:n_used], [body[f"c{i}"] for i in range(n_used)])
    last = max((i for i in range(n_used) if titles[i] and i not in beside), default=n_used - 1)
    beside = tuple(i for i in beside if i > last)
    if not beside:
        return _Columns(titles, n_used, width)
    n_used = min(beside) - 1  # the column between is empty
    while n_used > last + 1 and not titles[n_used - 1] and body[f"c{n_used - 1}"].null_count() == body.height:
        n_used -= 1
    return _Columns(titles, n_used, min(width, n_used), beside)


def _sort_out(
    body: pl.DataFrame, columns: _Columns, records: Records, *, is_survey: bool
) -> tuple[SortedRows, pl.DataFrame]:
    """Rows by what they are, and notices. A record with more cells than headings is set aside: its cells would stand
    under wrong headings. One with fewer is kept and noted: exporters leave out empty cells at the end."""
    n = columns.n_used
    cells = body.select(f"c{i}" for i in range(n))
    is_long, is_noted = _any(body, range(n, body.width - 2), but=columns.beside), _any(body, columns.beside)
    kinds = pl.Series("reason_code", [None] * body.height, dtype=pl.String)
    if not is_survey and body.height and n:
        kinds = reasons(cells, headings=columns.names, gap=_gap(body))
    kinds = (
        body.with_columns(kinds.alias("kind"), is_long.alias("is_long"), is_noted.alias("is_noted"))
        .select(
            pl.when("is_long").then(pl.lit("ragged_row"))
            .when((pl.col("kind") == BLANK).fill_null(False) & pl.col("is_noted")).then(pl.lit(REMARK))
            .otherwise("kind").alias("reason_code")
        )["reason_code"]
    )  # fmt: skip
    rows = sort_rows(cells, kinds, body["source_row"])
    unreadable = rows_with(records.unreadable, "unreadable_row")
    rows = replace(rows, set_aside=pl.concat([rows.set_aside, unreadable]).sort("source_row"))
    short = rows.kept.join(body.filter(pl.col("n_cells") < columns.width), on="source_row", how="semi")
    noted = body.filter(is_noted)["source_row"]
    return rows, noted_rows({"ragged_row": list(short["source_row"]), "side_note": list(noted)})


def _gap(body: pl.DataFrame) -> int | None:
    """The first of the lone cells at the end that stands below a blank line: blank lines are no records here."""
    found, rows = None, body.drop("n_cells")
    for i in range(body.height - 1, 0, -1):
        *cells, line = rows.row(i)
        *before, line_before = rows.row(i - 1)
        if sum(cell is not None for cell in cells) > 1:
            break
        if line - line_before > 1 + sum((cell or "").count("\n") for cell in before):
            found = i
    return found


def _any(body: pl.DataFrame, columns: Sequence[int], but: Sequence[int] = ()) -> pl.Expr:
    filled = [pl.col(f"c{i}").is_not_null() for i in columns if i not in but]
    return pl.any_horizontal(filled) if filled else pl.lit(False)


def _notes(above: pl.DataFrame, body: pl.DataFrame, columns: _Columns, set_aside: pl.DataFrame) -> dict[str, str]:
    below = body.join(set_aside.filter(pl.col("reason_code") == REMARK), on="source_row", how="semi")
    under = _cells(below.select(*(f"c{i}" for i in range(columns.n_used))))
    beside = _cells(body.select(f"c{i}" for i in columns.beside)) if columns.beside else []
    beside = [[columns.titles[i]] for i in columns.beside if columns.titles[i]] + beside
    return all_notes(_cells(above.drop("source_row", "n_cells")), under + beside)


def _cells(rows: pl.DataFrame) -> list[list[str]]:
    return [[cell for cell in row if cell] for row in rows.rows()]
