"""Has anything changed since the last good build? Answered from sizes and times alone, without opening a file.

Standard library only, so that a second run with nothing changed says so at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from datetime import date
from pathlib import Path

from pipeline.paths import PACKAGE, Study


def fingerprint(study: Study) -> str:
    """A hash over name, size and time of every file that a build is made from: raw/, place/, the key, the code."""
    digest = hashlib.sha256()
    for root in (study.raw, study.place, PACKAGE):
        for path in _files(root):
            status = path.stat()
            line = f"{path.relative_to(root)}|{status.st_size}|{status.st_mtime_ns}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))  # a name that the locale cannot spell
    digest.update(study.key.read_bytes() if study.key.exists() else b"no key")
    digest.update(os.environ.get("WARM_STATIONS_KEY", "").encode())
    digest.update(repr(_lapsed(study, date.today())).encode())
    return digest.hexdigest()


def code_version() -> str:
    """A hash over the content of the code, so that outputs can name what made them."""
    digest = hashlib.sha256()
    for path in _files(PACKAGE):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def is_built(study: Study, print_now: str) -> bool:
    """Whether the published warehouse was built from exactly these files."""
    return study.warehouse.exists() and _state(study).get("build") == print_now


def is_exported(study: Study, print_now: str, options: str) -> list[str] | None:
    """The outputs written for these options from this build, if all of them are still there."""
    entry = _state(study).get("exports", {}).get(options)
    if entry is None or entry["build"] != print_now:
        return None
    return entry["outputs"] if all((study.out / name).exists() for name in entry["outputs"]) else None


def remember(study: Study, print_now: str, options: str | None = None, outputs: list[Path] = ()) -> None:
    """Note a good build, and the outputs of one set of options."""
    state = _state(study)
    state["build"] = print_now
    if options is not None:
        names = [Path(path).resolve().relative_to(study.out).as_posix() for path in outputs]
        state.setdefault("exports", {})[options] = {"build": print_now, "outputs": names}
    part = study.state.with_suffix(".part")
    part.write_text(json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(part, study.state)


def forget(study: Study) -> None:
    """Let the next run look at every file anew, and read it: nothing is taken to be what it was."""
    study.state.unlink(missing_ok=True)
    study.hashes.unlink(missing_ok=True)


def _state(study: Study) -> dict:
    try:
        return json.loads(study.state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _lapsed(study: Study, today: date) -> list[str]:
    """The purposes of place/study.toml whose term is over: pseudonyms that were linked for them must be made anew, though no
    file has changed."""
    try:
        linkage = tomllib.loads((study.place / "study.toml").read_text(encoding="utf-8")).get("linkage", {})
        return sorted(name for name, basis in linkage.items() if basis.get("retain_until", today) < today)
    except (OSError, ValueError, TypeError, AttributeError):  # the run itself says what is wrong with the file
        return []


def _files(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
