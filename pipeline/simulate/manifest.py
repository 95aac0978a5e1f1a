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
            data = path.read_bytes()
            lines.append(f"{name},{hashlib.sha256(data).hexdigest()},{len(data)},true")
    (raw / "MANIFEST.csv").write_bytes(("\n".join(lines) + "\n").encode("utf-8"))
