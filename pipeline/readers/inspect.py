"""What the readers see in a file, for a person before a run: tables, headings, rows kept and set aside. No cell values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.readers.read import read_file
from pipeline.readers.text_table import TextTable

_SAMPLE = 1000  # different values that decide the kind of a column
_DAY = r"(?:\d{4}\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?"
_KINDS = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in (
        (
            "date",
            r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?|\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|\d{1,2}月\d{1,2}[日号]",
        ),
        ("datetime", rf"{_DAY}[T\s]+\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?(?:\.\d+)?\s*(?:Z|[+-]\d{{2}}:?\d{{2}})?"),
        ("phone", r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?:\.0)?|0\d{2,3}-\d{7,8}"),
        ("time", r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"),
        ("number", r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?\s*%?"),
        ("tick", r"[√✓✔☑○●◯×✗✘╳☐xX/-]|是|否|有|无|y|n|yes|no|true|false|对|错|[01]"),
    )
}
_PHONE_HEADING = re.compile(r"电话|手机|phone|mobile", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"[\d０-９]{7}")


def inspect_file(path: Path | str, *, tables: list[TextTable] | None = None) -> dict[str, Any]:
    """The object of `inspect --json` for one file; its keys are an interface.

    `first_row` and `last_row` are the first and last record (of a hidden sheet: the first and last row set aside).
    `kind` of a column: text, number, date, datetime, time, tick, phone, empty, or mixed (values of one kind, but not all).
    """
    found = read_file(path) if tables is None else tables
    families = [table.family for table in found if not table.is_hidden] or [found[0].family]
    survey = [family for family in families if family != "ledger"]
    return {
        "path": Path(path).as_posix(),
        "family": (survey or families)[0],
        "encoding": found[0].encoding,
        "encoding_evidence": found[0].encoding_evidence,
        "sheets": [_sheet(table) for table in found],
    }


def _sheet(table: TextTable) -> dict[str, Any]:
    kept = table.frame["source_row"]
    counted = kept if len(kept) and not table.is_hidden else pl.concat([kept, table.set_aside["source_row"]]).sort()
    return {
        "name": table.sheet,
        "visibility": table.visibility,
        "header_rows": list(table.header_rows),
        "first_row": counted.min(),
        "last_row": counted.max(),
        "n_rows": 0 if table.is_hidden else table.frame.height,
        "n_set_aside": table.n_read if table.is_hidden else table.set_aside.height,
        "columns": [
            {"name": name, "kind": column_kind(table.frame[f"c{i}"], name)} for i, name in enumerate(table.columns)
        ],
    }  # fmt: skip


def column_kind(values: pl.Series, heading: str = "") -> str:
    """What a column holds, from its text (and, for phones, from its heading: they are written in too many ways).

    >>> column_kind(pl.Series(["2023-05-14", "2023年5月14日"])), column_kind(pl.Series(["√", None, "×"]))
    ('date', 'tick')
    >>> column_kind(pl.Series(["1", "2", "约20"])), column_kind(pl.Series(["甲", "乙"]))
    ('mixed', 'text')
    """
    seen = {text for value in values.drop_nulls().unique(maintain_order=True).head(_SAMPLE) if (text := value.strip())}
    if not seen:
        return "empty"
    if _PHONE_HEADING.search(heading) and sum(bool(_LONG_NUMBER.search(text)) for text in seen) >= len(seen) / 2:
        return "phone"
    shares = {kind: sum(bool(form.fullmatch(text)) for text in seen) / len(seen) for kind, form in _KINDS.items()}
    whole = [kind for kind, share in shares.items() if share == 1]
    if whole == ["number", "tick"]:
        return "tick" if seen == {"0", "1"} else "number"
    if shares["phone"] >= 0.5:
        return "phone"
    return whole[0] if whole else "mixed" if max(shares.values()) >= 0.5 else "text"
