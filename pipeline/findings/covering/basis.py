"""What every table of coverage says of itself: how near, on which day, and what is left out."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.findings.district import District

BASIS = ("radius_m", "walking_code", "detour", "hours_on")  # open facts, the same in all rows of an area
AMOUNTS = ("_hours", "_wanted", "_reached", "shortfall", "missed", "couriers")  # how columns of amounts end
LEFT_OUT = ("n_places_left_out", "left_out_hours", "n_stations_left_out")


def with_basis(rows: pl.DataFrame, district: District) -> pl.DataFrame:
    """Rows of a district with its area, the radius, how walks are known and the day whose hours count."""
    measured = district.walking_code == "measured"
    return rows.with_columns(
        area_code=pl.lit(district.area),
        radius_m=pl.lit(float(district.walking.radius_m)),
        walking_code=pl.lit(district.walking_code),
        detour=pl.lit(None if measured else float(district.walking.detour), pl.Float64),
        hours_on=pl.lit(district.on),
    )


def with_left_out(rows: pl.DataFrame, district: District) -> pl.DataFrame:
    """Rows with what is in no figure: buildings without coordinates and their courier-hours, stations without coordinates or hours."""
    return rows.with_columns(
        n_places_left_out=pl.lit(district.n_left_out("building"), pl.Int64),
        left_out_hours=pl.lit(district.left_out_hours),
        n_stations_left_out=pl.lit(district.n_left_out("station"), pl.Int64),
    )


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """One over the other; nan where there is nothing to be a part of."""
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=np.asarray(whole) > 0)


def filled(name: str, values: np.ndarray) -> pl.Series:
    """A column of figures; null where there is none."""
    return pl.Series(name, np.asarray(values, dtype=float)).fill_nan(None)


def rounded(rows: pl.DataFrame) -> pl.DataFrame:
    """Hours, visits and couriers to one digit, shares and ratios to four: more would only look exact."""
    digits = {name: 1 if name.endswith(AMOUNTS) else 4 for name, kind in rows.schema.items() if kind.is_float()}
    return rows.with_columns(pl.col(name).round(places) + 0.0 for name, places in digits.items())


def all_rows(parts: list[pl.DataFrame], columns: tuple[str, ...]) -> pl.DataFrame:
    """The rows of all areas, in these columns and no others; none of them where no area can be worked out."""
    if not parts:
        return pl.DataFrame(
            schema={name: pl.String if name.endswith(("_code", "_id")) else pl.Float64 for name in columns}
        )
    return rounded(pl.concat(parts, how="vertical_relaxed").select(columns))
