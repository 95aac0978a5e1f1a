"""Headings of an export taken apart: bookkeeping columns, brackets at the end, what several headings begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.text_table import TextTable

_SPACE = "\ufeff \t\r\n\u3000\xa0"
_JOINS = ":：—–-_(（[【/"


def headings_of(table: TextTable) -> tuple[str, ...]:
    """The headings as they stand (repeated ones not numbered), ends trimmed; the tidied names where none were kept, or
    where several rows make up each."""
    stand = table.header_cells[0] if len(table.header_cells) == 1 else ()
    return tuple(
        heading.strip(_SPACE) or name
        for heading, name in zip(
            stand if len(stand) == len(table.columns) else table.columns, table.columns, strict=True
        )
    )


def bookkeeping(headings: Sequence[str], dialect: Dialect) -> tuple[Mapping[str, tuple[int, ...]], list[int]]:
    """Bookkeeping columns by role, and the positions of all others."""
    roles = [dialect.meta.get(heading) for heading in headings]
    meta: dict[str, tuple[int, ...]] = {}
    for position, role in enumerate(roles):
        if role:
            meta[role] = (*meta.get(role, ()), position)
    return meta, [position for position, role in enumerate(roles) if not role]


def bracketed(text: str, opening: str = "(（", closing: str = ")）") -> tuple[str, str] | None:
    """What stands before the last outermost brackets and what stands in them; nothing where the text ends otherwise.
    Full and half width may be mixed; where brackets do not close, the first opening one counts.

    >>> bracketed("第8题(ACG文化(动漫、游戏等))"), bracketed("其他"), bracketed("需要(甲)乙)")
    (('第8题', 'ACG文化(动漫、游戏等)'), None, ('需要', '甲)乙'))
    """
    text = text.strip()
    if not text or text[-1] not in closing:
        return None
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += (text[index] in closing) - (text[index] in opening)
        if depth == 0:
            return text[:index].strip(), text[index + 1 : -1].strip()
    found = re.search(f"[{re.escape(opening)}]", text)
    return (text[: found.start()].strip(), text[found.end() : -1].strip()) if found else None


def shared_stem(texts: Sequence[str]) -> tuple[str, list[str]]:
    """What several headings begin with, up to a mark that joins stem and part, and the rest of each.

    >>> shared_stem(["需要什么:饮水", "需要什么:饮食"])
    ('需要什么', ['饮水', '饮食'])
    >>> shared_stem(["甲", "乙"])
    ('', ['甲', '乙'])
    """
    first, last = min(texts), max(texts)
    n_same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    common = first[:n_same]
    end = max((common.rfind(mark) for mark in _JOINS), default=-1) + 1
    if not end:
        return "", [text.strip() for text in texts]
    mark = common[end - 1]
    closing = {"(": ")", "（": "）", "[": "]", "【": "】"}.get(mark, "")
    parts = [text[end:].strip() for text in texts]
    if closing and all(part.endswith(closing) for part in parts):
        parts = [part[: -len(closing)] for part in parts]
    return common[: end - 1].strip(), parts
