"""From which day a workbook counts its dates: 1900-01-01, or 1904-01-01 as old Macs did.

calamine writes true dates right in both; a serial number that stands as a plain number needs to be told.
"""

from __future__ import annotations

import io
import re
import zipfile

from pipeline.readers.workbooks.binary_records import records

_XML = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']", re.I)
_XLS = bytes.fromhex("2200020001000e000200")  # the record Date1904 = 1, and the beginning of CalcPrecision behind it
_DOCUMENT = re.compile(rb"<table:null-date\b[^>]*\"1904-01-01\"")
_PROPERTIES = 153  # the record BrtWbProp of a binary workbook; the lowest bit of its flags
_HEAD = 1_000_000


def counts_from_1904(data: bytes) -> bool:
    """Whether a workbook (xlsx, xls, xlsb, ods) counts days from 1904."""
    if not data.startswith(b"PK"):
        return _XLS in data[:_HEAD]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name = info.filename.lower().replace("\\", "/")
            if name.endswith("workbook.xml") and info.file_size < 20 * _HEAD:
                return bool(_XML.search(archive.read(info)))
            if name.endswith("workbook.bin") and info.file_size < 20 * _HEAD:
                flags = [content[0] for kind, content in records(archive.read(info)) if kind == _PROPERTIES and content]
                return bool(flags and flags[0] & 1)
            if name == "content.xml":
                with archive.open(info) as file:
                    return bool(_DOCUMENT.search(file.read(_HEAD)))
    return False
