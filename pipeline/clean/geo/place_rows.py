"""The typed rows of one source, put on the map file by file; rows with a place that cannot be right are refused."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.clean.fates import FATES, NOTICES, fates_of, notice, together
from pipeline.clean.geo.datum_proof import anchored
from pipeline.clean.geo.drawn import OUTLINE, draw
from pipeline.clean.geo.locate import Located, locate
from pipeline.clean.geo.outline import Outline
from pipeline.contracts import Source


@dataclass(frozen=True)
class Placed:
    """`kept` rows with `lon lat` and outlines in WGS-84, `lon_raw lat_raw datum`; `refused` rows in the same shape, their fates, and
    what was seen and refuses no row."""

    kept: pl.DataFrame
    refused: pl.DataFrame
    fates: pl.DataFrame
    notices: pl.DataFrame


def place_rows(
    source: Source, rows: pl.DataFrame, outlines: dict[str, Outline], buildings: pl.DataFrame | None
) -> Placed:
    """Put rows on the map in the datum their contract declares. `outlines` are the areas' boundaries; `buildings` those
    already on the map (building_id, lon, lat), for a source that names the building a place stands in.

    Rows without coordinates come back as they are. A file that has one of the two columns only has no place in any row.
    """
    absent = [name for name in ("lon", "lat") if name not in rows.columns]
    if source.datum is None or rows.is_empty() or len(absent) == 2:
        return Placed(rows, rows.clear(), pl.DataFrame(schema=FATES), pl.DataFrame(schema=NOTICES))
    rows = rows.with_columns(pl.lit(None, pl.Float64).alias(name) for name in absent)
    by = next(
        (column.name for column in source.columns if column.type == "building" and column.name in rows.columns), None
    )
    if by is not None and buildings is not None and {"lon", "lat"} <= set(buildings.columns):
        rows = anchored(rows, buildings, by)
    files = [
        (file_id, _drawn(locate(part, source.datum, outlines.get(area)), source.datum))
        for (area, file_id), part in rows.group_by("area_code", "source_file_id", maintain_order=True)
    ]
    located = pl.concat([found.rows for _, found in files])
    refused = located.filter(pl.col("reason_code").is_not_null())
    return Placed(
        kept=located.filter(pl.col("reason_code").is_null()).drop("reason_code"),
        refused=refused.drop("reason_code"),
        fates=_fates(refused, heading(source)),
        notices=together([_notices(str(file_id), found, source) for file_id, found in files], NOTICES),
    )


def _drawn(located: Located, datum: str) -> Located:
    rows, notices = draw(located.rows, datum)
    return Located(rows, located.notices | notices)


def heading(source: Source) -> str:
    """The coordinate columns as people head them in their files."""
    columns = [column for column in source.columns if column.name in ("lon", "lat") or column.type == "coordinate_pair"]
    return "、".join(column.headings[0] for column in columns)


def _fates(refused: pl.DataFrame, column: str) -> pl.DataFrame:
    parts = refused.partition_by("source_file_id", "source_sheet", as_dict=True)
    return together(
        [
            fates_of(part, file_id=str(file_id), sheet=str(sheet), fate="rejected", column=column)
            for (file_id, sheet), part in parts.items()
        ],
        FATES,
    )


def _notices(file_id: str, found: Located, source: Source) -> pl.DataFrame:
    sheet = found.rows["source_sheet"][0]
    drawn = next((column.headings[0] for column in source.columns if column.name == OUTLINE), "")
    said = [
        notice(file_id, sheet, reason, drawn if reason.startswith("outline") else heading(source), n)
        for reason, n in found.notices.items()
    ]
    return together(said, NOTICES)
