"""Events that stand for an earlier one, looked for among everything a build means."""

from __future__ import annotations

import polars as pl

from pipeline.clean.fates import FATES, conform
from pipeline.logs.records import LogDelivery
from pipeline.logs.steps import build, connect, register
from pipeline.logs.store import Account
from pipeline.paths import Study


def find_twins(accounts: list[Account], deliveries: list[LogDelivery], study: Study) -> pl.DataFrame:
    """Fates of all events that stand for an earlier one, among everything this build means."""
    paths = sorted(event.path.as_posix() for account in accounts for event in account.events)
    if not paths:
        return pl.DataFrame(schema=FATES)
    sources = pl.DataFrame(
        [(item.source_file_id, item.source.code, round(item.source.duplicate_window_minutes * 60)) for item in deliveries],
        schema={"source_file_id": pl.String, "source_code": pl.String, "window_seconds": pl.Int64}, orient="row",
    )  # fmt: skip
    with connect(study) as con:
        register(con, "log_sources", sources)
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
