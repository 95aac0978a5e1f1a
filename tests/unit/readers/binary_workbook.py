"""A small binary workbook (.xlsb), written record by record: nothing here can write one."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def record(kind: int, content: bytes = b"") -> bytes:
    """Number and length, seven bits to a byte, then the content."""
    head = b""
    for number in (kind, len(content)):
        while number > 127:
            head, number = head + bytes([number & 127 | 128]), number >> 7
        head += bytes([number])
    return head + content


def text(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def cell(column: int, value: Any) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(value, bool):
        return record(4, place + bytes([value]))
    return record(6, place + text(value)) if isinstance(value, str) else record(5, place + struct.pack("<d", value))


def sheet(rows: Sequence[Sequence[Any]], merges: Sequence[tuple[int, int, int, int]], more: bytes) -> bytes:
    """Rows of a sheet; empty cells are left out; merges are first row, first column, last row, last column; `more` are
    records behind the last row."""
    width = max(map(len, rows))
    body = record(129) + record(148, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1)) + record(145)
    for i, row in enumerate(rows):
        body += record(0, struct.pack("<IIH", i, 0, 300) + bytes(15))
        body += b"".join(cell(j, value) for j, value in enumerate(row) if value not in (None, ""))
    places = [record(176, struct.pack("<4I", top, bottom, left, right)) for top, left, bottom, right in merges]
    return (
        body
        + more
        + record(146)
        + record(177, struct.pack("<I", len(merges)))
        + b"".join(places)
        + record(178)
        + record(130)
    )


def binary_workbook(
    path: Path, rows: Sequence[Sequence[Any]], *, merges=(), name="台账", visibility=0, from_1904=False, more=b""
) -> Path:
    """A workbook of one sheet; `visibility` 0 visible, 1 hidden, 2 very hidden."""
    book = record(131) + record(153, struct.pack("<II", int(from_1904), 0) + text(""))
    book += (
        record(143)
        + record(156, struct.pack("<II", visibility, 1) + text("rId1") + text(name))
        + record(144)
        + record(132)
    )
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    link = '<Relationships xmlns="{}"><Relationship Id="rId1" Type="{}/{}" Target="{}"/></Relationships>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", types)
        file.writestr("_rels/.rels", link.format(_RELATIONS, _OFFICE, "officeDocument", "xl/workbook.bin"))
        file.writestr(
            "xl/_rels/workbook.bin.rels", link.format(_RELATIONS, _OFFICE, "worksheet", "worksheets/sheet1.bin")
        )
        file.writestr("xl/workbook.bin", book)
        file.writestr("xl/worksheets/sheet1.bin", sheet(rows, merges, more))
    return path
