"""Several answers in one cell: which units recur as wholes where the separator also stands inside them, and how lists are
written out (`['a' ;  'b']`)."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.contracts.drafting import Rules

_OPEN, _CLOSE = "([{（【［「", ")]}）】］」"
_ALWAYS = 0.98
_LIST = re.compile(r"^\[\s*(['\"]).*\1\s*\]$", re.DOTALL)
Cells = list[tuple[list[str], int]]


@dataclass(frozen=True)
class Split:
    """Joined cells taken apart: `units` counts each part, in order of appearance; `several` is the share of cells that hold
    more than one."""

    units: Mapping[str, int]
    several: float


def split_list(counts: Mapping[str, int], form: tuple[str, str, str]) -> Split:
    """Cells of the form before, between, after taken apart."""
    before, between, after = form
    return _counted([(cell.removeprefix(before).removesuffix(after).split(between), n) for cell, n in counts.items()])


def list_form(counts: Mapping[str, int], rules: Rules) -> tuple[str, str, str] | None:
    """How most cells write a list — before, between, after — or None where they are no lists.

    >>> from pipeline.contracts.drafting import drafting_rules
    >>> list_form({"['a' ;  'b']": 3, "['a']": 2}, drafting_rules())
    ("['", "' ;  '", "']")
    """
    lists = {cell: n for cell, n in counts.items() if _LIST.match(cell)}
    if not lists or sum(lists.values()) < rules.shape_share * sum(counts.values()):
        return None
    quote = next(iter(lists))[1:].lstrip()[0]
    between: Counter[str] = Counter()
    for cell, n in lists.items():
        for found in re.findall(rf"{quote}(\s*[,;]\s*){quote}", cell):
            between[found] += n
    joint = between.most_common(1)[0][0] if between else ", "
    return f"[{quote}", f"{quote}{joint}{quote}", f"{quote}]"


def split_cells(counts: Mapping[str, int], separator: str, rules: Rules) -> Split:
    """Cells taken apart at a separator that never stands inside brackets, and pieces put together again that recur only
    together: `Slip, trip, or falls` is one unit where its pieces never stand without each other.

    >>> from pipeline.contracts.drafting import drafting_rules
    >>> cells = {"Slip, trip, or falls, Heat": 4, "Heat": 5, "Slip, trip, or falls": 6}
    >>> split_cells(cells, ", ", drafting_rules()).units
    {'Slip, trip, or falls': 10, 'Heat': 9}
    """
    cells: Cells = [(_pieces(cell, separator), n) for cell, n in counts.items()]
    if "," in separator or "，" in separator or "、" in separator:
        cells = _glued(cells, separator, rules)
    return _counted(cells)


def _counted(cells: Cells) -> Split:
    units: dict[str, int] = {}
    several = 0
    for parts, n in cells:
        clean = [part.strip() for part in parts if part.strip()]
        several += n * (len(clean) > 1)
        for part in clean:
            units[part] = units.get(part, 0) + n
    return Split(units, several / max(1, sum(n for _, n in cells)))


def _pieces(cell: str, separator: str) -> list[str]:
    """The pieces of a cell; brackets are not divided unless one of them never closes."""
    pieces, depth = [""], 0
    for piece in re.split(f"({re.escape(separator)})", cell):
        if piece == separator and depth <= 0:
            pieces.append("")
            continue
        pieces[-1] += piece
        depth = max(0, depth + sum((sign in _OPEN) - (sign in _CLOSE) for sign in piece))
    return cell.split(separator) if depth else pieces


def _glued(cells: Cells, separator: str, rules: Rules) -> Cells:
    """Pairs of neighbours joined, the surest first, until none recurs only together."""
    heads = Counter[bool]()
    for parts, n in cells:
        heads[parts[0].lstrip()[:1].islower()] += n
    lower_is_a_tail = heads[True] <= 0.3 * sum(heads.values())
    while True:
        pair = _next_pair(cells, rules, lower_is_a_tail)
        if pair is None:
            return cells
        cells = [(_joined(parts, pair, separator), n) for parts, n in cells]


def _next_pair(cells: Cells, rules: Rules, lower_is_a_tail: bool) -> tuple[str, str] | None:
    """The pair to join next: a second piece in small letters that hangs on its first; or two pieces of which the first
    never ends a cell and the second never begins one, nor stands behind another."""
    all_of, first, last = Counter[str](), Counter[str](), Counter[str]()
    pairs = Counter[tuple[str, str]]()
    for parts, n in cells:
        first[parts[0]] += n
        last[parts[-1]] += n
        for part in parts:
            all_of[part] += n
        for pair in itertools.pairwise(parts):
            pairs[pair] += n
    for (one, other), n in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        behind, before = n / all_of[other], n / all_of[one]
        tail = lower_is_a_tail and other.lstrip()[:1].islower() and not first[other] and max(behind, before) >= 0.9
        bound = behind >= _ALWAYS and not first[other] and not last[one] and n >= rules.glue_count
        if tail or bound:
            return one, other
    return None


def _joined(parts: list[str], pair: tuple[str, str], separator: str) -> list[str]:
    made: list[str] = []
    position = 0
    while position < len(parts):
        if tuple(parts[position : position + 2]) == pair:
            made.append(separator.join(pair))
            position += 2
        else:
            made.append(parts[position])
            position += 1
    return made
