"""Notes that stand beside a table, an empty column between: they are no column of the data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import polars as pl

from pipeline.readers.notes import is_note_cell

_VALUE = r"^[\s　]*(?:[-+]?[\d０-９][\d０-９.,:：/%\-\sT年月日]*|\S|TRUE|FALSE|是|否|有|无)[\s　]*$"  # a number, date or tick
_FEW = 3


def side_note_columns(titles: Sequence[str], texts: Sequence[pl.Series]) -> tuple[int, ...]:
    """Columns (0-based) of side notes: behind a column without heading or value, without headings of their own, and with
    a few lines of words only. Anything fuller, or with values in it, may be data and stays a column.

    >>> side_note_columns(["站", "人次", "", ""], [pl.Series(["甲", "乙"]), pl.Series(["3", "4"]),
    ...                   pl.Series([None, None], dtype=pl.String), pl.Series([None, "人次含志愿者"])])
    (3,)
    """
    is_empty = [not title and not _seen(text).len() for title, text in zip(titles, texts, strict=True)]
    groups = [list(group) for empty, group in groupby(range(len(titles)), key=is_empty.__getitem__) if not empty]
    if len(groups) < 2:
        return ()
    n_headings = [sum(bool(titles[i]) and not is_note_cell(titles[i]) for i in group) for group in groups]
    if not max(n_headings):
        return ()
    beside = [group for group, n in zip(groups, n_headings, strict=True) if not n and _are_notes(group, texts)]
    return tuple(i for group in beside for i in group)


def _are_notes(group: Sequence[int], texts: Sequence[pl.Series]) -> bool:
    height = texts[group[0]].len()
    cells = [_seen(texts[i]) for i in group]
    few = max(cell.len() for cell in cells)
    return (few <= _FEW or few < height / 2) and not any(cell.str.contains(_VALUE).any() for cell in cells)


def _seen(texts: pl.Series) -> pl.Series:
    return texts.filter((texts.str.strip_chars() != "").fill_null(False))
