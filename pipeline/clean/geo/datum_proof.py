"""Is the declared datum the true one? Stations are held against the buildings they are said to stand in.

A wrong datum moves a whole file by half a kilometre in one direction; a wrong building or a slip moves one row. So the
*median* shift of a file tells its datum, and a single row that fits its building only under another datum tells that the
file mixes two.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.clean.geo.datums import convert, plain
from pipeline.clean.geo.distance import offset
from pipeline.clean.geo.limits import limits

HYPOTHESES = ("wgs84", "gcj02", "bd09")
ANCHOR = ("_anchor_lon", "_anchor_lat")


@dataclass(frozen=True)
class Verdict:
    """`proved` the datum that the anchors prove, None when they prove none; `n_anchors` rows that could be compared;
    `is_mixed` per row: fits its building under another datum only."""

    proved: str | None
    n_anchors: int
    is_mixed: pl.Series


def anchored(rows: pl.DataFrame, buildings: pl.DataFrame, by: str) -> pl.DataFrame:
    """The rows with the coordinates of their building (`by` holds its id) as `_anchor_lon`, `_anchor_lat`; null where the
    building, or its place, is not known. `buildings` have building_id, lon and lat in WGS-84."""
    places = buildings.select(
        pl.col("building_id").alias(by), pl.col("lon").alias(ANCHOR[0]), pl.col("lat").alias(ANCHOR[1])
    )
    places = places.drop_nulls().unique(by, keep="last", maintain_order=True)
    return rows.join(places, on=by, how="left", maintain_order="left")


def prove_datum(rows: pl.DataFrame, declared: str) -> Verdict:
    """Hold the rows of one file (`lon_raw`, `lat_raw` in the datum to be tested, and `anchored`) against their anchors.

    A datum is proved when the median shift to the anchors under it is below `near_m` and under every other above
    `apart_m` (coordinates.toml). A row is mixed when it alone is that near under another datum, and that far under the
    declared one.

    >>> from pipeline.clean.geo.datums import wgs84_to_gcj02
    >>> at = pl.DataFrame({"_anchor_lon": [116.46], "_anchor_lat": [39.91]})
    >>> lon, lat = wgs84_to_gcj02(at["_anchor_lon"], at["_anchor_lat"])
    >>> prove_datum(at.with_columns(lon.alias("lon_raw"), lat.alias("lat_raw")), "wgs84").proved
    'gcj02'
    """
    near_m, apart_m = (limits()["datum_proof"][name] for name in ("near_m", "apart_m"))
    shifts = _shifts(rows)
    lengths = [_length(name).alias(name) for name in HYPOTHESES]
    single = shifts.select(lengths)
    others = pl.min_horizontal(name for name in HYPOTHESES if name != plain(declared))
    is_mixed = single.select((others < near_m) & (pl.col(plain(declared)) > apart_m)).to_series().fill_null(False)
    n_anchors = single[plain(declared)].count()
    if not n_anchors:
        return Verdict(None, 0, is_mixed)
    medians = shifts.select(pl.all().median()).select(lengths).row(0, named=True)
    (least, best), (second, _), _ = sorted((metres, name) for name, metres in medians.items())
    return Verdict(best if least < near_m and second > apart_m else None, n_anchors, is_mixed)


def _shifts(rows: pl.DataFrame) -> pl.DataFrame:
    """Metres to the east and to the north from each row's anchor to the row, under each hypothesis."""
    raw = (pl.col("lon_raw"), pl.col("lat_raw"))
    places = rows.select(*ANCHOR, *(convert(*raw, source=name, target="wgs84").alias(name) for name in HYPOTHESES))
    parts = []
    for name in HYPOTHESES:
        lon, lat = (pl.col(name).struct.field(part) for part in ("lon", "lat"))
        east, north = offset(*(pl.col(anchor) for anchor in ANCHOR), lon, lat)
        parts += [east.alias(f"{name}/east"), north.alias(f"{name}/north")]
    return places.select(parts)


def _length(name: str) -> pl.Expr:
    east, north = pl.col(f"{name}/east"), pl.col(f"{name}/north")
    return (east * east + north * north).sqrt()
