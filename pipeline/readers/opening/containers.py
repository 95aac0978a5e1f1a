"""What a zip archive or OLE container holds, and whether it can be opened safely. Checked before anything is unpacked."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from pipeline.readers.opened import ARCHIVE, WORKBOOK
from pipeline.readers.opening.broken import BROKEN
from pipeline.readers.opening.passwords import has_password_ods, has_password_xls
from pipeline.readers.refusals import refuse
from pipeline.readers.workbooks.far_cells import MOST_CELLS, claimed_cells

_MOST_UNPACKED = 2_000_000_000
_MOST_RATIO = 400
_SECONDS = 60
_BYTES = 4_000_000_000
_PROBE = f"""
import io, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({_BYTES}, {_BYTES}))
except (ImportError, ValueError, OSError):
    pass
import python_calamine
book = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
for name in book.sheet_names:
    book.get_sheet_by_name(name).merged_cell_ranges
"""
_OTHERS = (
    ("word/document", "Word 文档 document"),
    ("ppt/presentation", "演示文稿 presentation"),
    ("visio/document", "Visio"),
)
_WORKBOOK = re.compile(r"(^|/)(xl/)?workbook\d*\.(xml|bin)$")


def check_zip(path: Path, data: bytes) -> str:
    """workbook, or archive of files. Refuses what is encrypted, broken, or would unpack to something huge. Raises exit 10."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            kind = _kind(path, archive)
            _check_sizes(path, infos, len(data), kind)
            n_cells = claimed_cells(archive) if kind == WORKBOOK else {}
    except BROKEN as error:
        refuse("zip_broken", path, got=type(error).__name__)
    for found, n in n_cells.items():
        if n > MOST_CELLS:
            refuse("sheet_too_large", path, got=found)
    if kind == WORKBOOK and any(info.filename.lower().endswith((".bin", "content.xml")) for info in infos):
        _try_apart(path, data)
    return kind


def _kind(path: Path, archive: zipfile.ZipFile) -> str:
    names = {name.lower().replace("\\", "/") for name in archive.namelist()}
    if "content.xml" in names:
        kind = archive.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else "spreadsheet"
        if has_password_ods(archive):
            refuse("workbook_encrypted", path)
        return WORKBOOK if "spreadsheet" in kind else refuse("not_a_table", path, got=kind.rsplit(".", 1)[-1])
    is_package = "[content_types].xml" in names
    if any(_WORKBOOK.search(name) and (is_package or name.startswith("xl/")) for name in names):
        return WORKBOOK
    for beginning, what in _OTHERS:
        if any(name.startswith(beginning) for name in names):
            refuse("not_a_table", path, got=what)
    if any(name.endswith(".iwa") for name in names):
        refuse("not_a_table", path, got="Apple iWork")
    return ARCHIVE


def _check_sizes(path: Path, infos: list[zipfile.ZipInfo], n_bytes: int, kind: str) -> None:
    unpacked = sum(info.file_size for info in infos)
    if unpacked > _MOST_UNPACKED or (unpacked > 100_000_000 and unpacked > _MOST_RATIO * n_bytes):
        refuse("zip_too_large", path, got=f"{unpacked / 1e6:,.0f} MB")
    if any(info.flag_bits & 1 for info in infos):
        refuse("workbook_encrypted" if kind == WORKBOOK else "zip_encrypted", path)


def check_ole(path: Path, data: bytes) -> None:
    """Old Excel, WPS .et, and *encrypted* new workbooks share a container; the names in its directory tell them apart."""
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data or has_password_xls(data):
        refuse("workbook_encrypted", path)
    if _utf16("Workbook") in data or _utf16("Book") in data:
        return _try_apart(path, data)
    if _utf16("WordDocument") in data:
        refuse("not_a_table", path, got="Word 文档 document")
    refuse("workbook_broken", path, got="OLE")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _try_apart(path: Path, data: bytes) -> None:
    """Open an old or binary workbook (.xls, .xlsb, .ods) in a process of its own first: on a damaged one calamine may
    never come back, or take the process down with it."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROBE], input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        refuse("workbook_broken", path, got=f"> {_SECONDS} s")
    if done.returncode == 0:
        return
    said = done.stderr.decode(errors="replace").lower()
    refuse("workbook_encrypted" if "password" in said else "workbook_broken", path, got=path.suffix.lstrip("."))
