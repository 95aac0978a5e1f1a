"""Options that the wave does not list: they stop the run, all at once, unless the question says otherwise."""

from __future__ import annotations

import polars as pl

from pipeline.clean.surveys.answers import Answers, is_personal
from pipeline.clean.surveys.exports import Export
from pipeline.clean.surveys.pairing import row_fates
from pipeline.contracts import Wave
from pipeline.errors import Problem
from pipeline.privacy import screen_text

_SHOWN = 40


def unknown_problems(export: Export, answers: Answers, wave: Wave) -> list[Problem]:
    """One problem per unknown option of a question that stops on it. The wording is shown without what was filled in."""
    questions = {question.code: question for question in wave.questions if question.on_unknown == "stop"}
    strange = answers.unknown.filter(pl.col("question_code").is_in(list(questions)))
    strange = strange.with_columns(screen_text(strange["text"].str.replace(r"(?s)〖.*$", "").str.slice(0, _SHOWN)))
    counted = strange.group_by("question_code", "text", maintain_order=True).agg(n=pl.struct("source_row").n_unique())
    problems = []
    for code, text, n in counted.iter_rows():
        question = questions[code]
        shown = "" if is_personal(question) else text
        problems.append(
            Problem(
                "closed_option_unknown", f"{export.table.path.name} 第{question.number}题 [{code}]",
                "选项不在波次文件里", "the option is not in the wave file", got=f"{shown} × {n}",
                expected="｜".join(option.text for option in question.options),
                do_zh="请在波次文件中补上该选项，或写 on_unknown = \"reject\" 退回这些答卷",
                do_en="add the option to the wave file, or write on_unknown = \"reject\" to return these sheets",
            )
        )  # fmt: skip
    return problems


def reject_unknown(export: Export, answers: Answers, wave: Wave) -> tuple[Export, pl.DataFrame]:
    """Take out the rows whose question rejects unknown options; their fates name the column."""
    rejecting = [question.code for question in wave.questions if question.on_unknown == "reject"]
    strange = answers.unknown.filter(pl.col("question_code").is_in(rejecting))
    faults = strange.select("source_row", pl.col("heading").alias("column_name")).unique(maintain_order=True)
    kept = export.frame.filter(~pl.col("source_row").is_in(faults["source_row"].implode()))["source_row"]
    return export.keep(kept), row_fates(export, faults, "rejected", "unknown_code")
