"""Every way people and machines write a time is read as the same wall clock, or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.logs import LogDelivery
from pipeline.logs.block import Around, clean_block, tables_of
from pipeline.logs.reading import COLUMNS, LogSheet
from pipeline.logs.spellings import known_stations
from pipeline.logs.steps import Engines
from pipeline.paths import Study
from tests.unit.logs.log_room import LOCK, STATIONS

NOON = datetime(2023, 5, 14, 8, 3, 1)
MINUTE = datetime(2023, 5, 14, 8, 3)
LOCAL = [
    ("2023-05-14 08:03:01", NOON),
    ("2023-05-14T08:03:01", NOON),
    ("2023-05-14 08:03:01.987", NOON),
    ("2023-05-14T08:03:01,5", NOON),
    ("2023-5-14 8:03:01", NOON),
    ("2023/5/14 8:03", MINUTE),
    ("2023/05/14 08:03:01", NOON),
    ("2023.5.14 8:03", MINUTE),
    ("2023/5/14 8:03:01.250", NOON),
    ("2023年5月14日 8时3分", MINUTE),
    ("2023年5月14日8时3分1秒", NOON),
    ("2023年05月14日 08:03", MINUTE),
    ("2023年5月14号 8点03分", MINUTE),
    ("2023年5月14日 8点半", datetime(2023, 5, 14, 8, 30)),
    ("2023年5月14日 8时", datetime(2023, 5, 14, 8)),
    ("2023/5/14 下午 2:03", datetime(2023, 5, 14, 14, 3)),
    ("2023/5/14 上午 12:03", datetime(2023, 5, 14, 0, 3)),
    ("2023/5/14 下午 12:03", datetime(2023, 5, 14, 12, 3)),
    ("2023-05-14 2:03 PM", datetime(2023, 5, 14, 14, 3)),
    ("２０２３-０５-１４　０８：０３：０１", NOON),
    ("20230514080301", NOON),
    ("20230514 080301", NOON),
    ("202305140803", MINUTE),
    ("2023051408", datetime(2023, 5, 14, 8)),
    ("45060.33542824074", NOON),
    ("45060.5", datetime(2023, 5, 14, 12)),
    ("45060", datetime(2023, 5, 14)),
    ("2023-05-14", datetime(2023, 5, 14)),
    ("2023年5月14日", datetime(2023, 5, 14)),
    ("20230514", datetime(2023, 5, 14)),
    ("2024-02-29 23:59:59", datetime(2024, 2, 29, 23, 59, 59)),
    ("2023-12-31 23:59:59", datetime(2023, 12, 31, 23, 59, 59)),
    ("2023-06-01 00:00:00", datetime(2023, 6, 1)),
    ("5月14日 8:03", MINUTE),
]
INSTANTS = [  # these name their zone, or count from 1970 in UTC: the contract's offset does not matter
    ("2023-05-14T00:03:01Z", NOON),
    ("2023-05-14T00:03:01.123Z", NOON),
    ("2023-05-14T08:03:01+08:00", NOON),
    ("2023-05-14T08:03:01+0800", NOON),
    ("2023-05-14 08:03:01 +08", NOON),
    ("2023-05-13T20:33:01-03:30", NOON),
    ("2023-05-14T05:33:01.5+05:30", NOON),
    ("1684022581", NOON),
    ("1684022581000", NOON),
    ("1684022581000000", NOON),
    ("1684022581.25", NOON),
    ("2023-05-31T16:00:00Z", datetime(2023, 6, 1)),
    ("2023-05-31T15:59:59Z", datetime(2023, 5, 31, 23, 59, 59)),
]
REFUSED = [
    "0000-00-00 00:00:00", "2023-02-30 08:00:00", "2023-13-01 08:00:00", "2023-05-14 24:00:00", "2023-05-14 25:10",
    "2023-05-14 08:61:00", "2023/5/14 下午", "2023/5/14 早上", "2023-05-148:03", "昨天", "14/05/2023 08:03", "23-5-14 8:03", "0",
    "99999999999999", "20231301", "８点", "2023-05-14 08:03:01 CST", "2023", "2023-05", "20230514080399",
]  # fmt: skip


def read(
    texts: list[str],
    *,
    utc_offset_minutes: int = 480,
    columns: dict[str, list] | None = None,
    is_file_each: bool = False,
) -> list[datetime | None]:
    """The times of one file's rows, or, with `is_file_each`, of as many files as there are texts."""
    given = columns or {"used_at": texts}
    n = len(next(iter(given.values())))
    source = replace(LOCK, utc_offset_hours=utc_offset_minutes / 60)
    names = [f"f{i}" for i in range(n if is_file_each else 1)]
    sheets = [
        LogSheet(LogDelivery(Path(name), source, "QC", name), "", {}, pl.DataFrame(schema=COLUMNS)) for name in names
    ]
    around = Around(
        Study(Path(), Path()),
        {},
        pl.DataFrame(),
        known_stations(STATIONS, []),
        b"",
        date(2026, 1, 1),
        dict.fromkeys(names, ""),
        Engines(Study(Path(), Path())),
    )
    raw = pl.DataFrame(
        {"sheet_no": list(range(n)) if is_file_each else [0] * n, "source_row": range(n)} | given,
        schema_overrides=dict.fromkeys(given, pl.String),
    )  # fmt: skip
    with around.engines.here() as steps:
        clean_block(steps, tables_of(sheets, ["2023"] * len(sheets), around), raw, around)
        return steps.rows("log_checks", "source_row")["local_at"].to_list()


