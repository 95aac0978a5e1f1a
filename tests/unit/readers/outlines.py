"""Small tables for outlines, and an outline in a form that is easy to compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipeline.readers.surveys.outline import Outline
from pipeline.readers.text_table import TextTable, tidy_headings


def table_of(
    headings: Sequence[str], *rows: Sequence[str | None], family: str = "table", labels: Sequence[str] = ()
) -> TextTable:
    """A text table of these headings and rows; `labels` stand in a second header row."""
    columns = {f"c{i}": [row[i] for row in rows] for i in range(len(headings))}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return TextTable(
        path=Path("a.csv"),
        sheet="",
        columns=tidy_headings(headings, range(1, len(headings) + 1)),
        frame=frame.with_columns(source_row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64)),
        family=family,
        header_cells=(tuple(headings), tuple(labels)) if labels else (tuple(headings),),
    )


def shown(outline: Outline) -> list[tuple[str, str, list[tuple[int, str, str]]]]:
    """(name, text, [(position, item, option)]) of each question."""
    return [
        (stem.name, stem.text, [(part.position, part.item, part.option) for part in stem.parts])
        for stem in outline.stems
    ]


def accounted(outline: Outline) -> list[int]:
    """Every position that the outline names, in order."""
    parts = [part.position for stem in outline.stems for part in stem.parts]
    return sorted([*parts, *(position for role in outline.meta.values() for position in role), *outline.rest])
