"""Read a register back from an Open Referral HSDS 3 package that we wrote: the clean tables it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.errors import CONTRACT, Problem, fail
from pipeline.readers.hsds import back
from pipeline.readers.hsds.check import problems_of
from pipeline.readers.hsds.tables import read_tables

__all__ = ["Stations", "read_register"]


@dataclass(frozen=True, eq=False)
class Stations:
    """Open columns of clean.stations, and of clean.station_services and clean.station_hours as of each station's latest
    ledger: same names, types and values, ordered by key."""

    stations: pl.DataFrame
    services: pl.DataFrame
    hours: pl.DataFrame


def read_register(folder: Path) -> Stations:
    """The register in `folder`, checked against the standard first.

    Exit 11 with every problem of every file: a file or column that is missing, a required cell that is empty, an id that
    is there twice or points nowhere, a value of the wrong kind; and, for packages of others, what a station of ours must
    have (class, ledger date …) and theirs does not.
    """
    tables, problems = read_tables(Path(folder))
    problems += problems_of(tables)
    if problems:
        fail(CONTRACT, *problems)
    found = Stations(back.stations(tables), back.services(tables), back.hours(tables))
    lacking = [
        *_lacking("stations", found.stations),
        *_lacking("station_services", found.services),
        *_lacking("station_hours", found.hours),
    ]
    if lacking:
        fail(CONTRACT, *lacking)
    return found


def _lacking(table: str, frame: pl.DataFrame) -> list[Problem]:
    """Columns of ours that must have a value and have none in some row."""
    return [
        Problem("hsds_invalid", f"clean.{table}.{name}", "不是本程序写出的名录，缺少驿站必有的内容",
                "not a register written by this program: something every station has is missing",
                got=f"{n} / {frame.height}", do_zh="请用 python -m pipeline hsds 重新生成",
                do_en="write it again with python -m pipeline hsds")
        for name in back.required(table)
        if (n := frame[name].null_count())
    ]  # fmt: skip
