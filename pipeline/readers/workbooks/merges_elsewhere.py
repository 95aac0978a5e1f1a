"""Merged cells of workbooks for which calamine gives none: OpenDocument (.ods) and binary (.xlsb)."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring, iterparse

from pipeline.readers.sheets.sheet import Merge
from pipeline.readers.workbooks.binary_records import records, wide_text

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_SHEET, _MERGE = 156, 176  # the records BrtBundleSh and BrtMergeCell


def merges_by_sheet(data: bytes) -> dict[str, list[Merge]]:
    """Merged ranges by the name of the sheet; nothing for other workbooks, or where they cannot be made out."""
    if not data.startswith(b"PK"):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "content.xml" in names:
                return _of_document(archive)
            return _of_binary(archive) if "xl/workbook.bin" in names else {}
    except (ParseError, DefusedXmlException, KeyError, struct.error, ValueError):
        return {}


def _of_document(archive: zipfile.ZipFile) -> dict[str, list[Merge]]:
    """Cells say how far they reach; rows and cells may be repeated."""
    found: dict[str, list[Merge]] = {}
    name, row = "", 0
    with archive.open("content.xml") as file:
        for event, element in iterparse(file, events=("start", "end")):
            if event == "start" and element.tag == f"{_TABLE}table":
                name, row = element.get(f"{_TABLE}name", ""), 0
                found[name] = []
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                column = 0
                for cell in element:
                    down, across = _int(cell, "number-rows-spanned"), _int(cell, "number-columns-spanned")
                    if down > 1 or across > 1:
                        found[name].append((row, column, row + down - 1, column + across - 1))
                    column += _int(cell, "number-columns-repeated")
                row += _int(element, "number-rows-repeated")
                element.clear()
    return found


def _int(element: object, name: str) -> int:
    said = element.get(f"{_TABLE}{name}")
    return int(said) if said and said.isdecimal() else 1


def _of_binary(archive: zipfile.ZipFile) -> dict[str, list[Merge]]:
    relations = fromstring(archive.read("xl/_rels/workbook.bin.rels"))
    parts = {one.get("Id"): posixpath.join("xl", one.get("Target", "")) for one in relations.iter(_RELATION)}
    found: dict[str, list[Merge]] = {}
    for kind, content in records(archive.read("xl/workbook.bin")):
        if kind != _SHEET:
            continue
        relation, at = wide_text(content, 8)
        part = parts.get(relation, "").replace("xl//xl/", "xl/")
        if part in archive.namelist():
            found[wide_text(content, at)[0]] = [
                (top, left, bottom, right)
                for one, place in records(archive.read(part))
                if one == _MERGE
                for top, bottom, left, right in [struct.unpack("<4I", place[:16])]
            ]
    return found
