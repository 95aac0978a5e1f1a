"""The beginning of a large file: what it is, and how it is written, told from its first megabyte and samples of later places."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.readers.opened import Opened
from pipeline.readers.opening.packed import packed_as
from pipeline.readers.opening.sniff import recognise
from pipeline.readers.refusals import refuse
from pipeline.readers.streams.sources import (
    Pieces,
    PiecewiseSource,
    PlainSource,
    Source,
    opened_file,
    plain_pieces,
    unpacked_pieces,
)  # fmt: skip
from pipeline.readers.text.encoding_guess import utf16_without_mark
from pipeline.readers.text.encodings import decode
from pipeline.readers.text.faults import has_plain_lines

_HEAD = 1_000_000  # bytes that tell what a file is
_WINDOW, _WINDOWS = 64_000, 8  # later places that tell how it is written
_SCAN = 1 << 20
_CONTAINERS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"$FL2", b"$FL3")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, eq=False)
class Beginning:
    """`opened` is recognised from the first lines, `data` their bytes as the source gives them, in `encoding`; `is_all` if there
    are no others. `open` gives the text from an offset on."""

    opened: Opened
    data: bytes
    encoding: str
    is_all: bool
    open: Callable[[int], Source]


def beginning_of(path: Path, encoding: str | None) -> Beginning | None:
    """Look at the first lines; nothing where the file holds no lines of text. Raises exit 10 as `open_file` does."""
    with opened_file(path) as file:
        kind = packed_as(file.read(8))
    pieces = (lambda: unpacked_pieces(path, kind)) if kind else (lambda: plain_pieces(path))
    source = PiecewiseSource(path, pieces) if kind else PlainSource(path)
    data, is_all = source.take(_HEAD)
    source.close()
    if kind and not is_all and not data.strip(b"\0 \t\r\n"):
        refuse("not_a_table", path, got=f"{len(data):,} 个空字节 empty bytes")
    if data.startswith(_CONTAINERS) or packed_as(data) or not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return None
    if _is_wide(data, encoding):
        return _wide(path, data, encoding, pieces, is_all=is_all)
    if not is_all:
        data = data[: data.rfind(b"\n") + 1]
    if not data:
        return None
    later = b"" if kind or is_all else _samples(path, len(data))
    found = decode(data + later, path, encoding) if later else None
    opened = recognise(path, data, found.encoding if found else encoding)
    if found:
        opened = replace(opened, encoding=found.encoding, evidence=found.evidence)
    if not has_plain_lines(opened.encoding or "utf-8"):
        return None

    def open_at(offset: int) -> Source:
        return PiecewiseSource(path, pieces, offset) if kind else PlainSource(path, offset)

    written = "utf-8" if opened.encoding == "utf-8-sig" else opened.encoding
    return Beginning(opened, data, written, is_all, open_at)


def _is_wide(data: bytes, encoding: str | None) -> bool:
    """Whether characters have two bytes or four: a line's end is not one byte then."""
    if encoding:
        try:
            return not has_plain_lines(encoding)
        except LookupError:
            return False
    return data.startswith(_WIDE_MARKS) or utf16_without_mark(data[: len(data) // 2 * 2]) is not None


def _wide(path: Path, data: bytes, encoding: str | None, pieces: Callable[[], Pieces], *, is_all: bool) -> Beginning:
    """Such text is put into UTF-8 as it comes."""
    name = decode(data[: _cut(data, encoding)] if not is_all else data, path, encoding).encoding
    opened = recognise(path, data if is_all else data[: _cut(data, encoding)], encoding)
    text = opened.text if is_all else opened.text[: opened.text.rfind("\n") + 1]

    def open_at(offset: int) -> Source:
        return PiecewiseSource(path, lambda: _in_utf8(path, pieces(), name), offset)

    return Beginning(replace(opened, text=text), text.encode(), "utf-8", is_all, open_at)


def _cut(data: bytes, encoding: str | None) -> int:
    """Where the last whole character may end: not between the halves of one."""
    n = len(data) // 4 * 4
    for end in (n, n - 2, n - 4):
        try:
            data[:end].decode(encoding or ("utf-16" if data[:2] in _WIDE_MARKS else "utf-16-le"))
            return end
        except (UnicodeDecodeError, LookupError):
            continue
    return n


def _in_utf8(path: Path, pieces: Pieces, encoding: str) -> Pieces:
    decoder = codecs.getincrementaldecoder(encoding)()
    is_first, n_bytes = True, 0
    try:
        for data, n_bytes in pieces:
            text = decoder.decode(data)
            if is_first and text:
                text, is_first = text.removeprefix("\ufeff"), False
            yield text.encode(), n_bytes
        yield decoder.decode(b"", final=True).encode(), n_bytes
    except UnicodeError:
        refuse("text_undecodable", path, got=encoding)


def _samples(path: Path, begin: int) -> bytes:
    """Lines from later places, and the first that is not plain ASCII: it may stand far down."""
    size = path.stat().st_size
    with opened_file(path) as file:
        file.seek(0)
        places = [begin + (size - begin) * i // _WINDOWS for i in range(_WINDOWS)]
        lines = [_lines_at(file, place) for place in places]
        if all(map(bytes.isascii, lines)):
            file.seek(0)
            at = 0
            while part := file.read(_SCAN):
                if not part.isascii():
                    lines.append(_lines_at(file, max(0, at - 1000), _SCAN))
                    break
                at += len(part)
    return b"".join(lines)


def _lines_at(file, place: int, n: int = _WINDOW) -> bytes:
    """The whole lines in `n` bytes from a place on."""
    file.seek(place)
    data = file.read(n)
    first, last = data.find(b"\n") + 1, data.rfind(b"\n") + 1
    return data[first:last]
