"""Faults in text: bytes that do not fit the encoding, NUL and other control characters. A few are marked, and cost their record."""

from __future__ import annotations

import re

import polars as pl

FAULT = "\U0010fffc"  # a private character that no text holds
CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def marked(data: bytes, encoding: str) -> tuple[str, int]:
    """The text with a mark at each fault, and the lines that have one. For encodings in which a line feed is one byte.

    >>> marked(b"a\\nb\\xff,c\\n", "utf-8")[1], marked(b"a\\n", "utf-8")
    (1, ('a\\n', 0))
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\n".join(_line(line, encoding) for line in data.split(b"\n"))
    text = CONTROL.sub(FAULT, text)
    return text, sum(FAULT in line for line in text.split("\n")) if FAULT in text else 0


def _line(line: bytes, encoding: str) -> str:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return line.decode(encoding, errors="replace").replace("\ufffd", FAULT)


def are_many(n_faulty: int, n_lines: int) -> bool:
    """Whether so many lines have faults that the file is not what it seems: more than a few, and more than one in a hundred.

    >>> are_many(2, 10), are_many(3, 10), are_many(90, 10_000)
    (False, True, False)
    """
    return n_faulty > max(2, n_lines // 100) or n_faulty * 3 > n_lines


def has_fault(n_cells: int) -> pl.Expr:
    """Whether a record c0..cN has a mark in it."""
    return pl.any_horizontal(pl.col(f"c{i}").str.contains(FAULT, literal=True).fill_null(False) for i in range(n_cells))
