"""Totals beside their row: a column 合计, total or ytd against the columns of the same row that it adds up.

Which those are is never guessed: the contract says so (`total_of`), or they are the months to its left, or they stand
with it under one group heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.clean.totals.figures import Figure, Figures, one, verdict
from pipeline.clean.totals.sheet import Checked, is_named, is_one_of
from pipeline.clean.values.text import half, words


@dataclass(frozen=True)
class RowTotal:
    """A column that states the sum of others (by their place)."""

    column: int
    parts: tuple[int, ...]


def row_checks(sheet: Checked) -> Iterator[dict[str, Any]]:
    """One check per record and row total, where the total and at least one of its parts is said."""
    for plan in row_totals(sheet):
        if not {plan.column, *plan.parts} <= set(sheet.columns):
            continue
        stated, parts = sheet.figures(plan.column), [sheet.figures(part) for part in plan.parts]
        if stated is not None and all(part is not None or _is_blank(sheet, at) for part, at in zip(parts, plan.parts, strict=True)):  # fmt: skip
            yield from _compare(sheet, plan, stated, [part for part in parts if part is not None])


def row_totals(sheet: Checked) -> list[RowTotal]:
    """The row totals of a sheet: one plan per column that is one for certain."""
    by_name = {name: int(physical[1:]) for name, (_, physical, _) in sheet.matched.columns.items()}
    found = {
        by_name[column.name]: tuple(by_name[part] for part in column.total_of)
        for column, _, _ in sheet.matched.columns.values()
        if column.total_of and set(column.total_of) <= by_name.keys()
    }
    table = words("totals")
    for at, heading in enumerate(sheet.headings):
        is_open = is_named(heading, table["row_total_open"])
        if at in found or not (is_open or is_named(heading, table["row_total"])):
            continue
        parts = _months_left_of(sheet.headings, at, from_january=is_open) or (
            () if is_open else _group_of(sheet.headings, at)
        )
        if len(parts) > 1:
            found[at] = parts
    return [RowTotal(column, parts) for column, parts in sorted(found.items())]


def _months_left_of(headings: list[str], at: int, *, from_january: bool) -> tuple[int, ...]:
    """The unbroken run of months, in their order and under the same group, that ends left of a column."""
    run: list[int] = []
    for left in range(at - 1, -1, -1):
        month = month_of(headings[left])
        follows = not run or month == month_of(headings[run[0]]) - 1
        if month is None or not follows or _group(headings[left]) != _group(headings[at]):
            break
        run.insert(0, left)
    return tuple(run) if run and not (from_january and month_of(headings[run[0]]) != 1) else ()


def _group_of(headings: list[str], at: int) -> tuple[int, ...]:
    """The columns beside a total under its own group heading; none where one of them is a share, an average or a part of
    another (其中)."""
    group = _group(headings[at])
    beside = [i for i, heading in enumerate(headings) if group and i != at and _group(heading) == group]
    apart = [i for i in beside if "其中" in headings[i] or is_one_of(headings[i].rsplit("/", 1)[-1], "not_summed")]
    totals = [i for i in beside if is_named(headings[i], words("totals")["row_total"])]
    together = sorted([*beside, at])
    is_unbroken = together == list(range(together[0], together[-1] + 1))
    return () if apart or totals or not is_unbroken else tuple(beside)


def month_of(heading: str) -> int | None:
    """The month that a heading names: `3月`, `三月`, `2023年3月`, `March`, `Mar`.

    >>> month_of("借阅/March"), month_of("2023年12月"), month_of("13月"), month_of("月份")
    (3, 12, None, None)
    """
    name = half(heading.rsplit("/", 1)[-1]).casefold()
    table = words("totals")
    number = re.fullmatch(r"(?:(?:19|20)[0-9]{2}年)?(0?[1-9]|1[0-2])月份?", name)
    if number:
        return int(number[1])
    if name.removesuffix("份") in table["months"]:
        return table["months"].index(name.removesuffix("份")) + 1
    english = [at for at, month in enumerate(table["months_en"], start=1) if name.rstrip(".") in (month, month[:3])]
    return english[0] if english else None


def _group(heading: str) -> str:
    return heading.rsplit("/", 1)[0] if "/" in heading else ""


def _is_blank(sheet: Checked, column: int) -> bool:
    cells = sheet.table.frame[f"c{column}"]
    return bool((cells.is_null() | (cells.str.strip_chars() == "")).all())


def _compare(sheet: Checked, plan: RowTotal, stated: Figures, parts: list[Figures]) -> Iterator[dict[str, Any]]:
    said = np.array([part.is_said for part in parts])
    unread = np.any([part.is_bad for part in parts], axis=0)
    value, low, high = (np.nansum([getattr(part, name) for part in parts], axis=0) for name in ("value", "low", "high"))
    step = np.min([np.where(part.is_said, part.step, np.inf) for part in parts], axis=0)
    rows = sheet.table.frame["source_row"].to_list()
    for at in np.flatnonzero(stated.is_said & said.any(axis=0)):
        goal = one(stated, at)
        counted = Figure(float(value[at]), float(low[at]), float(high[at]), float(step[at]))
        yield {
            "source_row": rows[at], "column_name": sheet.headings[plan.column], "kind_code": "row_total",
            "cell": sheet.cell(plan.column, rows[at]), "stated": goal.value, "qualifier": stated.qualifier[at],
            "counted": counted.value, "n_rows": 1, "agrees": verdict(goal, counted, is_unread=bool(unread[at])),
        }  # fmt: skip
