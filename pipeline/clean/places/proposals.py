"""Corrections that are all but certain and still nobody's to make in silence: longitude and latitude in each other's place,
or both in one cell. Each is proposed cell by cell; a person accepts it, and it becomes a `[[correction]]` of the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from pipeline.clean.geo.limits import limits
from pipeline.clean.sheets.ledger import Sheet
from pipeline.clean.values import half_width
from pipeline.contracts import Source

PROPOSALS = {
    "source_code": pl.String, "source_file_id": pl.String, "source_sheet": pl.String, "source_row": pl.Int64,
    "column_name": pl.String, "old_text": pl.String, "new_text": pl.String, "reason_code": pl.String,
}  # fmt: skip
PROPOSED = ("coordinates_swapped", "coordinates_packed")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
Cell = tuple[str, str, str]  # heading, what stands there, what is proposed


def propose(source: Source, sheet: Sheet, fates: pl.DataFrame) -> pl.DataFrame:
    """The proposals (PROPOSALS) for the rejected rows of one sheet of a received file. The rows of a return workbook have
    none: they go back to their keeper once more."""
    here = (pl.col("source_file_id") == sheet.file.file_id) & (pl.col("source_sheet") == sheet.table.sheet)
    asked = fates.filter(here & pl.col("reason_code").is_in(PROPOSED)).unique(["source_row", "reason_code"])
    at = {name: sheet.matched.columns[name][1:] for name in ("lon", "lat") if name in sheet.matched.columns}
    if asked.is_empty() or sheet.origins or len(at) < 2:
        return pl.DataFrame(schema=PROPOSALS)
    own = sheet.table.frame.select("source_row", *(pl.col(at[name][0]).alias(name) for name in ("lon", "lat")))
    rows = own.join(asked.select("source_row", "reason_code"), on="source_row").sort("source_row", "reason_code")
    where = (source.code, sheet.file.file_id, sheet.table.sheet)
    found = [
        (*where, row, heading, old, new, reason)
        for row, lon, lat, reason in rows.iter_rows()
        for heading, old, new in _cells((lon or "").strip(), (lat or "").strip(), (at["lon"][1], at["lat"][1]))
        if old != new
    ]
    return pl.DataFrame(found, schema=PROPOSALS, orient="row")


def _cells(lon: str, lat: str, headings: tuple[str, str]) -> Iterator[Cell]:
    """What the two cells of a pair should say, where that is certain: one number in the range of longitudes and one in
    that of latitudes, whichever cell they stand in. The ranges of China do not overlap."""
    plain = half_width(pl.Series([lon, lat])).fill_null("")
    numbers = dict.fromkeys(number for text in plain for number in _NUMBER.findall(text))  # one said twice is one
    bounds = limits()["range"]
    east = [number for number in numbers if bounds["lon"][0] <= float(number) <= bounds["lon"][1]]
    north = [number for number in numbers if bounds["lat"][0] <= float(number) <= bounds["lat"][1]]
    if len(numbers) == 2 and len(east) == len(north) == 1:
        yield headings[0], lon, east[0]
        yield headings[1], lat, north[0]
