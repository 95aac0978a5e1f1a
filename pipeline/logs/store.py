"""Events on disk: immutable Parquet files by month, named by their source and by what they were cleaned with.

`events/month=2023-05/<source file id>-<context hash>.parquet`, and beside them, in `events/accounts/`, the account of
each source file (its ledger, fates and notices), so that a file that is there already is not read again. The account is
written last: without it the events of a source count as not there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipeline.clean.fates import FATES, NOTICES
from pipeline.clean.places.unknown_values import UNKNOWN
from pipeline.errors import FILE, Problem, fail
from pipeline.paths import Study
from pipeline.warehouse.load import EventFile

_COLUMNS = (
    "event_id, event_kind_code, station_id, area_code, service_code, used_at, user_group_code, courier_key, n_visits, "
    "n_persons, duration_minutes, outcome_code, source_file_id, source_sheet, source_row"
)


@dataclass(frozen=True)
class Account:
    """What became of one source file: its event files, rows read and taken out per sheet (`n_read, n_rejected,
    n_set_aside`), fates and notices, the texts nobody knows (UNKNOWN), and what the readers saw. `of_clock`: a row was
    refused because it lies after the day of the build, so that another day may judge otherwise."""

    source_file_id: str
    events: list[EventFile]
    sheets: dict[str, tuple[int, int, int]]
    fates: pl.DataFrame
    notices: pl.DataFrame
    unknown: pl.DataFrame
    family: str = "unknown"
    encoding: str | None = None
    of_clock: bool = False
    window_seconds: int = field(default=0, compare=False)


def stem(source_file_id: str, context: str) -> str:
    """The name of everything stored for one source file."""
    return f"{source_file_id}-{context}"


def load_account(study: Study, source_file_id: str, context: str) -> Account | None:
    """The account of a source file that was stored before, if it and all its event files are there."""
    path = _accounts(study) / f"{stem(source_file_id, context)}.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        fates = pl.read_parquet(path.with_suffix(".parquet"))
    except (OSError, ValueError, pl.exceptions.PolarsError):
        return None
    events = [
        EventFile(study.events / name, source_file_id, date.fromisoformat(month), n)
        for name, month, n in told["events"]
    ]
    if told["of_clock"] or not all(event.path.exists() for event in events):
        return None
    notices = pl.DataFrame(told["notices"], schema=NOTICES, orient="row")
    sheets = {name: tuple(counts) for name, counts in told["sheets"].items()}
    unknown = pl.DataFrame(told["unknown"], schema=UNKNOWN, orient="row")
    return Account(source_file_id, events, sheets, fates, notices, unknown, told["family"], told["encoding"])


def write_events(con: duckdb.DuckDBPyConnection, study: Study, source_file_id: str, context: str) -> list[EventFile]:
    """Store the rows of one source file from the table log_events, sorted, one file per month."""
    months = con.execute(
        "select month_at, count(*) from log_events where source_file_id = ? group by month_at order by month_at",
        [source_file_id],
    ).fetchall()
    files = []
    for month_at, n_rows in months:
        path = study.events / f"month={month_at:%Y-%m}" / f"{stem(source_file_id, context)}.parquet"
        part = _part(path)
        target = part.as_posix().replace("'", "''")
        con.execute(
            f"copy (select {_COLUMNS} from log_events where source_file_id = ? and month_at = ? "
            f"order by station_id, used_at, source_sheet, source_row) to '{target}' (format parquet, compression zstd)",
            [source_file_id, month_at],
        )
        _rename(part, path)
        files.append(EventFile(path, source_file_id, month_at.date(), n_rows))
    return files


def write_account(study: Study, account: Account, context: str) -> None:
    """Store the account of one source file; from now on it is not read again."""
    path = _accounts(study) / f"{stem(account.source_file_id, context)}.json"
    part = _part(path.with_suffix(".parquet"))
    account.fates.select(*FATES).write_parquet(part, compression="zstd")
    _rename(part, path.with_suffix(".parquet"))
    told = {
        "events": [
            (event.path.relative_to(study.events).as_posix(), event.month_on.isoformat(), event.n_rows) for event in account.events
        ],
        "sheets": account.sheets, "notices": account.notices.rows(), "unknown": account.unknown.rows(),
        "family": account.family, "encoding": account.encoding, "of_clock": account.of_clock,
    }  # fmt: skip
    part = _part(path)
    part.write_text(json.dumps(told, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    _rename(part, path)


def remove_unreferenced(study: Study, kept: Iterable[EventFile | Path]) -> int:
    """Delete event files that no build means any more, their accounts, and halves left by an interrupted run.

    To be called after publish only, with the event files of the build just published. Returns how many event files went.
    A file that another program holds open stays until the next time.
    """
    keep = {Path(item.path if isinstance(item, EventFile) else item).resolve() for item in kept}
    stems = {path.stem for path in keep}
    gone = 0
    for path in sorted(study.events.glob("month=*/*.parquet")):
        if path.resolve() not in keep:
            gone += _remove(path)
    for path in sorted(study.events.glob("*/*.part")):
        _remove(path)
    for path in sorted(_accounts(study).glob("*.json")):
        if path.stem not in stems and _has_events(path):
            _remove(path)
    for path in sorted(_accounts(study).glob("*.parquet")):
        if not path.with_suffix(".json").exists():
            _remove(path)
    for folder in sorted(study.events.glob("month=*")):
        if not any(folder.iterdir()):
            folder.rmdir()
    return gone


def _accounts(study: Study) -> Path:
    return study.events / "accounts"


def _has_events(path: Path) -> bool:
    try:
        return bool(json.loads(path.read_text(encoding="utf-8"))["events"])
    except (OSError, ValueError, KeyError):
        return True


def _part(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(path.name + ".part")


def _rename(part: Path, path: Path) -> None:
    try:
        os.replace(part, path)
    except PermissionError:
        fail(
            FILE,
            Problem("file_held_open", path.name, "文件被其他程序占用", "another program holds the file",
                    do_zh="请先关闭打开它的程序", do_en="close the program that holds it"),
        )  # fmt: skip


def _remove(path: Path) -> int:
    try:
        path.unlink()
    except OSError:
        return 0
    return 1
