"""What a return workbook looks like, for the writer and for the reader of one that comes back repaired.

A faulty row goes back to its keeper in the columns of the file it came from, with three columns behind them: why, since
when, and where it stands. The last one, the origin, ties a repaired row to the one row it replaces.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

GUIDE_SHEET = "退回说明"  # its name tells such a workbook from any other
ROWS_SHEET = "要修改的行"
REASON, STATE, ORIGIN = "退回原因", "退回情况", "来源（请勿改动）"
ADDED = (REASON, STATE, ORIGIN)
FIRST, AGAIN = "本期退回", "上期已退回"
HEADER_ROW = 3  # below the stamp or title and the line that names the file
_PLACEHOLDER = re.compile(r"^\s*〔见原表第\d+行〕\s*$")
_TOKEN = re.compile(r"^\s*([0-9a-f]{12})-(\d+)-(\d+)-(.*)$", re.DOTALL)
_SHA = re.compile(r"\b([0-9a-f]{12})-\d+-\d+-")
_MOST = 50_000_000  # bytes looked at: a return workbook is small
_SHEET_LISTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")  # .xlsx, .xlsb, .ods
_CELLS = ("xl/sharedStrings", "xl/worksheets/sheet", "content.xml")
_UNREADABLE = (OSError, StopIteration, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Origin:
    """The row of a received file that a returned row stands for: the start of the file's hash, sheet, row, and how
    many times it has been returned."""

    sha12: str
    sheet: str
    row: int
    round: int

    def text(self) -> str:
        """As written into the workbook.

        >>> Origin("0123456789ab", "台账", 12, 1).text()
        '0123456789ab-12-1-台账'
        """
        return f"{self.sha12}-{self.row}-{self.round}-{self.sheet}"


def origin_of(text: str | None) -> Origin | None:
    """The origin a cell names; None when it was deleted or changed.

    >>> origin_of("0123456789ab-12-1-台账")
    Origin(sha12='0123456789ab', sheet='台账', row=12, round=1)
    >>> origin_of("12") is None
    True
    """
    found = _TOKEN.match(text or "")
    return Origin(found[1], found[4], int(found[2]), int(found[3])) if found else None


def placeholder(row: int) -> str:
    """What stands for a personal cell. Left alone, it means: unchanged."""
    return f"〔见原表第{row}行〕"


def is_placeholder(text: str | None) -> bool:
    """Whether a cell was left as `placeholder` wrote it."""
    return bool(text and _PLACEHOLDER.match(text))


@dataclass(frozen=True)
class Fault:
    """Why a row is returned: the columns at fault (0-based; none when the whole row is), the reason, and the row that
    was kept in its place where there is one."""

    columns: tuple[int, ...]
    column_name: str | None
    reason_code: str
    kept_row: str | None = None


@dataclass(frozen=True)
class ReturnRow:
    """One row to repair. `cells` hold nothing personal (`placeholder`)."""

    cells: tuple[str | None, ...]
    faults: tuple[Fault, ...]
    origin: Origin
    is_back: bool


@dataclass(frozen=True)
class ReturnSheet:
    """The rows to repair of one table of one file, in its columns and order. `n_waiting` rows are all right themselves:
    they wait for another file to be repaired."""

    source_code: str
    label_zh: str
    unit: str
    path: str
    sheet: str
    headings: tuple[str, ...]
    rows: tuple[ReturnRow, ...]
    n_waiting: int = 0


def is_return_workbook(path: Path) -> bool:
    """Whether a file is a return workbook, whatever it is called now. Looks at sheet names only; never raises."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
            if head == _OLE:  # saved as .xls or .et
                return GUIDE_SHEET.encode("utf-16-le") in file.read()
        if head[:2] != b"PK":
            return False
        with zipfile.ZipFile(path) as archive:
            part = next(name for name in _SHEET_LISTS if name in archive.namelist())
            with archive.open(part) as file:
                listed = file.read(_MOST)
        return f'name="{GUIDE_SHEET}"'.encode() in listed or GUIDE_SHEET.encode("utf-16-le") in listed
    except _UNREADABLE:
        return False


def files_named(path: Path) -> set[str]:
    """The files (start of the hash) whose rows a return workbook holds; empty when that cannot be told. Never raises."""
    try:
        data = path.read_bytes()
        if data.startswith(_OLE):
            return set(_SHA.findall(data.decode("latin-1").replace("\0", "")))
        with zipfile.ZipFile(path) as archive:
            parts = [name for name in archive.namelist() if name.startswith(_CELLS)]
            texts = []
            for name in parts:
                with archive.open(name) as part:
                    texts.append(part.read(_MOST).replace(b"\0", b"").decode("utf-8", errors="replace"))
        return set(_SHA.findall("\n".join(texts)))
    except _UNREADABLE:
        return set()
