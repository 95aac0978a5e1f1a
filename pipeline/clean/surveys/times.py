"""Times and durations as survey platforms write them."""

from __future__ import annotations

import polars as pl


def time_of(text: pl.Expr) -> pl.Expr:
    """A local time from `2023/9/8 12:24:22`, `2023-09-08 12:24`, `2023-09-08T12:24:22`, `2023年9月8日 12:24`."""
    part = r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?"
    found = [text.str.extract(part, index).fill_null("0").str.zfill(2) for index in range(1, 7)]
    return pl.concat_str(found, separator=" ").str.to_datetime("%Y %m %d %H %M %S", strict=False)


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