@pytest.fixture(scope="module")
def alone() -> dict[str, datetime | None]:
    """Each notation in a file of its own."""
    texts = [text for text, _ in LOCAL]
    return dict(zip(texts, read(texts, is_file_each=True), strict=True))


@pytest.mark.parametrize(("text", "expected"), LOCAL)
def test_a_local_time_is_read_in_every_notation(text: str, expected: datetime, alone: dict) -> None:
    assert alone[text] == expected


@pytest.mark.parametrize("offset", [0, 480, -300])
def test_a_time_that_names_its_zone_needs_no_contract(offset: int) -> None:
    assert read([text for text, _ in INSTANTS], utc_offset_minutes=offset) == [expected for _, expected in INSTANTS]


def test_what_is_no_time_is_refused() -> None:
    assert dict(zip(REFUSED, read(REFUSED), strict=True)) == dict.fromkeys(REFUSED)


def test_times_in_utc_flip_day_month_and_year_on_the_way_to_local_time() -> None:
    given = ["2023-05-31 16:00:00", "2023/5/31 15:59:59", "2023-12-31 20:00:00", "20230228160000", "45077.75"]
    assert read(given, utc_offset_minutes=0) == [
        datetime(2023, 6, 1), datetime(2023, 5, 31, 23, 59, 59), datetime(2024, 1, 1, 4), datetime(2023, 3, 1),
        datetime(2023, 6, 1, 2),
    ]  # fmt: skip


def test_a_day_without_a_time_keeps_its_day_in_any_offset() -> None:
    assert read(["2023-05-14", "2023年5月14日", "45060"], utc_offset_minutes=0) == [datetime(2023, 5, 14)] * 3


def test_day_and_time_in_two_columns_are_one_time() -> None:
    days = ["2023-05-14", "2023-05-14T00:00:00", "45060", "2023年5月14日", "5月14日", "2023.5.14", "45060", "2023/5/14"]
    clocks = [
        "08:03:01",
        "08:03:01",
        "8:03:01",
        "8时3分1秒",
        "8点03分1秒",
        "0.33542824074",
        "0.33542824074",
        "1899-12-31T08:03:01",
    ]
    assert read([], columns={"used_on": days, "used_time": clocks}) == [NOON] * 8


def test_a_day_column_alone_gives_midnight_and_a_time_alone_gives_nothing() -> None:
    columns = {"used_on": ["2023-05-14", None, "2023-05-14"], "used_time": [None, "08:03", "上午"]}
    assert read([], columns=columns) == [datetime(2023, 5, 14), None, None]


def test_mixed_notations_in_one_column_are_each_read_once() -> None:
    texts = [text for text, _ in LOCAL] + REFUSED
    assert read(texts) == [expected for _, expected in LOCAL] + [None] * len(REFUSED)
