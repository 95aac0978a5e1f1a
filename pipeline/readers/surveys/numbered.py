"""Headings that begin with the number of their question, gathered into the blocks of one question each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """The columns of one question: positions in the file and what their headings say behind the number; `is_bare`: that
    heading bears no number. `number` is None for a heading that belongs to no numbered question."""

    number: int | None
    positions: tuple[int, ...]
    texts: tuple[str, ...]
    is_bare: tuple[bool, ...]


def blocks_of(
    headings: Sequence[str],
    positions: Sequence[int],
    number: re.Pattern[str],
    continues: Callable[[Block, str], bool],
) -> list[Block]:
    """The blocks of the columns at `positions`. A heading without a number joins the block before it where `continues`
    says so; numbers that are out of order (the row `12 小时以上` of a matrix) are no question numbers."""
    numbers = _in_order(headings, positions, number)
    blocks: list[Block] = []
    for position in positions:
        heading = headings[position]
        last = blocks[-1] if blocks and blocks[-1].positions[-1] == position - 1 else None
        found = numbers.get(position)
        if last and last.number is not None and (found == last.number or (found is None and continues(last, heading))):
            blocks[-1] = _longer(last, position, heading if found is None else number.sub("", heading, count=1), found)
        else:
            text = heading if found is None else number.sub("", heading, count=1)
            blocks.append(Block(found, (position,), (text.strip(),), (found is None,)))
    return blocks


def _longer(block: Block, position: int, text: str, found: int | None) -> Block:
    return Block(
        block.number, (*block.positions, position), (*block.texts, text.strip()), (*block.is_bare, found is None)
    )


def _in_order(headings: Sequence[str], positions: Sequence[int], number: re.Pattern[str]) -> dict[int, int]:
    """Question numbers by position: the longest run of them that never falls (gaps are deleted questions)."""
    found = [(position, int(match.group(1))) for position in positions if (match := number.match(headings[position]))]
    ends: list[int] = []  # ends[k]: the index in `found` of the smallest number that ends a run of k + 1
    before: list[int | None] = []
    for index, (_, value) in enumerate(found):
        place = bisect_right([found[end][1] for end in ends], value)
        before.append(ends[place - 1] if place else None)
        ends[place : place + 1] = [index]
    run: dict[int, int] = {}
    index = ends[-1] if ends else None
    while index is not None:
        position, value = found[index]
        run[position] = value
        index = before[index]
    return run
