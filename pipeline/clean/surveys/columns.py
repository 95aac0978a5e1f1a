"""Every column of an export accounted for against the wave file: bookkeeping, answers, columns left out on purpose, and
faults. A question that the wave file does not list stops the run: nothing that couriers answered is dropped in silence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipeline.clean.fates import notice
from pipeline.contracts import Question, Wave
from pipeline.errors import Problem
from pipeline.privacy import is_personal_heading, mask_contacts
from pipeline.readers.surveys.layout import Dialect, Fault, Layout
from pipeline.readers.surveys.named_columns import match_named
from pipeline.readers.surveys.platforms import outline_of
from pipeline.readers.surveys.stem_columns import match_stems
from pipeline.readers.surveys.survey_columns import match_columns

if TYPE_CHECKING:
    from pipeline.clean.surveys.exports import Export
    from pipeline.readers import TextTable

_WORDS = {
    "question_missing": ("缺少题目", "a question has no column"),
    "wording_differs": ("题干与波次文件不同", "the wording differs from the wave file"),
    "item_missing": ("矩阵题的行与波次文件不同", "a matrix row differs from the wave file"),
    "option_missing": ("选项没有对应的列", "an option has no column"),
    "option_unknown": ("有一列选项不在波次文件里", "an option column is not in the wave file"),
    "column_unlisted": ("有一列答案不在波次文件里", "a column of answers is not in the wave file"),
}
_MANY = 6
_DO = {
    "column_unlisted": (
        "请在波次文件里补上这道题，或把列名写进 ignore_columns（确认不要它）",
        "add the question to the wave file, or its heading to ignore_columns if it is not wanted",
    ),
}
_DO_ELSE = (
    "请核对是否选错了文件或波次；问卷改过的，请修改 place/waves 里的波次文件",
    "check that file and wave belong together; if the questionnaire changed, mend the file in place/waves",
)


def columns_of_wave(wave: Wave, table: TextTable, dialect: Dialect) -> Layout:
    """The layout of one export: by the numbers in its headings, or by the columns that the wave file names."""
    if any(question.column or _parts_named(question) for question in wave.questions) or dialect.number is None:
        layout = _named(wave, table)
    elif dialect.parts_by_number:
        layout = match_stems(table.columns, outline_of(table, wave.platform_family), wave.questions)
    else:
        layout = match_columns(table.columns, wave.questions, dialect)
    return _unlisted(wave, table, _with_roles(wave, table, layout), dialect)


def _parts_named(question: Question) -> bool:
    return any(part.column for part in (*question.items, *question.options))


def _named(wave: Wave, table: TextTable) -> Layout:
    names = table.header_cells[0] if table.header_cells else ()
    answers, faults = match_named(table.columns, names, wave.questions)
    outline = outline_of(table, wave.platform_family)
    meta = {role: [f"c{place}" for place in places] for role, places in outline.meta.items()}
    used = {answer.column for answer in answers}
    meta = {role: kept for role, columns in meta.items() if (kept := [name for name in columns if name not in used])}
    known = used.union(*meta.values())
    extra = tuple(heading for place, heading in enumerate(table.columns) if f"c{place}" not in known)
    return Layout(meta, tuple(answers), extra, tuple(faults))


def _with_roles(wave: Wave, table: TextTable, layout: Layout) -> Layout:
    """The bookkeeping columns that the wave file names itself, before those of the platform."""
    names = table.header_cells[0] if table.header_cells else table.columns
    meta, faults, extra = dict(layout.meta), list(layout.faults), list(layout.extra)
    for role, heading in wave.columns.items():
        place = next((i for i, pair in enumerate(zip(table.columns, names, strict=True)) if heading in pair), None)
        if place is None:
            faults.append(Fault("question_missing", f"columns.{role}", expected=heading))
            continue
        meta[role] = [f"c{place}"]
        extra = [other for other in extra if other != table.columns[place]]
    return replace(layout, meta=meta, faults=tuple(faults), extra=tuple(extra))


def _unlisted(wave: Wave, table: TextTable, layout: Layout, dialect: Dialect) -> Layout:
    """A fault for each column of answers that no question of the wave claims; where the platform numbers its questions, a
    heading without a number is none. Columns whose heading announces personal data are dropped all the same, and said so
    in a notice."""
    outline, numbered = outline_of(table, wave.platform_family), dialect.number is not None
    parts = {part.position for stem in outline.stems if stem.number is not None or not numbered for part in stem.parts}
    names = table.header_cells[0] if table.header_cells else table.columns
    faults = [
        Fault("column_unlisted", *mask_contacts(pl.Series([heading] * 2)))
        for place, (heading, name) in enumerate(zip(table.columns, names, strict=True))
        if place in parts
        and heading in layout.extra
        and not {heading, name} & set(wave.ignore_columns)
        and not is_personal_heading(heading)
    ]
    return replace(layout, faults=(*layout.faults, *faults))


def layout_problems(export: Export) -> list[Problem]:
    """Every heading that does not fit the wave."""
    problems = []
    for fault in export.layout.faults:
        do_zh, do_en = _DO.get(fault.kind, _DO_ELSE)
        where = f"{export.table.path.name} [{fault.question}]"
        problems.append(
            Problem(fault.kind, where, *_WORDS[fault.kind], got=fault.got, expected=fault.expected, do_zh=do_zh, do_en=do_en)
        )  # fmt: skip
    return problems


def layout_notices(export: Export) -> list[pl.DataFrame]:
    """Columns nobody asked for: reported, never stored. One whose heading announces personal data has its own reason; what
    a platform notes besides the answers (timings of every page) is one line."""
    table = export.table
    outline = outline_of(table, export.dialect.family)
    beside = {table.columns[place] for place in outline.rest}
    notes = [heading for heading in export.layout.extra if heading in beside]
    lines = [(heading, heading) for heading in export.layout.extra if len(notes) < _MANY or heading not in beside]
    if len(notes) >= _MANY:
        lines.append((notes[0], f"{notes[0]} 等 {len(notes)} 列"))
    return [
        notice(
            export.file_id,
            table.sheet,
            "personal_dropped" if is_personal_heading(heading) else "unknown_column",
            shown,
            export.frame.height,
        )
        for heading, shown in lines
    ]
