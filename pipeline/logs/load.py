"""All service logs of a study → event files, what is known of each month, and the account of every row.

Each file is read and cleaned once, by itself, and its events are stored; duplicates are then looked for among all stored
events of a month this build means. So a new file costs its own rows and its months, and withdrawing a file revives its twins.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from pipeline.clean.fates import LEDGER, NOTICES, together
from pipeline.clean.places.unknown_values import UNKNOWN
from pipeline.contracts import Codebook
from pipeline.errors import CONTRACT, PipelineError, Problem, fail
from pipeline.logs.batch import clean_batch
from pipeline.logs.block import Around
from pipeline.logs.large import Watch, clean_large, head_of, is_large, open_large
from pipeline.logs.months import Month, build_months
from pipeline.logs.reading import LogFile, read_log
from pipeline.logs.records import LogDelivery, LogResult
from pipeline.logs.settings import context_hash, limits
from pipeline.logs.spellings import known_stations
from pipeline.logs.steps import open_engines
from pipeline.logs.store import Account, fresh_context, load_account
from pipeline.paths import Study
from pipeline.readers.streams import Stream


@dataclass
class Faults:
    """The problems of all files, told at once. An unreadable file (exit 10) goes before a missing column (exit 11)."""

    problems: list[Problem] = field(default_factory=list)
    exit_code: int = CONTRACT

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Keep what is raised inside."""
        try:
            yield
        except PipelineError as error:
            self.problems += error.problems
            self.exit_code = min(self.exit_code, error.exit_code)

    def tell(self) -> None:
        """Raise what was collected, if anything was."""
        if self.problems:
            raise PipelineError(self.exit_code, self.problems)


def load_logs(
    *,
    deliveries: list[LogDelivery],
    study: Study,
    codebooks: dict[str, Codebook],
    stations: pl.DataFrame,
    aliases: list[dict[str, Any]],
    key: bytes,
    today: date | None = None,
    depots: pl.DataFrame | None = None,
    is_linked: bool = False,
    remote: str | None = None,
    watch: Watch = lambda *_: None,
) -> LogResult:
    """Clean and store every log delivered, and find the duplicates among them, whatever their order.

    `stations` is the register (station_id, area_code, name, opened_on); `aliases` the reviewed spellings of the place;
    `key` the study's key for pseudonyms; `today` the last day a row may speak of, by default the day of the build;
    `depots` the register of depots, whose names are not those of stations; `is_linked`: the place names a purpose, a legal
    basis and an end for pseudonyms that outlive a month; `remote` the address of a Spark Connect server to work on;
    `watch` is told how many more bytes and rows are done (no rows: bytes that need not be read).
    Raises exit 10 for an unreadable file, and exit 11 with all missing columns and closed codes of all files.
    """
    ordered = sorted(deliveries, key=lambda delivery: delivery.source_file_id)
    _refuse_two_contracts(ordered)
    contexts = {
        item.source_file_id: context_hash(item, codebooks, stations, aliases, key, depots, is_linked)
        for item in ordered
    }
    today = today or date.today()
    stored = {file_id: load_account(study, file_id, context, today) for file_id, context in contexts.items()}
    accounts = {file_id: account for file_id, account in stored.items() if account is not None}
    n_reused = len(accounts)
    for item in ordered:
        if item.source_file_id in accounts:
            watch(item.path.stat().st_size, 0)
        else:
            context = contexts[item.source_file_id]
            contexts[item.source_file_id] = fresh_context(study, item.source_file_id, context, today)
    places = known_stations(stations, aliases, depots)
    with open_engines(study, remote, is_linked=is_linked) as engines:
        around = Around(study, codebooks, stations, places, key, today, contexts, engines)
        for account in _cleaned([item for item in ordered if item.source_file_id not in accounts], around, watch):
            accounts[account.source_file_id] = account
        in_order = [accounts[item.source_file_id] for item in ordered]
        events = [event for account in in_order for event in account.events]
        events = sorted(events, key=lambda event: event.path.as_posix())
        months = build_months(events, ordered, engines)
    return _result(in_order, events, months, study, n_reused)


