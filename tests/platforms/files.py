"""Bytes of the files that platforms hand out: CSV in some encoding, plain workbooks; and a wave as its TOML."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.contracts import Question, Wave
from tests.platforms.answers import Sheet

Rows = Sequence[Sequence[object]]


def write_csv(
    path: Path, rows: Rows, encoding: str = "utf-8", ends: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL
) -> Path:
    """Rows as a CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=ends, quoting=quoting).writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Sheets of rows: numbers as numbers, all else as text; an empty text is no cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, int | float):
                        sheet.write_number(number, column, value)
                    elif value not in ("", None):
                        sheet.write_string(number, column, str(value))
    return path


def make_wave(family: str, questions: Sequence[Question], files: Mapping[str, str], **given: Any) -> Wave:
    """A wave for an export of the questionnaire."""
    return Wave(
        code=f"w_{family}", label_zh="生成的导出", label_en="generated export", platform_family=family,
        population_code="delivering", mode_code="qr", opened_on=date(2023, 5, 1), closed_on=date(2023, 5, 31),
        consent_version="v1", purpose="test", legal_basis="test", retain_until=date(2030, 12, 31), files=files,
        questions=tuple(questions), **given,
    )  # fmt: skip


def wave_text(wave: Wave) -> str:
    """A wave as the TOML that a person would write in place/waves; values left at their default are left out."""
    lines = [f"{name} = {toml(value)}" for name, value in _given(wave).items() if name not in ("questions", "path")]
    for question in wave.questions:
        lines += ["", "[[question]]"]
        lines += [f"{name} = {toml(value)}" for name, value in _given(question).items()]
    return "\n".join(lines) + "\n"


def _given(thing: Any) -> dict[str, Any]:
    told = {each.name: getattr(thing, each.name) for each in fields(thing)}
    return {
        name: value for name, value in told.items() if not (value is None or value is False or value in ((), {}, ""))
    }


def toml(value: Any) -> str:
    """A value in TOML; tables inline."""
    if is_dataclass(value):
        return toml(_given(value))
    if isinstance(value, Mapping):
        return (
            "{ "
            + ", ".join(f"{json.dumps(name, ensure_ascii=False)} = {toml(each)}" for name, each in value.items())
            + " }"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def with_extra(rows: list[list[object]], sheets: Sequence[Sheet], below: Sequence[str] = ()) -> list[list[object]]:
    """Rows with the columns nobody asked for behind them. `below` stands under their headings, one text per further header
    row."""
    names = list(sheets[0].person.extra) if sheets else []
    n_headers = 1 + len(below)
    heads = [
        [*rows[0], *names],
        *([*row, *[text] * len(names)] for row, text in zip(rows[1:n_headers], below, strict=True)),
    ]
    records = zip(rows[n_headers:], sheets, strict=True)
    return [*heads, *([*row, *sheet.person.extra.values()] for row, sheet in records)]
