"""What the contracts and log_limits.toml say, as the small tables that the SQL joins; and the hash of all of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import polars as pl

from pipeline.contracts import Codebook, Source, load_toml
from pipeline.logs.reading import TEXTS, LogFile
from pipeline.logs.records import LogDelivery
from pipeline.logs.spellings import CODED, book_of
from pipeline.paths import METADATA, PACKAGE
from pipeline.privacy import key_fingerprint

_LIMITS = METADATA / "log_limits.toml"
_RANGES = {"visits": "n_visits", "persons": "n_persons", "minutes": "duration_minutes"}
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


def settings(files: list[LogFile], today: date) -> pl.DataFrame:
    """One row per file: everything the SQL has to know of its contract."""
    times = limits()["times"]
    rows = []
    for file in files:
        source = file.delivery.source
        fixed = {name: value for table in source.tables for name, value in table.set.items()}
        row: dict[str, Any] = {
            "source_file_id": file.delivery.source_file_id,
            "source_code": source.code,
            "area_code": file.delivery.area_code,
            "grain": source.grain,
            "utc_offset_minutes": round(source.utc_offset_hours * 60),
            "area_offset_minutes": offset_minutes(file.delivery),
            "year_text": file.year,
            "earliest_at": datetime.combine(times["earliest_on"], datetime.min.time()),
            "now_at": datetime.combine(today, datetime.min.time()) + timedelta(days=2),
            "filled_rows": times["filled_rows"],
            "filled_share": times["filled_share"],
            "set_service": fixed.get("service_code"),
            "set_user_group": fixed.get("user_group_code"),
            "set_outcome": fixed.get("outcome_code"),
        }
        for short, name in _RANGES.items():
            row[f"min_{short}"], row[f"max_{short}"] = _range(source, name)
        rows.append(row)
    text = dict.fromkeys(("year_text", "set_service", "set_user_group", "set_outcome"), pl.String)
    return pl.DataFrame(rows, schema_overrides=text, infer_schema_length=None)


def needs(columns: pl.DataFrame) -> pl.DataFrame:
    """One row per file and sheet: for every canonical column, whether it must hold a value in each row."""
    return columns.group_by("source_file_id", "source_sheet", maintain_order=True).agg(
        ((pl.col("column_name") == name) & pl.col("is_needed")).any().alias(name) for name in ("person", *TEXTS)
    )


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
