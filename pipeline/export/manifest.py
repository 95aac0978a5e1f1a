"""manifest.json: which files a period's folder holds, their hashes, and what they were made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.findings.finding import Context

NAME = "manifest.json"


def build_facts(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Code version and hash of the inputs of the latest build; empty where none is recorded. No clock."""
    rows = con.sql("select code_version, inputs_sha256 from audit.builds order by started_at desc limit 1").fetchall()
    return (
        {"code_version": rows[0][0], "inputs_sha256": rows[0][1]} if rows else {"code_version": "", "inputs_sha256": ""}
    )


def remove_stale(folder: Path, files: Iterable[Path], end: str) -> None:
    """Delete what an earlier run of the same language left and this one does not write; other languages stay."""
    keep = set(files)
    mine = [
        *folder.glob("data/*"),
        *(p for p in folder.glob("charts/*") if p.name.count(".") == 1 + bool(end) and p.stem.endswith(end)),
    ]
    for path in mine:
        if path not in keep:
            path.unlink(missing_ok=True)


def render(folder: Path, con: duckdb.DuckDBPyConnection, context: Context, build: dict[str, str]) -> str:
    """The manifest of everything in the folder."""
    inputs = con.sql("select source_code, family, sha256 from audit.source_files order by 1 nulls last, 3").fetchall()
    there = sorted(
        (p for p in folder.rglob("*") if p.is_file() and p.name != NAME and not p.name.startswith(".")),
        key=lambda path: path.relative_to(folder).as_posix(),
    )
    facts = {
        "period": context.period,
        "last_on": context.last_on.isoformat() if context.last_on else None,
        "is_partial": context.is_partial,
        "is_simulated": context.is_simulated,
        "audience": context.audience,
        "areas": list(context.areas),
        **build,
        "inputs": [{"source_code": code, "family": family, "sha256": sha} for code, family, sha in inputs],
        "files": [
            {
                "path": p.relative_to(folder).as_posix(),
                "bytes": p.stat().st_size,
                "sha256": hashlib.sha256(p.read_bytes()).hexdigest(),
            }
            for p in there
        ],
    }
    return json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