def _refuse_two_contracts(deliveries: list[LogDelivery]) -> None:
    """A file is one kind of log: its events are stored under the file's name."""
    twice = [
        Problem(
            "log_claimed_twice", "/".join(one.path.parts[-2:]), "同一份日志有两份来源合同认领",
            "two contracts claim the same log", got=f"{one.source.code}, {two.source.code}",
            do_zh="请改窄其中一份合同的 files", do_en="narrow the `files` of one of them",
        )
        for one, two in itertools.pairwise(deliveries)
        if one.source_file_id == two.source_file_id
    ]  # fmt: skip
    if twice:
        fail(CONTRACT, *twice)


def _cleaned(deliveries: list[LogDelivery], around: Around, watch: Watch) -> Iterator[Account]:
    """The accounts of files that are not stored yet: small ones together, large ones block by block."""
    faults = Faults()
    large = [
        file for file in (_opened(item, around, faults) for item in deliveries if is_large(item)) if file is not None
    ]
    in_blocks = {file.delivery.source_file_id for file, _ in large}
    for files in _batches([item for item in deliveries if item.source_file_id not in in_blocks], around, faults):
        n_rows = sum(file.rows.height for file in files)
        yield from clean_batch(files, around)
        watch(sum(file.delivery.path.stat().st_size for file in files), n_rows)
    for file, stream in large:
        yield clean_large(file, stream, around, watch)


def _opened(delivery: LogDelivery, around: Around, faults: Faults) -> tuple[LogFile, Stream] | None:
    """A large file and what its headings say; nothing where it can only be read whole, or not at all."""
    with faults.collected():
        stream = open_large(delivery)
        if stream is not None:
            file = head_of(delivery, stream, around.codebooks)
            faults.problems += file.problems
            return file, stream
    return None


def _batches(deliveries: list[LogDelivery], around: Around, faults: Faults) -> Iterator[list[LogFile]]:
    """Files read, several small ones together. After the first problem nothing more is handed on; all are told at once."""
    batch: list[LogFile] = []
    for delivery in deliveries:
        file = None
        with faults.collected():
            file = read_log(delivery, around.codebooks)
            faults.problems += file.problems
        if file is None or faults.problems:
            continue
        if batch and sum(known.rows.height for known in batch) + file.rows.height > limits()["work"]["rows"]:
            yield batch
            batch = []
        batch.append(file)
    faults.tell()
    if batch:
        yield batch


def _result(accounts: list[Account], events: list, months: list[Month], study: Study, n_reused: int) -> LogResult:
    return LogResult(
        event_files=events,
        fate_files=[path for account in accounts for path in account.fate_files(study)]
        + [month.twins for month in months],
        cube_files=[(name, path) for month in months for name, path in month.cubes.items()],
        month_files=[path for month in months for path in month.files],
        ledger=_ledger(accounts, months),
        notices=together([account.notices for account in accounts], NOTICES).sort(*NOTICES),
        seen={account.source_file_id: (account.family, account.encoding) for account in accounts},
        n_reused=n_reused,
        n_months_built=sum(month.is_fresh for month in months),
        unknown=together([account.unknown for account in accounts], UNKNOWN),
    )


def _ledger(accounts: list[Account], months: list[Month]) -> pl.DataFrame:
    """One line per file and sheet; what is left of the rows read, after all that was taken out, is clean."""
    twins = [pl.scan_parquet(month.twins).group_by("source_file_id", "source_sheet").len() for month in months]
    twice: dict[tuple[str, str], int] = {}
    for counted in pl.collect_all(twins):
        for file_id, sheet, n in counted.iter_rows():
            twice[file_id, sheet] = twice.get((file_id, sheet), 0) + n
    lines = []
    for account in accounts:
        for sheet, (n_read, n_rejected, n_aside) in account.sheets.items():
            n_twice = twice.get((account.source_file_id, sheet), 0)
            n_clean = n_read - n_twice - n_rejected - n_aside
            lines.append((account.source_file_id, sheet, n_read, n_clean, n_twice, n_rejected, n_aside))
    return pl.DataFrame(lines, schema=LEDGER, orient="row").sort("source_file_id", "source_sheet")
