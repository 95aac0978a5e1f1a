"""What a block of rows gave → the accounts of the files it came from; and the last word on a file when all of it was read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from pipeline.clean.fates import NOTICES, conform, notice, together
from pipeline.clean.places.heard import shown
from pipeline.clean.places.unknown_values import UNKNOWN
from pipeline.contracts import Source
from pipeline.logs.block import Around, Found
from pipeline.logs.reading import LogSheet
from pipeline.logs.records import LogDelivery
from pipeline.logs.settings import limits, now_at
from pipeline.logs.spellings import book_of
from pipeline.logs.store import KEPT_FATES, Account, replace_fates, write_fates

_ORDER = ["source_sheet", "source_row", "fate", "column_name", "reason_code"]


def take(account: Account, found: Found, aside: pl.DataFrame, delivery: LogDelivery, around: Around) -> None:
    """Add what one block gave for one file. `aside`: fates of rows that are no records (FATES)."""
    faults, months, blanked, day_only, unknown = (
        frame.filter(pl.col("source_file_id") == account.source_file_id)
        for frame in (found.faults, found.months, found.blanked, found.day_only, found.unknown)
    )
    rejected = faults.filter("rejects").select(
        "source_file_id", "source_sheet", "source_row", pl.lit("rejected").alias("fate"),
        pl.col("heading").alias("column_name"), "reason_code", pl.lit(None, pl.String).alias("kept_row"), "local_at",
    )  # fmt: skip
    fates = together(
        [rejected.unique(), aside.with_columns(pl.lit(None, pl.Datetime("us")).alias("local_at"))], KEPT_FATES
    )
    if not fates.is_empty():
        write_fates(around.study, account, fates.sort(_ORDER))
    for sheet, n in rejected.group_by("source_sheet").agg(pl.col("source_row").n_unique()).iter_rows():
        account.count(sheet, rejected=n)
    for sheet, n in aside.group_by("source_sheet").agg(pl.col("source_row").n_unique()).iter_rows():
        account.count(sheet, aside=n)
    for _, month_at, n in months.iter_rows():
        account.months[f"{month_at:%Y-%m}"] = account.months.get(f"{month_at:%Y-%m}", 0) + n
    if "future_time" in faults["reason_code"]:
        account.of_clock = around.today.isoformat()
    account.notices = _added(account.notices, _noted(account.source_file_id, blanked, day_only))
    account.unknown = _known_once(account.unknown, _unknown(unknown, delivery))


def close(account: Account, sheets: list[LogSheet], around: Around) -> None:
    """The last word on a file, when all its rows are read: a lone time far after its other times is not believed. The files
    of such months go, and their rows are rejected; rows rejected for another reason get this one too."""
    before_at, is_of_clock = _bound(account, around)
    if before_at < now_at(around.today):
        late = [event for event in account.events if datetime.combine(event.month_on, datetime.min.time()) >= before_at]
        n_late = _reject(account, [event.path for event in late], before_at, sheets, around)
        account.events = [event for event in account.events if event not in late]
        if n_late:
            account.of_clock = around.today.isoformat()
    if not is_of_clock:
        account.of_clock = ""


def _bound(account: Account, around: Around) -> tuple[datetime, bool]:
    months = [(account.source_file_id, datetime.strptime(month, "%Y-%m"), n) for month, n in account.months.items()]
    times = limits()["times"]
    files = pl.DataFrame(
        {
            "source_file_id": [account.source_file_id], "now_at": [now_at(around.today)],
            "filled_rows": [times["filled_rows"]], "filled_share": [times["filled_share"]],
        }
    )  # fmt: skip
    kinds = {"source_file_id": pl.String, "month_at": pl.Datetime("us"), "n": pl.Int64}
    with around.engines.here() as steps:
        steps.engine.register("log_months", pl.DataFrame(months, orient="row", schema=kinds))
        steps.engine.register("log_files", files)
        bound = steps.rows("log_bounds", "source_file_id").row(0, named=True)
    return bound["before_at"], bound["is_of_clock"]


def _reject(account: Account, paths: list[Path], before_at: datetime, sheets: list[LogSheet], around: Around) -> int:
    """Rows after `before_at`: those stored in `paths` are rejected; of those rejected before, this is one more reason."""
    headings = {sheet.name: sheet.heading("used_at") for sheet in sheets}
    named = ["source_sheet", "source_row"]
    nothing = pl.DataFrame(schema={"source_sheet": pl.String, "source_row": pl.Int32})
    stored = pl.concat([nothing, *(pl.read_parquet(path, columns=named, hive_partitioning=False) for path in paths)])
    for sheet, n in stored.group_by("source_sheet").len().iter_rows():
        account.count(sheet, rejected=n)
    late = [stored.select("source_sheet", pl.col("source_row").cast(pl.Int64))]
    for path in account.fate_files(around.study):
        fates = pl.read_parquet(path)
        odd = fates.filter((pl.col("local_at") >= before_at) & (pl.col("local_at") < now_at(around.today)))
        if not odd.is_empty():
            late.append(odd.select("source_sheet", "source_row").unique())
            opened_later = (pl.col("local_at") >= before_at) & (pl.col("reason_code") == "before_opening")
            replace_fates(path, fates.filter(~opened_later.fill_null(False)))
    rows = pl.concat(late)
    if rows.is_empty():
        return 0
    fates = rows.with_columns(
        pl.lit(account.source_file_id).alias("source_file_id"), pl.lit("rejected").alias("fate"),
        pl.col("source_sheet").replace_strict(headings, default=None, return_dtype=pl.String).alias("column_name"),
        pl.lit("future_time").alias("reason_code"), pl.lit(None, pl.String).alias("kept_row"),
        pl.lit(None, pl.Datetime("us")).alias("local_at"),
    )  # fmt: skip
    write_fates(around.study, account, fates.sort(_ORDER))
    return rows.height


def _noted(file_id: str, blanked: pl.DataFrame, day_only: pl.DataFrame) -> pl.DataFrame:
    """Notices: surprises that count as blank, and days without a time of day."""
    told = [notice(file_id, sheet, reason, heading, n) for _, sheet, heading, reason, n in blanked.iter_rows()]
    return together(
        told + [notice(file_id, sheet, "no_time_of_day", None, n) for _, sheet, n in day_only.iter_rows()], NOTICES
    )


def _added(before: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Notices of several blocks: those of one kind are one."""
    by = [name for name in NOTICES if name != "n"]
    counted = together([before, more], NOTICES).group_by(by, maintain_order=True)
    return counted.agg(pl.when(pl.col("n").is_not_null().any()).then(pl.col("n").sum()).alias("n")).select(*NOTICES)


def _unknown(found: pl.DataFrame, delivery: LogDelivery) -> pl.DataFrame:
    """What the rows of a file say that nobody knows, masked (UNKNOWN); a log's rows have no place of their own."""
    lists = [_list_of(delivery.source, name) for name in found["column_name"]]
    return found.select(
        "source_file_id", pl.lit(delivery.area_code).alias("area_code"), "source_sheet", "source_row", "n_rows",
        pl.col("heading").alias("column_name"), pl.Series("list_code", lists, dtype=pl.String),
        shown(found["value_text"]), "reason_code",
    )  # fmt: skip


def _list_of(source: Source, name: str) -> str:
    return "station" if name == "station" else book_of(source, name)


def _known_once(before: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Unknown texts of several blocks: rows that say the same are counted together."""
    frame = together([before, conform(more, UNKNOWN)], UNKNOWN)
    by = [name for name in UNKNOWN if name not in ("source_row", "n_rows")]
    counted = frame.group_by(by, maintain_order=True).agg(pl.col("source_row").min(), pl.col("n_rows").sum())
    return conform(counted, UNKNOWN)
