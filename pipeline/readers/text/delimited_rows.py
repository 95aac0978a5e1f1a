"""Which columns a delimited table has, and what its records are: rows of the table, rows set aside, uneven rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipeline.readers.row_kinds import BLANK, REMARK, reasons
from pipeline.readers.sheets.side_notes import side_note_columns
from pipeline.readers.sorted_rows import SortedRows, noted_rows, sort_rows
from pipeline.readers.text_table import rows_with, tidy_headings

NOT_CELLS = ("source_row", "n_cells")


@dataclass(frozen=True)
class Columns:
    """The headings and which cells stand under them: the first `n_used`; `width` up to the last with a heading; `beside`
    further cells that are notes."""

    titles: list[str]
    n_used: int
    width: int
    beside: tuple[int, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tidy_headings((self.titles + [""] * self.n_used)[: self.n_used], range(1, self.n_used + 1))


def columns_of(frame: pl.DataFrame, body: pl.DataFrame, titles: list[str], *, is_survey: bool) -> Columns:
    """Columns up to the last with a heading, or with values in records that are not uneven anyway; notes behind them."""
    named = max((i + 1 for i, title in enumerate(titles) if title), default=0)
    usual = int(frame["n_cells"].median() or 0)
    filled = [i + 1 for i in range(named, usual) if frame[f"c{i}"].null_count() < frame.height]
    n_used = max([named, *filled])
    width = named or n_used
    if is_survey or n_used < 3:
        return Columns(titles, n_used, width)
    beside = side_note_columns(titles[:n_used], [body[f"c{i}"] for i in range(n_used)])
    last = max((i for i in range(n_used) if titles[i] and i not in beside), default=n_used - 1)
    beside = tuple(i for i in beside if i > last)
    if not beside:
        return Columns(titles, n_used, width)
    n_used = min(beside) - 1  # the column between is empty
    while n_used > last + 1 and not titles[n_used - 1] and body[f"c{n_used - 1}"].null_count() == body.height:
        n_used -= 1
    return Columns(titles, n_used, min(width, n_used), beside)


def sort_out(
    body: pl.DataFrame,
    columns: Columns,
    unreadable: Sequence[int],
    *,
    is_survey: bool,
    gap: int | None,
    is_numbered: bool | None = None,
    n_known: int = 0,
) -> tuple[SortedRows, pl.DataFrame]:
    """Rows by what they are, and notices. A record with more cells than headings is set aside: its cells would stand
    under wrong headings. One with fewer is kept and noted: exporters leave out empty cells at the end.

    `body` has c0..cN, source_row and n_cells. `is_numbered`, where the whole table is not in `body`: whether its first
    column counts; `n_known`: cells up to there are no surprise, though they have no heading."""
    n = columns.n_used
    width = body.width - len(NOT_CELLS)
    cells = body.select(f"c{i}" for i in range(n))
    is_long, is_noted = _any(body, range(max(n, n_known), width), but=columns.beside), _any(body, columns.beside)
    kinds = pl.Series("reason_code", [None] * body.height, dtype=pl.String)
    if not is_survey and body.height and n:
        kinds = reasons(cells, headings=columns.names, gap=gap, is_numbered=is_numbered)
    kinds = (
        body.with_columns(kinds.alias("kind"), is_long.alias("is_long"), is_noted.alias("is_noted"))
        .select(
            pl.when("is_long").then(pl.lit("ragged_row"))
            .when((pl.col("kind") == BLANK).fill_null(False) & pl.col("is_noted")).then(pl.lit(REMARK))
            .otherwise("kind").alias("reason_code")
        )["reason_code"]
    )  # fmt: skip
    rows = sort_rows(cells, kinds, body["source_row"])
    rows = replace(
        rows, set_aside=pl.concat([rows.set_aside, rows_with(unreadable, "unreadable_row")]).sort("source_row")
    )
    short = rows.kept.join(body.filter(pl.col("n_cells") < columns.width), on="source_row", how="semi")
    noted = body.filter(is_noted)["source_row"]
    return rows, noted_rows({"ragged_row": list(short["source_row"]), "side_note": list(noted)})


def gap_of(body: pl.DataFrame) -> int | None:
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
