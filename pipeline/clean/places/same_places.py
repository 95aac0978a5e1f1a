"""Places of one register that look alike: several under one name, several at one point. Said, never decided."""

from __future__ import annotations

import polars as pl

from pipeline.clean.fates import NOTICES, notice, together
from pipeline.clean.geo.place_rows import heading
from pipeline.clean.places.known_places import KINDS
from pipeline.contracts import Source
from pipeline.contracts.codebook import normal

SHEET = ("source_file_id", "source_sheet")
_DELIVERY = ("area_code", "as_of")  # a register may come in several files, and repaired rows in yet another


def look_alikes(source: Source, kept: pl.DataFrame) -> pl.DataFrame:
    """Notices per sheet of a register (stations, buildings, depots): `repeated_name` with the number of rows whose name
    several places carry, as names are compared everywhere; `coordinates_shared` with the number of rows at a point where
    another name or address stands too. `kept` are the rows without repeats, as typed."""
    if not {table.name for table in source.tables} & {KINDS[kind] for kind in ("station", "building", "depot")}:
        return pl.DataFrame(schema=NOTICES)
    said = []
    if {"local_code", "name"} <= set(kept.columns):
        title = next(column.headings[0] for column in source.columns if column.name == "name")
        said += _counted(_repeated_names(kept), "repeated_name", title)
    if {"lon_raw", "lat_raw"} <= set(kept.columns):
        said += _counted(_shared_points(kept), "coordinates_shared", heading(source))
    return together(said, NOTICES)


def _repeated_names(kept: pl.DataFrame) -> pl.DataFrame:
    names = kept["name"].drop_nulls().unique().to_list()
    spelt = pl.col("name").replace_strict(names, [normal(name) for name in names], return_dtype=pl.String)
    rows = kept.drop_nulls("name").with_columns(spelt.alias("name"))
    return rows.filter(pl.col("local_code").n_unique().over(*_DELIVERY, "name") > 1)


def _shared_points(kept: pl.DataFrame) -> pl.DataFrame:
    told = [name for name in ("name", "address") if name in kept.columns] or ["local_code"]
    rows = kept.drop_nulls(["lon_raw", "lat_raw"])
    return rows.filter(pl.struct(told).n_unique().over(*_DELIVERY, "lon_raw", "lat_raw") > 1)


def _counted(rows: pl.DataFrame, reason: str, column: str) -> list[pl.DataFrame]:
    counts = rows.group_by(SHEET, maintain_order=True).len()
    return [notice(file_id, sheet, reason, column, n) for file_id, sheet, n in counts.iter_rows()]
