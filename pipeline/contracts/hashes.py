"""Hashes of the files received, remembered by size and time, so that gigabytes that stayed as they were are not read again."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import FILE, Problem, fail
from pipeline.paths import Study


@dataclass
class Hashes:
    """`known` path below raw/ → [bytes, time in nanoseconds, sha256]. A file that kept its size and its time is taken to be
    what it was; the option --rehash insists on reading."""

    path: Path
    known: dict[str, list] = field(default_factory=dict)
    seen: dict[str, list] = field(default_factory=dict)

    def of(self, path: Path, shown: str) -> tuple[str, int]:
        """sha256 and size of one file. Raises exit 10 when it cannot be read."""
        try:
            status = path.stat()
            known = self.known.get(shown)
            if known is None or known[:2] != [status.st_size, status.st_mtime_ns]:
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                known = [status.st_size, status.st_mtime_ns, digest]
        except OSError as error:
            fail(
                FILE,
                Problem("file_unreadable", path.name, "无法读取文件", "the file cannot be read", got=type(error).__name__,
                        do_zh="请先关闭打开它的程序，或检查权限", do_en="close the program that holds it, or check permissions"),
            )  # fmt: skip
        self.seen[shown] = known
        return known[2], known[0]

    def remember(self) -> None:
        """Keep what was seen. Where it cannot be written, the next run reads again."""
        part = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(self.seen, ensure_ascii=False, sort_keys=True), encoding="utf-8")
            os.replace(part, self.path)
        except OSError:
            return


def load_hashes(study: Study) -> Hashes:
    """What earlier runs saw."""
    try:
        known = json.loads(study.hashes.read_text(encoding="utf-8"))
        sound = all(isinstance(value, list) and len(value) == 3 for value in known.values())
    except (OSError, ValueError, AttributeError):
        sound, known = False, {}
    return Hashes(study.hashes, known if sound else {})
