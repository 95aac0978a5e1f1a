"""All questions of one export to answer rows, in one pass over the layout."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.clean.surveys import choices, measures
from pipeline.clean.surveys.cells import empty_rows
from pipeline.clean.surveys.columns_agree import disagreeing
from pipeline.clean.surveys.conditions import apply_conditions
from pipeline.clean.surveys.fill_ins import beside_columns, with_fill_ins
from pipeline.clean.surveys.options import is_coded
from pipeline.contracts import Question
from pipeline.readers.surveys.layout import AnswerColumn, Dialect, Layout

UNKNOWN = {"source_row": pl.Int64, "question_code": pl.String, "heading": pl.String, "text": pl.String}
Read = tuple[pl.DataFrame, pl.DataFrame, dict[str, int]]


@dataclass(frozen=True)
class Answers:
    """Answer rows of one file, options the wave does not list, and (question, reason, n) of what was set to nothing or
    contradicts itself."""

    rows: pl.DataFrame
    unknown: pl.DataFrame
    counts: tuple[tuple[str, str, int], ...]


def read_answers(frame: pl.DataFrame, layout: Layout, dialect: Dialect, *, form: str) -> Answers:
    """Read every question of the layout. `form` is `text`, `number` or `code` (options as words, numbers or codes)."""
    read, unknown, counts = [empty_rows()], [pl.DataFrame(schema=UNKNOWN)], []
    questions = {column.question.code: column.question for column in layout.answers}
    for code, question in questions.items():
        columns = layout.of(question)
        beside = beside_columns(columns)
        main = [column for column in columns if column not in beside]
        rows, strange, seen = _read_question(frame, main, dialect, form)
        rows = with_fill_ins(rows, frame, beside, dialect)
        read.append(_without_personal(rows) if is_personal(question) else rows)
        unknown.append(strange)
        counts += [(code, reason, n) for reason, n in seen.items()]
    rows, contradicted = apply_conditions(pl.concat(read), list(questions.values()), dialect)
    return Answers(rows, pl.concat(unknown), (*counts, *contradicted))


def is_personal(question: Question) -> bool:
    """Whether only the state of the answer may be kept: declared personal, or the key that links waves."""
    return question.personal or question.variable == "panel"


def _without_personal(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(~pl.col("is_fill_in")).with_columns(
        value_text=pl.lit(None, dtype=pl.String), value_number=pl.lit(None, dtype=pl.Float64)
    )


def _read_question(frame: pl.DataFrame, columns: list[AnswerColumn], dialect: Dialect, form: str) -> Read:
    question = columns[0].question
    if question.type in ("multiple", "ranking") and question.options:
        return _read_several(frame, columns, dialect, form)
    if is_coded(question):
        return (*choices.read_single(frame, columns, dialect, form=form), {})
    if question.type == "allocation" and question.options and not columns[0].option:
        amounts, strange = measures.read_allocation(frame, columns[0], dialect, form=form)
        return amounts, choices.unknown_rows(strange.rename({"part": "text"}), columns[0]), {}
    read, counts = [], {}
    for column in columns:
        if question.type in ("number", "allocation", "scale") and not is_personal(question):
            rows, seen = measures.read_number(frame, column, dialect, form=form)
        else:
            rows, seen = measures.read_text(frame, column, dialect, form=form)
        read.append(rows)
        counts = {reason: counts.get(reason, 0) + seen.get(reason, 0) for reason in {*counts, *seen}}
    return pl.concat(read), pl.DataFrame(schema=UNKNOWN), counts


def _read_several(frame: pl.DataFrame, columns: list[AnswerColumn], dialect: Dialect, form: str) -> Read:
    """Several answers: joined in one cell, or one column per option; where an export writes both, the joined cell is read
    and the columns only checked against it, so that nothing counts twice."""
    joined = [column for column in columns if not column.option]
    apart = [column for column in columns if column.option]
    if not joined:
        return (*choices.read_per_option(frame, apart, dialect, form=form), {})
    rows, unknown = choices.read_joined(frame, joined[0], dialect, form=form)
    if not apart:
        return rows, unknown, {}
    again, strange = choices.read_per_option(frame, apart, dialect, form=form)
    n = disagreeing(rows, again)
    return rows, pl.concat([unknown, strange]), {"columns_disagree": n} if n else {}
