"""Text out of bytes: UTF-8 (with or without mark), UTF-16, GB18030, and only then a detector's guess."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from pipeline.readers.refusals import refuse

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = ["cp1252", "big5", "shift_jis", "euc_kr", "cp1250", "cp1251", "cp1253", "mac_roman", "latin_1"]
_DOUBLE = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_IN_WORD = re.compile(rb"[A-Za-z][\x86-\x90\x98-\x9f]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, path: Path, encoding: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding. Raises exit 10 when no encoding fits."""
    if encoding:
        return _as_told(data, path, encoding), encoding
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _as_told(data, path, name, "text_undecodable"), name
    for name in (_utf16_without_mark(data), "utf-8", "gb18030"):
        text = _strictly(data, name) if name else None
        if text is not None and (name != "gb18030" or _looks_chinese(data)):
            return _clean(text, path), name or ""
    name = _western(data) or _big5(data) or _guessed(data)
    text = _strictly(data, name) if name else None
    if text is None:
        refuse("text_undecodable", path, got=_first_fault(data))
    return _clean(text, path), name or ""


def _as_told(data: bytes, path: Path, encoding: str, code: str = "wrong_encoding") -> str:
    try:
        return _clean(data.decode(encoding).removeprefix("\ufeff"), path)
    except (UnicodeDecodeError, LookupError):
        refuse(code, path, got=encoding)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(data: bytes) -> str | None:
    """Text of mostly Latin characters in UTF-16 has every other byte zero; Chinese headings leave commas and digits."""
    head = data[:4000]
    if len(data) % 2 or b"\0" not in head:
        return None
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) < 0.1 * len(head) / 2 or min(low, high) > 0.05 * max(low, high):
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _looks_chinese(data: bytes) -> bool:
    """Western text decodes as GB18030 too, into rare characters; in Chinese text nearly all pairs lie in GB2312."""
    pairs = _DOUBLE.findall(data[:400_000])
    common = sum(pair[0] >= 0xA1 and pair[1] >= 0xA1 for pair in pairs)
    return bool(pairs) and common >= 0.85 * len(pairs)


def _western(data: bytes) -> str | None:
    """Letters with accents stand alone among plain ones. Mac Roman keeps them where cp1252 has typographic marks."""
    runs = _HIGH.findall(data[:400_000])
    if not runs or sum(len(run) == 1 for run in runs) < 0.9 * len(runs):
        return None
    if sum(run[0] < 0xA0 for run in runs) > len(runs) / 2 and _IN_WORD.search(data):
        return "mac_roman"
    return next((name for name in ("cp1252", "latin_1") if _strictly(data, name) is not None), None)


def _big5(data: bytes) -> str | None:
    """Traditional Chinese from Taiwan or Hong Kong: nearly all that is not plain becomes an ideograph or its punctuation."""
    text = _strictly(data, "big5hkscs")
    foreign = [char for char in (text or "")[:200_000] if char > "\x7f"]
    fitting = sum(
        "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uff5e" for char in foreign
    )
    return "big5" if foreign and fitting >= 0.95 * len(foreign) and _strictly(data, "big5") is not None else None


def _guessed(data: bytes) -> str | None:
    guess = from_bytes(data[:400_000], cp_isolation=_GUESSES).best()
    return guess.encoding if guess else None


def _clean(text: str, path: Path) -> str:
    """Refuse bytes that only happen to decode: text holds no control characters. A trailing Ctrl-Z of old DOS tools goes."""
    text = text.removesuffix("\x1a")
    fault = _CONTROL.search(text)
    if fault:
        refuse("not_a_table", path, got=f"控制字符 control character U+{ord(fault.group()):04X}",
               where=f"第 {text.count(chr(10), 0, fault.start()) + 1} 行")  # fmt: skip
    return text


def _first_fault(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"第 {line} 行有无法解释的字节 (bytes that fit no encoding in line {line})"
    return ""
