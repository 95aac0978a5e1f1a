"""The outlines of a file's places → WGS-84; one that cannot be read, or lies elsewhere than its place, is left out and told."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from pipeline.clean.geo.datums import convert, plain
from pipeline.clean.geo.distance import metres_per_degree
from pipeline.clean.geo.limits import limits
from pipeline.clean.geo.outline import read_outline

OUTLINE, UNREADABLE, APART = "outline_wkt", "outline_unreadable", "outline_apart"
_PAIR = re.compile(r"([-+.\deE]+)\s+([-+.\deE]+)")


def draw(rows: pl.DataFrame, datum: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows of one file, on the map already (`lon lat` in WGS-84), with `outline_wkt` in WGS-84 too, and how many outlines
    were left out for which reason. A file names one datum: its outlines are in it as its points are.

    >>> here = pl.DataFrame({"lon": [116.46], "lat": [39.91], "reason_code": [None], "outline_wkt": ["POLYGON((2 1, 3 1"]})
    >>> draw(here, "gcj02")[1]
    {'outline_unreadable': 1}
    """
    if OUTLINE not in rows.columns or not rows[OUTLINE].count():
        return rows, {}
    readable = [_is_outline(text) for text in rows[OUTLINE]]
    moved = _moved(pl.Series([text if ok else None for text, ok in zip(rows[OUTLINE], readable, strict=True)]), datum)
    apart = _metres_apart(moved, rows["lon"], rows["lat"]) > limits()["outline"]["apart_m"]
    accepted = rows["reason_code"].is_null()
    counts = {
        UNREADABLE: int((accepted & rows[OUTLINE].is_not_null() & ~pl.Series(readable)).sum()),
        APART: int((accepted & apart).sum()),
    }
    kept = moved.zip_with(~apart.fill_null(False), pl.Series([None] * rows.height, dtype=pl.String))
    return rows.with_columns(kept.alias(OUTLINE)), {reason: n for reason, n in counts.items() if n}


def _is_outline(text: str | None) -> bool:
    if text is None:
        return False
    try:
        read_outline(text)
    except ValueError:
        return False
    return True


def _moved(outlines: pl.Series, datum: str) -> pl.Series:
    """The same outlines in WGS-84, to a centimetre."""
    if plain(datum) == "wgs84":
        return outlines
    pairs = [_PAIR.findall(text) if text else [] for text in outlines]
    flat = pl.DataFrame(
        [pair for ring in pairs for pair in ring], schema={"lon": pl.String, "lat": pl.String}, orient="row"
    )
    there = flat.cast(pl.Float64).select(
        convert(pl.col("lon"), pl.col("lat"), source=datum, target="wgs84").struct.unnest()
    )
    words = iter([f"{lon:.7f} {lat:.7f}" for lon, lat in there.iter_rows()])
    return pl.Series([_PAIR.sub(lambda _: next(words), text) if text else None for text in outlines], dtype=pl.String)


def _metres_apart(outlines: pl.Series, lon: pl.Series, lat: pl.Series) -> pl.Series:
    """How far each place lies outside the box around its outline; null where either is not there."""
    boxes = np.full((len(outlines), 4), np.nan)
    for place, text in enumerate(outlines):
        if text:
            corners = np.array(_PAIR.findall(text), dtype=float)
            boxes[place] = [*corners.min(axis=0), *corners.max(axis=0)]
    x, y = (values.cast(pl.Float64).fill_null(float("nan")).to_numpy() for values in (lon, lat))
    per_lon, per_lat = (scale.to_numpy() for scale in metres_per_degree(pl.Series(y)))
    east = np.maximum(np.maximum(boxes[:, 0] - x, x - boxes[:, 2]), 0) * per_lon
    north = np.maximum(np.maximum(boxes[:, 1] - y, y - boxes[:, 3]), 0) * per_lat
    return pl.Series(np.hypot(east, north)).fill_nan(None)
