"""Cells of an xlsx workbook that show nothing to a program though a person sees something: formulas that ended in an error
(#N/A, #REF! …), and formulas whose result was never stored (a program wrote the file, no spreadsheet has opened it since).

calamine gives an empty cell for both. The rows are told, so that a blank is not taken for “nothing was written”. A sheet
whose first tens of thousands of rows hold no formula at all is not looked through to its end.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

ERROR, NO_RESULT = "error_cell", "formula_without_result"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_IN_ERROR = re.compile(rb"<(?:\w+:)?c\b([^>]*\bt=\"e\"[^>]*)>")
_BARE = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)(<(?:\w+:)?v ?/>|<v></v>)?</(?:\w+:)?c>"
)
_ROW = re.compile(rb"\br=\"[A-Z]+(\d+)\"")
_CHUNK = 4_000_000
_ENOUGH = 40_000_000  # bytes of a sheet without a formula


def cell_faults(data: bytes, sheet: str) -> list[tuple[int, str]]:
    """Rows (as in Excel) and reasons, for one sheet; nothing for other workbooks."""
    if not data.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = _part_of(archive, sheet)
            return _faults(archive, part) if part else []
    except (ParseError, DefusedXmlException, KeyError, ValueError):
        return []


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    names = archive.namelist()
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return None
    sheets = [one for one in fromstring(archive.read("xl/workbook.xml")).iter() if one.tag.endswith("}sheet")]
    found = next((one.get(_RELATION) for one in sheets if one.get("name") == sheet), None)
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next((one.get("Target", "") for one in relations if one.get("Id") == found), "")
    part = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    return part if part in names else None


def _faults(archive: zipfile.ZipFile, part: str) -> list[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    rest, n_read, has_formula = b"", 0, False
    with archive.open(part) as file:
        while (chunk := file.read(_CHUNK)) and (has_formula or n_read < _ENOUGH):
            n_read += len(chunk)
            has_formula = has_formula or b"<f" in chunk or b":f" in chunk or b't="e"' in chunk
            chunk = rest + chunk
            end = chunk.rfind(b"row>") + 4
            rest = chunk[end:] if end > 3 else chunk[-_CHUNK:]
            found |= _seen(chunk)
    return sorted(one for one in found if one[0])


def _seen(chunk: bytes) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    if b't="e"' in chunk:
        found |= {(_row(cell[1]), ERROR) for cell in _IN_ERROR.finditer(chunk)}
    if b"<f" in chunk or b":f" in chunk:  # a formula that gives an empty text has a result, too
        bare = [cell[1] for cell in _BARE.finditer(chunk) if not (cell[2] and b't="str"' in cell[1])]
        found |= {(_row(cell), NO_RESULT) for cell in bare}
    return found


def _row(attributes: bytes) -> int:
    said = _ROW.search(attributes)
    return int(said[1]) if said else 0
