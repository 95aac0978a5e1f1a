"""Text out of bytes: UTF-8 (with or without mark), UTF-16, what the page says, GB18030, and only then a guess. What was
seen is told with the name: a person can judge it, and set `encoding` in the source contract."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.readers.refusals import refuse
from pipeline.readers.text.encoding_guess import big5, chinese_share, guessed, strictly, utf16_without_mark, western
from pipeline.readers.text.faults import CONTROL, FAULT, are_many, has_plain_lines, marked, n_faulty, n_lines

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.-]{3,20})|<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.-]{3,20})", re.I
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "cp1252", "latin1": "cp1252"}
_CHINESE = 0.85  # of the pairs: Western text decodes as GB18030 too, into rare characters


@dataclass(frozen=True)
class Decoded:
    """Text, the name of its encoding, and what that was told from (zh, never content). A few faults are marked in the text
    (`faults`); a reader of records sets their records aside."""

    text: str
    encoding: str
    evidence: str


def decode(data: bytes, path: Path, encoding: str | None = None) -> Decoded:
    """The text and how it is written. Raises exit 10 when no encoding fits."""
    if encoding:
        return Decoded(_as_told(data, path, encoding), encoding, "来源合同的 encoding 指定")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_as_told(data, path, name, "text_undecodable"), name, "文件开头有编码标记（BOM）")
    evident = _evident(data)
    for name, evidence in evident:
        text = strictly(data, name)
        if text is not None:
            return Decoded(_clean(text, path), name, evidence)
    for name, evidence in evident:
        text = _but_for_few(data, name)
        if text is not None:
            return Decoded(_clean(text, path), name, f"{evidence.removeprefix('全部')}，{n_faulty(text)} 行除外")
    found = western(data) or big5(data) or guessed(data)
    text = strictly(data, found[0]) if found else None
    if text is None:
        refuse("text_undecodable", path, got=_first_fault(data))
    return Decoded(_clean(text, path), found[0], f"猜测：{found[1]}")


def _evident(data: bytes) -> list[tuple[str, str]]:
    """Encodings to try in turn, with what speaks for each."""
    found = []
    wide = utf16_without_mark(data)
    if wide:
        found.append(wide)
    found.append(("utf-8", "只有 ASCII 字符" if data.isascii() else "全部字节符合 UTF-8"))
    said = _DECLARED.search(data[:2000])
    if said and not data.isascii():
        name = (said[1] or said[2]).decode().lower()
        if _is_known(name):
            found.append((_WIDER.get(name, name), f"网页声明 {name}"))
    share = chinese_share(data)
    if share >= _CHINESE:
        found.append(("gb18030", f"{share:.0%} 的双字节落在常用汉字区"))
    return found


def _is_known(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return False


def _as_told(data: bytes, path: Path, encoding: str, code: str = "wrong_encoding") -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = _but_for_few(data, encoding)
    except LookupError:
        text = None
    if text is None:
        refuse(code, path, got=encoding)
    return _clean(text.removeprefix("\ufeff"), path)


def _but_for_few(data: bytes, encoding: str) -> str | None:
    """The text with its faults marked, where they are few and other lines speak for the encoding."""
    if not has_plain_lines(encoding):
        return None
    lines = data.split(b"\n")
    faulty = sum(strictly(line, encoding) is None for line in lines)
    fitting = sum(not line.isascii() for line in lines) - faulty
    if are_many(faulty, len(lines) - (not lines[-1])) or fitting < 3 * faulty or strictly(lines[0], encoding) is None:
        return None
    return marked(data, encoding)


def _clean(text: str, path: Path) -> str:
    """Refuse bytes that only happen to decode: text holds no control characters, or in a few lines, where they are marked.
    A trailing Ctrl-Z of old DOS tools goes."""
    text = text.removesuffix("\x1a")
    fault = CONTROL.search(text)
    if not fault:
        return text
    clean = CONTROL.sub(FAULT, text)
    if FAULT in clean.partition("\n")[0] or are_many(n_faulty(clean), n_lines(clean)):
        refuse("not_a_table", path, got=f"控制字符 control character U+{ord(fault.group()):04X}",
               where=f"第 {text.count(chr(10), 0, fault.start()) + 1} 行")  # fmt: skip
    return clean


def _first_fault(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"第 {line} 行有无法解释的字节 (bytes that fit no encoding in line {line})"
    return ""
