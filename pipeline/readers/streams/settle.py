"""Records that were cut → rows of a block: kept, set aside with a reason, noted. As `read_delimited` decides for a whole file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.readers.streams.no_records import LookedAt, suspects
from pipeline.readers.text.delimited_rows import Columns, gap_of, sort_out
from pipeline.readers.text.records import is_seen
from pipeline.readers.text_table import no_rows, rows_with

_MOST_LEFT = 1000  # rows that may be left to what follows


@dataclass(frozen=True)
class Known:
    """What the head of a file tells of all of it: its columns, whether a survey platform wrote it, whether the first column is
    a running number, how many cells records have at most without surprise."""

    columns: Columns
    is_survey: bool
    is_numbered: bool
    n_known: int


@dataclass(frozen=True, eq=False)
class Settled:
    """`frame` c0..cN and source_row of the rows kept, `set_aside` and `notices`; rows from the line `left` on are left to what
    follows, None where all are taken."""

    frame: pl.DataFrame
    set_aside: pl.DataFrame
    notices: pl.DataFrame
    left: int | None


def settle(
    cells: pl.DataFrame, unreadable: Sequence[int], known: Known, looked: LookedAt, *, is_end: bool
) -> Settled | None:
    """Sort rows out. `cells` has c0..cN, source_row, and n_cells where the number of cells differs.

    Whether a lone line is a remark depends on whether a record follows. So the last sure record of a block is left to the
    next one; nothing is returned where no row would be taken.
    """
    found = suspects(_without_counts(cells), known.columns.names, looked, is_survey=known.is_survey)
    last = _last_sure(found, cells.height)
    doubtful = _or_short(found, cells, known)
    doubtful = doubtful if doubtful is not None and doubtful.any() else None
    if not is_end and last is None and cells.height < _MOST_LEFT and not unreadable:
        return None
    left = None
    if not is_end and last is not None and cells.height - last <= _MOST_LEFT:
        left = cells["source_row"][last]
        unreadable = [line for line in unreadable if line < left]
        if last == 0 and not unreadable:
            return None
    settled = _settled(cells, doubtful, last, list(unreadable), known, is_end=is_end)
    if left is None:
        return settled
    before = pl.col("source_row") < left
    frame = settled.frame.head(settled.frame["source_row"].search_sorted(left))
    aside, notices = (rows.filter(before) if rows.height else rows for rows in (settled.set_aside, settled.notices))
    return Settled(frame, aside, notices, left)


def _or_short(found: pl.Series | None, cells: pl.DataFrame, known: Known) -> pl.Series | None:
    """The doubtful rows, and those with fewer cells than headings: they are noted."""
    if "n_cells" in cells.columns:
        is_short = cells["n_cells"] < known.columns.width
        return is_short if found is None else is_short | found
    if cells.width - 1 < known.columns.width:
        return pl.Series([True]).new_from_index(0, cells.height)
    return found


def _last_sure(found: pl.Series | None, height: int) -> int | None:
    if found is None:
        return height - 1 if height else None
    sure = (~found).arg_true()
    return int(sure[-1]) if len(sure) else None


def _settled(
    cells: pl.DataFrame,
    doubtful: pl.Series | None,
    last: int | None,
    unreadable: list[int],
    known: Known,
    *,
    is_end: bool,
) -> Settled:
    """The doubtful rows are sorted out beside the last sure one, the others are kept as they are."""
    frame = _without_counts(cells)
    if doubtful is None:
        return Settled(frame, rows_with(unreadable, "unreadable_row"), no_rows(), None)
    place = pl.int_range(cells.height, eager=True)
    body = _as_text(cells.filter(doubtful | (place == (-1 if last is None else last))), known)
    rows, notices = sort_out(
        body, known.columns, unreadable, is_survey=known.is_survey, gap=gap_of(body) if is_end else None,
        is_numbered=known.is_numbered, n_known=known.n_known,
    )  # fmt: skip
    kept = pl.col("source_row").is_in(rows.kept["source_row"].implode())
    frame = frame.filter(~doubtful | frame.select(kept).to_series())
    return Settled(frame, rows.set_aside, notices, None)


def _without_counts(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.drop("n_cells") if "n_cells" in cells.columns else cells


def _as_text(cells: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The rows as `read_records` gives them: text, with n_cells and the cells that are missing, blank rows left out."""
    width = sum(name[0] == "c" for name in cells.columns)
    n_cells = pl.col("n_cells") if "n_cells" in cells.columns else pl.lit(width, pl.Int64).alias("n_cells")
    missing = [pl.lit(None, pl.String).alias(f"c{i}") for i in range(width, known.columns.n_used)]
    names = [f"c{i}" for i in range(max(width, known.columns.n_used))]
    texts = cells.with_columns(*missing).select(pl.col(names).cast(pl.String), "source_row", n_cells)
    return texts if "n_cells" in cells.columns else texts.filter(is_seen(len(names)))
