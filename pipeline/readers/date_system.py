"""From which day a workbook counts its dates: 1900-01-01, or 1904-01-01 as old Macs did.

calamine writes true dates right in both; a serial number that stands as a plain number needs to be told.
"""

from __future__ import annotations

import io
import re
import zipfile

_XML = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']", re.I)
_XLS = bytes.fromhex("2200020001000e000200")  # the record Date1904 = 1, and the beginning of CalcPrecision behind it
_WORKBOOK_PROPERTIES = 153  # the record BrtWbProp of a binary workbook; the lowest bit of its flags
_HEAD = 1_000_000


def counts_from_1904(data: bytes) -> bool:
    """Whether a workbook (xlsx, xls, xlsb) counts days from 1904. An ods writes dates in full."""
    if not data.startswith(b"PK"):
        return _XLS in data[:_HEAD]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name = info.filename.lower().replace("\\", "/")
            if name.endswith("workbook.xml") and info.file_size < 20 * _HEAD:
                return bool(_XML.search(archive.read(info)))
            if name.endswith("workbook.bin") and info.file_size < 20 * _HEAD:
                return _in_binary(archive.read(info))
    return False


def _in_binary(data: bytes) -> bool:
    """Records are a number and a length, seven bits to a byte, and as many bytes."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while at < len(data):
            byte, at = data[at], at + 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128 or shift > 28:
                break
        return value

    for _ in range(20):  # it stands among the first
        kind, size = number(), number()
        if kind == _WORKBOOK_PROPERTIES and at < len(data):
            return bool(data[at] & 1)
        at += size
    return False
