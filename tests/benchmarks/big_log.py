"""A service log of any length, in order of time over 24 months: invented stations and persons, one service use a line."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.contracts import Column, Source, Table

HEADINGS = ("驿站编号", "时间", "手机号", "人员类别", "服务项目", "结果")
STATIONS = pl.DataFrame(
    {
        "station_id": [f"QC-S{i:03d}" for i in range(1, 61)],
        "area_code": ["QC"] * 60,
        "local_code": [f"S{i:03d}" for i in range(1, 61)],
        "name": [f"{i}号暖心驿站（模拟）" for i in range(1, 61)],
        "opened_on": [date(2021, 1, 1)] * 60,
    }
)
SERVICES = {
    "饮水": "water",
    "充电": "charging",
    "休息": "rest",
    "热饭": "meal_heating",
    "如厕": "toilet",
    "避暑": "cool",
}
GROUPS = {"快递员": "courier", "外卖骑手": "rider", "环卫工人": "other_outdoor", "居民": "resident"}
OUTCOMES = {"成功": "served", "缺货": "stocked_out"}
SOURCE = Source(
    "uses", "使用记录（模拟）", "Uses (simulated)", ("*.csv",), "log",
    (
        Column("station", (HEADINGS[0],), required=True),
        Column("used_at", (HEADINGS[1],), required=True),
        Column("person", (HEADINGS[2],), personal="pseudonym"),
        Column("user_group", (HEADINGS[3],), codebook="user_groups", on_unknown="null"),
        Column("service", (HEADINGS[4],), codebook="services", required=True),
        Column("outcome", (HEADINGS[5],), codebook="outcomes"),
    ),
    (Table("clean.service_events", {}, {}),), grain="use", duplicate_window_minutes=2,
)  # fmt: skip
FIRST, DAYS, PERSONS = datetime(2023, 1, 1), 730, 50_000
_BLOCK = 1_000_000


def write(path: Path, n: int, *, first: datetime = FIRST, days: int = DAYS, seed: int = 1) -> None:
    """Write `n` rows; one in two hundred is followed by the same scan again, seconds later."""
    rng = np.random.default_rng(seed)
    with path.open("wb") as file:
        file.write((",".join(HEADINGS) + "\r\n").encode())
        for start in range(0, n, _BLOCK):
            file.write(_block(rng, start, min(_BLOCK, n - start), n, first, days).write_csv(
                include_header=False, line_terminator="\r\n").encode())  # fmt: skip


def _block(rng: np.random.Generator, start: int, m: int, n: int, first: datetime, days: int) -> pl.DataFrame:
    span = days * 86400
    seconds = np.sort(rng.integers(0, max(span * m // n, 1), m)) + span * start // n
    picked = {
        HEADINGS[0]: (STATIONS["local_code"].to_list(), 60), HEADINGS[3]: (list(GROUPS), 4), HEADINGS[4]: (list(SERVICES), 6),
        HEADINGS[5]: (["成功", "成功", "成功", "缺货"], 4),
    }  # fmt: skip
    frame = pl.DataFrame(
        {
            "at": seconds,
            HEADINGS[2]: rng.integers(0, PERSONS, m) + 19_000_000_000,
            **{name: np.array(texts)[rng.integers(0, k, m)] for name, (texts, k) in picked.items()},
        }
    )
    again = frame.gather_every(200).with_columns(pl.col("at") + 30)
    moment = pl.lit(first).cast(pl.Datetime("us")) + pl.duration(seconds=pl.col("at"))
    both = pl.concat([frame.head(m - again.height), again]).sort("at", maintain_order=True)
    return both.with_columns(moment.dt.strftime("%Y-%m-%d %H:%M:%S").alias(HEADINGS[1])).select(HEADINGS)
