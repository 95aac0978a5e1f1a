"""Bytes on disk → text tables, each row with its origin (file, sheet, row). Decided by content, never by extension."""

from pipeline.readers.inspect import inspect_file
from pipeline.readers.read import read_file
from pipeline.readers.text_table import TextTable

__all__ = ["TextTable", "inspect_file", "read_file"]
