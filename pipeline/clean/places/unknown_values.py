"""What was not understood, so that a person can decide it once: texts that are in no code list, names of no known place.

Never a personal value: columns declared or headed as personal are left out, what looks like a telephone or a name in any
other text is masked.
"""

from __future__ import annotations

import polars as pl

from pipeline.clean.places.heard import HEARD, shown
from pipeline.clean.sheets.ledger import Sheet
from pipeline.contracts import Codebook, Source
from pipeline.contracts.codebook import normal
from pipeline.privacy import is_personal_heading

UNKNOWN = {
    "source_file_id": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "n_rows": pl.Int64,
    "area_code": pl.String, "column_name": pl.String, "list_code": pl.String, "value_text": pl.String,
    "reason_code": pl.String, "lon": pl.Float64, "lat": pl.Float64,
}  # fmt: skip


def unknown_headings(source: Source, sheet: Sheet, codebooks: dict[str, Codebook]) -> pl.DataFrame:
    """Headings under a group (`服务项目/给手机回血`) whose last part is no spelling of the group's code list (HEARD). The
    rows of a return workbook stand under the headings of the file they came from, and are not looked at twice."""
    row = sheet.table.header_rows[-1] if sheet.table.header_rows else 0
    specs = [table.unpivot for table in source.tables if table.unpivot and not sheet.origins]
    found = [
        (row, heading, spec["codebook"], name, "unknown_column")
        for spec in specs
        for heading in dict.fromkeys(sheet.table.columns)
        for group, _, name in [heading.partition("/")]
        if name and normal(group) == normal(spec["heading_group"]) and not is_personal_heading(heading)
        and codebooks[spec["codebook"]].lookup(name) is None
        and heading not in {item.heading for item in sheet.matched.wide.get(spec["heading_group"], [])}
    ]  # fmt: skip
    frame = pl.DataFrame(found, schema=HEARD, orient="row")
    return frame.with_columns(shown(frame["column_name"]), shown(frame["value_text"])).unique(maintain_order=True)


def of_sheet(sheet: Sheet, found: pl.DataFrame) -> pl.DataFrame:
    """What one sheet does not make understood (HEARD; `lon, lat` where known), one row per column and text (UNKNOWN)."""
    return per_text(found, file_id=sheet.file.file_id, sheet=sheet.table.sheet, area_code=sheet.file.area_code)


def per_text(found: pl.DataFrame, *, file_id: str, sheet: str, area_code: str) -> pl.DataFrame:
    """One row per column and text (UNKNOWN): the first row that says it, how many do, and the first place known of them."""
    absent = [pl.lit(None, pl.Float64).alias(name) for name in ("lon", "lat") if name not in found.columns]
    has_place = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    by = ["column_name", "list_code", "value_text", "reason_code"]
    counted = found.with_columns(absent).sort("source_row", maintain_order=True).group_by(by, maintain_order=True).agg(
        pl.len().alias("n_rows"), pl.col("source_row").first(), pl.col("lon", "lat").filter(has_place).first()
    )  # fmt: skip
    where = {"source_file_id": file_id, "source_sheet": sheet, "area_code": area_code}
    here = counted.with_columns(pl.lit(value).alias(name) for name, value in where.items())
    return here.select(pl.col(name).cast(kind) for name, kind in UNKNOWN.items())


def positions(rows: pl.DataFrame, buildings: pl.DataFrame | None) -> pl.DataFrame:
    """Where rows lie: `source_row, lon, lat` in WGS-84. Their own coordinates where they are on the map (`lon_raw` beside
    `lon`), else those of the building they name (`building_id`), else null. `buildings` have building_id, lon, lat."""
    row = pl.col("source_row").cast(pl.Int64)
    own = rows.select(row, "lon", "lat") if "lon_raw" in rows.columns else rows.select(row, lon=None, lat=None)
    own = own.with_columns(pl.col("lon", "lat").cast(pl.Float64))
    if buildings is None or "building_id" not in rows.columns or not {"lon", "lat"} <= set(buildings.columns):
        return own
    there = rows.select(row, "building_id").join(
        buildings.select("building_id", pl.col("lon", "lat").name.prefix("b_")), on="building_id", how="left"
    )
    both = own.join(there, on="source_row", how="left", maintain_order="left")
    has_own = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    return both.select(
        "source_row", *(pl.when(has_own).then(name).otherwise(f"b_{name}").alias(name) for name in ("lon", "lat"))
    )
