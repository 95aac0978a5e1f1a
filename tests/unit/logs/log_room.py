"""A tiny log room: three stations, one contract of each kind, files written on the spot."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.contracts import Column, Source, Table, load_codebooks
from pipeline.logs import LogDelivery, LogResult, load_logs
from pipeline.paths import study

STATIONS = pl.DataFrame(
    {
        "station_id": ["QC-S001", "QC-S002", "QC-S003"],
        "area_code": ["QC"] * 3,
        "local_code": ["S001", "S002", "S003"],
        "name": ["东门暖心驿站", "西门暖心驿站", "新开驿站"],
        "opened_on": [date(2021, 1, 1), None, date(2023, 5, 10)],
    }
)
BOOKS = cache(load_codebooks)  # read once: nothing changes them
ALIASES = [
    {"kind": "station", "area_code": "QC", "alias": "东门小站", "local_code": "S001", "reason": None, "reviewer": None,
     "reviewed_on": None}
]  # fmt: skip
EVENTS = (Table("clean.service_events", {}, {}),)
LOCK = Source(
    "lock", "门禁", "Lock", ("*.csv",), "log",
    (
        Column("event_id", ("流水号",)),
        Column("station", ("驿站编号",), required=True),
        Column("station_name", ("驿站名称",)),
        Column("used_at", ("开门时间",), required=True),
        Column("person", ("手机号",), personal="pseudonym"),
        Column("user_group", ("人员类别",), codebook="user_groups", on_unknown="null"),
        Column("outcome", ("结果",), codebook="outcomes"),
    ),
    EVENTS, grain="entry", duplicate_window_minutes=2,
)  # fmt: skip
APP = Source(
    "app", "小程序", "App", ("*.jsonl",), "log",
    (
        Column("event_id", ("id",), required=True),
        Column("event_kind", ("ev",)),
        Column("station", ("st",), required=True),
        Column("service", ("svc",), codebook="services", required=True),
        Column("used_at", ("ts",), required=True),
        Column("person", ("openid",), personal="pseudonym"),
        Column("user_group", ("ut",), codebook="user_groups", on_unknown="null"),
        Column("outcome", ("res",), codebook="outcomes"),
        Column("duration_minutes", ("min",)),
    ),
    EVENTS, grain="use", utc_offset_hours=0, duplicate_window_minutes=1,
)  # fmt: skip
REGISTER = Source(
    "register", "登记", "Register", ("*.csv",), "log",
    (
        Column("station", ("驿站",), required=True),
        Column("used_on", ("日期",), required=True),
        Column("used_time", ("时间",)),
        Column("name", ("姓名",), personal="drop"),
        Column("person", ("电话",), personal="pseudonym"),
        Column("user_group", ("人员类别",), codebook="user_groups", on_unknown="null"),
        Column("service", ("服务项目",), codebook="services", required=True),
        Column("n_persons", ("人数",)),
        Column("remark", ("备注",), personal="drop"),
    ),
    EVENTS, grain="use", duplicate_window_minutes=0,
)  # fmt: skip


class Room:
    """Writes deliveries and loads them; a later `load` sees what an earlier one stored."""

    def __init__(self, root: Path) -> None:
        self.study = study(root)
        self.books = BOOKS()

    def lock(
        self, name: str, rows: list[tuple], *, header: str = "流水号,驿站编号,开门时间,手机号,人员类别,结果", **changes
    ) -> LogDelivery:
        text = io.StringIO()
        csv.writer(text).writerows([header.split(","), *rows])
        return self._deliver(name + ".csv", text.getvalue(), replace(LOCK, **changes))

    def app(self, name: str, rows: list[dict], **changes) -> LogDelivery:
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return self._deliver(name + ".jsonl", lines, replace(APP, **changes))

    def register(
        self,
        name: str,
        rows: list[tuple],
        *,
        header: str = "驿站,日期,时间,姓名,电话,人员类别,服务项目,人数,备注",
        **changes,
    ) -> LogDelivery:
        text = io.StringIO()
        csv.writer(text).writerows([header.split(","), *rows])
        return self._deliver(name + ".csv", text.getvalue(), replace(REGISTER, **changes))

    def _deliver(self, name: str, text: str, source: Source) -> LogDelivery:
        path = self.study.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return LogDelivery(path, source, "QC", path.stem)

    def load(self, *deliveries: LogDelivery, **changes) -> LogResult:
        given = {"study": self.study, "codebooks": self.books, "stations": STATIONS, "aliases": ALIASES, "key": b"secret",
                 "today": date(2026, 1, 1)}  # fmt: skip
        return load_logs(deliveries=list(deliveries), **(given | changes))


def events(result: LogResult) -> pl.DataFrame:
    """All stored events less the duplicates: what clean.service_events shows."""
    if not result.event_files:
        return pl.DataFrame()
    stored = pl.concat([pl.read_parquet(file.path, hive_partitioning=False) for file in result.event_files])
    keys = [None if number is None else f"{number:016x}" for number in stored["courier_no"].to_list()]
    shown = pl.Series("courier_key", keys, dtype=pl.String)
    stored = stored.with_columns(pl.col("source_row").cast(pl.Int64), shown).drop("courier_no")
    twice = result.fates.filter(pl.col("fate") == "duplicate")
    key = ["source_file_id", "source_sheet", "source_row"]
    return stored.join(twice, on=key, how="anti").sort(key)


def faults(result: LogResult) -> list[tuple]:
    """(file, row, column, reason) of every fate."""
    return result.fates.select("source_file_id", "source_row", "column_name", "reason_code").rows()
