"""What was not understood, so that a person can decide it once: texts that are in no code list, names of no known place.

Never a personal value: columns declared or headed as personal are left out, what looks like a telephone or a name in any
other text is masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.clean.locate import locate
from pipeline.clean.places import KINDS
from pipeline.clean.typing import Typed
from pipeline.contracts.source import Column
from pipeline.privacy import is_personal_heading, mask_contacts, screen_text

if TYPE_CHECKING:
    from pipeline.clean.ledger import Sheet

REASONS = ("unknown_code", "bad_tick", "unknown_station", "unknown_place", "other_kind_of_station")
HEARD = {
    "source_row": pl.Int64, "column_name": pl.String, "list_code": pl.String, "value_text": pl.String,
    "reason_code": pl.String,
}  # fmt: skip
UNKNOWN = {
    "source_file_id": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "n_rows": pl.Int64,
    "area_code": pl.String, "column_name": pl.String, "list_code": pl.String, "value_text": pl.String,
    "reason_code": pl.String, "lon": pl.Float64, "lat": pl.Float64,
}  # fmt: skip


def heard(rows: pl.Series, column: Column, heading: str, typed: Typed, text: pl.Series) -> pl.DataFrame:
    """The texts of one column that no list and no register knows, one row per raw row (HEARD)."""
    code = column.type if column.type in KINDS else "ticks" if column.type == "tick" else column.codebook
    if code is None or column.personal is not None or is_personal_heading(heading):
        return pl.DataFrame(schema=HEARD)
    found = pl.DataFrame({"source_row": rows, "value_text": text, "reason_code": typed.reason})
    found = found.filter(pl.col("reason_code").is_in(REASONS))
    return found.select(
        pl.col("source_row").cast(pl.Int64), pl.lit(heading).alias("column_name"), pl.lit(code).alias("list_code"),
        shown(found["value_text"]), "reason_code",
    )  # fmt: skip


def shown(texts: pl.Series) -> pl.Series:
    """Texts on one line, with anything that looks personal masked."""
    return screen_text(mask_contacts(texts.str.replace_all(r"\s+", " ").str.strip_chars()))


def of_sheet(sheet: Sheet, places: pl.DataFrame) -> pl.DataFrame:
    """One row per column and text of a sheet (UNKNOWN): the first row that says it, how many do, and the first position
    known of them. `places` give `source_row, lon, lat` (`positions`)."""
    return per_text(
        sheet.unknown.join(places, on="source_row", how="left", maintain_order="left"),
        file_id=sheet.file.file_id, sheet=sheet.table.sheet, area_code=sheet.file.area_code,
    )  # fmt: skip


def per_text(found: pl.DataFrame, *, file_id: str, sheet: str, area_code: str) -> pl.DataFrame:
    """Rows (HEARD with `lon, lat`) → one row per column and text (UNKNOWN)."""
    has_place = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    by = ["column_name", "list_code", "value_text", "reason_code"]
    counted = found.sort("source_row", maintain_order=True).group_by(by, maintain_order=True).agg(
        pl.len().alias("n_rows"), pl.col("source_row").first(), pl.col("lon", "lat").filter(has_place).first()
    )  # fmt: skip
    where = {"source_file_id": file_id, "source_sheet": sheet, "area_code": area_code}
    here = counted.with_columns(pl.lit(value).alias(name) for name, value in where.items())
    return here.select(pl.col(name).cast(kind) for name, kind in UNKNOWN.items())


def positions(
    rows: pl.DataFrame,
    datum: str | None,
    box: tuple[float, float, float, float] | None,
    buildings: pl.DataFrame | None,
) -> pl.DataFrame:
    """Where typed rows lie: `source_row, lon, lat` in WGS-84. Their own coordinates, where those can be right, else those
    of the building they name, else null."""
    own = rows.select("source_row", lon=pl.lit(None, pl.Float64), lat=pl.lit(None, pl.Float64))
    if datum is not None and {"lon", "lat"} <= set(rows.columns) and not rows.is_empty():
        located, bad = locate(rows, datum, box)
        own = located.select("source_row", *(pl.when(~bad).then(pl.col(name)).alias(name) for name in ("lon", "lat")))
    if buildings is None or "building_id" not in rows.columns:
        return own
    near = rows.select("source_row", "building_id").join(
        buildings.select("building_id", pl.col("lon").alias("b_lon"), pl.col("lat").alias("b_lat")),
        on="building_id", how="left",
    )  # fmt: skip
    both = own.join(near, on="source_row", how="left", maintain_order="left")
    own_pair = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    return both.select(
        "source_row", *(pl.when(own_pair).then(name).otherwise(f"b_{name}").alias(name) for name in ("lon", "lat"))
    )
