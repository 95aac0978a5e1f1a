"""Totals below their columns: 合计, 小计 and the counts in group headings, against the raw records they cover.

The person who added up had every record on the sheet before them, also those that are refused here; whoever counted by
hand will have left out a record that stands twice. A total that agrees with either count agrees.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from pipeline.clean.totals.covered import GROUP, Line, covered, group_of, label_count, row_count
from pipeline.clean.totals.figures import Figures, figures, one, total, verdict
from pipeline.clean.totals.sheet import Checked, is_one_of

KINDS = {GROUP: "group_count", 1: "subtotal", 2: "total", 3: "total"}


def column_checks(sheet: Checked) -> Iterator[dict[str, Any]]:
    """One check per figure that a total or group heading states and that has something to be compared with."""
    read: dict[int, Figures | None] = {}
    for place, line in enumerate(sheet.lines if sheet.aside.height else []):
        if line.record is not None:
            continue
        choices = _choices(sheet, line, covered(sheet.lines, place))
        if not choices:
            continue
        yield from _label(sheet, line, choices)
        if line.level == GROUP:
            continue
        cells = sheet.aside.row(by_predicate=pl.col("source_row") == line.source_row, named=True)
        for column in sheet.columns:
            text = cells[f"c{column}"]
            if column == line.at or text is None or not text.strip() or is_one_of(sheet.headings[column], "not_summed"):
                continue
            if column not in read:
                read[column] = sheet.figures(column)
            found = (
                _sum(sheet, read[column], column, text, choices)
                if read[column]
                else _rows(sheet, column, text, choices)
            )
            if found:
                yield _check(sheet, line, column, found)


def _choices(sheet: Checked, line: Line, rows: list[int]) -> list[np.ndarray]:
    """The sets of records that a total may mean, the likeliest first: by its place, the same without repeats, and those
    that name the group it names."""
    by_place = np.array(rows, dtype=int)
    choices = [by_place, by_place[sheet.first_of_its_kind[by_place]]] if rows else []
    group = group_of(line) if line.level != GROUP else ""
    if group:
        bare = pl.all().str.normalize("NFKC").str.replace_all(r"\s", "").str.to_lowercase()
        named = (
            sheet.table.frame.drop("source_row")
            .select(bare)
            .select(pl.any_horizontal(pl.all() == group).fill_null(False))
        )
        choices.append(np.flatnonzero(named.to_series().to_numpy()))
    return [choice for choice in choices if len(choice)]


def _label(sheet: Checked, line: Line, choices: list[np.ndarray]) -> Iterator[dict[str, Any]]:
    n = label_count(line)
    if n is not None:
        yield _check(sheet, line, line.at, _counted(n, [len(rows) for rows in choices], len(choices[0])))


def _sum(sheet: Checked, read: Figures, column: int, text: str, choices: list[np.ndarray]) -> dict[str, Any] | None:
    """A figure below numbers or ticks: their sum."""
    stated = figures(pl.Series([text]), sheet.written(column))
    if not stated.is_said[0] or not any(read.is_said[rows].any() for rows in choices):
        return None
    goal, sums = one(stated, 0), [total(read, rows) for rows in choices]
    found = [
        verdict(goal, counted, is_unread=read.is_bad[rows].any()) for counted, rows in zip(sums, choices, strict=True)
    ]
    best = next((place for place, agrees in enumerate(found) if agrees), 0)
    return {
        "stated": goal.value, "qualifier": stated.qualifier[0], "counted": sums[best].value,
        "n_rows": len(choices[0]), "agrees": True if found[best] else None if None in found else False,
    }  # fmt: skip


def _rows(sheet: Checked, column: int, text: str, choices: list[np.ndarray]) -> dict[str, Any] | None:
    """A figure below words: how many rows there are, how many say something there, or how many different things."""
    n = row_count(text)
    cells = sheet.table.frame[f"c{column}"].str.strip_chars().replace("", None)
    said = [cells.gather(rows).drop_nulls() for rows in choices]
    if n is None or not any(len(one) for one in said):
        return None
    numbers = [len(rows) for rows in choices] + [len(one) for one in said] + [one.n_unique() for one in said]
    return _counted(n, numbers, len(choices[0]))


def _counted(n: int, numbers: list[int], n_rows: int) -> dict[str, Any]:
    return {
        "stated": float(n), "qualifier": "eq", "counted": float(n if n in numbers else numbers[0]), "n_rows": n_rows,
        "agrees": n in numbers,
    }  # fmt: skip


def _check(sheet: Checked, line: Line, column: int, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "source_row": line.source_row, "column_name": sheet.headings[column], "kind_code": KINDS[line.level],
        "cell": sheet.cell(column, line.source_row), **found,
    }  # fmt: skip
