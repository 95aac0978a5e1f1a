"""Reviewed corrections put into text tables before anything is typed; one that no longer fits stops the run.

A correction names one cell of one received file and the value it replaces. If that value is not there any more (the file
was sent again, the row moved), nobody knows whether the correction still holds: it has to be looked at again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from pipeline.contracts import Source
from pipeline.contracts.codebook import normal
from pipeline.contracts.corrections import Correction
from pipeline.contracts.deliveries import RawFile
from pipeline.errors import Problem
from pipeline.privacy import is_personal_heading, mask_contacts
from pipeline.readers import TextTable

Claim = tuple[RawFile, TextTable]
APPLIED = {
    "source_file_id": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "column_name": pl.String,
    "reason": pl.String, "reviewed_on": pl.Date, "decided_in": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Corrected:
    """The claims with corrected tables, one row per correction (audit.corrections), and what no longer fits."""

    claims: dict[str, list[Claim]]
    applied: pl.DataFrame
    problems: list[Problem]


def correct(claims: dict[str, list[Claim]], corrections: list[Correction], sources: dict[str, Source]) -> Corrected:
    """Apply every correction to the table it names. The input is not changed.

    `problems` (exit 11) hold every correction whose source, file, row or column is not there, whose old value is
    another now, that speaks of a personal column, or that contradicts another one.
    """
    made = {code: list(found) for code, found in claims.items()}
    applied, problems = [], []
    decided: dict[tuple[str, str, int, str], Correction] = {}
    for correction in corrections:
        at = _place(claims.get(correction.source, []), correction)
        table = claims[correction.source][at][1] if at is not None else None
        heading = _heading(table, correction) if table is not None else None
        fault = _misfit(correction, table, heading, sources)
        if fault is None:
            key = (claims[correction.source][at][0].file_id, table.sheet, correction.row, heading)
            fault = _twice(correction, decided[key]) if key in decided else None
            decided.setdefault(key, correction)
        if fault is not None:
            problems.append(fault)
            continue
        file, so_far = made[correction.source][at]
        made[correction.source][at] = (file, _with_value(so_far, heading, correction))
        applied.append((*key, correction.reason, correction.reviewed_on, f"{correction.path.name} {correction.number}"))
    return Corrected(made, pl.DataFrame(applied, schema=APPLIED, orient="row"), problems)


def _place(claimed: list[Claim], correction: Correction) -> int | None:
    """Which claimed table holds the row."""
    for at, (file, table) in enumerate(claimed):
        is_named = file.shown == correction.file and correction.sheet in (None, table.sheet)
        if is_named and correction.row in table.frame["source_row"]:
            return at
    return None


def _heading(table: TextTable, correction: Correction) -> str | None:
    wanted = normal(correction.column)
    return next((heading for heading in table.columns if normal(heading) == wanted), None)


def _misfit(
    correction: Correction, table: TextTable | None, heading: str | None, sources: dict[str, Source]
) -> Problem | None:
    """Why a correction cannot be applied, if it cannot. A value of a personal column is never looked at."""
    source = sources.get(correction.source)
    if source is None or source.kind != "ledger":
        known = " ".join(sorted(code for code, one in sources.items() if one.kind == "ledger"))
        return _stale(correction, "没有这个台账来源", "there is no such ledger source", correction.source, known)
    if _is_personal(source, correction.column):
        return _stale(correction, "个人信息列读入时即删除，不必更正", "a personal column is dropped on reading, nothing to correct")  # fmt: skip
    if table is None:
        return _stale(correction, "找不到这份文件或这一行", "the file or the row is not there")
    if heading is None:
        return _stale(correction, "该行没有这一列", "the row has no such column", correction.column)
    now = _cell(table, heading, correction.row)
    if now.strip() != correction.expect.strip():
        shown = mask_contacts(pl.Series([now])).item()
        return _stale(correction, "原值已经变了", "the old value is another one now", shown, correction.expect)
    return None


def _cell(table: TextTable, heading: str, row: int) -> str:
    physical = f"c{table.columns.index(heading)}"
    return table.frame.filter(pl.col("source_row") == row)[physical].item() or ""


def _with_value(table: TextTable, heading: str, correction: Correction) -> TextTable:
    physical = f"c{table.columns.index(heading)}"
    value = pl.lit(correction.value or None, dtype=pl.String)
    here = pl.col("source_row") == correction.row
    changed = table.frame.with_columns(pl.when(here).then(value).otherwise(pl.col(physical)).alias(physical))
    return replace(table, frame=changed)


def _is_personal(source: Source, heading: str) -> bool:
    column = next((c for c in source.columns if normal(heading) in map(normal, c.headings)), None)
    return column.personal is not None if column else is_personal_heading(heading)


def _where(correction: Correction) -> str:
    sheet = f" [{correction.sheet}]" if correction.sheet else ""
    return f"{correction.where}：{correction.file}{sheet} 第{correction.row}行「{correction.column}」"


def _stale(correction: Correction, zh: str, en: str, got: str = "", expected: str = "") -> Problem:
    return Problem(
        "correction_stale", _where(correction),
        f"更正不再适用：{zh}", f"the correction no longer applies: {en}", got=got, expected=expected,
        do_zh="请核对原文件后修改或删去这条更正", do_en="look at the file again, then mend or delete this correction",
    )  # fmt: skip


def _twice(correction: Correction, first: Correction) -> Problem:
    return Problem(
        "correction_twice", correction.where, "同一格有两条更正", "two corrections of one cell", got=first.where,
        do_zh="请只留一条", do_en="keep one of them",
    )  # fmt: skip
