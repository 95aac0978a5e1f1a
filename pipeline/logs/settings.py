"""What the contracts and log_limits.toml say, as the small tables that the SQL joins; and the hash of all of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import polars as pl

from pipeline.contracts import Codebook, Source, load_toml
from pipeline.logs.reading import LogSheet
from pipeline.logs.records import LogDelivery
from pipeline.logs.spellings import CODED, book_of
from pipeline.paths import METADATA, PACKAGE
from pipeline.privacy import key_fingerprint

_LIMITS = METADATA / "log_limits.toml"
COUNTED = ("n_visits", "n_persons", "duration_minutes")
_MAY_LACK = ("year_text", "set_service", "set_user_group", "set_outcome")
_READ_BY = (
    "logs", "readers", "contracts/codebook.py", "contracts/codebook_files.py", "contracts/spellings.py",
    "clean/sheets/columns.py", "clean/sheets/heading_units.py", "clean/sheets/wide.py", "clean/sheets/own_sheets.py",
    "clean/values", "clean/places/known_places.py", "clean/places/heard.py", "clean/places/unknown_values.py", "privacy",
    "metadata/privacy.toml",
)  # fmt: skip


@cache
def limits() -> dict[str, Any]:
    """The thresholds of log_limits.toml."""
    return load_toml(_LIMITS)


def offset_minutes(delivery: LogDelivery) -> int:
    """How far the area's wall clock is ahead of UTC."""
    hours = delivery.area_offset_hours
    return round((limits()["times"]["area_offset_hours"] if hours is None else hours) * 60)


def now_at(today: date) -> datetime:
    """No use lies after this: the day after the day of the build, to the end, whatever the clock of a device says."""
    return datetime.combine(today, datetime.min.time()) + timedelta(days=2)


def sheet_tables(sheets: list[LogSheet], years: list[str | None], today: date) -> dict[str, pl.DataFrame]:
    """The small tables that the SQL joins, by name: `log_sheets`, one row per sheet, with everything to know of its contract;
    `log_columns`, one per column that a sheet has; `log_limits`, one per column that counts."""
    rows = [_sheet(number, sheet, year, today) for number, (sheet, year) in enumerate(zip(sheets, years, strict=True))]
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(_MAY_LACK, pl.String), infer_schema_length=None)
    columns = [sheet.columns.with_columns(pl.lit(i, pl.Int64).alias("sheet_no")) for i, sheet in enumerate(sheets)]
    ranges = [(i, name, *_range(sheet.delivery.source, name)) for i, sheet in enumerate(sheets) for name in COUNTED]
    return {
        "log_sheets": frame,
        "log_columns": pl.concat(columns),
        "log_limits": pl.DataFrame(ranges, schema=["sheet_no", "column_name", "min_number", "max_number"], orient="row"),
    }  # fmt: skip


def _sheet(number: int, sheet: LogSheet, year: str | None, today: date) -> dict[str, Any]:
    source, needed = sheet.delivery.source, sheet.columns.filter("is_needed")["column_name"].to_list()
    fixed = {name: value for table in source.tables for name, value in table.set.items()}
    utc_offset = round(source.utc_offset_hours * 60)
    return {
        "sheet_no": number,
        "source_file_id": sheet.delivery.source_file_id,
        "source_sheet": sheet.name,
        "source_code": source.code,
        "area_code": sheet.delivery.area_code,
        "grain": source.grain,
        "utc_offset_minutes": utc_offset,
        "area_offset_minutes": offset_minutes(sheet.delivery),
        "shift_minutes": offset_minutes(sheet.delivery) - utc_offset,
        "year_text": year,
        "earliest_at": datetime.combine(limits()["times"]["earliest_on"], datetime.min.time()),
        "now_at": now_at(today),
        "set_service": fixed.get("service_code"),
        "set_user_group": fixed.get("user_group_code"),
        "set_outcome": fixed.get("outcome_code"),
        "needs_event_id": "event_id" in needed,
        "needs_person": "person" in needed,
    }


def _range(source: Source, name: str) -> tuple[float, float]:
    column = next((column for column in source.columns if column.name == name), None)
    least, most = limits()[name]["min"], limits()[name]["max"]
    if column is None:
        return float(least), float(most)
    return float(least if column.min is None else column.min), float(most if column.max is None else column.max)


def context_hash(
    delivery: LogDelivery,
    codebooks: dict[str, Codebook],
    stations: pl.DataFrame,
    aliases: list[dict[str, Any]],
    key: bytes,
    depots: pl.DataFrame | None = None,
    is_linked: bool = False,
) -> str:
    """8 characters that change with anything the cleaned rows of a file depend on besides the file itself: contract,
    code lists, registers and aliases of the area, limits, key, and the code that reads and cleans logs."""
    books = [codebooks[book_of(delivery.source, name)] for name in CODED if book_of(delivery.source, name) in codebooks]
    names = [
        name for name in ("station_id", "area_code", "local_code", "name", "opened_on") if name in stations.columns
    ]
    here = stations.filter(pl.col("area_code") == delivery.area_code).select(names) if names else stations
    known = [
        [str(alias[name]) for name in ("alias", "local_code")]
        for alias in aliases
        if alias["kind"] in ("station", "depot") and alias["area_code"] == delivery.area_code
    ]
    parts = (
        repr(replace(delivery.source, path=None)),
        delivery.area_code,
        str(offset_minutes(delivery)),
        repr([(book.name, book.codes, book.missing) for book in books]),
        repr(sorted(map(repr, here.iter_rows()))),
        repr(sorted(known)),
        repr(_names_of_depots(depots, delivery.area_code)),
        key_fingerprint(key),
        str(is_linked),
        _code_hash(),
        repr([(table.path.name, table.sheet, table.columns, table.frame.rows()) for table in delivery.tables]),
    )
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()[:8]


def _names_of_depots(depots: pl.DataFrame | None, area: str) -> list[str]:
    return [] if depots is None or depots.is_empty() else sorted(depots.filter(pl.col("area_code") == area)["name"])


@cache
def _code_hash() -> str:
    digest = hashlib.sha256(_LIMITS.read_bytes())
    for name in _READ_BY:
        path = PACKAGE / name
        files = [path] if path.is_file() else sorted([*path.rglob("*.py"), *path.rglob("*.sql")])
        for file in files:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
