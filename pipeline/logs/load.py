"""All service logs of a study → event files and the account of every row.

Each file is read and cleaned once, by itself, and its events are stored; duplicates are then looked for among all stored
events this build means. So a new file costs its own rows, and withdrawing a file revives its twins.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import polars as pl

from pipeline.clean.fates import FATES, LEDGER, NOTICES, conform, notice, together
from pipeline.clean.places import Places
from pipeline.contracts import Codebook
from pipeline.errors import CONTRACT, PipelineError, Problem
from pipeline.logs.people import month_keys, number_people
from pipeline.logs.reading import LogFile, read_log
from pipeline.logs.records import LogDelivery, LogResult
from pipeline.logs.settings import context_hash, limits, needs, settings
from pipeline.logs.spellings import CODED, code_spellings, known_stations, openings, station_spellings
from pipeline.logs.steps import build
from pipeline.logs.store import Account, load_account, write_account, write_events
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
) -> LogResult:
    """Clean and store every log delivered, and find the duplicates among them, whatever their order.

    `stations` is the register (station_id, area_code, name, opened_on); `aliases` the reviewed spellings of the place;
    `key` the study's key for pseudonyms; `today` the last day a row may speak of, by default the day of the build.
    Raises exit 10 for an unreadable file, and exit 11 with all missing columns and closed codes of all files.
    """
    today = today or date.today()
    ordered = sorted(deliveries, key=lambda delivery: (delivery.source_file_id, delivery.source.code))
    contexts = {item.source_file_id: context_hash(item, codebooks, stations, aliases, key) for item in ordered}
    stored = {
        item.source_file_id: load_account(study, item.source_file_id, contexts[item.source_file_id]) for item in ordered
    }
    accounts = {file_id: account for file_id, account in stored.items() if account is not None}
    n_reused = len(accounts)
    places = known_stations(stations, aliases)
    for files in _batches([item for item in ordered if item.source_file_id not in accounts], codebooks):
        for account in _clean(files, study, codebooks, stations, places, key, today, contexts):
            accounts[account.source_file_id] = account
    duplicates = _duplicates(list(accounts.values()), ordered, study)
    return _result(ordered, accounts, duplicates, n_reused)


def _batches(deliveries: list[LogDelivery], codebooks: dict[str, Codebook]) -> Iterator[list[LogFile]]:
    """Files read, several small ones together. All problems of all files are told at once, before anything is stored."""
    batch: list[LogFile] = []
    problems: list[Problem] = []
    unreadable: list[Problem] = []
    for delivery in deliveries:
        try:
            file = read_log(delivery, codebooks)
        except PipelineError as error:
            if error.exit_code == CONTRACT:
                problems += error.problems
            else:
                unreadable += error.problems
                exit_code = error.exit_code
            continue
        problems += file.problems
        if problems or unreadable:
            batch = []
            continue
        if batch and sum(known.rows.height for known in batch) + file.rows.height > limits()["work"]["rows"]:
            yield batch
            batch = []
        batch.append(file)
    if unreadable:
        raise PipelineError(exit_code, unreadable + problems)
    if problems:
        raise PipelineError(CONTRACT, problems)
    if batch:
        yield batch


def _clean(
    files: list[LogFile], study: Study, codebooks: dict[str, Codebook], stations: pl.DataFrame, places: Places, key: bytes,
    today: date, contexts: dict[str, str],
) -> list[Account]:  # fmt: skip
    """Clean and store the files of one batch."""
    rows = pl.concat([file.rows for file in files]).with_row_index("row_id")
    numbers, people = number_people(rows["person"], limits()["person"]["missing"])
    rows = rows.drop("person").with_columns(pl.col("row_id").cast(pl.Int64), numbers.alias("person_no"))
    for file in files:
        file.rows = file.rows.clear()
    sources = {file.delivery.source.code: file.delivery.source for file in files}
    setting = settings(files, today)
    texts = rows.lazy().join(setting.lazy().select("source_file_id", "source_code", "area_code"), on="source_file_id")
    with duckdb.connect(config=_config(study)) as con:
        _register(con, "raw_log", rows)
        _register(con, "log_settings", setting)
        _register(con, "log_columns", pl.concat([file.columns for file in files]))
        _register(con, "log_needs", needs(pl.concat([file.columns for file in files])))
        _register(con, "station_openings", openings(stations))
        _register(
            con, "station_spellings", station_spellings(_found(texts, "area_code", "station", "station_name"), places)
        )
        _register(con, "code_spellings", code_spellings(_coded(texts), sources, codebooks))
        made: set[str] = set()
        build(con, "log_pairs", made)
        _register(con, "log_keys", month_keys(con.sql("from log_pairs").pl(), people, key))
        build(con, "log_faults", made)
        _refuse_closed_codes(con, files)
        for target in ("log_events", "log_blanked", "log_day_only", "log_bounds"):
            build(con, target, made)
        accounts = [_account(con, study, file, contexts[file.delivery.source_file_id]) for file in files]
    for account in accounts:
        write_account(study, account, contexts[account.source_file_id])
    return accounts


def _account(con: duckdb.DuckDBPyConnection, study: Study, file: LogFile, context: str) -> Account:
    file_id = file.delivery.source_file_id
    faults = con.sql(
        "select distinct source_file_id, source_sheet, source_row, 'rejected' as fate, heading as column_name, reason_code "
        "from log_faults where rejects and source_file_id = ? order by source_sheet, source_row, column_name, reason_code",
        params=[file_id],
    ).pl()
    blanked = con.execute("select source_sheet, heading, reason_code, n from log_blanked where source_file_id = ? "
                          "order by source_sheet, heading, reason_code", [file_id]).fetchall()  # fmt: skip
    day_only = con.execute(
        "select source_sheet, n from log_day_only where source_file_id = ? order by 1", [file_id]
    ).fetchall()
    of_clock = con.execute("select is_of_clock from log_bounds where source_file_id = ?", [file_id]).fetchall()[0][0]
    notices = [file.notices]
    notices += [notice(file_id, sheet, reason, heading, n) for sheet, heading, reason, n in blanked]
    notices += [notice(file_id, sheet, "no_time_of_day", None, n) for sheet, n in day_only]
    sheets = {}
    for sheet, n_read in file.n_read.items():
        n_rejected = faults.filter(pl.col("source_sheet") == sheet)["source_row"].n_unique()
        n_aside = file.fates.filter(pl.col("source_sheet") == sheet)["source_row"].n_unique()
        sheets[sheet] = (n_read, n_rejected, n_aside)
    return Account(
        file_id, write_events(con, study, file_id, context), sheets, together([file.fates, conform(faults, FATES)], FATES),
        together(notices, NOTICES), file.family, file.encoding,
        of_clock=of_clock and not faults.filter(pl.col("reason_code") == "future_time").is_empty(),
    )  # fmt: skip


def _duplicates(accounts: list[Account], deliveries: list[LogDelivery], study: Study) -> pl.DataFrame:
    """Fates of all events that stand for an earlier one, among everything this build means."""
    paths = sorted(event.path.as_posix() for account in accounts for event in account.events)
    if not paths:
        return pl.DataFrame(schema=FATES)
    sources = pl.DataFrame(
        [(item.source_file_id, item.source.code, round(item.source.duplicate_window_minutes * 60)) for item in deliveries],
        schema={"source_file_id": pl.String, "source_code": pl.String, "window_seconds": pl.Int64}, orient="row",
    )  # fmt: skip
    with duckdb.connect(config=_config(study)) as con:
        _register(con, "log_sources", sources)
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        con.execute(f"""
            create temp view log_stored as
            select e.*, s.source_code, s.window_seconds
            from read_parquet([{listed}], hive_partitioning = false) as e
            join log_sources as s on s.source_file_id = e.source_file_id
        """)
        build(con, "log_duplicates", set())
        found = con.sql(
            "select source_file_id, source_sheet, source_row, 'duplicate' as fate, reason_code, kept_row from log_duplicates"
        ).pl()
    return conform(found, FATES)


def _result(
    deliveries: list[LogDelivery], accounts: dict[str, Account], duplicates: pl.DataFrame, n_reused: int
) -> LogResult:
    counted = {
        (file_id, sheet): n
        for file_id, sheet, n in duplicates.group_by("source_file_id", "source_sheet").len().iter_rows()
    }
    lines = []
    for account in accounts.values():
        for sheet, (n_read, n_rejected, n_aside) in account.sheets.items():
            n_twice = counted.get((account.source_file_id, sheet), 0)
            n_clean = n_read - n_twice - n_rejected - n_aside
            lines.append((account.source_file_id, sheet, n_read, n_clean, n_twice, n_rejected, n_aside))
    order = ["source_file_id", "source_sheet", "source_row", "fate", "column_name", "reason_code"]
    return LogResult(
        event_files=sorted(
            (event for account in accounts.values() for event in account.events),
            key=lambda event: event.path.as_posix(),
        ),
        fates=together([account.fates for account in accounts.values()] + [duplicates], FATES).sort(order),
        ledger=pl.DataFrame(lines, schema=LEDGER, orient="row").sort("source_file_id", "source_sheet"),
        notices=together([account.notices for account in accounts.values()], NOTICES).sort(*NOTICES),
        seen={account.source_file_id: (account.family, account.encoding) for account in accounts.values()},
        n_reused=n_reused,
    )


def _refuse_closed_codes(con: duckdb.DuckDBPyConnection, files: list[LogFile]) -> None:
    """Stop for values outside a closed list (`on_unknown = "stop"`), naming rows, never values."""
    found = con.sql(
        "select source_file_id, source_sheet, heading, count(distinct source_row), min(source_row) from log_faults "
        "where on_unknown = 'stop' and reason_code = 'unknown_code' group by all_of_them".replace(
            "all_of_them", "source_file_id, source_sheet, heading order by source_file_id, source_sheet, heading"
        )
    ).fetchall()
    paths = {file.delivery.source_file_id: file.delivery.path for file in files}
    problems = [
        Problem(
            "closed_code_unknown", f"{'/'.join(paths[file_id].parts[-2:])}{f' [{sheet}]' if sheet else ''}「{heading}」",
            "取值不在封闭的代码表中", "values outside a closed code list", got=f"{n} 行 / rows: {row} …",
            do_zh="请修改这些行，或在代码表中登记新的写法", do_en="mend these rows, or add the spelling to the codebook",
        )
        for file_id, sheet, heading, n, row in found
    ]  # fmt: skip
    if problems:
        raise PipelineError(CONTRACT, problems)


def _found(texts: pl.LazyFrame, by: str, *names: str) -> pl.DataFrame:
    """Distinct texts of some columns, with what decides their meaning."""
    parts = [texts.select(by, pl.col(name).alias("spelling")).unique() for name in names]
    return pl.concat(parts).unique().collect().drop_nulls().sort(by, "spelling")


def _coded(texts: pl.LazyFrame) -> pl.DataFrame:
    parts = [
        texts.select("source_code", pl.lit(name).alias("column_name"), pl.col(name).alias("spelling")).unique()
        for name in CODED
    ]
    return pl.concat(parts).collect().drop_nulls().sort("source_code", "column_name", "spelling")


def _register(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    con.register(name, frame.to_arrow())


def _config(study: Study) -> dict[str, str]:
    """What does not fit into memory is kept beside the events, never in a folder of somebody else's."""
    return {"temp_directory": (study.events / "spill").as_posix()}
