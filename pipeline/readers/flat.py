"""Nested records flattened: `a.b` for objects in objects, lists kept as JSON text, numbers as written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import polars as pl


def flatten(record: dict[str, Any], before: str = "") -> dict[str, str]:
    """One record as name → text; null and empty values are left out.

    >>> flatten({"station": {"code": "S1"}, "tags": ["a", "b"], "n": "3", "ok": True, "none": None})
    {'station.code': 'S1', 'tags': '["a", "b"]', 'n': '3', 'ok': 'TRUE'}
    """
    flat: dict[str, str] = {}
    for name, value in record.items():
        if value.__class__ is str:
            flat[before + name] = value
        elif isinstance(value, dict) and value:
            flat |= flatten(value, f"{before}{name}.")
        elif isinstance(value, bool):
            flat[before + name] = "TRUE" if value else "FALSE"
        elif value is not None:
            flat[before + name] = json.dumps(value, ensure_ascii=False)
    return flat


def text_frame(records: Sequence[dict[str, str]], source_rows: Sequence[int]) -> tuple[list[str], pl.DataFrame]:
    """Names in order of first appearance, and the records as c0..cN with their origin."""
    names = list(dict.fromkeys(name for record in records for name in record))
    columns: dict[str, Any] = {
        f"c{i}": pl.Series([record.get(name) or None for record in records], dtype=pl.String)
        for i, name in enumerate(names)
    }
    columns["source_row"] = pl.Series(source_rows, dtype=pl.Int64)
    return names, pl.DataFrame(columns)
