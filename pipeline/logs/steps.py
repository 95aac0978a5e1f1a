"""The SQL files of this folder, run in the order that the SQL itself tells: one SELECT each, the table is the file's name.

Only functions that DuckDB, Sail and Spark agree on stand in them (tests/unit/logs/test_log_sql_files.py refuses others).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from pipeline.logs.engines import Engine, open_engine
from pipeline.paths import Study
from pipeline.warehouse.marts import BY_MONTH

FOLDER = Path(__file__).resolve().parent
CUBES = tuple(sorted(path.stem for path in BY_MONTH.glob("*.sql")))  # counts per month, kept as files
SMALL = ("log_said",)  # joined with every row
_VIEWS = ("log_events", "log_kept", *CUBES)  # written, or counted, as they stream


@cache
def statements() -> dict[str, str]:
    """Every SELECT by the name of the table it makes."""
    return {
        path.stem: path.read_text(encoding="utf-8") for path in sorted([*FOLDER.glob("*.sql"), *BY_MONTH.glob("*.sql")])
    }


@cache
def sources() -> dict[str, tuple[str, ...]]:
    """What each SELECT reads, by DuckDB's own parser (an empty database: it only has to read the SQL)."""
    with duckdb.connect() as parser:
        return {name: tuple(sorted(parser.get_table_names(sql))) for name, sql in statements().items()}


@cache
def needed_for(target: str) -> tuple[str, ...]:
    """The tables to make for `target`, in order, each after those it reads; `target` is the last."""
    done: set[str] = set()
    order: list[str] = []

    def visit(name: str) -> None:
        if name in done or name not in statements():
            return
        done.add(name)
        for source in sources()[name]:
            visit(source)
        order.append(name)

    visit(target)
    return tuple(order)


@cache
def passing() -> frozenset[str]:
    """Those that one other SELECT reads, once: they stay views, so that rows stream through them without being kept."""
    readers = Counter(
        source
        for name, reads in sources().items()
        for source in reads
        for _ in re.findall(rf"\b{source}\b", statements()[name])
    )
    return frozenset(name for name in statements() if readers[name] == 1)


class Steps:
    """The tables made so far on one engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._made: set[str] = set()

    def build(self, target: str) -> None:
        """Make `target` and whatever it still lacks."""
        for name in needed_for(target):
            if name in self._made:
                continue
            if name in SMALL:
                self.engine.small(name, statements()[name])
            elif name in _VIEWS or (name in passing() and name != target):
                self.engine.view(name, statements()[name])
            else:
                self.engine.table(name, statements()[name])
            self._made.add(name)

    def rows(self, target: str, order: str) -> pl.DataFrame:
        """The rows of a table, made if need be, in a fixed order."""
        self.build(target)
        return self.engine.fetch(f"select * from {target} order by {order}")


@dataclass(frozen=True)
class Engines:
    """Where the SQL of one load runs: a fresh DuckDB for each piece of work, or the one engine at `remote` for all of them."""

    study: Study
    remote: Engine | None = None

    @contextmanager
    def steps(self) -> Iterator[Steps]:
        """An engine on which nothing is made yet."""
        if self.remote is not None:
            yield Steps(self.remote)
            return
        with self.here() as steps:
            yield steps

    @contextmanager
    def here(self) -> Iterator[Steps]:
        """DuckDB on this machine, whatever runs the rest."""
        with open_engine(self.study) as engine:
            yield Steps(engine)


@contextmanager
def open_engines(study: Study, remote: str | None = None) -> Iterator[Engines]:
    """The engines of one load. Raises exit 3 and exit 10 where `remote` cannot be used."""
    if remote is None:
        yield Engines(study)
        return
    with open_engine(study, remote) as engine:
        yield Engines(study, engine)
