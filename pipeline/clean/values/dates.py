"""Dates, times and months as people write them. A day that is not said whole is refused with a reason, never completed.

One spreadsheet serial stands for two days: 45060 is 2023-05-14 counted from 1899-12-30, and 2027-05-15 in a workbook
that counts from 1904. The workbook says which; the reader of the file passes it on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.clean.values.text import half_width

EXCEL_EPOCH = date(1899, 12, 30)
DAYS_TO_1904 = 1462  # a serial of the 1904 system counts from so many days later
_SERIAL = (20_000, 80_000)  # 1954–2119: a number in this range standing as a date is a serial
_YEAR = r"(?:19|20)[0-9]{2}"
_SIGN = r"\s*[-/.。\\–—−]\s*"
_FULL = (
    rf"^({_YEAR})(?:{_SIGN}|\s*年\s*)([0-9]{{1,2}})(?:{_SIGN}|\s*月\s*)([0-9]{{1,2}})((?:\s*[日号]|[^0-9]).*)?$",
    rf"^({_YEAR})([0-9]{{2}})([0-9]{{2}})([T\s].*)?$",
)
_SHORT = r"^([0-9]{1,2})\s*月\s*([0-9]{1,2})((?:\s*[日号]|[^0-9]).*)?$"
_MONTH = (rf"^({_YEAR})(?:{_SIGN}|\s*年\s*)([0-9]{{1,2}})\s*(?:月份?)?$", rf"^({_YEAR})([0-9]{{2}})$")
_NO_DAY = (
    rf"^{_YEAR}(?:{_SIGN}|\s*年\s*)(?:0?[1-9]|1[0-2])\s*(?:月份?)?(?:[初底末]|[上中下]旬)?$"
    rf"|^{_YEAR}(?:0[1-9]|1[0-2])$|^{_YEAR}\s*年$"
)
_NO_YEAR = r"^(?:0?[1-9]|1[0-2])\s*月(?:份|\s*[0-9]{1,2}\s*[日号]?)?$"
_WEEKDAY = r"\(?(?:周|星期|礼拜)[一二三四五六日天]\)?"
_PART_OF_DAY = r"(?:上午|中午|下午|早上|晚上|凌晨|傍晚|全天|AM|PM)"
_TIME = rf"{_PART_OF_DAY}?\s*[0-9]{{1,2}}\s*[:时点][0-9:时点分秒半.\s]*(?:AM|PM)?"
_BEHIND = rf"(?i)^\s*(?:{_WEEKDAY})?\s*(?:T?\s*{_TIME}(?:\s*[-–—~至到]\s*{_TIME})?|{_PART_OF_DAY})?\s*$"
_CLOCK = r"^([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:\.[0-9]+)?)?|[时点](?:([0-9]{1,2})分?(?:([0-9]{1,2})秒)?)?)$"


@dataclass(frozen=True)
class DateSetting:
    """What a cell may leave to its context: the day the delivery speaks of, and the day its serials count from."""

    as_of: date | None = None
    epoch_1904: bool = False


NO_CONTEXT = DateSetting()


def dates(values: pl.Series, setting: DateSetting = NO_CONTEXT) -> pl.Series:
    """Dates in the ways people write them; null where unreadable.

    `2023-05-14`, `2023/5/14`, `2023.5.14`, `2023年5月14日`, `20230514`, a serial, any of them followed by a weekday or a
    time. `5月14日` is of the year of the delivery when that day had come by then; otherwise nobody said which year.

    >>> dates(pl.Series(["2023.5.14", "45060", "昨天", "2023-5", "2023.5.1-5.3"])).to_list()
    [datetime.date(2023, 5, 14), datetime.date(2023, 5, 14), None, None, None]
    >>> march = DateSetting(as_of=date(2023, 3, 31))
    >>> dates(pl.Series(["3月8日", "5月14日"]), march).to_list()
    [datetime.date(2023, 3, 8), None]
    """
    parts = _parts(values, setting)
    known = parts["rest"].str.contains(_BEHIND).fill_null(True)
    return parts["day"].set(~known, None).alias(values.name)


def date_faults(values: pl.Series, setting: DateSetting = NO_CONTEXT, *, otherwise: str = "bad_date") -> pl.Series:
    """Why a cell is no date, for cells that are none: `date_without_day` (2023-5), `date_without_year` (5月14日), or
    `otherwise`. What is said of a cell that is one means nothing.

    >>> date_faults(pl.Series(["2023年5月", "5月14日", "14/05/2023"])).to_list()
    ['date_without_day', 'date_without_year', 'bad_date']
    """
    text = half_width(values)
    days = _date_of(pl.repeat("2000", len(text), eager=True), *_groups(text, _SHORT, 2))
    is_short = text.str.contains(_NO_YEAR) & (days.is_not_null() | ~text.str.contains(r"月\s*[0-9]"))
    frame = pl.DataFrame({"no_day": text.str.contains(_NO_DAY), "no_year": is_short})
    reason = pl.when("no_day").then(pl.lit("date_without_day")).when("no_year").then(pl.lit("date_without_year"))
    return frame.select(reason.otherwise(pl.lit(otherwise)).alias("reason_code")).to_series()


def datetimes(values: pl.Series, setting: DateSetting = NO_CONTEXT) -> pl.Series:
    """Dates with an optional time of day (`8:03`, `08:03:01`, `8时3分`, `8点`); midnight when no time is given.

    A time that is not understood whole (下午3:00, another time zone) is null, never midnight.
    """
    parts = _parts(values, setting)
    rest = parts["rest"].str.replace(rf"^\s*{_WEEKDAY}", "").str.replace_all(r"\s", "").str.strip_prefix("T")
    clock = rest.str.extract_groups(_CLOCK).struct
    hour = clock.field("1").cast(pl.Int64)
    minute = clock.field("2").fill_null(clock.field("4")).cast(pl.Int64).fill_null(0)
    second = clock.field("3").fill_null(clock.field("5")).cast(pl.Int64).fill_null(0)
    seconds = hour * 3600 + minute * 60 + second
    bad = (minute > 59) | (second > 59) | (seconds > 24 * 3600) | (rest.fill_null("") != "") & hour.is_null()
    seconds = seconds.fill_null(parts["seconds"])
    stamp = parts["day"].cast(pl.Datetime("us")) + (seconds * 1_000_000).cast(pl.Duration("us"))
    return stamp.set(bad.fill_null(False), None).alias(values.name)


def months(values: pl.Series, setting: DateSetting = NO_CONTEXT) -> pl.Series:
    """First day of the month named: `2023-05`, `2023年5月`, `202305`, `2023/5`, or any full date."""
    text = half_width(values)
    ones = pl.repeat("1", len(text), eager=True)
    found = dates(values, setting).dt.truncate("1mo")
    for pattern in _MONTH:
        found = found.fill_null(_date_of(*_groups(text, pattern, 2), ones))
    return found.alias(values.name)


def _parts(values: pl.Series, setting: DateSetting) -> pl.DataFrame:
    """`day`; `rest`, what stands behind it; `seconds` after midnight that a serial says."""
    text = half_width(values)
    day, rest = pl.Series([None], dtype=pl.Date).new_from_index(0, len(text)), pl.repeat("", len(text), eager=True)
    for pattern in _FULL:
        *ymd, behind = _groups(text, pattern, 4)
        found = _date_of(*ymd)
        rest = rest.set(found.is_not_null(), None).fill_null(behind.fill_null(""))
        day = day.fill_null(found)
    if setting.as_of is not None:
        month, number, behind = _groups(text, _SHORT, 3)
        found = _date_of(pl.repeat(str(setting.as_of.year), len(text), eager=True), month, number)
        found = found.set((found > setting.as_of).fill_null(False), None)
        rest = rest.set(found.is_not_null(), None).fill_null(behind.fill_null(""))
        day = day.fill_null(found)
    serial_day, seconds = _serials(text, setting)
    rest = rest.str.replace(r"^\s*[日号]", "")
    return pl.DataFrame({"day": day.fill_null(serial_day), "rest": rest, "seconds": seconds})


def _serials(text: pl.Series, setting: DateSetting) -> tuple[pl.Series, pl.Series]:
    """The day and the seconds of the day of spreadsheet serials (`45060`, `45060.354166`)."""
    found = text.str.extract_groups(r"^([0-9]{5})(\.[0-9]+)?$").struct
    serial = found.field("1").cast(pl.Int32) + (DAYS_TO_1904 if setting.epoch_1904 else 0)
    serial = serial.set(~serial.is_between(*_SERIAL).fill_null(False), None)
    seconds = (("0" + found.field("2")).cast(pl.Float64) * 86_400).round(0).cast(pl.Int64).fill_null(0)
    return (serial - (date(1970, 1, 1) - EXCEL_EPOCH).days).cast(pl.Date), seconds


def _groups(text: pl.Series, pattern: str, n: int) -> list[pl.Series]:
    found = text.str.extract_groups(pattern).struct
    return [found.field(str(number)) for number in range(1, n + 1)]


def _date_of(year: pl.Series, month: pl.Series, day: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"y": year, "m": month, "d": day})
    text = pl.concat_str([pl.col("y"), pl.col("m").str.zfill(2), pl.col("d").str.zfill(2)], separator="-")
    return frame.select(text.str.to_date("%Y-%m-%d", strict=False)).to_series()
