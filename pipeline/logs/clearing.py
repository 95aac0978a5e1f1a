"""Files in the store that no build means any more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from pipeline.logs.store import remove
from pipeline.paths import Study
from pipeline.warehouse.load import EventFile


def remove_unreferenced(study: Study, kept: Iterable[EventFile | Path]) -> int:
    """Delete event files and month files that no build means any more, accounts without them, and what an interrupted run
    left. To be called after publish only, with all files of the build just published. Returns how many event files went.
    A file that another program holds open stays until the next time."""
    keep = {Path(item.path if isinstance(item, EventFile) else item).resolve() for item in kept}
    gone = 0
    for path in sorted(study.events.glob("month=*/*.parquet")):
        if path.resolve() not in keep:
            gone += remove(path)
    for path in sorted(study.events.glob("months/*.parquet")):
        if path.resolve() not in keep:
            remove(path)
    for pattern in ("*/*.part", "accounts/*.journal", "incoming/*"):
        for path in sorted(study.events.glob(pattern)):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else remove(path)
    stems = _remove_accounts(study, keep)
    for path in sorted(study.events.glob("accounts/*.parquet")):
        if path.stem.rsplit("-", 1)[0] not in stems:
            remove(path)
    for folder in sorted(study.events.glob("month=*")):
        if not any(folder.iterdir()):
            folder.rmdir()
    return gone


def _remove_accounts(study: Study, keep: set[Path]) -> set[str]:
    """Remove the accounts whose events are none of those to keep; returns the names of the others."""
    stems = set()
    for path in sorted(study.events.glob("accounts/*.json")):
        try:
            events = [study.events / name for name, _, _ in json.loads(path.read_text(encoding="utf-8"))["events"]]
        except (OSError, ValueError, KeyError):
            events = [path]
        if events and not any(event.resolve() in keep for event in events):
            remove(path)
        else:
            stems.add(path.stem)
    return stems
