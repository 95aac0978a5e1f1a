"""What several findings of one run ask for is worked out once and kept with the connection, as long as nothing can change under it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import duckdb

from pipeline.findings.finding import Context

T = TypeVar("T")
_KEPT: WeakKeyDictionary[duckdb.DuckDBPyConnection, dict[Hashable, Any]] = WeakKeyDictionary()


def once(con: duckdb.DuckDBPyConnection, key: Hashable, work: Callable[[], T]) -> T:
    """The result of `work`, from memory where this connection was asked for `key` before; whoever gets it must not change it.

    A warehouse that can be written to is asked every time.
    """
    if not _is_read_only(con):
        return work()
    kept = _KEPT.setdefault(con, {})
    if key not in kept:
        kept[key] = work()
    return kept[key]


def asked(context: Context) -> tuple[Hashable, ...]:
    """What of a context figures depend on: the period and the place, not the reader."""
    return context.period, context.starts_on, context.ends_on, context.last_on, context.areas


def _is_read_only(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(con.sql("select bool_and(readonly) from duckdb_databases() where not internal").fetchall()[0][0])
