"""Text cells → values: dates, numbers with their qualifier, ticks. What cannot be read is null; the caller says why.

Every function takes and gives Polars series or expressions of the same length. Digits are normalised (full-width to
half-width); names and option labels never are: NFKC would turn ，；：（） into ASCII and break labels.
"""

from __future__ import annotations

from datetime import date

import polars as pl

EXCEL_EPOCH = date(1899, 12, 30)
_SERIAL = (20_000, 80_000)  # 1954–2119: a number in this range standing as a date is an Excel serial
_SCALE = {"万": 1e4, "千": 1e3, "百": 1e2}
_BEFORE = {"约": "approx", "大约": "approx", "近": "lt", "不足": "lt", "超过": "gt", "超": "gt", "逾": "gt"}
_NUMBER = r"^(约|大约|近|不足|超过|超|逾)?(-?\d+(?:\.\d+)?)(万|千|百)?(余|多|以上|\+)?([^\d]{0,6})$"


def half_width(values: pl.Series) -> pl.Series:
    """Digits, letters and signs in half width, outer spaces off; blank becomes null."""
    text = values.str.normalize("NFKC").str.strip_chars()
    return text.replace("", None)


def is_blank(values: pl.Series) -> pl.Series:
    """True where a cell holds nothing."""
    return values.is_null() | (values.str.strip_chars() == "")


def dates(values: pl.Series, *, year: int | None = None) -> pl.Series:
    """Dates in the ways people write them; null where unreadable.

    `2023-05-14`, `2023/5/14`, `2023.5.14`, `2023年5月14日`, `20230514`, an Excel serial, any of them followed by a time;
    `5月14日` only when the year is known from the context.

    >>> dates(pl.Series(["2023.5.14", "45060", "昨天"])).to_list()
    [datetime.date(2023, 5, 14), datetime.date(2023, 5, 14), None]
    """
    text = half_width(values)
    parts = text.str.extract_groups(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日)?(?:[T\s].*)?$").struct
    compact = text.str.extract_groups(r"^(\d{4})(\d{2})(\d{2})$").struct
    found = _date_of(parts.field("1"), parts.field("2"), parts.field("3"))
    found = found.fill_null(_date_of(compact.field("1"), compact.field("2"), compact.field("3")))
    if year is not None:
        short = text.str.extract_groups(r"^(\d{1,2})\s*月\s*(\d{1,2})\s*日?$").struct
        years = pl.Series([str(year)]).new_from_index(0, len(text))
        found = found.fill_null(_date_of(years, short.field("1"), short.field("2")))
    serial = text.str.extract(r"^(\d{5})(?:\.0+)?$", 1).cast(pl.Int32)
    serial = serial.set(~serial.is_between(*_SERIAL).fill_null(False), None)
    days = serial - (date(1970, 1, 1) - EXCEL_EPOCH).days
    return found.fill_null(days.cast(pl.Date)).alias(values.name)


def datetimes(values: pl.Series) -> pl.Series:
    """Dates with an optional time of day (`8:03`, `08:03:01`, `8时3分`); midnight when no time is given."""
    text = half_width(values)
    day = dates(values)
    clock = text.str.extract_groups(r"(\d{1,2})\s*[:时点]\s*(\d{1,2})\s*(?:[:分]\s*(\d{1,2})?)?\s*秒?\s*$").struct
    hour = clock.field("1").cast(pl.Int64)
    minute = clock.field("2").cast(pl.Int64)
    second = clock.field("3").cast(pl.Int64).fill_null(0)
    bad = (hour > 24) | (minute > 59) | (second > 59)
    seconds = (hour * 3600 + minute * 60 + second).fill_null(0)
    stamp = day.cast(pl.Datetime("us")) + (seconds * 1_000_000).cast(pl.Duration("us"))
    return stamp.set(bad.fill_null(False), None).alias(values.name)


def months(values: pl.Series) -> pl.Series:
    """First day of the month named: `2023-05`, `2023年5月`, `202305`, `2023/5`, or any full date."""
    text = half_width(values)
    parts = text.str.extract_groups(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$").struct
    compact = text.str.extract_groups(r"^(\d{4})(\d{2})$").struct
    ones = pl.Series(["1"]).new_from_index(0, len(text))
    found = _date_of(parts.field("1"), parts.field("2"), ones)
    found = found.fill_null(_date_of(compact.field("1"), compact.field("2"), ones))
    return found.fill_null(dates(values).dt.truncate("1mo")).alias(values.name)


def _date_of(year: pl.Series, month: pl.Series, day: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"y": year, "m": month, "d": day})
    text = pl.concat_str([pl.col("y"), pl.col("m").str.zfill(2), pl.col("d").str.zfill(2)], separator="-")
    return frame.select(text.str.to_date("%Y-%m-%d", strict=False)).to_series()


def numbers(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Numbers as people write them, and their qualifier (`eq gt lt approx`).

    Full-width digits, thousands separators, `约20`, `20余`, `近30万`, a short unit behind (`12㎡`, `3台`).

    >>> value, qualifier = numbers(pl.Series(["近30万", "２０余", "12台", "很多"]))
    >>> value.to_list(), qualifier.to_list()
    ([300000.0, 20.0, 12.0, None], ['lt', 'gt', 'eq', None])
    """
    text = half_width(values).str.replace_all(r"(\d)[,，](\d{3})", "${1}${2}").str.replace_all(r"\s", "")
    parts = text.str.extract_groups(_NUMBER).struct
    scale = parts.field("3").replace_strict(_SCALE, default=1.0, return_dtype=pl.Float64)
    value = (parts.field("2").cast(pl.Float64) * scale).alias(values.name)
    before = parts.field("1").replace_strict(_BEFORE, default=None, return_dtype=pl.String)
    after = pl.DataFrame({"a": parts.field("4")}).select(pl.when(pl.col("a").is_not_null()).then(pl.lit("gt"))).to_series()
    qualifier = before.fill_null(after).fill_null("eq")
    return value, qualifier.set(value.is_null(), None).alias("qualifier")
