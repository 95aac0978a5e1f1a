"""How large a sheet claims to be: a stray cell at the far corner would fill the memory with empty ones.

A sheet says its range at its head, but may say nothing, or something wrong. A small one is looked through; a large one is
taken at its word.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO

MOST_CELLS = 100_000_000
_SMALL = 20_000_000  # bytes
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_FAR_COLUMN = re.compile(rb'\br="([A-Z]{2,3})\d')


def claimed_cells(archive: zipfile.ZipFile) -> dict[str, int]:
    """The range of each sheet of an xlsx workbook, and how many cells it spans."""
    found = {}
    for info in archive.infolist():
        name = info.filename.lower().replace("\\", "/")
        if "worksheets/" in name and name.endswith(".xml") and not info.is_dir():
            with archive.open(info) as file:
                said = _DIMENSION.search(head := file.read(4000))
                if said and info.file_size > _SMALL:
                    left, top, right, bottom = said.groups()
                    n_cells = (_number(right) - _number(left) + 1) * (int(bottom) - int(top) + 1)
                    found[said[0].split(b'"')[1].decode()] = n_cells
                else:
                    found |= _seen(head, file)
    return found


def _seen(head: bytes, file: IO[bytes]) -> dict[str, int]:
    """The last row and column that cells really stand in."""
    last_row, last_column, rest = 0, b"Z", b""
    chunk = head
    while chunk:
        chunk = rest + chunk
        rows = _ROW.findall(chunk)
        last_row = max([last_row, *map(int, rows)])
        last_column = max([last_column, *_FAR_COLUMN.findall(chunk)], key=_number)
        rest, chunk = chunk[-300:], file.read(1_000_000)
    return {f"A1:{last_column.decode()}{last_row}": _number(last_column) * last_row}


def _number(letters: bytes) -> int:
    return sum((letter - 64) * 26**i for i, letter in enumerate(reversed(letters)))
