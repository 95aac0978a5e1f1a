"""Log files that try to be read differently by different engines: the same ones for the same seed.

Every shape a time is written in, good and bad; edges of months and days; codes and stations nobody knows; rows sent twice,
scanned twice, entered twice; nothing where something must stand; numbers that do not fit; ties in every order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.logs import LogDelivery
from tests.unit.logs.log_room import Room
from tests.unit.logs.test_log_times import INSTANTS, LOCAL

TIMES = [text for text, *_ in (*LOCAL, *INSTANTS)]
EDGES = [
    "2023-05-01 00:00:00", "2023-05-31 23:59:59", "2023-06-01 00:00:00", "2023-05-31 23:59:59.999999", "2023-05-31 24:00:00",
    "2023-05-31T16:00:00Z", "2023-05-31T15:59:59Z", "2023-04-30T23:30:00-08:00", "2023/5/31 下午 11:59", "20230531235959",
    "2024-02-29 12:00:00", "2023-02-29 12:00:00", "1685548799", "1685548800000", "45077.99999", "45077.999995", "45078",
]  # fmt: skip
BAD = [
    "0000-00-00", "0000-00-00 00:00:00", " 12 ", "1e3", "2023-02-30 08:00:00", "2023-13-01 08:00:00", "24:00:00",
    "2023-05-14 25:00:00", "2023-05-14 08:60:00", "2023-05-14 08:03:60", "10000-01-01 00:00:00", "99999-12-31 23:59:59",
    "infinity", "-infinity", "epoch", "now", "today", "NaN", "2023", "2023-05", "2023-5", "昨天", "下午三点", "八点", "-", "''",
    "2023-05-14  08:03:01", "2023-05-14 08:03:01 ", "\t2023-05-14 08:03:01", "2023-05-14 08:03:01 CST", "14/05/2023 08:03",
    "05-14-2023", "0001-01-01 00:00:00", "1582-10-10 00:00:00", "9999-12-31 23:59:59", "1969-12-31 23:59:59", "-1", "0",
    "99999999999", "9223372036854775807", "2147483648", "45060.", ".5", "4.5e4", "2023-05-14 8:3:1", "2023-05-14 上午 13:00",
    "2023-05-14+08:00", "2023-05-14 08:03:01+99:99", "2023年13月1日", "2023年5月14日 8点60分", "２０２３年５月１４日　８点",
]  # fmt: skip
STATIONS = [
    "S001",
    "S002",
    "S003",
    "s001",
    "东门小站",
    "东门暖心驿站",
    "西门",
    "S999",
    "",
    "Ｓ００１",
    "S001 ",
    "不知道",
    "QC-S001",
]
GROUPS = [
    "外卖",
    "快递员",
    "外卖员",
    "网约配送员",
    "其他",
    "",
    "无",
    "飞行员",
    "unknown",
    "外卖 ",
    "WAIMAI",
    "驿",
    "𠀀",
]
OUTCOMES = ["成功", "served", "缺货", "拒绝", "", "失败", "?", "0", "1", "null"]
SERVICES = ["饮水", "充电", "休息", "手机充电", "喝水", "", "飞行", "water", "加热", "'; drop table raw_log; --"]
NUMBERS = [
    "1", "3人", "2 人次", "０", "-1", "501", "500", "2147483648", "9223372036854775808", "1e3", "1.0", "1.5", "1,000", "三", "",
    "１２", "0x1F", "1_000", "NaN", "inf", "90秒", "1小时20分", "0:45", "0:45:30", "15分钟", "1440", "1441", "1440.0000001", ".5",
    "5.", "0.1", "1.005", "2.5", "3.5", "1d", "1f", "12L", "9" * 40, "- 5", "5 min", "1h",
]  # fmt: skip
PEOPLE = [f"1900000{number:04}" for number in range(40)] + ["", "无", "190****0001", "190 0000 0001", "+86-19000000002"]


def deliveries(room: Room, seed: int = 1, n_rows: int = 400) -> Iterator[LogDelivery]:
    """Three kinds of log over two months, and parts of them sent again."""
    chance = random.Random(seed)
    door = [*_door_times(chance), *_door(chance, n_rows)]
    yield room.lock("a" * 8, door)
    yield room.lock("b" * 8, [row for row in door if chance.random() < 0.3])
    yield room.lock("c" * 8, [("", *row[1:]) for row in door if chance.random() < 0.3])
    yield room.app("d" * 8, list(_app(chance, n_rows)))
    yield room.register("e" * 8, list(_register(chance, n_rows)))
    yield room.register("f" * 8, list(_register(chance, 3)))


def _door_times(chance: random.Random) -> Iterator[tuple[str, ...]]:
    for number, text in enumerate([*TIMES, *EDGES, *BAD]):
        yield str(number), "S001", text, chance.choice(PEOPLE), "外卖", "成功"


def _door(chance: random.Random, n_rows: int) -> Iterator[tuple[str, ...]]:
    at = datetime(2023, 5, 1)
    for number in range(n_rows):
        # many at the same second, some across midnight and the end of the month
        at += timedelta(seconds=chance.choice([0, 0, 1, 59, 60, 61, 119, 120, 121, 43200]))
        at = at if at < datetime(2023, 6, 3) else datetime(2023, 5, 31, 23, 58)
        written = at.strftime(
            chance.choice(["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y年%m月%d日 %H:%M"])
        )
        yield (
            str(1000 + chance.randrange(n_rows)) if chance.random() < 0.8 else "",
            chance.choice(STATIONS[:3]) if chance.random() < 0.8 else chance.choice(STATIONS), written,
            chance.choice(PEOPLE[:6]) if chance.random() < 0.7 else chance.choice(PEOPLE),
            chance.choice(GROUPS), chance.choice(OUTCOMES) if chance.random() < 0.3 else "成功",
        )  # fmt: skip
        if number % 10 == 0:  # nobody's, and without an id: only what is sent again whole can be told
            yield "", "S002", written, "", "外卖", "成功"
        if number % 50 == 0:
            yield str(number), "S001", chance.choice(BAD), "", "", ""


def _app(chance: random.Random, n_rows: int) -> Iterator[dict[str, object]]:
    at = 1682899200  # 2023-05-01 08:00 in Beijing
    for number in range(n_rows):
        at += chance.choice([0, 0, 1, 30, 60, 86400, 14400])
        at = at if at < 1685750400 else 1685548799
        yield {
            "id": f"e{chance.randrange(n_rows)}", "ev": chance.choice(["use", "request", "entry", "", "签到", "使用", None]),
            "st": chance.choice(STATIONS), "svc": chance.choice(SERVICES),
            "ts": chance.choice([at, at * 1000, str(at), datetime.fromtimestamp(at).isoformat(), f"{at}.5"]),
            "openid": chance.choice([f"o{chance.randrange(9)}", "", None]), "ut": chance.choice(GROUPS),
            "res": chance.choice(OUTCOMES), "min": NUMBERS[number % len(NUMBERS)],
        }  # fmt: skip


def _register(chance: random.Random, n_rows: int) -> Iterator[tuple[str, ...]]:
    for number in range(n_rows):
        day = datetime(2023, 5, 1) + timedelta(days=number % 33)
        yield (
            chance.choice(STATIONS),
            chance.choice([day.strftime("%Y-%m-%d"), day.strftime("%Y-%m-%d 00:00:00"), "", "5月14日", "45060", "45060.0", "5/14"]),
            chance.choice(["8:00", "23:59", "24:00", "0.5", "0.99999", ".333", "1899-12-30 08:00:00", "", "下午2点", "8点半", "上午"]),
            "某人", chance.choice(PEOPLE[:9]), chance.choice(GROUPS), chance.choice(SERVICES), NUMBERS[number % len(NUMBERS)], "",
        )  # fmt: skip
