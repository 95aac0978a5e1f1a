"""A zip archive of files: every table in it is read, named by its file. Nothing is unpacked to disk; names are only labels."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import FILE, PipelineError, Problem
from pipeline.readers.opened import ARCHIVE, Opened
from pipeline.readers.opening.broken import BROKEN
from pipeline.readers.opening.sniff import recognise
from pipeline.readers.refusals import refuse
from pipeline.readers.text_table import TextTable

BETWEEN = " › "
UNREAD = "压缩包内未读的文件"
_MOST_FILES = 500
_DEEPEST = 2  # an archive within the archive, and no further
_JUNK = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.I)  # what systems leave behind
_PROSE = (".txt", ".md", ".htm", ".html")  # names under which a note may lie beside the tables
Reader = Callable[..., list[TextTable]]


@dataclass
class _Found:
    """What the members of an archive gave."""

    tables: list[TextTable]
    problems: list[Problem]
    others: list[str]  # members that hold no table: pictures, documents, notes
    n_files: int = 0


def read_archive(
    opened: Opened,
    read: Reader,
    *,
    encoding: str | None,
    sheet: str | None = None,
    header_rows: int | Sequence[int] | None = None,
) -> list[TextTable]:
    """The tables of every member. `read` reads one that is no archive. Raises exit 10 when a member cannot be read, with
    every such member, or when none holds a table. Pictures, documents and notes are named in the tables' notes."""
    found = _Found([], [], [])

    def visit(archive: Opened, label: str, depth: int) -> None:
        for name, data in _members(archive, found):
            path, shown = archive.path / _safe(name), label + name
            try:
                member = recognise(path, data, encoding)
                if member.kind == ARCHIVE:
                    if depth >= _DEEPEST:
                        refuse("zip_too_deep", path)
                    visit(member, shown + BETWEEN, depth + 1)
                    continue
                tables = read(member, sheet=None, header_rows=header_rows)
            except PipelineError as error:
                if error.exit_code != FILE:
                    raise
                _note_problem(found, name, shown, error)
                continue
            if name.lower().endswith(_PROSE) and all(len(table.columns) < 2 for table in tables):
                found.others.append(shown)
                continue
            found.tables += [_named(table, opened.path, shown) for table in tables]

    visit(opened, "", 1)
    if found.problems:
        raise PipelineError(FILE, found.problems)
    if not found.tables:
        refuse("zip_not_workbook", opened.path, got=f"{found.n_files} 个文件 files")
    return [_with_others(table, found.others) for table in _wanted(opened, found.tables, sheet)]


def _members(archive: Opened, found: _Found) -> Iterator[tuple[str, bytes]]:
    """Names and contents of an archive's files, in its order."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive.data)) as file:
            for info in file.infolist():
                name = _name(info)
                if info.is_dir() or _JUNK.search(name):
                    continue
                found.n_files += 1
                if found.n_files > _MOST_FILES:
                    refuse("zip_too_many", archive.path, got=f"> {_MOST_FILES}")
                yield name, file.read(info)
    except BROKEN as error:
        refuse("zip_broken", archive.path, got=type(error).__name__)


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name as its writer meant it: Windows tools write GBK without saying so, others UTF-8 without saying so.

    >>> info = zipfile.ZipInfo("驿站.csv".encode("gbk").decode("cp437"))
    >>> _name(info)
    '驿站.csv'
    """
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _safe(name: str) -> str:
    """A member's name as part of a path that is only shown.

    >>> _safe("../../etc/名单.csv"), _safe("C:/a.csv"), _safe("")
    ('etc/名单.csv', 'a.csv', '_')
    """
    parts = [part for part in name.split("/") if part not in ("", ".", "..") and not part.endswith(":")]
    return "/".join(parts) or "_"


def _note_problem(found: _Found, name: str, shown: str, error: PipelineError) -> None:
    """A picture or a note beside the tables is no fault; a table that cannot be read is."""
    code = error.problems[0].code
    if code in ("not_a_table", "no_table") or (code == "html_as_workbook" and name.lower().endswith(_PROSE)):
        found.others.append(shown)
    else:
        found.problems += error.problems


def _named(table: TextTable, path: Path, label: str) -> TextTable:
    return replace(table, path=path, sheet=BETWEEN.join(filter(None, (label, table.sheet))))


def _with_others(table: TextTable, others: Sequence[str]) -> TextTable:
    if not others:
        return table
    more = f" 等 {len(others)} 个" if len(others) > 5 else ""
    return replace(table, notes=table.notes | {UNREAD: "、".join(others[:5]) + more})


def _wanted(opened: Opened, tables: list[TextTable], sheet: str | None) -> list[TextTable]:
    if sheet is None:
        return tables
    wanted = [table for table in tables if sheet in (table.sheet, table.sheet.rsplit(BETWEEN, 1)[-1])]
    if not wanted:
        refuse("no_such_sheet", opened.path, got=" ".join(table.sheet for table in tables), expected=sheet)
    return wanted
