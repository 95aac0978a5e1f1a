"""audit.builds: what each build was made from and how long its stages took; copied forward at every rebuild."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

KEPT = 50  # builds; older ones are of no use to anybody


@dataclass(frozen=True)
class Build:
    """One build: a name, when it started (local clock), the code, the hash of its inputs, and seconds per stage."""

    build_id: str
    started: datetime
    code_version: str
    inputs: str
    seconds: dict[str, float]
    engine: str = "duckdb"


def record(new: Path, old: Path, build: Build) -> None:
    """Write this build into the new warehouse, with the builds that the old one remembers."""
    with duckdb.connect(str(new)) as con:
        if old.exists():
            _copy(con, old)
        _insert(con, build)


def add_stages(published: Path, build: Build) -> None:
    """Note the stages that ran after publishing. A warehouse that somebody reads at this moment is left as it is."""
    try:
        with duckdb.connect(str(published)) as con:
            _insert(con, build)
    except duckdb.IOException:
        return


def _insert(con: duckdb.DuckDBPyConnection, build: Build) -> None:
    con.executemany(
        "insert into audit.builds values (?, ?, ?, ?, ?, ?, ?)",
        [
            (build.build_id, build.code_version, build.inputs, build.started, build.engine, stage, round(seconds, 3))
            for stage, seconds in build.seconds.items()
        ],
    )


def _copy(con: duckdb.DuckDBPyConnection, old: Path) -> None:
    """Builds of the old warehouse; one that cannot be read (another version's file) is no reason to stop."""
    try:
        con.execute("attach ? as old (read_only)", [str(old)])
        con.execute(f"""
            insert into audit.builds
            select * from old.audit.builds
            where build_id in (
                select build_id from old.audit.builds group by build_id order by min(started_at) desc limit {KEPT - 1}
            )
        """)
    except duckdb.Error:
        pass
    finally:
        con.execute("detach database if exists old")
