"""Every raw row of a wave accounted for: what was set aside, the row ledger, notices, and the columns of clean.answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.clean.fates import FATES, balance, fates_of, notice, together
from pipeline.clean.surveys.exports import Export, SurveyContext
from pipeline.clean.surveys.pairing import disagreements, row_fates
from pipeline.contracts import Wave

if TYPE_CHECKING:
    from pipeline.readers import TextTable

ANSWERS = (
    "wave_code", "respondent_id", "area_code", "question_code", "item_code", "option_code", "state", "value_text",
    "value_number", "cell_position", "missing_mark", "source_file_id", "source_sheet", "source_row",
)  # fmt: skip


DISAGREEMENTS = {
    **dict.fromkeys(("wave_code", "respondent_id", "question_code", "item_code", "option_code", "text_says",
                     "number_says", "source_file_id", "source_sheet"), pl.String),
    "source_row": pl.Int64, "other_file_id": pl.String, "other_row": pl.Int64,
}  # fmt: skip


def set_aside(export: Export) -> pl.DataFrame:
    """Rows the reader already set aside (totals, remarks), and those that are no answers (trial runs)."""
    both = [export.table.set_aside.select("source_row", "reason_code"), export.aside]
    return row_fates(export, pl.concat(both, how="vertical_relaxed"), "set_aside")


def hidden(table: TextTable, context: SurveyContext) -> pl.DataFrame:
    """All rows of a sheet that is no part of the answers: hidden, or a group that repeats within a respondent."""
    reason = "hidden_sheet" if table.visibility != "visible" else "repeat_group"
    rows = pl.concat([table.frame.select("source_row"), table.set_aside.select("source_row")], how="vertical_relaxed")
    return fates_of(rows, file_id=context.file_id(table), sheet=table.sheet, fate="set_aside", reason=reason)


def account(fates: list[pl.DataFrame], sheets: list[tuple[str, TextTable]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All fates (a row has one fate, however many faults), and the ledger line of every sheet. Both files of a pair
    count clean."""
    order = pl.col("fate").replace_strict({"rejected": 0, "duplicate": 1, "set_aside": 2}, return_dtype=pl.Int8)
    key = ["source_file_id", "source_sheet", "source_row"]
    every = together(fates, FATES).filter(order == order.min().over(key)).unique(maintain_order=True).sort(*key)
    lines = []
    for file_id, table in sheets:
        own = every.filter((pl.col("source_file_id") == file_id) & (pl.col("source_sheet") == table.sheet))
        n_read = table.frame.height + table.set_aside.height
        lines.append(balance(n_read, own, file_id=file_id, sheet=table.sheet))
    return every, pl.concat(lines)


def counted(export: Export, counts: list[tuple[str, str, int]]) -> list[pl.DataFrame]:
    """Notices from (question or column, reason, n)."""
    return [notice(export.file_id, export.table.sheet, reason, name, n) for name, reason, n in counts]


def with_keys(rows: pl.DataFrame, wave: Wave, export: Export, context: SurveyContext) -> pl.DataFrame:
    """Answer rows with wave, respondent, area and origin."""
    return rows.rename({"respondent": "respondent_id"}).with_columns(
        wave_code=pl.lit(wave.code),
        area_code=pl.lit(wave.area_code or context.area_code),
        source_file_id=pl.lit(export.file_id),
        source_sheet=pl.lit(export.table.sheet),
    )


def answer_columns(answers: pl.DataFrame) -> pl.DataFrame:
    """clean.answers, in the order of the file and of the questionnaire."""
    return answers.select(ANSWERS).sort("source_row", maintain_order=True)


def no_pair_report() -> pl.DataFrame:
    """The report of a wave that came in one form."""
    n = dict.fromkeys(("n_compared", "n_agree", "n_disagree"), pl.UInt32)
    return pl.DataFrame(schema={"question_code": pl.String, **n})


def disagreeing(rows: list[pl.DataFrame], exports: list[Export], wave: Wave, closed: list[str]) -> pl.DataFrame:
    """audit.pair_disagreements: every answer in which the two forms of a pair differ."""
    if len(rows) < 2:
        return pl.DataFrame(schema=DISAGREEMENTS)
    found = disagreements(rows[0], rows[1], closed)
    return found.select(
        wave_code=pl.lit(wave.code), respondent_id="respondent", question_code="question_code", item_code="item_code",
        option_code="option_code", text_says="text_says", number_says="number_says",
        source_file_id=pl.lit(exports[0].file_id), source_sheet=pl.lit(exports[0].table.sheet), source_row="source_row",
        other_file_id=pl.lit(exports[1].file_id), other_row="other_row",
    ).cast(DISAGREEMENTS)  # fmt: skip
