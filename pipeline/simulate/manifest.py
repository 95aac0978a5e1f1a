"""raw/MANIFEST.csv: which files the simulator wrote, so that they never pass for received ones."""

from __future__ import annotations

import hashlib
from pathlib import Path


def write_manifest(raw: Path) -> None:
    """raw/MANIFEST.csv: every file below raw/ with its hash and size, marked as simulated."""
    lines = ["path,sha256,bytes,is_simulated"]
    for path in sorted(raw.rglob("*"), key=lambda path: path.relative_to(raw).as_posix()):
        name = path.relative_to(raw).as_posix()
        if path.is_file() and name not in ("MANIFEST.csv", "README.md"):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            lines.append(f"{name},{digest},{path.stat().st_size},true")
    (raw / "MANIFEST.csv").write_bytes(("\n".join(lines) + "\n").encode("utf-8"))
