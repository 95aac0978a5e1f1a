"""Places of one register that may be one place entered twice: nearly one name, or nearly one point. Told, never merged."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.clean.geo.distance import metres
from pipeline.clean.places.candidates import Apart, scores
from pipeline.contracts.codebook import spelled
from pipeline.contracts.matching import matching

KINDS_COMPARED = ("station", "building", "depot")
SIMILAR = {
    "area_code": pl.String, "list_code": pl.String, "place_id": pl.String, "name": pl.String, "other_id": pl.String,
    "other_name": pl.String, "score": pl.Int64, "distance_m": pl.Float64,
}  # fmt: skip


def similar_places(known: pl.DataFrame, apart: Apart) -> pl.DataFrame:
    """Pairs of places of one kind and area that look alike (SIMILAR), the most alike first; `known` are their names
    (candidates.TEXTS), `apart` the pairs a person has found to be two places.

    Thresholds stand in metadata/matching.toml. A register of more places than it allows is not compared pair by pair;
    equal names and shared points are noticed for every register (same_places.py).
    """
    own = known.filter((pl.col("why_code") == "name") & pl.col("list_code").is_in(KINDS_COMPARED))
    own = own.unique("place_id", keep="first", maintain_order=True)
    parts = [
        _pairs(part.sort("place_id"), apart)
        for _, part in own.group_by("area_code", "list_code", maintain_order=True)
        if 1 < part.height <= matching().most_compared
    ]
    found = pl.concat([pl.DataFrame(schema=SIMILAR), *parts])
    order = ["score", "distance_m", "place_id", "other_id"]
    return found.sort(order, descending=[True, False, False, False], nulls_last=True).head(matching().most_similar)


def _pairs(places: pl.DataFrame, apart: Apart) -> pl.DataFrame:
    rules = matching()
    names = places["name"].to_list()
    alike = scores(names, names)
    first, second = np.triu_indices(places.height, k=1)
    away = _metres(places, first, second)
    near = np.nan_to_num(away, nan=np.inf)
    score = alike[first, second]
    is_pair = (score >= rules.similar_score) | (near <= rules.same_point_metres)
    is_pair |= (score >= rules.near_score) & (near <= rules.near_metres)
    i, j = first[is_pair], second[is_pair]
    pairs = pl.concat(
        [
            places[i].select("area_code", "list_code", "local_code", "place_id", "name"),
            places[j].select(other_code="local_code", other_id="place_id", other_name="name"),
            pl.DataFrame({"score": score[is_pair], "distance_m": away[is_pair]}).with_columns(
                pl.col("distance_m").fill_nan(None).round(0)
            ),
        ],
        how="horizontal",
    )
    kept = [not _is_apart(row, apart) for row in pairs.iter_rows(named=True)]
    return pairs.filter(kept).select(pl.col(name).cast(kind) for name, kind in SIMILAR.items())


def _metres(places: pl.DataFrame, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Metres between places, NaN where one has no coordinates."""
    lon, lat = places["lon"], places["lat"]
    return metres(lon[first], lat[first], lon[second], lat[second]).fill_null(float("nan")).to_numpy()


def _is_apart(row: dict, apart: Apart) -> bool:
    pairs = ((row["local_code"], row["other_code"]), (row["other_code"], row["local_code"]))
    return any((row["list_code"], row["area_code"], spelled(one), other) in apart for one, other in pairs)
