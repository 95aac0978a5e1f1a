"""What a file is, by its content and never by its extension; what holds no table is refused here."""

from __future__ import annotations

from pathlib import Path

from pipeline.readers.json_lines import json_kind
from pipeline.readers.markup.markup import markup_kind, page_in_parts
from pipeline.readers.opened import DELIMITED, JSONLINES, PARQUET, SPSS, WORKBOOK, Opened
from pipeline.readers.opening.containers import check_ole, check_zip
from pipeline.readers.opening.packed import packed_as, unpacked
from pipeline.readers.refusals import refuse
from pipeline.readers.text.encodings import decode
from pipeline.readers.text.faults import FAULT

_ZIP, _EMPTY_ZIP, _OLE = b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLE = (
    (b"\x89PNG", "PNG 图片 image"), (b"\xff\xd8\xff", "JPEG 图片 image"), (b"GIF8", "GIF 图片 image"),
    (b"%PDF", "PDF"), (b"{\\rtf", "RTF 文档 document"), (b"Rar!", "RAR 压缩包 archive"),
    (b"7z\xbc\xaf", "7z 压缩包 archive"), (b"MZ", "程序 program"),
    (b"\x7fELF", "程序 program"), (b"SQLite format 3", "SQLite 数据库 database"), (b"BM", "BMP 图片 image"),
    (b"<stata_dta>", "Stata"), (b"\x93NUMPY", "NumPy 数组 array"),
)  # fmt: skip
_SPSS = (b"$FL2", b"$FL3")
_POINTERS = (b"version https://git-lfs.github.com/spec/", b"/annex/objects/", b"../.git/annex/objects/")


def open_file(path: Path, encoding: str | None = None) -> Opened:
    """Read a file and say what it is. Raises exit 10 with the reason when it holds no table."""
    return recognise(path, _bytes(path), encoding)


def recognise(path: Path, data: bytes, encoding: str | None = None) -> Opened:
    """Say what the bytes of a file are; `path` is only its name here. Raises exit 10 when they hold no table."""
    if packed_as(data):
        data = unpacked(path, data)
        if packed_as(data):
            refuse("zip_too_deep", path)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        refuse("file_empty", path, got=f"{len(data)} 字节 bytes")
    if data.startswith(_ZIP) or data.startswith(_EMPTY_ZIP):
        return Opened(path, check_zip(path, data), data)
    if data.startswith(_OLE):
        check_ole(path, data)
        return Opened(path, WORKBOOK, data)
    if data.startswith(b"PAR1"):
        return Opened(path, PARQUET, data)
    if data.startswith(_SPSS):
        return Opened(path, SPSS, data, encoding=encoding or "")
    if b"SPSS PORT FILE" in data[:600]:  # user-missing values would be lost in reading it
        refuse("spss_not_read", path, got="SPSS .por")
    for magic, what in _NO_TABLE:
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:512]):
            refuse("not_a_table", path, got=what)
    if len(data) < 1024 and data.startswith(_POINTERS):
        refuse("file_placeholder", path)
    return _text(path, data, encoding)


def _bytes(path: Path) -> bytes:
    if not path.exists():
        refuse("file_missing", path)
    if path.is_dir():
        refuse("file_is_folder", path)
    try:
        return path.read_bytes()
    except OSError as error:
        refuse("file_unreadable", path, got=type(error).__name__)


def _text(path: Path, data: bytes, encoding: str | None) -> Opened:
    page = page_in_parts(data)
    found = decode(page or data, path, encoding)
    head = found.text[:2000].lstrip("\ufeff \t\r\n")
    kind = markup_kind(path, found.text, head) if head[:1] == "<" or page else None
    kind = kind or (json_kind(found.text, path) if head[:1] in "{[" else None)
    if FAULT in found.text and kind not in (None, JSONLINES):
        refuse("text_undecodable", path)
    return Opened(path, kind or DELIMITED, text=found.text, encoding=found.encoding, evidence=found.evidence)
