"""Texts that no code list and no register knows, noted while a column is typed. Never a personal value: columns declared or
headed as personal are left out, what looks like a telephone or a name in any other text is masked."""

from __future__ import annotations

import polars as pl

from pipeline.clean.places.known_places import KINDS
from pipeline.clean.sheets.typing import Typed
from pipeline.contracts.source import Column
from pipeline.privacy import is_personal_heading, mask_contacts, screen_text

OF_PLACES = ("unknown_station", "unknown_place", "other_kind_of_station")
REASONS = ("unknown_code", "bad_tick", *OF_PLACES)
HEARD = {
    "source_row": pl.Int64, "column_name": pl.String, "list_code": pl.String, "value_text": pl.String,
    "reason_code": pl.String,
}  # fmt: skip


def heard(rows: pl.Series, column: Column, heading: str, typed: Typed, text: pl.Series) -> pl.DataFrame:
    """The texts of one column that no list and no register knows, one row per raw row and text (HEARD)."""
    code = column.type if column.type in KINDS else "ticks" if column.type == "tick" else column.codebook
    if code is None or column.personal is not None or is_personal_heading(heading):
        return pl.DataFrame(schema=HEARD)
    found = pl.DataFrame({"source_row": rows, "value_text": text, "reason_code": typed.reason})
    if typed.unlisted is not None:  # an entry of a list is unknown, not the list
        found = found.with_columns(value_text=typed.unlisted, reason_code=pl.lit("unknown_code"))
        found = found.explode("value_text").drop_nulls("value_text")
    found = found.filter(pl.col("reason_code").is_in(REASONS))
    return found.select(
        pl.col("source_row").cast(pl.Int64), pl.lit(heading).alias("column_name"), pl.lit(code).alias("list_code"),
        shown(found["value_text"]), "reason_code",
    )  # fmt: skip


def shown(texts: pl.Series) -> pl.Series:
    """Texts on one line, with anything that looks personal masked."""
    return screen_text(mask_contacts(texts.str.replace_all(r"\s+", " ").str.strip_chars()))
