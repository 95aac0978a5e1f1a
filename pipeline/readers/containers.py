"""Is this zip archive or OLE container a workbook that can be opened safely? Checked before anything is unpacked."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from pipeline.readers.refusals import refuse

_MOST_UNPACKED = 2_000_000_000
_MOST_RATIO = 400
_MOST_CELLS = 100_000_000
_DIMENSION = re.compile(rb'<dimension ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_SECONDS = 60
_PROBE = (
    "import sys, python_calamine as c; b = c.load_workbook(sys.argv[1])\n"
    "for n in b.sheet_names: b.get_sheet_by_name(n).merged_cell_ranges"
)


_BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, struct.error
)  # fmt: skip


def check_zip(path: Path, data: bytes) -> None:
    """Refuse what is no workbook, is encrypted, broken, or would unpack to something huge. Raises exit 10."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check_members(path, infos, len(data))
            sheets = [
                info for info in infos if info.filename.lower().startswith("xl/worksheets/") and not info.is_dir()
            ]
            heads = [_head(archive, info) for info in sheets]
    except _BROKEN as error:
        refuse("zip_broken", path, got=type(error).__name__)
    for head in heads:
        found = _DIMENSION.search(head)
        if found and _n_cells(*found.groups()) > _MOST_CELLS:
            refuse("sheet_too_large", path, got=found.group().split(b'"')[1].decode())
    if any(info.filename == "content.xml" for info in infos):
        _try_apart(path)


def _check_members(path: Path, infos: list[zipfile.ZipInfo], n_bytes: int) -> None:
    names = {info.filename for info in infos}
    unpacked = sum(info.file_size for info in infos)
    if unpacked > _MOST_UNPACKED or (unpacked > 100_000_000 and unpacked > _MOST_RATIO * n_bytes):
        refuse("zip_too_large", path, got=f"{unpacked / 1e6:,.0f} MB")
    if any(info.flag_bits & 1 for info in infos):
        refuse("workbook_encrypted", path)
    if any(name.startswith("word/") for name in names):
        refuse("not_a_table", path, got="Word 文档 document")
    if any(name.startswith("ppt/") for name in names):
        refuse("not_a_table", path, got="演示文稿 presentation")
    if not any(name.lower().endswith(("workbook.xml", "workbook.bin")) or name == "content.xml" for name in names):
        refuse("zip_not_workbook", path, got=f"{len(names)} 个文件 files")


def _head(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        return file.read(4000)


def _n_cells(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    """The rectangle a sheet claims: every cell of it takes room, filled or not."""

    def number(letters: bytes) -> int:
        return sum((letter - 64) * 26**i for i, letter in enumerate(reversed(letters)))

    return (number(right) - number(left) + 1) * (int(bottom) - int(top) + 1)


def check_ole(path: Path, data: bytes) -> None:
    """Old Excel, WPS .et, and *encrypted* new workbooks share a container; the names in its directory tell them apart."""
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
        refuse("workbook_encrypted", path)
    if _utf16("Workbook") in data or _utf16("Book") in data:
        return _try_apart(path)
    if _utf16("WordDocument") in data:
        refuse("not_a_table", path, got="Word 文档 document")
    refuse("workbook_broken", path, got="OLE")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _try_apart(path: Path) -> None:
    """Open an old workbook (.xls, .ods) in a process of its own first: on a damaged one calamine may never come back, or
    take the process down with it."""
    probe = [sys.executable, "-I", "-c", _PROBE, str(path)]
    try:
        done = subprocess.run(probe, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        refuse("workbook_broken", path, got=f"> {_SECONDS} s")
    if done.returncode == 0:
        return
    said = done.stderr.decode(errors="replace")
    refuse(
        "workbook_encrypted" if "PasswordError" in said or "password" in said else "workbook_broken", path, got="xls"
    )
