"""Records of a binary workbook (.xlsb): a number and a length, seven bits to a byte, then as many bytes."""

from __future__ import annotations

from collections.abc import Iterator


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each record; a broken end is left out.

    >>> list(records(bytes([0x99, 0x01, 2, 7, 8, 5, 0])))
    [(153, b'\\x07\\x08'), (5, b'')]
    """
    at = 0
    while at < len(data):
        kind, at = _number(data, at)
        size, at = _number(data, at)
        if at + size > len(data):
            return
        yield kind, data[at : at + size]
        at += size


def wide_text(data: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    end = at + 4 + 2 * int.from_bytes(data[at : at + 4], "little")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in (0, 7, 14, 21):
        if at >= len(data):
            return value, at
        byte, at = data[at], at + 1
        value |= (byte & 127) << shift
        if byte < 128:
            break
    return value, at
