"""Row fates and the row ledger: every raw row is clean, duplicate, rejected or set aside, and says why."""

from __future__ import annotations

import polars as pl

FATES = {
    "source_file_id": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "fate": pl.String,
    "column_name": pl.String, "reason_code": pl.String, "kept_row": pl.String,
}  # fmt: skip
LEDGER = {
    "source_file_id": pl.String, "source_sheet": pl.String, "n_read": pl.Int64, "n_clean": pl.Int64,
    "n_duplicate": pl.Int64, "n_rejected": pl.Int64, "n_set_aside": pl.Int64,
}  # fmt: skip
NOTICES = {
    "source_file_id": pl.String, "source_sheet": pl.String, "column_name": pl.String, "reason_code": pl.String,
    "n": pl.Int64,
}  # fmt: skip


def conform(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The frame with exactly these columns and types; absent columns are null."""
    return frame.select(
        [
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in schema.items()
        ]
    )


def fates_of(
    rows: pl.DataFrame, *, file_id: str, sheet: str, fate: str, reason: str | None = None, column: str | None = None
) -> pl.DataFrame:
    """Fates for the rows of `rows` (needs `source_row`; `reason_code`, `column_name`, `kept_row` are used if there)."""
    frame = rows.with_columns(
        pl.lit(file_id).alias("source_file_id"), pl.lit(sheet).alias("source_sheet"), pl.lit(fate).alias("fate")
    )
    if reason is not None:
        frame = frame.with_columns(pl.lit(reason).alias("reason_code"))
    if column is not None:
        frame = frame.with_columns(pl.lit(column).alias("column_name"))
    return conform(frame, FATES)


def notice(file_id: str, sheet: str, reason: str, column: str | None = None, n: int | None = None) -> pl.DataFrame:
    """One notice: something seen that rejects no row."""
    return pl.DataFrame(
        {
            "source_file_id": [file_id],
            "source_sheet": [sheet],
            "column_name": [column],
            "reason_code": [reason],
            "n": [n],
        },
        schema=NOTICES,
    )


def balance(n_read: int, fates: pl.DataFrame, *, file_id: str, sheet: str) -> pl.DataFrame:
    """The ledger line of one file and sheet: rows not in `fates` are clean.

    A row with several faults counts once; rejected counts before duplicate, duplicate before set aside.

    >>> fates = fates_of(pl.DataFrame({"source_row": [4, 4]}), file_id="f", sheet="", fate="rejected", reason="bad_date")
    >>> balance(10, fates, file_id="f", sheet="").select("n_read", "n_clean", "n_rejected").row(0)
    (10, 9, 1)
    """
    counted = {"rejected": 0, "duplicate": 0, "set_aside": 0}
    for _, fate in first_fates(fates).select("source_row", "fate").iter_rows():
        counted[fate] += 1
    return pl.DataFrame(
        {
            "source_file_id": [file_id],
            "source_sheet": [sheet],
            "n_read": [n_read],
            "n_clean": [n_read - sum(counted.values())],
            "n_duplicate": [counted["duplicate"]],
            "n_rejected": [counted["rejected"]],
            "n_set_aside": [counted["set_aside"]],
        },
        schema=LEDGER,
    )


def first_fates(fates: pl.DataFrame) -> pl.DataFrame:
    """One fate per row: rejected before duplicate before set aside."""
    order = {"rejected": 0, "duplicate": 1, "set_aside": 2}
    return (
        fates.with_columns(pl.col("fate").replace_strict(order, return_dtype=pl.Int8).alias("_order"))
        .sort("source_row", "_order", maintain_order=True)
        .unique(["source_file_id", "source_sheet", "source_row"], keep="first", maintain_order=True)
        .drop("_order")
    )


def together(frames: list[pl.DataFrame], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """All frames of one schema, below each other."""
    return pl.concat([pl.DataFrame(schema=schema), *frames])
