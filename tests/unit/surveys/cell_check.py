"""The cell test: what was read from an export is written back, and every cell is compared with what stood there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from pipeline.clean.surveys.answers import is_personal
from pipeline.clean.surveys.columns import columns_of_wave
from pipeline.clean.surveys.inverse import cells_of
from pipeline.clean.surveys.normalised import normalised
from pipeline.readers.surveys.platforms import dialect_of


@dataclass(frozen=True)
class Checked:
    """How many cells were compared, and those that differ: source row, heading, the cell, what was written back."""

    n_cells: int
    differing: tuple[tuple[int, str, str, str], ...]


def check_cells(wave, table, answers: pl.DataFrame, *, form: str) -> Checked:
    """Compare every non-personal answer cell of a table with what its clean answers are written back to. `answers` are
    clean.answers of this table."""
    dialect = dialect_of(wave.platform_family)
    layout = columns_of_wave(wave, table, dialect)
    several = [q.code for q in wave.questions if q.type in ("multiple", "ranking", "allocation") and q.options]
    beside = ~pl.col("question_code").is_in(several) & (pl.col("option_code") != "")
    sheets = answers.with_columns(is_fill_in=beside).partition_by("source_row", "question_code", as_dict=True)
    clean = cache(lambda text, column: normalised(text, column, dialect, form=form))
    columns = {q.code: layout.of(q) for q in wave.questions if not is_personal(q)}
    unhashed = {code: [_Named(column) for column in own] for code, own in columns.items()}
    n, differing = 0, []
    for cells in table.frame.iter_rows(named=True):
        for code, own in columns.items():
            rows = sheets.get((cells["source_row"], code))
            if rows is None:
                continue
            written = cells_of(rows.to_dicts(), own, dialect, form=form)
            for column, got in zip(unhashed[code], written, strict=True):
                stood = cells[column.column] or ""
                n += 1
                if clean(stood, column) != clean(got, column):
                    differing.append((cells["source_row"], column.heading, stood, got))
    return Checked(n, tuple(differing))


class _Named:
    """An answer column that can be a key: two are one when they are the same column."""

    def __init__(self, column):
        self._column = column

    def __getattr__(self, name):
        return getattr(self._column, name)
