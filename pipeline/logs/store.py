"""Events on disk: immutable Parquet files by month, named by their source and by what they were cleaned with.

`events/month=2023-05/<source file id>-<context hash>[-<block>].parquet`, and beside them, in `events/accounts/`, the account
of each source file and the fates of its rows, so that a file that is there already is not read again. The account is
written last: without it the events of a source count as not there. A large file leaves a journal after each block, so that
an interrupted load goes on where it stopped.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.clean.fates import FATES, NOTICES, conform
from pipeline.clean.places.unknown_values import UNKNOWN
from pipeline.errors import FILE, Problem, fail
from pipeline.logs.steps import Steps
from pipeline.paths import Study
from pipeline.warehouse.load import EventFile

STORED = (
    "event_id", "event_kind_code", "station_id", "area_code", "service_code", "used_at", "user_group_code", "courier_no",
    "n_visits", "n_persons", "duration_minutes", "outcome_code", "source_file_id", "source_sheet", "source_row",
)  # fmt: skip
KEPT_FATES = {
    **FATES,
    "local_at": pl.Datetime("us"),
}  # with the time a rejected row speaks of, until the file is closed


@dataclass
class Account:
    """What became of one source file: its event files, rows read, rejected and set aside per sheet, notices, the texts nobody
    knows (UNKNOWN), and what the readers saw. `months`: how many rows speak of each month; `n_parts` files of fates;
    `mark` where a load that is not finished goes on. `of_clock`: the day of the build, where a row was refused because it
    lies after it, so that another day may judge otherwise; else empty."""

    source_file_id: str
    context: str
    events: list[EventFile] = field(default_factory=list)
    sheets: dict[str, list[int]] = field(default_factory=dict)
    notices: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NOTICES))
    unknown: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNKNOWN))
    family: str = "unknown"
    encoding: str | None = None
    of_clock: str = ""
    months: dict[str, int] = field(default_factory=dict)
    n_parts: int = 0
    mark: dict[str, Any] | None = None

    @property
    def stem(self) -> str:
        """The name of everything stored for this source file."""
        return f"{self.source_file_id}-{self.context}"

    def count(self, sheet: str, *, read: int = 0, rejected: int = 0, aside: int = 0) -> None:
        """Add rows to the ledger of one sheet."""
        line = self.sheets.setdefault(sheet, [0, 0, 0])
        for place, n in enumerate((read, rejected, aside)):
            line[place] += n

    def fate_files(self, study: Study) -> list[Path]:
        """The files that hold the fates of its rows."""
        return [_accounts(study) / f"{self.stem}-{part:03d}.parquet" for part in range(self.n_parts)]


def load_account(study: Study, source_file_id: str, context: str, today: date) -> Account | None:
    """The account of a source file that was stored before, if it and all its files are there and hold today."""
    for path in sorted(_accounts(study).glob(f"{source_file_id}-{context}*.json")):
        account = _holding(_read(study, path), today)
        if account is not None:
            return account
    return None


def fresh_context(study: Study, source_file_id: str, context: str, today: date) -> str:
    """The name under which a source file is stored anew: that of its context, with the day where it was stored on another day
    that today may judge otherwise. What an earlier build means is never written over."""
    before = _read(study, _accounts(study) / f"{source_file_id}-{context}.json")
    return context if _holding(before, today) is not None or before is None else f"{context}d{today:%y%m%d}"


def load_journal(study: Study, source_file_id: str, context: str, today: date) -> Account | None:
    """How far an interrupted load of a source file came, if what it stored is there and holds today."""
    return _holding(_read(study, _journal(study, f"{source_file_id}-{context}")), today)


def write_events(
    steps: Steps,
    study: Study,
    account: Account,
    months: pl.DataFrame,
    *,
    block: int | None = None,
    in_order: bool = False,
) -> list[EventFile]:
    """Store the rows of one source file from the table log_events, in order of time, one file per month. `months` are those
    that its rows speak of (`source_file_id, month_at`)."""
    steps.build("log_events")
    if block is None:
        steps.engine.view("log_wanted", f"select * from log_events where source_file_id = '{account.source_file_id}'")
    name = f"{account.stem}.parquet" if block is None else f"{account.stem}-{block:03d}.parquet"
    order = [] if in_order else ["used_at", "source_sheet", "source_row"]
    incoming = study.events / "incoming"
    files = []
    table = "log_events" if block is not None else "log_wanted"
    among = months.filter(pl.col("source_file_id") == account.source_file_id).select("month_at").rows()
    for part in steps.engine.write(table, STORED, ["month_at"], order, incoming, among):
        month_on = date.fromisoformat(part.values[0][:10])
        path = study.events / f"month={month_on:%Y-%m}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        put(part.path, path)
        files.append(EventFile(path, account.source_file_id, month_on, part.n_rows))
    return files


def write_fates(study: Study, account: Account, fates: pl.DataFrame) -> None:
    """Store more fates (KEPT_FATES) of one source file."""
    path = _accounts(study) / f"{account.stem}-{account.n_parts:03d}.parquet"
    replace_fates(path, fates)
    account.n_parts += 1


def replace_fates(path: Path, fates: pl.DataFrame) -> None:
    """Write one file of fates, whole or not at all."""
    part = part_of(path)
    conform(fates, KEPT_FATES).write_parquet(part, compression="zstd")
    put(part, path)


def write_account(study: Study, account: Account, *, is_finished: bool = True) -> None:
    """Store the account of one source file: from now on it is not read again. Or its journal, after a block."""
    final = _accounts(study) / f"{account.stem}.json"
    path = final if is_finished else _journal(study, account.stem)
    told = {
        "source_file_id": account.source_file_id, "context": account.context,
        "events": [
            (event.path.relative_to(study.events).as_posix(), event.month_on.isoformat(), event.n_rows) for event in account.events
        ],
        "sheets": account.sheets, "notices": account.notices.rows(), "unknown": account.unknown.rows(),
        "family": account.family, "encoding": account.encoding, "of_clock": account.of_clock, "months": account.months,
        "n_parts": account.n_parts, "mark": account.mark,
    }  # fmt: skip
    part = part_of(path)
    part.write_text(json.dumps(told, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    put(part, path)
    if is_finished:
        remove(_journal(study, account.stem))


def part_of(path: Path) -> Path:
    """Where a file is written before it takes its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(path.name + ".part")


