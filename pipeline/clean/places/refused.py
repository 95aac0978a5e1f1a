"""Rejected rows of a register: which place each names. It stands in the ledger, although nothing it says is used."""

from __future__ import annotations

import polars as pl

from pipeline.clean.fates import conform
from pipeline.clean.places.known_places import Places, kind_of

REFUSED = {
    "kind_code": pl.String, "area_code": pl.String, "source_code": pl.String, "as_of": pl.Date, "place_id": pl.String,
    "source_file_id": pl.String, "source_sheet": pl.String, "source_row": pl.Int64,
}  # fmt: skip


def refused_places(table: str, rows: pl.DataFrame, places: Places) -> pl.DataFrame:
    """One row per rejected row (`rows`) of a register, with the place it names; nothing for any other table.

    The place is that of the row's own code; a code no accepted row has makes the id it would have had. Without a code, the
    name says which, if exactly one place of the register has it; else `place_id` is empty. Needs the accepted rows registered.

    >>> from datetime import date
    >>> origin = {"source_file_id": "f", "source_sheet": "", "as_of": date(2023, 5, 31), "source_code": "ledger"}
    >>> places = Places()
    >>> places.add("station", [("A", "S1", "A-S1", "东门驿站")])
    >>> rows = pl.DataFrame([
    ...     {"area_code": "A", "local_code": code, "name": name, "source_row": row, **origin}
    ...     for row, code, name in [(5, "S1", None), (6, "S9", "新站"), (7, None, "东门驿站"), (8, None, "西门驿站")]
    ... ])
    >>> refused_places("clean.stations", rows, places)["place_id"].to_list()
    ['A-S1', 'A-S9', 'A-S1', None]
    """
    kind = kind_of(table)
    if kind is None or rows.is_empty():
        return pl.DataFrame(schema=REFUSED)
    parts = [
        part.with_columns(pl.lit(kind).alias("kind_code"), _named(kind, str(area), part, places).alias("place_id"))
        for (area,), part in rows.group_by("area_code", maintain_order=True)
    ]
    return conform(pl.concat(parts), REFUSED)


def _named(kind: str, area: str, rows: pl.DataFrame, places: Places) -> pl.Series:
    """The place each row of one area names, by its code, else by its name."""
    nothing = pl.Series([None] * rows.height, dtype=pl.String)
    code, name = (rows[column] if column in rows.columns else nothing for column in ("local_code", "name"))
    known, named = places.resolve(kind, area, code), places.resolve(kind, area, name)
    new = pl.format("{}-{}", pl.lit(area), code)  # null where there is no code
    return pl.select(pl.coalesce(known, new, named)).to_series()
