"""What is known of each month of events: which of them are duplicates, and the counts made from the others.

A month is built again only when its files have changed, or those of the month before whose last days may hold twins of its
first: the files made for it are named by a hash of what they are made from.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from pipeline.clean.fates import FATES
from pipeline.logs.records import LogDelivery
from pipeline.logs.steps import CUBES, Engines, Steps, statements
from pipeline.logs.store import put
from pipeline.warehouse.load import EventFile

TWINS = "duplicates"
_TWINS = {**FATES, "used_at": pl.Datetime("us")}
_IN_ORDER = 100_000  # events of a month: up to these its counts are sorted, so that the same input gives the same bytes
_AT_A_TIME = 2
_EDGE = timedelta(days=2)  # how far before a month the twins of its first day are looked for


@dataclass(frozen=True)
class Month:
    """The files made for one month: the fates of its duplicates, and one per cube, by name."""

    month_on: date
    twins: Path
    cubes: dict[str, Path]
    is_fresh: bool

    @property
    def files(self) -> list[Path]:
        """All of them."""
        return [self.twins, *self.cubes.values()]


def build_months(events: list[EventFile], deliveries: list[LogDelivery], engines: Engines) -> list[Month]:
    """Duplicates and cubes of every month, from all event files this build means. One month leaves a processor idle now and
    then: several are built at a time."""
    by_month: dict[date, list[EventFile]] = {}
    for event in events:
        by_month.setdefault(event.month_on, []).append(event)
    sources = _sources(deliveries)
    n_at_a_time = 1 if engines.remote is not None else min(_AT_A_TIME, os.cpu_count() or 1)
    with ThreadPoolExecutor(n_at_a_time) as pool:
        edges = [_edge(month_on, by_month, deliveries, engines) for month_on in sorted(by_month)]
        done = pool.map(
            lambda month_on, edge: _month(month_on, by_month[month_on], edge, sources, engines), sorted(by_month), edges
        )
        return list(done)


def _month(
    month_on: date, events: list[EventFile], edge: list[EventFile], sources: pl.DataFrame, engines: Engines
) -> Month:
    paths, before = sorted(event.path for event in events), sorted(event.path for event in edge)
    name = f"{month_on:%Y-%m}-{_hash(paths, before, sources)}"
    twins, *cubes = (engines.study.events / "months" / f"{name}-{part}.parquet" for part in (TWINS, *CUBES))
    is_fresh = not all(path.exists() for path in (twins, *cubes))
    month = Month(month_on, twins, dict(zip(CUBES, cubes, strict=True)), is_fresh)
    if is_fresh:
        with engines.steps() as steps:
            _find_twins(steps, month, paths, before, sources)
            _count(steps, month, sum(event.n_rows for event in events))
    return month


def _edge(
    month_on: date, by_month: dict[date, list[EventFile]], deliveries: list[LogDelivery], engines: Engines
) -> list[EventFile]:
    """The files of the month before that may hold twins of this month's first day: those whose uses are known by an id (a
    pseudonym ends with its month, unless the place may link them)."""
    known = {
        item.source_file_id
        for item in deliveries
        if engines.is_linked or any(column.name == "event_id" for column in item.source.columns)
    }
    return [event for event in by_month.get((month_on - _EDGE).replace(day=1), []) if event.source_file_id in known]


def _find_twins(steps: Steps, month: Month, paths: list[Path], edge: list[Path], sources: pl.DataFrame) -> None:
    start = datetime.combine(month.month_on, datetime.min.time())
    engine = steps.engine
    engine.register("log_sources", sources)
    engine.register("log_month", pl.DataFrame({"month_at": [start]}, schema={"month_at": pl.Datetime("us")}))
    engine.read("log_month_events", paths)
    rows = "select * from log_month_events"
    if edge:
        engine.read("log_edge_events", edge)
        rows += f" union all select * from log_edge_events where used_at >= timestamp '{start - _EDGE}'"
    engine.view(
        "log_stored",
        f"select e.*, s.source_code, s.window_seconds from ({rows}) as e join log_sources as s on s.source_file_id = e.source_file_id",
    )
    steps.build("log_duplicates")
    _keep(steps, "log_duplicates", list(_TWINS), ["source_file_id", "source_sheet", "source_row"], month.twins)


def _count(steps: Steps, month: Month, n_rows: int) -> None:
    steps.engine.read("log_twins", [month.twins])
    for name, path in month.cubes.items():
        steps.build(name)
        columns = steps.engine.fetch(f"select * from {name} where false").columns
        _keep(steps, name, columns, columns if n_rows < _IN_ORDER else [], path)


def _keep(steps: Steps, table: str, columns: list[str], order: list[str], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    (part,) = steps.engine.write(table, columns, [], order, path.with_suffix(".part"))
    put(part.path, path)
    part.path.parent.rmdir()


def _sources(deliveries: list[LogDelivery]) -> pl.DataFrame:
    return pl.DataFrame(
        [(item.source_file_id, item.source.code, round(item.source.duplicate_window_minutes * 60)) for item in deliveries],
        schema={"source_file_id": pl.String, "source_code": pl.String, "window_seconds": pl.Int64}, orient="row",
    ).unique().sort("source_file_id")  # fmt: skip


def _hash(paths: list[Path], edge: list[Path], sources: pl.DataFrame) -> str:
    """12 characters that change with anything a month is made from. Event files are immutable: their names stand for them."""
    names = sorted(path.name for path in paths), sorted(path.name for path in edge)
    windows = [row for row in sources.rows() if any(name.startswith(f"{row[0]}-") for part in names for name in part)]
    parts = (repr(names), repr(windows), repr(sorted(statements().items())))
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()[:12]
