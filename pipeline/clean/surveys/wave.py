"""A delivered survey wave to clean respondents and answers, every raw row accounted for: read this first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from pipeline.clean.fates import NOTICES, together
from pipeline.clean.surveys import accounts
from pipeline.clean.surveys.answers import Answers, is_personal, read_answers
from pipeline.clean.surveys.columns import layout_notices, layout_problems
from pipeline.clean.surveys.exports import Export, SurveyContext, open_exports
from pipeline.clean.surveys.mixture import mixture_problems
from pipeline.clean.surveys.pairing import check_pair, compare, number_respondents, pair
from pipeline.clean.surveys.respondents import build_respondents
from pipeline.clean.surveys.unknown import reject_unknown, unknown_problems
from pipeline.contracts import Wave
from pipeline.errors import CONTRACT, fail

if TYPE_CHECKING:
    from pipeline.readers import TextTable


@dataclass(frozen=True)
class CleanWave:
    """Frames with the columns of tables.sql: clean.respondents, clean.answers, audit.row_fates, audit.row_ledger,
    audit.notices, audit.pair_disagreements; and per closed question how far the two forms of a pair agree."""

    respondents: pl.DataFrame
    answers: pl.DataFrame
    fates: pl.DataFrame
    ledger: pl.DataFrame
    notices: pl.DataFrame
    pair_report: pl.DataFrame
    disagreements: pl.DataFrame


def clean_wave(wave: Wave, tables: Mapping[str, TextTable | Sequence[TextTable]], context: SurveyContext) -> CleanWave:
    """Clean one wave. `tables` maps the forms of `wave.files` (text, number, code) to what the reader found in the file.

    Raises exit 11 with every problem of the files at once: missing or unlisted questions, other wording, unknown closed
    options, sheets of another wave, more sheets than people; and for a pair that is none.
    """
    exports, aside = open_exports(wave, tables, context)
    read = [read_answers(export.frame, export.layout, export.dialect, form=export.form) for export in exports]
    _refuse(exports, read, wave)
    fates = [accounts.set_aside(export) for export in exports] + [accounts.hidden(sheet, context) for sheet in aside]
    settled = []
    for export, answers in zip(exports, read, strict=True):
        export, unknown = reject_unknown(export, answers, wave)
        export, repeated = number_respondents(export)
        settled.append(export)
        fates += [unknown, *repeated]
    settled, unpaired = pair(settled)
    rows = [_rows_of(export, answers) for export, answers in zip(settled, read, strict=True)]
    report = compare(rows[0], rows[1], _closed(wave)) if len(rows) == 2 else accounts.no_pair_report()
    answered = accounts.with_keys(rows[0], wave, settled[0], context)
    check_pair(report, settled)
    respondents, unresolved = build_respondents(wave, settled[0], answered, context)
    notices = [line for export in exports for line in layout_notices(export)]
    notices += accounts.counted(settled[0], [*read[0].counts, *unresolved, *_disagreements(report)])
    sheets = [(export.file_id, export.table) for export in exports]
    sheets += [(context.file_id(table), table) for table in aside]
    all_fates, ledger = accounts.account([*fates, *unpaired], sheets)
    return CleanWave(
        respondents=respondents,
        answers=accounts.answer_columns(answered),
        fates=all_fates,
        ledger=ledger,
        notices=together(notices, NOTICES),
        pair_report=report,
        disagreements=accounts.disagreeing(rows, settled, wave, _closed(wave)),
    )


def _refuse(exports: list[Export], read: list[Answers], wave: Wave) -> None:
    """Stop with everything that does not fit the wave file, of all exports at once."""
    problems = [
        problem
        for export, answers in zip(exports, read, strict=True)
        for problem in (
            *layout_problems(export),
            *unknown_problems(export, answers, wave),
            *mixture_problems(export, wave),
        )
    ]
    if problems:
        fail(CONTRACT, *problems)


def _rows_of(export: Export, answers: Answers) -> pl.DataFrame:
    """Answer rows of the respondents that are kept, with their number."""
    return answers.rows.join(export.frame.select("source_row", "respondent"), on="source_row", maintain_order="left")


def _closed(wave: Wave) -> list[str]:
    """Questions that both forms of a pair answer with the same code or number."""
    free = ("text", "date", "place")
    return [question.code for question in wave.questions if question.type not in free and not is_personal(question)]


def _disagreements(report: pl.DataFrame) -> list[tuple[str, str, int]]:
    return [
        (question, "pair_disagrees", n)
        for question, n in report.filter(pl.col("n_disagree") > 0).select("question_code", "n_disagree").iter_rows()
    ]
