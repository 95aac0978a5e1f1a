"""Which received file belongs to which contract: files below raw/ matched with the globs of sources and waves."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

from pipeline.contracts.hashes import load_hashes
from pipeline.contracts.returned import files_named, is_return_workbook
from pipeline.contracts.source import Source
from pipeline.contracts.study_file import StudyFile
from pipeline.errors import CONTRACT, FILE, Problem, fail
from pipeline.paths import Study

_OURS = ("README.md", "MANIFEST.csv")
_DOCUMENTS = (".pdf", ".doc", ".docx", ".wps", ".ppt", ".pptx", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".md", ".mp4")
_IGNORED = (".DS_Store", "Thumbs.db", ".gitkeep", "desktop.ini")


@dataclass(frozen=True)
class RawFile:
    """One file below raw/: its path as shown (forward slashes), area, content hash, whether the simulator made it, and
    whether it is a return workbook that came back (claimed by no source: its rows replace rows of other files)."""

    path: Path
    shown: str
    in_area: str
    area_code: str
    sha256: str
    bytes: int
    is_simulated: bool
    is_return: bool = False

    @property
    def file_id(self) -> str:
        """16 characters from the hash of path and content: stable, and different for the same content twice."""
        return hashlib.sha256(f"{self.shown}\n{self.sha256}".encode()).hexdigest()[:16]


def raw_files(study: Study, study_file: StudyFile) -> list[RawFile]:
    """Every file received, in order of path.

    Raises exit 10 when raw/ is missing or empty, exit 11 when files listed in raw/MANIFEST.csv as simulated stand
    beside files that are not (simulated and received data never mix in one run).
    """
    if not study.raw.is_dir():
        fail(
            FILE,
            Problem("raw_missing", str(study.raw), "没有 raw 文件夹", "the raw folder is missing", expected="raw/",
                    do_zh="把收到的文件放进 raw 文件夹；用 --data 指定研究文件夹",
                    do_en="put the files received into raw/; name the study with --data"),
        )  # fmt: skip
    simulated, hashes = simulated_paths(study), load_hashes(study)
    files = []
    for path in sorted(study.raw.rglob("*")):
        shown = path.relative_to(study.raw).as_posix()
        if not path.is_file() or shown in _OURS or path.name in _IGNORED or path.name.startswith(("~$", ".~lock")):
            continue
        area, in_area = _area_of(shown, study_file)
        digest, size = hashes.of(path, shown)
        files.append(RawFile(path, shown, in_area, area, digest, size, shown in simulated, is_return_workbook(path)))
    hashes.remember()
    files = _with_origin(files)
    if not files:
        fail(
            FILE,
            Problem("raw_empty", str(study.raw), "raw 文件夹里没有文件", "the raw folder holds no file",
                    do_zh="把台账、问卷导出和服务记录放进 raw", do_en="put ledgers, survey exports and logs into raw"),
        )  # fmt: skip
    _refuse_mixture(study, files)
    return files


def _with_origin(files: list[RawFile]) -> list[RawFile]:
    """A return workbook is simulated when the files whose rows it repairs are."""
    received = {file.sha256[:12] for file in files if not file.is_simulated and not file.is_return}
    any_simulated = any(file.is_simulated for file in files)
    return [
        replace(file, is_simulated=any_simulated and not files_named(file.path) & received) if file.is_return else file
        for file in files
    ]


def claimed(files: Iterable[RawFile], patterns: Iterable[str]) -> list[RawFile]:
    """The files that a list of globs claims (below raw/, or below the area's folder)."""
    patterns = list(patterns)
    theirs = [file for file in files if file.area_code and not file.is_return]
    return [file for file in theirs if any(matches(file.in_area, pattern) for pattern in patterns)]


def files_by_source(files: list[RawFile], sources: dict[str, Source]) -> dict[str, list[RawFile]]:
    """For every source the files it claims, in order of path."""
    return {code: claimed(files, source.files) for code, source in sources.items()}


def date_in_name(name: str) -> date | None:
    """The date a file name speaks of.

    >>> date_in_name("驿站台账_2023-03-31.xlsx"), date_in_name("台账2023年一季度.xlsx"), date_in_name("ledger_2022Q4.csv")
    (datetime.date(2023, 3, 31), datetime.date(2023, 3, 31), datetime.date(2022, 12, 31))
    """
    full = re.search(r"(20\d{2})(?:(\d{2})(\d{2})|[-_.年](\d{1,2})[-_.月](\d{1,2})日?)(?!\d)", name)
    if full:
        try:
            return date(int(full[1]), int(full[2] or full[4]), int(full[3] or full[5]))
        except ValueError:
            return None
    quarter = re.search(r"(20\d{2})(?:Q|q|年第?)([1-4一二三四])(?:季度)?", name)
    if quarter:
        from pipeline.contracts.period import period_bounds

        number = quarter[2] if quarter[2].isdigit() else str("一二三四".index(quarter[2]) + 1)
        return period_bounds(f"{quarter[1]}Q{number}")[1]
    return None


def matches(path: str, pattern: str) -> bool:
    """A glob on a path below raw/; `*` stays within one folder, `**/` spans any.

    A pattern that ends in `.*` leaves the kind of file open. A document or picture beside the tables is none of it.

    >>> [matches(f"台账/驿站台账{end}", "台账/*台账*.*") for end in (".xls", ".et", ".pdf")]
    [True, True, False]
    """
    if pattern.endswith(".*") and path.lower().endswith(_DOCUMENTS):
        return False
    if pattern.startswith("**/"):
        return fnmatch(path, pattern) or fnmatch(path, pattern[3:])
    return path.count("/") == pattern.count("/") and fnmatch(path, pattern)


def _area_of(shown: str, study_file: StudyFile) -> tuple[str, str]:
    """The area whose folder holds a file, and its path below that folder. With several areas a file outside all of
    their folders belongs to none ('') and is claimed by nobody: whose it is cannot be guessed."""
    for area in study_file.areas:
        if area.folder and shown.startswith(area.folder + "/"):
            return area.code, shown[len(area.folder) + 1 :]
    return (study_file.areas[0].code if len(study_file.areas) == 1 else ""), shown


def simulated_paths(study: Study) -> set[str]:
    """The files that raw/MANIFEST.csv lists as simulated. Raises exit 11 when it cannot be read."""
    if not study.manifest.exists():
        return set()
    try:
        with study.manifest.open(encoding="utf-8-sig", newline="") as file:
            return {row["path"] for row in csv.DictReader(file) if row.get("is_simulated", "").lower() in ("true", "1")}
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        fail(
            CONTRACT,
            Problem("manifest_broken", study.manifest.name, "MANIFEST.csv 无法读取", "MANIFEST.csv cannot be read",
                    got=type(error).__name__, expected="path,sha256,bytes,is_simulated",
                    do_zh="请恢复该文件，或删除它（则全部视为收到的真实文件）",
                    do_en="restore the file, or delete it (then all files count as received)"),
        )  # fmt: skip


def _refuse_mixture(study: Study, files: list[RawFile]) -> None:
    received = [file.shown for file in files if not file.is_simulated]
    if not received or len(received) == len(files):
        return
    shown = "、".join(received[:5]) + (" …" if len(received) > 5 else "")
    fail(
        CONTRACT,
        Problem("mixed_study", str(study.raw), "模拟数据与收到的文件混在一起", "simulated and received files are mixed",
                got=f"{len(files) - len(received)} + {len(received)}（{shown}）",
                do_zh="用 python -m pipeline start 文件夹 另建研究，把收到的文件放进去",
                do_en="make a study of its own with python -m pipeline start DIR and put the received files there"),
    )  # fmt: skip
