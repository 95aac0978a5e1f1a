"""Which records a total, a subtotal or the count in a group heading covers. Told by place and level, never by figures.

小计 covers the records since the subtotal or the group heading above it, 合计 those since the 合计 above, 总计 all. A total
that stands above its records covers those that follow. Two totals below each other: the lower one covers what both do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.clean.values.numerals import in_digits
from pipeline.clean.values.text import half, longest_first, words

RECORD, GROUP = 0, -1
_STYLES = (r"^[一二三四五六七八九十]{1,3}[、.．]", r"^[(（][一二三四五六七八九十]{1,3}[)）]")
_GROUP_COUNT = re.compile(r"[（(]\s*(?P<count>[^（()）]+?)\s*[)）]$")


@dataclass(frozen=True)
class Line:
    """A row of a sheet: a record (`level` 0, `record` its place among the records), a group heading (-1) or a total (1
    subtotal, 2 total, 3 grand total). `label` is the cell that says so, as text, `at` its column."""

    source_row: int
    level: int = RECORD
    record: int | None = None
    at: int = 0
    label: str = ""


def total_label(cells: Sequence[str | None]) -> tuple[int, int, str] | None:
    """Level, column and text of the cell that makes a row a total; it stands in one of the first three that say anything.

    >>> total_label(["合 计", None, "6"]), total_label([None, "固定阵地小计"]), total_label(["东门驿站"])
    ((2, 0, '合计'), (1, 1, '固定阵地小计'), None)
    """
    filled = [(at, "".join(half(cell).split()).casefold()) for at, cell in enumerate(cells) if cell and cell.strip()]
    for at, text in filled[:3]:
        found = _total().match(text)
        if found:
            return words("totals")["levels"][found["word"]], at, text
    return None


def row_count(text: str, *, bare: bool = True) -> int | None:
    """The number of rows that a text states: `6个`, `共6家`, `6` (only where `bare` figures may be one).

    >>> row_count("共6家"), row_count("6"), row_count("6", bare=False), row_count("6元")
    (6, 6, None, None)
    """
    found = _rows().match("".join(half(text).split()))
    digits = in_digits(f"{found['n']}个").removesuffix("个") if found else ""
    return int(digits) if digits.isdigit() and (bare or (found and found["word"])) else None


def group_of(line: Line) -> str:
    """The group that a total names: 固定阵地 of 固定阵地小计; empty where it names none."""
    found = _total().match(line.label)
    return found["group"] if found else ""


def label_count(line: Line) -> int | None:
    """The number of rows that the label itself states: `合计（60个）`, `合计：60个`, `北京市（92所）`."""
    if line.level == GROUP:
        found = _GROUP_COUNT.search(half(line.label))
        return row_count(found["count"]) if found else None
    found = _total().match(line.label)
    tail = (found["tail"] or "").strip(":()") if found else ""
    return row_count(tail, bare=False) if tail else None


def covered(lines: Sequence[Line], place: int) -> list[int]:
    """The records (their places) that the total or group heading at `place` covers; none where its place does not tell,
    as in a block of subtotals below each other."""
    line = lines[place]
    beside = [lines[at].level for at in (place - 1, place + 1) if 0 <= at < len(lines)]
    if line.level == 1 and line.level in beside:
        return []
    if line.level == GROUP:
        return _records(lines, place, +1, lambda other: _ends_group(line, other))
    step = +1 if _stands_above(lines, place) else -1
    for level in range(line.level, 5):
        found = _records(lines, place, step, lambda other, level=level: other.level >= level or (level == 1 and other.level == GROUP))  # fmt: skip
        if found or line.level == 1:
            return found
    return []


def _records(lines: Sequence[Line], place: int, step: int, ends) -> list[int]:
    found = []
    at = place + step
    while 0 <= at < len(lines) and not ends(lines[at]):
        if lines[at].record is not None:
            found.append(lines[at].record)
        at += step
    return sorted(found)


def _stands_above(lines: Sequence[Line], place: int) -> bool:
    """Whether a total stands above its records: none come before it; or the first of its level stands so, and no total
    of its level closes the table."""

    def is_first(at: int) -> bool:
        return all(line.record is None for line in lines[:at])

    level = lines[place].level
    same = [at for at, line in enumerate(lines) if line.level == level]
    closes = same[-1] if all(line.record is None for line in lines[same[-1] + 1 :]) else None
    return is_first(place) or (is_first(same[0]) and closes is None)


def _ends_group(group: Line, other: Line) -> bool:
    if other.level == GROUP:
        return _style(other.label) <= _style(group.label)
    return other.level >= 2


def _style(label: str) -> int:
    """How deep a group heading is, by its numbering: 一、 before （一） before none."""
    return next((depth for depth, pattern in enumerate(_STYLES) if re.match(pattern, label.strip())), len(_STYLES))


@cache
def _total() -> re.Pattern[str]:
    names = "|".join(re.escape(word) for word in longest_first(list(words("totals")["levels"])))
    return re.compile(rf"^(?P<group>.{{0,12}}?)(?P<word>{names})(?P<tail>:.*|\(.*\))?$")


@cache
def _rows() -> re.Pattern[str]:
    return re.compile(
        rf"^(?:共计|共有|共)?(?P<n>[0-9]+|[零一二两三四五六七八九十百千]+)(?P<word>{'|'.join(words('totals')['rows'])})?$"
    )
