"""Every raw row of a wave accounted for: fates, the row ledger and notices, with the columns of tables.sql."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.clean.surveys.exports import Export, SurveyContext
from pipeline.clean.surveys.pairing import FATES
from pipeline.contracts import Wave

if TYPE_CHECKING:
    from pipeline.readers import TextTable

ANSWERS = (
    "wave_code", "respondent_id", "area_code", "question_code", "item_code", "option_code", "state", "value_text",
    "value_number", "source_file_id", "source_sheet", "source_row",
)  # fmt: skip
NOTICES = {
    "source_file_id": pl.String, "source_sheet": pl.String, "column_name": pl.String, "reason_code": pl.String,
    "n": pl.Int64,
}  # fmt: skip
_ORDER = {"set_aside": 0, "duplicate": 1, "rejected": 2}


def set_aside(export: Export) -> pl.DataFrame:
    """Rows the reader already set aside (totals, remarks)."""
    return _aside(export.table, export.file_id, export.table.set_aside)


def hidden(table: TextTable, context: SurveyContext) -> pl.DataFrame:
    """All rows of a hidden sheet."""
    rows = pl.concat([table.frame.select("source_row"), table.set_aside.select("source_row")], how="vertical_relaxed")
    file_id = context.file_ids.get(table.path, table.path.name)
    return _aside(table, file_id, rows.with_columns(reason_code=pl.lit("hidden_sheet")))


def _aside(table: TextTable, file_id: str, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        pl.lit(file_id).alias("source_file_id"),
        pl.lit(table.sheet).alias("source_sheet"),
        pl.col("source_row").cast(pl.Int64),
        pl.lit("set_aside").alias("fate"),
        pl.lit(None, dtype=pl.String).alias("column_name"),
        pl.col("reason_code").cast(pl.String),
        pl.lit(None, dtype=pl.String).alias("kept_row"),
    )


def one_fate_per_row(fates: pl.DataFrame) -> pl.DataFrame:
    """A row has one fate, however many faults it has."""
    key = ["source_file_id", "source_sheet", "source_row"]
    rank = pl.col("fate").replace_strict(_ORDER, return_dtype=pl.Int64)
    first = fates.filter(rank == rank.min().over(key))
    return first.sort(*key, "column_name", "reason_code").select(
        pl.col(name).cast(kind) for name, kind in FATES.items()
    )


def ledger(exports: list[Export], aside: list[TextTable], fates: pl.DataFrame, context: SurveyContext) -> pl.DataFrame:
    """n_read = n_clean + n_duplicate + n_rejected + n_set_aside for every sheet. Both files of a pair count clean."""
    sheets = [(export.file_id, export.table) for export in exports]
    sheets += [(context.file_ids.get(table.path, table.path.name), table) for table in aside]
    rows = []
    for file_id, table in sheets:
        own = fates.filter((pl.col("source_file_id") == file_id) & (pl.col("source_sheet") == table.sheet))
        n = {fate: own.filter(pl.col("fate") == fate)["source_row"].n_unique() for fate in _ORDER}
        n_read = table.frame.height + table.set_aside.height
        rows.append(
            (file_id, table.sheet, n_read, n_read - sum(n.values()), n["duplicate"], n["rejected"], n["set_aside"])
        )
    names = ["source_file_id", "source_sheet", "n_read", "n_clean", "n_duplicate", "n_rejected", "n_set_aside"]
    schema = {name: pl.String if name.startswith("source") else pl.Int64 for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row")


def counted(export: Export, counts: list[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """Notices from (question or column, reason, n)."""
    return [
        {"source_file_id": export.file_id, "source_sheet": export.table.sheet, "column_name": name,
         "reason_code": reason, "n": n}
        for name, reason, n in counts
    ]  # fmt: skip


def notices(found: list[dict[str, Any]]) -> pl.DataFrame:
    """audit.notices."""
    return pl.DataFrame(found, schema=NOTICES)


def with_keys(rows: pl.DataFrame, wave: Wave, export: Export, context: SurveyContext) -> pl.DataFrame:
    """Answer rows with wave, respondent, area and origin."""
    return rows.rename({"respondent": "respondent_id"}).with_columns(
        wave_code=pl.lit(wave.code),
        area_code=pl.lit(wave.area_code or context.area_code),
        source_file_id=pl.lit(export.file_id),
        source_sheet=pl.lit(export.table.sheet),
    )


def answer_columns(answers: pl.DataFrame) -> pl.DataFrame:
    """clean.answers, in the order of the file."""
    return answers.select(ANSWERS).sort("source_row", "question_code", "item_code", "option_code")


def no_pair_report() -> pl.DataFrame:
    """The report of a wave that came in one form."""
    n = dict.fromkeys(("n_compared", "n_agree", "n_disagree"), pl.UInt32)
    return pl.DataFrame(schema={"question_code": pl.String, **n})
