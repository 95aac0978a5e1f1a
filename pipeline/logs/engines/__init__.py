"""The engines that run the log room's SQL: DuckDB in this process, or Spark Connect somewhere else."""

from __future__ import annotations

import os

from pipeline.logs.engines.duckdb_engine import DuckDBEngine
from pipeline.logs.engines.protocol import Engine, Part
from pipeline.logs.engines.spark_engine import SparkEngine
from pipeline.paths import Study

__all__ = ["DuckDBEngine", "Engine", "Part", "SparkEngine", "open_engine"]

EXCHANGE_VARIABLE = "WARM_STATIONS_EXCHANGE"


def open_engine(study: Study, remote: str | None = None) -> Engine:
    """The engine at `remote`, or DuckDB where none is named; to be used in a `with`.

    What DuckDB cannot keep in memory, and what a remote engine and we hand each other, lies beside the study's events;
    WARM_STATIONS_EXCHANGE names another folder or object store for the latter. Raises exit 3 and exit 10 (SparkEngine).

    >>> from pipeline.paths import study
    >>> with open_engine(study("data")) as engine:
    ...     engine.name
    'duckdb'
    """
    if remote is None:
        return DuckDBEngine(study.events / "spill")
    return SparkEngine(remote, os.environ.get(EXCHANGE_VARIABLE) or (study.events / "exchange").as_posix())
