"""Some log files together → their events on disk and the account of each: the SQL of this folder, run once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from pipeline.clean.fates import FATES, NOTICES, conform, notice, together
from pipeline.clean.places.heard import shown
from pipeline.clean.places.known_places import Places
from pipeline.clean.places.unknown_values import UNKNOWN
from pipeline.contracts import Codebook
from pipeline.errors import CONTRACT, PipelineError, Problem
from pipeline.logs.people import month_keys, number_people
from pipeline.logs.reading import LogFile
from pipeline.logs.settings import limits, needs, settings
from pipeline.logs.spellings import CODED, book_of, code_spellings, depot_spellings, openings, station_spellings
from pipeline.logs.steps import build, connect, register
from pipeline.logs.store import Account, write_account, write_events
from pipeline.paths import Study

_ROW = "source_sheet, source_row"


@dataclass(frozen=True)
class Around:
    """What all log files of a study share. `contexts` source file id → hash of what its rows are cleaned with."""

    study: Study
    codebooks: dict[str, Codebook]
    stations: pl.DataFrame
    places: Places
    key: bytes
    today: date
    contexts: dict[str, str]


def clean_batch(files: list[LogFile], around: Around) -> list[Account]:
    """Clean and store the files of one batch. First of all the persons go: only their numbers enter the database.

    Raises exit 11 for values outside a closed list.
    """
    rows = pl.concat([file.rows for file in files]).with_row_index("row_id")
    for file in files:
        file.rows = file.rows.clear()
    numbers, people = number_people(rows["person"], limits()["person"]["missing"])
    rows = rows.drop("person").with_columns(pl.col("row_id").cast(pl.Int64), numbers.alias("person_no"))
    with connect(around.study) as con:
        _register_inputs(con, files, rows, around)
        made: set[str] = set()
        build(con, "log_pairs", made)
        register(con, "log_keys", month_keys(con.sql("from log_pairs").pl(), people, around.key))
        build(con, "log_faults", made)
        _refuse_closed_codes(con, files)
        for target in ("log_events", "log_blanked", "log_day_only", "log_unknown"):
            build(con, target, made)
        accounts = [_account(con, file, around) for file in files]
    for account in accounts:
        write_account(around.study, account, around.contexts[account.source_file_id])
    return accounts


def _register_inputs(con: duckdb.DuckDBPyConnection, files: list[LogFile], rows: pl.DataFrame, around: Around) -> None:
    setting = settings(files, around.today)
    columns = pl.concat([file.columns for file in files])
    sources = {file.delivery.source.code: file.delivery.source for file in files}
    texts = rows.lazy().join(setting.lazy().select("source_file_id", "source_code", "area_code"), on="source_file_id")
    named = _found(texts, "area_code", "station", "station_name")
    register(con, "raw_log", rows)
    register(con, "log_settings", setting)
    register(con, "log_columns", columns)
    register(con, "log_needs", needs(columns))
    register(con, "station_openings", openings(around.stations))
    register(con, "station_spellings", station_spellings(named, around.places))
    register(con, "depot_spellings", depot_spellings(named, around.places))
    register(con, "code_spellings", code_spellings(_coded(texts), sources, around.codebooks))


def _account(con: duckdb.DuckDBPyConnection, file: LogFile, around: Around) -> Account:
    file_id = file.delivery.source_file_id
    faults = con.sql(
        f"select distinct source_file_id, {_ROW}, 'rejected' as fate, heading as column_name, reason_code from log_faults "
        f"where rejects and source_file_id = ? order by {_ROW}, column_name, reason_code",
        params=[file_id],
    ).pl()
    rejected = dict(faults.group_by("source_sheet").agg(pl.col("source_row").n_unique()).iter_rows())
    aside = dict(file.fates.group_by("source_sheet").agg(pl.col("source_row").n_unique()).iter_rows())
    of_clock = con.execute("select is_of_clock from log_bounds where source_file_id = ?", [file_id]).fetchall()[0][0]
    return Account(
        source_file_id=file_id,
        events=write_events(con, around.study, file_id, around.contexts[file_id]),
        sheets={sheet: (n, rejected.get(sheet, 0), aside.get(sheet, 0)) for sheet, n in file.n_read.items()},
        fates=together([file.fates, conform(faults, FATES)], FATES),
        notices=together([file.notices, *_seen(con, file_id)], NOTICES),
        unknown=_unknown(con, file),
        family=file.family,
        encoding=file.encoding,
        of_clock=of_clock and not faults.filter(pl.col("reason_code") == "future_time").is_empty(),
    )


def _unknown(con: duckdb.DuckDBPyConnection, file: LogFile) -> pl.DataFrame:
    """What the rows of a file say that nobody knows, masked (UNKNOWN); a log's rows have no place of their own."""
    source = file.delivery.source
    found = con.sql(
        "select source_file_id, source_sheet, source_row, n_rows, column_name, heading, reason_code, value_text "
        f"from log_unknown where source_file_id = ? order by {_ROW}, column_name, value_text",
        params=[file.delivery.source_file_id],
    ).pl()
    lists = ["station" if name == "station" else book_of(source, name) for name in found["column_name"]]
    return conform(
        found.with_columns(
            pl.lit(file.delivery.area_code).alias("area_code"), pl.col("heading").alias("column_name"),
            pl.Series("list_code", lists, dtype=pl.String), shown(found["value_text"]),
        ),
        UNKNOWN,
    )  # fmt: skip


def _seen(con: duckdb.DuckDBPyConnection, file_id: str) -> list[pl.DataFrame]:
    """Notices: surprises that count as blank, and days without a time of day."""
    blanked = con.execute(
        "select source_sheet, heading, reason_code, n from log_blanked where source_file_id = ? "
        "order by source_sheet, heading, reason_code",
        [file_id],
    ).fetchall()
    day_only = con.execute(
        "select source_sheet, n from log_day_only where source_file_id = ? order by source_sheet", [file_id]
    ).fetchall()
    notices = [notice(file_id, sheet, reason, heading, n) for sheet, heading, reason, n in blanked]
    return notices + [notice(file_id, sheet, "no_time_of_day", None, n) for sheet, n in day_only]


def _refuse_closed_codes(con: duckdb.DuckDBPyConnection, files: list[LogFile]) -> None:
    """Stop for values outside a closed list (`on_unknown = "stop"`), naming rows, never values."""
    found = con.execute(
        "select source_file_id, source_sheet, heading, count(distinct source_row), min(source_row) from log_faults "
        "where on_unknown = 'stop' and reason_code = 'unknown_code' group by source_file_id, source_sheet, heading "
        "order by source_file_id, source_sheet, heading"
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
