"""Is a workbook protected by a password? calamine does not say so of old workbooks that it is given as bytes."""

from __future__ import annotations

import zipfile

_BEGINS = (bytes.fromhex("0908100000060500"), bytes.fromhex("0908080000050500"))  # BOF of a workbook, BIFF8 and 5
_FILE_PASS, _END = 0x2F, 0x0A
_MOST_RECORDS = 200


def has_password_xls(data: bytes) -> bool:
    """Whether the records at the head of an old workbook name a cipher. Their heads are never enciphered."""
    at = max(data.find(begin) for begin in _BEGINS)
    for _ in range(_MOST_RECORDS if at >= 0 else 0):
        kind, size = int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")
        if kind in (_FILE_PASS, _END) or at >= len(data):
            return kind == _FILE_PASS
        at += 4 + size
    return False


def has_password_ods(archive: zipfile.ZipFile) -> bool:
    """Whether the list of an OpenDocument workbook's parts tells how they are enciphered."""
    name = "META-INF/manifest.xml"
    return name in archive.namelist() and b"encryption-data" in archive.read(name)
