"""Files as given on the command line → what is drafted from: exports with their outlines, and what forms say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.drafting.source import Source, form_of
from pipeline.errors import CONTRACT, FILE, Problem, fail
from pipeline.readers import TextTable, read_file
from pipeline.readers.surveys import kobo, plain, qsf, qualtrics, xlsform
from pipeline.readers.surveys.outline import Form
from pipeline.readers.surveys.platforms import dialect_of, outline_of


def open_sources(paths: Sequence[Path], forms: Sequence[Path] = (), platform: str | None = None) -> list[Source]:
    """One export, or a text and a number export of the same answers in any order.

    Raises exit 10 for files that cannot be read, exit 11 where two exports are both of one form.
    """
    told = read_forms(forms) if forms else None
    sources = [_source(path, told, platform) for path in paths]
    if len(sources) == 2 and sources[0].form == sources[1].form:
        fail(
            CONTRACT,
            Problem("pair_mismatch", f"{paths[0].name} + {paths[1].name}", "两个文件是同一种导出方式，不能互相补充",
                    "both files are exports of one form", got=sources[0].form, expected="text + number",
                    do_zh="请给出“按文本”和“按序号”各一份，或只给一份", do_en="give one export by text and one by number, or one alone"),
        )  # fmt: skip
    return sources


def _source(path: Path, told: Form | None, platform: str | None) -> Source:
    table = _answers(path)
    family = platform or table.family
    if family == "qualtrics":
        previews = qualtrics.preview_rows(table)
        table = _without(table, previews)
    outline, dialect = outline_of(table, family, told), dialect_of(family)
    return Source(table, outline, dialect, form_of(table, outline, dialect))


def _answers(path: Path) -> TextTable:
    """The table that holds the answers: visible, no repeat group, the one with the most cells."""
    tables = [table for table in read_file(path) if not table.is_hidden and not kobo.is_repeat(table)]
    if not tables:
        fail(FILE, Problem("no_table", path.name, "没有可见的答卷表", "no visible table of answers"))
    return max(tables, key=lambda table: table.frame.height * len(table.columns))


def _without(table: TextTable, source_rows: pl.Series) -> TextTable:
    return replace(table, frame=table.frame.filter(~pl.col("source_row").is_in(source_rows.implode())))


def read_forms(paths: Sequence[Path]) -> Form:
    """What questionnaires say, of whatever kind: a .qsf, an XLSForm (a workbook, or its two sheets as CSV files), a
    codebook. Raises exit 10 or 11 where one cannot be read."""
    found: dict[str, Any] = {}
    tables: list[TextTable] = []
    for path in paths:
        data = _json(path)
        if isinstance(data, dict) and "SurveyElements" in data:
            found |= qsf.form(data)
        else:
            tables += read_file(path)
    sheets = xlsform.find(tables)
    if sheets is not None:
        found |= xlsform.form(*sheets)
    else:
        for table in tables:
            found |= plain.form(table)
    return found


def _json(path: Path) -> Any:
    if path.suffix.lower() not in (".qsf", ".json"):
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        fail(
            FILE,
            Problem("form_unreadable", path.name, "问卷结构文件读不了", "the questionnaire file cannot be read",
                    got=type(error).__name__, expected=".qsf / .xlsx / .csv", do_zh="请从平台重新下载问卷结构文件",
                    do_en="download the questionnaire from the platform again"),
        )  # fmt: skip
