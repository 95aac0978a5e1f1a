"""All questions of one export to answer rows, in one pass over the layout."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.clean.surveys import choices, measures
from pipeline.clean.surveys.cells import empty_rows
from pipeline.clean.surveys.options import is_coded
from pipeline.contracts import Question
from pipeline.readers.surveys.survey_columns import AnswerColumn, Dialect, Layout

UNKNOWN = {"source_row": pl.Int64, "question_code": pl.String, "heading": pl.String, "text": pl.String}
Read = tuple[pl.DataFrame, pl.DataFrame, dict[str, int]]


@dataclass(frozen=True)
class Answers:
    """Answer rows of one file, options the wave does not list, and (question, reason, n) of what was set to nothing."""

    rows: pl.DataFrame
    unknown: pl.DataFrame
    counts: tuple[tuple[str, str, int], ...]


def read_answers(frame: pl.DataFrame, layout: Layout, dialect: Dialect, *, form: str) -> Answers:
    """Read every question of the layout. `form` is `text` or `number` (options as words or as numbers)."""
    read, unknown, counts = [empty_rows()], [pl.DataFrame(schema=UNKNOWN)], []
    questions = {column.question.code: column.question for column in layout.answers}
    for code, question in questions.items():
        rows, strange, seen = _read_question(frame, layout.of(question), dialect, numbered=form == "number")
        read.append(_without_personal(rows) if is_personal(question) else rows)
        unknown.append(strange)
        counts += [(code, reason, n) for reason, n in seen.items()]
    return Answers(pl.concat(read), pl.concat(unknown), tuple(counts))


def is_personal(question: Question) -> bool:
    """Whether only the state of the answer may be kept: declared personal, or the key that links waves."""
    return question.personal or question.variable == "panel"


def _without_personal(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(~pl.col("is_fill_in")).with_columns(
        value_text=pl.lit(None, dtype=pl.String), value_number=pl.lit(None, dtype=pl.Float64)
    )


def _read_question(frame: pl.DataFrame, columns: list[AnswerColumn], dialect: Dialect, *, numbered: bool) -> Read:
    question = columns[0].question
    if question.type in ("multiple", "ranking") and question.options:
        joined = not columns[0].option
        read = (
            choices.read_joined(frame, columns[0], dialect)
            if joined
            else choices.read_per_option(frame, columns, dialect)
        )
        return (*read, {})
    if is_coded(question):
        return (*choices.read_single(frame, columns, dialect, numbered=numbered), {})
    if question.type == "allocation" and question.options and not columns[0].option:
        return measures.read_allocation(frame, columns[0], dialect, numbered=numbered), pl.DataFrame(schema=UNKNOWN), {}
    read, counts = [], {}
    for column in columns:
        if question.type in ("number", "allocation", "scale") and not is_personal(question):
            rows, seen = measures.read_number(frame, column, dialect, numbered=numbered)
        else:
            rows, seen = measures.read_text(frame, column, dialect, numbered=numbered)
        read.append(rows)
        counts = {reason: counts.get(reason, 0) + seen.get(reason, 0) for reason in {*counts, *seen}}
    return pl.concat(read), pl.DataFrame(schema=UNKNOWN), counts
