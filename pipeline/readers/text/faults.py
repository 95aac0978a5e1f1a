"""Faults in text: bytes that do not fit the encoding, NUL and other control characters. A few are marked, and cost their record."""

from __future__ import annotations

import codecs
import re

import polars as pl

FAULT = "\U0010fffc"  # a private character that no text holds
CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


_PLAIN = tuple(bytes(range(0x40)).decode("latin-1"))
_DOUBLE_BYTE = (
    "gb18030",
    "gbk",
    "gb2312",
    "big5",
    "big5hkscs",
    "cp950",
    "shift_jis",
    "cp932",
    "euc_kr",
    "cp949",
    "euc_jp",
    "utf-8",
)


def has_plain_lines(encoding: str) -> bool:
    """Whether bytes below 0x40 (line ends, quotes, commas) always stand for themselves.

    >>> has_plain_lines("gb18030"), has_plain_lines("mac_roman"), has_plain_lines("utf-16")
    (True, True, False)
    """
    name = codecs.lookup(encoding).name
    if name in _DOUBLE_BYTE:
        return True
    texts = [bytes([i]).decode(name, errors="replace") for i in range(256)]
    return tuple(texts[:0x40]) == _PLAIN and all(len(text) == 1 for text in texts) and name != "utf-7"


def marked(data: bytes, encoding: str) -> str:
    """The text with a mark at each fault. For encodings that have plain lines.

    >>> marked(b"a\\nb\\xff,c\\n", "utf-8") == f"a\\nb{FAULT},c\\n"
    True
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\n".join(_line(line, encoding) for line in data.split(b"\n"))
    return CONTROL.sub(FAULT, text)


def n_faulty(text: str) -> int:
    """How many lines have a fault."""
    return sum(FAULT in line for line in text.split("\n")) if FAULT in text else 0


def _line(line: bytes, encoding: str) -> str:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return line.decode(encoding, errors="replace").replace("\ufffd", FAULT)


def n_lines(text: str) -> int:
    """How many lines a text has.

    >>> n_lines("a\\nb"), n_lines("a\\nb\\n")
    (2, 2)
    """
    return text.count("\n") + (not text.endswith("\n"))


def are_many(n_faulty: int, n_lines: int) -> bool:
    """Whether so many lines have faults that the file is not what it seems: more than a few, and more than one in a hundred.

    >>> are_many(2, 10), are_many(3, 10), are_many(90, 10_000)
    (False, True, False)
    """
    return n_faulty > max(2, n_lines // 100) or n_faulty * 3 > n_lines


def has_fault(n_cells: int) -> pl.Expr:
    """Whether a record c0..cN has a mark in it."""
    return pl.any_horizontal(pl.col(f"c{i}").str.contains(FAULT, literal=True).fill_null(False) for i in range(n_cells))
