"""Warehouses by the dozen: the schema is written once and copied, the order of the marts found once."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from unittest.mock import patch

import duckdb

from pipeline.warehouse import marts
from pipeline.warehouse.load import create

ORDER = cache(marts.order)


@cache
def _template() -> tuple[Path, tempfile.TemporaryDirectory]:
    """A warehouse file as `create` makes it; its folder goes when the process ends."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    path = Path(folder.name) / "empty.duckdb"
    create(path).close()
    return path, folder


def empty_warehouse() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with the tables, keys and checks of `create`, a tenth of the time."""
    path, _ = _template()
    con = duckdb.connect()
    con.execute(f"attach '{path.as_posix()}' as template (read_only)")
    con.execute("copy from database template to memory")
    con.execute("detach template")
    return con


def build_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Every mart as `marts.build` makes it."""
    with patch.object(marts, "order", ORDER):
        marts.build(con)
