"""Coordinates as received → WGS-84, with the raw pair and its datum kept; a pair that cannot be right is refused."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.clean.geo.datum_proof import ANCHOR, prove_datum
from pipeline.clean.geo.datums import convert, plain
from pipeline.clean.geo.limits import limits
from pipeline.clean.geo.outline import Outline, metres_outside


@dataclass(frozen=True)
class Located:
    """`rows` in their order, with `lon lat` (WGS-84), `lon_raw lat_raw datum`, and `reason_code` of those whose pair is
    refused; `notices` how many rows each remarkable thing concerns."""

    rows: pl.DataFrame
    notices: dict[str, int]


def locate(rows: pl.DataFrame, datum: str, outline: Outline | None) -> Located:
    """Put the rows of one file on the map. `rows` have `lon lat` in the declared datum, and `_anchor_lon _anchor_lat`
    where the buildings they stand in are known. A blank pair is accepted as unknown.

    A refused row has one reason, the first that holds: half missing, not finite, zero, no degrees at all, swapped; then
    what the anchors say of the datum; then too far outside the boundary (of China, where no boundary is known).

    >>> found = locate(pl.DataFrame({"lon": [116.46, 39.91], "lat": [39.91, 116.46]}), "wgs84", None)
    >>> found.rows["reason_code"].to_list()
    [None, 'coordinates_swapped']
    """
    raw = rows.with_columns(
        pl.col("lon").cast(pl.Float64).alias("lon_raw"),
        pl.col("lat").cast(pl.Float64).alias("lat_raw"),
        pl.when(pl.col("lon").is_not_null()).then(pl.lit(datum)).alias("datum"),
    ).with_columns(_fault().alias("reason_code"))
    judged, notices = _judge_datum(raw, datum)
    placed = _to_wgs84(judged, datum)
    lon, lat = placed["lon"], placed["lat"]
    outside = metres_outside(lon, lat, outline) if outline is not None else _outside_china(lon, lat)
    is_far = outside > limits()["boundary"]["outside_m"]
    done = placed.with_columns(
        pl.when(is_far).then(pl.lit("coordinates_outside")).otherwise(pl.col("reason_code")).alias("reason_code")
    )
    n_near = int(((outside > 0) & ~is_far).sum())
    return Located(done.drop(ANCHOR, strict=False), notices | ({"coordinates_near_boundary": n_near} if n_near else {}))


def _fault() -> pl.Expr:
    """What is wrong with a pair as received, whatever its datum."""
    lon, lat, bounds = pl.col("lon_raw"), pl.col("lat_raw"), limits()["range"]
    over = bounds["projected_over"]
    return (
        pl.when(lon.is_null() != lat.is_null()).then(pl.lit("coordinates_half_missing"))
        .when(~lon.is_finite() | ~lat.is_finite()).then(pl.lit("coordinates_not_finite"))
        .when((lon == 0) | (lat == 0)).then(pl.lit("coordinates_zero"))
        .when((lon.abs() > over) | (lat.abs() > over)).then(pl.lit("coordinates_projected"))
        .when(lon.is_between(*bounds["lat"]) & lat.is_between(*bounds["lon"])).then(pl.lit("coordinates_swapped"))
    )  # fmt: skip


def _judge_datum(rows: pl.DataFrame, datum: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """Refuse all rows of a file whose anchors prove another datum; else those that fit their anchor in another one."""
    if ANCHOR[0] not in rows.columns:
        return rows, {}
    is_placed = pl.col("reason_code").is_null() & pl.col("lon_raw").is_not_null()
    anchor = [pl.when(is_placed).then(pl.col(name)).alias(name) for name in ANCHOR]
    verdict = prove_datum(rows.with_columns(anchor), datum)
    if verdict.proved not in (None, plain(datum)):
        refused = pl.when(is_placed).then(pl.lit("datum_contradicted"))
    else:
        refused = pl.when(verdict.is_mixed).then(pl.lit("datum_mixed"))
    is_open = verdict.n_anchors > 0 and verdict.proved is None
    judged = rows.with_columns(pl.col("reason_code").fill_null(refused))
    return judged, {"datum_unproved": verdict.n_anchors} if is_open else {}


def _to_wgs84(rows: pl.DataFrame, datum: str) -> pl.DataFrame:
    """`lon lat` in WGS-84, to a millimetre; null for a pair that is refused already."""
    accepted = [pl.when(pl.col("reason_code").is_null()).then(pl.col(f"{name}_raw")) for name in ("lon", "lat")]
    if plain(datum) == "wgs84":
        return rows.with_columns(lon=accepted[0], lat=accepted[1])
    pair = convert(*accepted, source=datum, target="wgs84").alias("_pair")
    converted = [pl.col("_pair").struct.field(name).round(8) for name in ("lon", "lat")]
    return rows.with_columns(pair).with_columns(converted).drop("_pair")


def _outside_china(lon: pl.Series, lat: pl.Series) -> pl.Series:
    """Infinite metres outside China's ranges, minus infinite inside."""
    bounds = limits()["range"]
    is_inside = lon.is_between(*bounds["lon"]) & lat.is_between(*bounds["lat"])
    infinite = float("inf")
    return pl.DataFrame({"is_inside": is_inside}).select(
        pl.when("is_inside").then(-infinite).when(~pl.col("is_inside")).then(infinite).alias("metres_outside")
    ).to_series()  # fmt: skip
