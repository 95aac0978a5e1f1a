"""Guesses at the encoding of text that is neither UTF-8 nor common Chinese, each with what speaks for it."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

_GUESSES = ["cp1252", "big5", "gb18030", "shift_jis", "euc_kr", "cp1250", "cp1251", "cp1253", "mac_roman", "latin_1"]
_DOUBLE = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_IN_WORD = re.compile(rb"[A-Za-z][\x86-\x90\x98-\x9f]")
_LOOK = 400_000
Guess = tuple[str, str]  # the encoding, and what speaks for it


def _look(data: bytes) -> bytes:
    """The part that is looked at: the beginning, or where the first letter stands that is not plain, if that is far down."""
    first = _HIGH.search(data)
    begin = 0 if first is None or first.start() < _LOOK else first.start() - 1000
    return data[begin : begin + _LOOK]


def strictly(data: bytes, encoding: str) -> str | None:
    """The text, if every byte fits."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def utf16_without_mark(data: bytes) -> Guess | None:
    """Text of mostly Latin characters in UTF-16 has every other byte zero; Chinese headings leave commas and digits."""
    head = data[:4000]
    if len(data) % 2 or b"\0" not in head:
        return None
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) < 0.1 * len(head) / 2 or min(low, high) > 0.05 * max(low, high):
        return None
    share = max(low, high) / (len(head) / 2)
    return "utf-16-le" if high > low else "utf-16-be", f"没有标记，但 {share:.0%} 的字符有一个零字节"


def chinese_share(data: bytes) -> float:
    """The share of double bytes that are common Chinese (GB2312): nearly all in Chinese text, few in Western text, which
    decodes as GB18030 too."""
    pairs = _DOUBLE.findall(_look(data))
    return sum(pair[0] >= 0xA1 and pair[1] >= 0xA1 for pair in pairs) / len(pairs) if pairs else 0.0


def western(data: bytes) -> Guess | None:
    """Letters with accents stand alone among plain ones. Mac Roman keeps them where cp1252 has typographic marks."""
    runs = _HIGH.findall(_look(data))
    alone = sum(len(run) == 1 for run in runs)
    if not runs or alone < 0.9 * len(runs):
        return None
    evidence = f"{alone / len(runs):.0%} 的重音字母单独夹在普通字母之间"
    in_mac = sum(run[0] < 0xA0 for run in runs)
    if in_mac > len(runs) / 2 and _IN_WORD.search(data):
        return "mac_roman", f"{evidence}，其中 {in_mac / len(runs):.0%} 在 cp1252 里只是标点"
    found = next((name for name in ("cp1252", "latin_1") if strictly(data, name) is not None), None)
    return (found, evidence) if found else None


def big5(data: bytes) -> Guess | None:
    """Traditional Chinese from Taiwan or Hong Kong: nearly all that is not plain becomes an ideograph or its punctuation."""
    text = strictly(data, "big5hkscs")
    foreign = [char for char in (text or "")[:200_000] if char > "\x7f"]
    fitting = sum(
        "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uff5e" for char in foreign
    )
    if not foreign or fitting < 0.95 * len(foreign) or strictly(data, "big5") is None:
        return None
    return "big5", f"按 Big5 解开，{fitting / len(foreign):.0%} 是汉字和标点"


def guessed(data: bytes) -> Guess | None:
    """What charset-normalizer holds most likely."""
    best = from_bytes(_look(data), cp_isolation=_GUESSES).best()
    if best is None:
        return None
    return best.encoding, f"charset-normalizer 比较各种编码，乱码率最低（{best.percent_chaos:.0f}%）"
