"""Every platform and layout, read back with the project's own readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl

from pipeline.clean.surveys import CleanWave, SurveyContext, clean_wave
from pipeline.clean.surveys.answers import read_answers
from pipeline.clean.surveys.exports import Export, open_exports
from pipeline.clean.surveys.inverse import cells_of
from pipeline.clean.surveys.normalised import normalised
from pipeline.readers import read_file
from pipeline.readers.surveys.layout import AnswerColumn
from tests.platforms import (
    google_forms,
    jinshuju,
    kobo,
    limesurvey,
    plain_table,
    qualtrics,
    spss,
    surveymonkey,
    tencent_survey,
    wenjuanwang,
    wenjuanxing,
)
from tests.platforms.answers import BY_CODE, Answers, Sheet, truth

PLATFORMS: dict[str, ModuleType] = {
    module.__name__.rsplit(".", 1)[-1]: module
    for module in (
        wenjuanxing, tencent_survey, wenjuanwang, jinshuju, kobo, qualtrics, surveymonkey, google_forms, limesurvey, spss,
        plain_table,
    )
}  # fmt: skip
CONTEXT = SurveyContext("QC", b"secret")
CODES = {"-oth-": "other"}
"""How a platform calls an option of the questionnaire, where it has a word of its own."""


def layouts() -> list[tuple[str, str]]:
    """Every platform with every layout of its export."""
    return [(name, layout) for name, module in PLATFORMS.items() for layout in module.LAYOUTS]


def fitting(platform: str, answers: Answers) -> Answers:
    """The answers as the platform would have let them be given."""
    module = PLATFORMS[platform]
    return module.fitting(answers) if hasattr(module, "fitting") else answers


def read_back(platform: str, layout: str, answers: Answers, folder: Path) -> CleanWave:
    """What becomes of an export: written, read and cleaned."""
    module = PLATFORMS[platform]
    written = module.write(folder, answers, layout)
    tables = {form: read_file(path) for form, path in written.items()}
    return clean_wave(module.wave(layout), tables, CONTEXT)


def got(result: CleanWave, sheets: Answers) -> list[set[tuple[Any, ...]]]:
    """Per sheet, in the order of the file: question, item, option, state, value_text, value_number. The text of an answer
    that is missing is the mark that stood in the cell, and is left out."""
    order = result.respondents.sort("source_row").select("respondent_id", place=pl.int_range(pl.len()))
    columns = ["place", "question_code", "item_code", "option_code", "state", "value_text", "value_number"]
    said = pl.when(pl.col("state") == "answered").then("value_text")
    rows = result.answers.join(order, on="respondent_id").with_columns(value_text=said).select(columns)
    found: list[set[tuple[Any, ...]]] = [set() for _ in sheets]
    for place, *row in rows.iter_rows():
        found[place].add(tuple(CODES.get(value, value) for value in row))
    return found


def wanted(platform: str, layout: str, sheet: Sheet) -> set[tuple[Any, ...]]:
    """The truth of one sheet, as far as this export can tell it."""
    module = PLATFORMS[platform]
    asked = tuple(BY_CODE[question.code] for question in module.questions(layout))
    return set(truth(asked, spelled(module, layout, sheet)))


def spelled(module: ModuleType, layout: str, sheet: Sheet) -> Sheet:
    """The sheet without what was written beside an option, where the export leaves it out."""
    if layout not in module.WITHOUT_FILLED:
        return sheet
    return replace(sheet, answers={code: _bare(answer) for code, answer in sheet.answers.items()})


def _bare(answer: Any) -> Any:
    if isinstance(answer, tuple):
        return tuple(_bare(pick) for pick in answer)
    return replace(answer, text=None) if hasattr(answer, "option") else answer


@dataclass(frozen=True)
class Cell:
    """One cell of an export, as it stands in the file and as the way back writes it, both after the declared normalisations."""

    form: str
    heading: str
    source_row: int
    written: str
    back: str


def cells(platform: str, layout: str, answers: Answers, folder: Path) -> Iterator[Cell]:
    """Every non-personal answer cell of an export with its way back."""
    module = PLATFORMS[platform]
    tables = {form: read_file(path) for form, path in module.write(folder, answers, layout).items()}
    exports, _ = open_exports(module.wave(layout), tables, CONTEXT)
    for export in exports:
        read = read_answers(export.frame, export.layout, export.dialect, form=export.form).rows
        rows = {key: list(group.iter_rows(named=True)) for key, group in read.group_by("source_row", "question_code")}
        for question in module.questions(layout):
            if not question.personal:
                yield from _cells_of(export, export.layout.of(question), rows)


def _cells_of(export: Export, columns: list[AnswerColumn], rows: dict[tuple[Any, ...], list[Any]]) -> Iterator[Cell]:
    form, dialect = export.form, export.dialect
    raw = export.frame.select("source_row", *(column.column for column in columns))
    for source_row, *written in raw.iter_rows():
        back = cells_of(rows[source_row, columns[0].question.code], columns, dialect, form=form)
        for column, cell, again in zip(columns, written, back, strict=True):
            yield Cell(
                form, column.heading, source_row, normalised(cell, column, dialect, form=form),
                normalised(again, column, dialect, form=form),
            )  # fmt: skip
