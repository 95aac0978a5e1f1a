"""Service logs → events: one immutable set of Parquet files per source file, cleaned in SQL that runs on any engine."""

from pipeline.logs.load import load_logs
from pipeline.logs.records import LogDelivery, LogResult
from pipeline.logs.store import remove_unreferenced

__all__ = ["LogDelivery", "LogResult", "load_logs", "remove_unreferenced"]
