"""All service logs of a study → event files, what is known of each month, and the account of every row.

Each file is read and cleaned once, by itself, and its events are stored; duplicates are then looked for among all stored
events of a month this build means. So a new file costs its own rows and its months, and withdrawing a file revives its twins.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from pipeline.clean.fates import LEDGER, NOTICES, together
from pipeline.clean.places.unknown_values import UNKNOWN
from pipeline.contracts import Codebook
from pipeline.errors import CONTRACT, PipelineError, Problem, fail
from pipeline.logs.batch import clean_batch
from pipeline.logs.block import Around
from pipeline.logs.months import Month, build_months
from pipeline.logs.reading import LogFile, read_log
from pipeline.logs.records import LogDelivery, LogResult
from pipeline.logs.settings import context_hash, limits
from pipeline.logs.spellings import known_stations
from pipeline.logs.steps import open_engines
from pipeline.logs.store import Account, load_account
from pipeline.paths import Study


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
) -> LogResult:
    """Clean and store every log delivered, and find the duplicates among them, whatever their order.

    `stations` is the register (station_id, area_code, name, opened_on); `aliases` the reviewed spellings of the place;
    `key` the study's key for pseudonyms; `today` the last day a row may speak of, by default the day of the build;
    `depots` the register of depots, whose names are not those of stations; `is_linked`: the place names a purpose, a legal
    basis and an end for pseudonyms that outlive a month; `remote` the address of a Spark Connect server to work on.
    Raises exit 10 for an unreadable file, and exit 11 with all missing columns and closed codes of all files.
    """
    ordered = sorted(deliveries, key=lambda delivery: delivery.source_file_id)
    _refuse_two_contracts(ordered)
    contexts = {
        item.source_file_id: context_hash(item, codebooks, stations, aliases, key, depots, is_linked)
        for item in ordered
    }
    stored = {file_id: load_account(study, file_id, context) for file_id, context in contexts.items()}
    accounts = {file_id: account for file_id, account in stored.items() if account is not None}
    n_reused = len(accounts)
    places = known_stations(stations, aliases, depots)
    with open_engines(study, remote) as engines:
        around = Around(study, codebooks, stations, places, key, today or date.today(), contexts, engines, is_linked)
        for files in _batches([item for item in ordered if item.source_file_id not in accounts], codebooks):
            accounts |= {account.source_file_id: account for account in clean_batch(files, around)}
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


def _batches(deliveries: list[LogDelivery], codebooks: dict[str, Codebook]) -> Iterator[list[LogFile]]:
    """Files read, several small ones together. After the first problem nothing more is handed on; all are told at once."""
    batch: list[LogFile] = []
    problems: list[Problem] = []
    exit_code = CONTRACT
    for delivery in deliveries:
        try:
            file = read_log(delivery, codebooks)
        except PipelineError as error:
            problems += error.problems
            exit_code = min(exit_code, error.exit_code)  # an unreadable file (10) goes before a missing column (11)
            continue
        problems += file.problems
        if problems:
            continue
        if batch and sum(known.rows.height for known in batch) + file.rows.height > limits()["work"]["rows"]:
            yield batch
            batch = []
        batch.append(file)
    if problems:
        raise PipelineError(exit_code, problems)
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
