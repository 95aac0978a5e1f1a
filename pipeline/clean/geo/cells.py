"""Cells that hold coordinates → degrees. What is no plain number is refused by the way it is written, never rewritten."""

from __future__ import annotations

import polars as pl

from pipeline.clean.geo.limits import limits
from pipeline.clean.values import half_width

_NUMBER = r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_ALONE = rf"(?i)^(?:东经|北纬|[EN])?\s*({_NUMBER})\s*[°度]?\s*[EN]?$"
_BETWEEN = r"""(?:经度|纬度|东经|北纬|longitude|latitude|lng|lon|lat|POINT|[ENXY:=°度\[\](){}"'\s,;/、|])"""
_TWO = rf"(?i)^{_BETWEEN}*{_NUMBER}{_BETWEEN}+{_NUMBER}{_BETWEEN}*$"
_PAIR = rf"""(?i)^(?:POINT\s*)?[\[(]*\s*"?({_NUMBER})"?(?:\s*[,;/、]\s*|\s+)"?({_NUMBER})"?\s*[\])]*$"""
_MINUTES = r"\d\s*[°度]\s*\d+(?:\.\d+)?\s*['′’分]|\d[°度]\d|^\D?\s*\d{1,3}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?\s*\D?$"
_NOT_FINITE = r"(?i)(?:^|[\s,\[(])\"?[+-]?(?:nan|inf|infinity|∞|1\.#\w+)\"?(?:$|[\s,\])])"
_NO_PAIR = r"(?i)^[\[\](),\s]*(?:(?:null|none)[\[\](),\s]*){0,2}$"


def read_numbers(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Cells of one coordinate → degrees, and why a cell is refused (null: it is read, or blank).

    Decimal degrees are read, with a degree sign or a letter for east or north; two values in one cell, degrees and
    minutes, and what is not finite are told apart.

    >>> values, reason = read_numbers(pl.Series(["116.46", "116.46,39.91", "39°54′", "nan", "东边"]))
    >>> values.to_list()
    [116.46, None, None, None, None]
    >>> reason.to_list()
    [None, 'coordinates_packed', 'coordinates_degrees', 'coordinates_not_finite', 'bad_number']
    """
    plain = _plain(text)
    frame = pl.DataFrame({"text": plain, "value": plain.str.extract(_ALONE, 1).cast(pl.Float64)})
    is_read = pl.col("value").is_finite().fill_null(False)
    told = pl.when(pl.col("text").str.contains(_TWO)).then(pl.lit("coordinates_packed"))
    return _read(frame, pl.col("value"), is_read, told, text.name)


def read_pairs(text: pl.Series, order: str) -> tuple[pl.Series, pl.Series]:
    """Cells that hold both coordinates in a declared order (`lon_lat` or `lat_lon`) → structs of lon and lat, and why a
    cell is refused. Square or round brackets, quotes and `POINT` may stand around the two numbers.

    >>> pairs, reason = read_pairs(pl.Series(['["110.19", "20.05"]', "20.05"]), "lon_lat")
    >>> pairs.to_list(), reason.to_list()
    ([{'lon': 110.19, 'lat': 20.05}, None], [None, 'coordinates_half_missing'])
    """
    plain = _plain(text)
    first, second = (plain.str.extract(_PAIR, group).cast(pl.Float64) for group in (1, 2))
    lon, lat = (first, second) if order == "lon_lat" else (second, first)
    frame = pl.DataFrame({"text": plain, "lon": lon, "lat": lat})
    is_read = (pl.col("lon").is_finite() & pl.col("lat").is_finite()).fill_null(False)
    is_one = pl.col("text").str.count_matches(_NUMBER) == 1
    told = pl.when(is_one).then(pl.lit("coordinates_half_missing"))
    return _read(frame, pl.struct("lon", "lat"), is_read, told, text.name)


def without_empty_pairs(text: pl.Series) -> pl.Series:
    """The cells, null where a list holds nothing (`[]`, `[null, null]`)."""
    return text.set(text.str.contains(_NO_PAIR).fill_null(False), None)


def n_decimals(text: pl.Series) -> pl.Series:
    """The fewest decimals of the numbers in each cell, as received; null where there is no number.

    >>> n_decimals(pl.Series(["116.46", "[110.193694, 20.05]", "116", None])).to_list()
    [2, 2, 0, None]
    """
    found = _plain(text).str.extract_all(r"\d+(?:\.\d+)?")
    return found.list.eval(pl.element().str.extract(r"\.(\d+)$", 1).fill_null("").str.len_chars()).list.min()


def n_coarse(columns: list[pl.Series]) -> int:
    """How many rows have so few decimals in one of their coordinates that the place is known to some 100 m only; 0 unless
    they are many (coordinates.toml). Trailing zeros that a workbook dropped make few rows look so."""
    bounds = limits()["coarse"]
    fewest = pl.DataFrame([n_decimals(text).alias(str(i)) for i, text in enumerate(columns)]).min_horizontal()
    n = int((fewest <= bounds["decimals"]).sum())
    return n if n > bounds["share"] * fewest.count() else 0


def _plain(text: pl.Series) -> pl.Series:
    """Half-width text; the signs that stand for a degree are one."""
    return half_width(text.str.replace_all("[º˚]", "°"))


def _read(
    frame: pl.DataFrame, value: pl.Expr, is_read: pl.Expr, told: pl.Expr, name: str
) -> tuple[pl.Series, pl.Series]:
    """The values, null where a cell is not read, and the reasons; `told` is what one kind of cell knows beside the others."""
    text = pl.col("text")
    is_number = pl.any_horizontal(pl.exclude("text").is_not_null())  # too large a number is infinite
    reason = (
        pl.when(text.str.contains(_NOT_FINITE) | is_number)
        .then(pl.lit("coordinates_not_finite"))
        .when(text.str.contains(_MINUTES))
        .then(pl.lit("coordinates_degrees"))
        .otherwise(told.otherwise(pl.lit("bad_number")))
    )
    done = frame.select(
        pl.when(is_read).then(value).alias(name),
        pl.when(text.is_not_null() & ~is_read).then(reason).alias("reason_code"),
    )
    return done.to_series(0), done.to_series(1)
