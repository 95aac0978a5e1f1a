"""Service logs → events: one immutable set of Parquet files per source file, cleaned in SQL that runs on any engine."""

from pipeline.logs.clearing import remove_unreferenced
from pipeline.logs.load import load_logs
from pipeline.logs.records import LogDelivery, LogResult

__all__ = ["LogDelivery", "LogResult", "load_logs", "remove_unreferenced"]