def put(part: Path, path: Path) -> None:
    """Let a written file take its name."""
    try:
        os.replace(part, path)
    except PermissionError:
        fail(
            FILE,
            Problem("file_held_open", path.name, "文件被其他程序占用", "another program holds the file",
                    do_zh="请先关闭打开它的程序", do_en="close the program that holds it"),
        )  # fmt: skip


def remove(path: Path) -> int:
    """Delete a file; one that another program holds stays until the next time."""
    try:
        path.unlink()
    except OSError:
        return 0
    return 1


def _read(study: Study, path: Path) -> Account | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told["events"] = [
            EventFile(study.events / name, told["source_file_id"], date.fromisoformat(month), n)
            for name, month, n in told["events"]
        ]
        told["notices"] = pl.DataFrame(told["notices"], schema=NOTICES, orient="row")
        told["unknown"] = pl.DataFrame(told["unknown"], schema=UNKNOWN, orient="row")
        account = Account(**told)
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return None
    there = [event.path for event in account.events] + account.fate_files(study)
    return account if all(path.exists() for path in there) else None


def _holding(account: Account | None, today: date) -> Account | None:
    return account if account is not None and account.of_clock in ("", today.isoformat()) else None


def _accounts(study: Study) -> Path:
    return study.events / "accounts"


def _journal(study: Study, stem: str) -> Path:
    return _accounts(study) / f"{stem}.journal"
