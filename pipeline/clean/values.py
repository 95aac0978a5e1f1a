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
# 20余万 and 3万余: the "odd" stands on either side of the scale; a unit behind never is a scale itself (30亿 is refused).
_NUMBER = r"^(约|大约|近|不足|超过|超|逾)?(-?\d+(?:\.\d+)?)(余|多)?(万|千|百)?(余|多|以上|\+)?([^\d,，万千百亿]{0,6})$"
_THOUSANDS = r"^(\D*)(\d{1,3}(?:,\d{3})+)(\D.*)?$"
_CLOCK = r"^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?|[时点](?:(\d{1,2})分?(?:(\d{1,2})秒)?)?)$"


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
    parts = text.str.extract_groups(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日.*|[T\s].*)?$").struct
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
    """Dates with an optional time of day (`8:03`, `08:03:01`, `8时3分`, `8点`); midnight when no time is given.

    A time that is not understood whole (下午3:00, another time zone) is null, never midnight.
    """
    text = half_width(values)
    day = dates(values)
    rest = text.str.replace(r"^(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?:\s*日)?|\d+(?:\.0+)?$)", "")
    rest = rest.str.strip_prefix("T").str.replace_all(r"\s", "")
    clock = rest.str.extract_groups(_CLOCK).struct
    hour = clock.field("1").cast(pl.Int64)
    minute = clock.field("2").fill_null(clock.field("4")).cast(pl.Int64).fill_null(0)
    second = clock.field("3").fill_null(clock.field("5")).cast(pl.Int64).fill_null(0)
    seconds = hour * 3600 + minute * 60 + second
    bad = (minute > 59) | (second > 59) | (seconds > 24 * 3600) | ((rest != "") & hour.is_null())
    stamp = day.cast(pl.Datetime("us")) + (seconds.fill_null(0) * 1_000_000).cast(pl.Duration("us"))
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
    text = half_width(values.str.replace_all("㎡", "平方米")).str.replace_all(r"\s", "")
    grouped = text.str.contains(_THOUSANDS)
    text = text.set(grouped.fill_null(False), None).fill_null(text.str.replace_all(",", ""))
    parts = text.str.extract_groups(_NUMBER).struct
    scale = parts.field("4").replace_strict(_SCALE, default=1.0, return_dtype=pl.Float64)
    value = (parts.field("2").cast(pl.Float64) * scale).alias(values.name)
    before = parts.field("1").replace_strict(_BEFORE, default=None, return_dtype=pl.String)
    odd = parts.field("3").fill_null(parts.field("5"))
    after = odd.replace_strict(odd.drop_nulls().unique(), "gt", default=None, return_dtype=pl.String)
    qualifier = before.fill_null(after).fill_null("eq")
    return value, qualifier.set(value.is_null(), None).alias("qualifier")
