"""Times and durations as survey platforms write them."""

from __future__ import annotations

import polars as pl

_CLOCK = r"(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?"
_YEAR_FIRST = r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?" + _CLOCK
_YEAR_LAST = r"^\s*(\d{1,2})/(\d{1,2})/(\d{4})" + _CLOCK
_OFFSET = r"\d(Z|[+-]\d{2}:?\d{2})\s*$"


def time_of(text: pl.Expr, utc_offset_hours: float | None = None) -> pl.Expr:
    """A local time from `2023/9/8 12:24:22`, `2023-09-08T12:24:22.000+08:00`, `2023年9月8日 12:24`, and from
    `9/8/2023 12:24:22 PM` (month first, as platforms of the US write; day first where some first number exceeds 12).

    A time that states another offset than the area's (`utc_offset_hours`) is converted to the area's wall clock.
    """
    first = [text.str.extract(_YEAR_FIRST, index) for index in range(1, 7)]
    last = [text.str.extract(_YEAR_LAST, index) for index in range(1, 7)]
    day_first = last[0].cast(pl.Int64).max() > 12
    month, day = (pl.when(day_first).then(last[1 - i]).otherwise(last[i]) for i in (0, 1))
    found = [
        pl.coalesce(early, late).fill_null("0").str.zfill(2)
        for early, late in zip(first, (last[2], month, day, *last[3:]), strict=True)
    ]
    clock = pl.concat_str(found, separator=" ").str.to_datetime("%Y %m %d %H %M %S", strict=False)
    half = text.str.extract(r"(?i)(am|pm)\s*$", 1).str.to_lowercase()
    noon = found[3] == "12"
    hours = pl.when((half == "pm") & ~noon).then(12).when((half == "am") & noon).then(-12).otherwise(0)
    return clock + pl.duration(hours=hours, seconds=_shift(text, utc_offset_hours))


def _shift(text: pl.Expr, utc_offset_hours: float | None) -> pl.Expr | int:
    """Seconds from the stated offset to the area's; none where nothing is stated."""
    if utc_offset_hours is None:
        return 0
    stated = text.str.extract(_OFFSET, 1).str.replace("Z", "+00:00").str.replace(":", "")
    sign = pl.when(stated.str.starts_with("-")).then(-1).otherwise(1)
    seconds = sign * (stated.str.slice(1, 2).cast(pl.Int64) * 3600 + stated.str.slice(3, 2).cast(pl.Int64) * 60)
    return (pl.lit(round(utc_offset_hours * 3600)) - seconds).fill_null(0)


def wall_clock(text: pl.Series, utc_offset_hours: float) -> pl.Series:
    """Times of one column as the area's wall clock, `2023-05-08 09:17:18`; what is no time stays as it is written.

    >>> wall_clock(pl.Series(["2023-05-08T04:17:18.000+03:00", "5/8/2023 9:17:18 PM", "去年"]), 8).to_list()
    ['2023-05-08 09:17:18', '2023-05-08 21:17:18', '去年']
    """
    frame = pl.DataFrame({"text": text}, schema={"text": pl.String})
    told = time_of(pl.col("text"), utc_offset_hours).dt.strftime("%Y-%m-%d %H:%M:%S")
    return frame.select(pl.coalesce(told, "text")).to_series()


def seconds_of(text: pl.Expr) -> pl.Expr:
    """Seconds from `137秒`, `2分17秒`, `1小时2分3秒`, `00:02:17`, `02:17` or plain `137`; null when it is none of these."""
    trimmed = text.str.strip_chars()
    words = sum(
        trimmed.str.extract(rf"(\d+)\s*{unit}", 1).cast(pl.Int64).fill_null(0) * factor
        for unit, factor in (("(?:小时|时|h)", 3600), ("(?:分钟|分|m)", 60), ("(?:秒|s)", 1))
    )
    clock = [
        trimmed.str.extract(r"^(?:(\d+):)?(\d{1,2}):(\d{1,2})$", index).cast(pl.Int64).fill_null(0)
        for index in (1, 2, 3)
    ]
    return (
        pl.when(trimmed.str.contains(r"^\d+(?:\.0+)?$"))
        .then(trimmed.str.extract(r"^(\d+)", 1).cast(pl.Int64))
        .when(trimmed.str.contains(r"^(?:\d+:)?\d{1,2}:\d{1,2}$"))
        .then(clock[0] * 3600 + clock[1] * 60 + clock[2])
        .when(trimmed.str.contains(r"^(?:\d+\s*(?:天|小时|时|分钟|分|秒|[hms])\s*)+$"))
        .then(words)
    )
