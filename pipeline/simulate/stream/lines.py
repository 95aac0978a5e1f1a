"""Rows of streamed logs → the bytes of their lines: columns of fixed width, padded with NUL, which is then taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from pipeline.simulate.labels import spellings
from pipeline.simulate.stream.block import LOCK_OUTCOMES, OUTCOMES, Rows
from pipeline.simulate.stream.crowd import Crowd
from pipeline.simulate.stream.timeline import Timeline
from pipeline.simulate.visits import GROUPS
from pipeline.simulate.world import World
from pipeline.simulate.write_logs import APP_OUTCOMES

LOCK_HEADER = "流水号,驿站编号,驿站名称,开门时间,手机号,人员类别,结果,设备号\r\n".encode("gbk")
AT_ONCE = 8192  # lines put together at a time: they fit in the cache
LOW = np.array([f"{i:04d}".encode() for i in range(10_000)])


def _table(texts: list[str], encoding: str) -> np.ndarray:
    return np.array([text.encode(encoding) for text in texts])


@dataclass(frozen=True)
class Words:
    """Every piece of text that lines are put together from, as bytes; the place in a table is the number in the rows.
    Days stand from the one before the first to the one after the last."""

    days: np.ndarray
    clock: np.ndarray
    lock_station: np.ndarray
    device: np.ndarray
    spelling: np.ndarray
    lock_outcome: np.ndarray
    app_station: np.ndarray
    app_unknown: np.ndarray
    service: np.ndarray
    tail: np.ndarray
    minutes: np.ndarray


def build_words(world: World, timeline: Timeline) -> Words:
    """The tables of one area: GBK for the lock's CSV, plain ASCII for the mini-program."""
    known = list(world.stations.table.select("local_code", "name").iter_rows())
    groups = [spellings("user_groups", code)[:4] for code in GROUPS]
    days = [f"{timeline.first_on + timedelta(days=i):%Y-%m-%d}" for i in range(-1, timeline.n_days + 1)]
    clock = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(86400)]
    kinds = ("use", "request")
    return Words(
        days=_table(days, "ascii"),
        clock=_table(clock, "ascii"),
        lock_station=_table([f",{code},{name}," for code, name in known], "gbk"),
        device=_table([f"D{code[1:]}\r\n" for code, _ in known], "gbk"),
        spelling=_table([f",{row[i % len(row)]}," for row in groups for i in range(4)] + [",,"], "gbk"),
        lock_outcome=_table([f"{text}," for text in LOCK_OUTCOMES], "gbk"),
        app_station=_table([f'","ev":"{kind}","st":"{code}' for kind in kinds for code, _ in known], "ascii"),
        app_unknown=_table([f'","ev":"{kind}","st":"S777' for kind in kinds], "ascii"),
        service=_table([f'","svc":"{code}","ts":"' for code in world.supply.codes], "ascii"),
        tail=_table(
            [f'","ut":"{group}","res":"{APP_OUTCOMES[outcome]}","min":' for group in GROUPS for outcome in OUTCOMES],
            "ascii",
        ),
        minutes=_table([f"{i}}}\n" for i in range(181)], "ascii"),
    )


def _high(numbers: np.ndarray, width: int, before: bytes) -> np.ndarray:
    """All digits of ascending numbers but the last four, with noughts up to a width and a text before."""
    thousands = numbers // 10_000
    low, top = (int(thousands.min()), int(thousands.max())) if numbers.size else (0, 0)
    return np.array([before + f"{i:0{width}d}".encode() for i in range(low, top + 1)])[thousands - low]


def _bytes(columns: list[np.ndarray], n: int) -> bytes:
    """Columns side by side, line after line, without the padding."""
    kind = np.dtype([(f"c{i}", column.dtype) for i, column in enumerate(columns)])
    matrix, parts = np.empty(min(n, AT_ONCE), dtype=kind), []
    for start in range(0, n, AT_ONCE):
        part = matrix[: n - start]
        for i, column in enumerate(columns):
            part[f"c{i}"] = column[start : start + AT_ONCE] if column.ndim else column
        parts.append(part.tobytes().translate(None, b"\0"))
    return b"".join(parts)


def _moments(words: Words, second: np.ndarray, first_day: int) -> tuple[np.ndarray, np.ndarray]:
    day, clock = np.divmod(second, 86400)
    return words.days[day + first_day + 1], words.clock[clock]


def lock_lines(
    words: Words, crowd: Crowd, rows: Rows, first_day: int, number: np.ndarray, fault: np.ndarray, later: int
) -> bytes:
    """Lines of scans: number, station code and name, time, phone, group, outcome, device; GBK, CRLF.

    `number` and `fault` per row (see faults.LOCK, −1 none); `later` the station that is not open yet.
    """
    day, clock = _moments(words, rows["second"], first_day)
    station, spelling = words.lock_station[rows["station"]], words.spelling[rows["spelling"]]
    odd = _table([",S999,未登记点位,", ",测试人员,"], "gbk")
    station, spelling = (column.astype(f"S{max(column.itemsize, odd.itemsize)}") for column in (station, spelling))
    day[fault == 0], clock[fault == 0] = b"2099-01-01", b"00:00:00"
    station[fault == 1] = odd[0]
    day[fault == 2], clock[fault == 2] = b"0000-00-00", b"00:00:00"
    spelling[fault == 3] = odd[1]
    station[fault == 4] = words.lock_station[later]
    columns = [
        _high(number, 4, b"L"), LOW[number % 10_000], station, day, np.array(b" "), clock, np.array(b","),
        crowd.phone[rows["person"]], spelling, words.lock_outcome[rows["outcome"]], words.device[rows["station"]],
    ]  # fmt: skip
    return _bytes(columns, number.size)


def app_lines(words: Words, crowd: Crowd, rows: Rows, first_day: int, number: np.ndarray, fault: np.ndarray) -> bytes:
    """JSON lines of uses and requests, times in UTC. `number` and `fault` per row (see faults.APP, −1 none)."""
    day, clock = _moments(words, rows["second"] - 8 * 3600, first_day)
    n_stations = len(words.app_station) // 2
    station = words.app_station[rows["station"] + n_stations * rows["is_request"]]
    service, person = words.service[rows["service"]], crowd.open_id[rows["person"]]
    tail = words.tail[rows["group"] * len(OUTCOMES) + rows["outcome"]]
    minutes, between, mark = (
        words.minutes[rows["stay"]],
        np.full(number.size, b'Z","openid":"'),
        np.full(number.size, b"T"),
    )
    service[fault == 0] = b'","svc":"svc_old_17","ts":"'
    day[fault == 1], clock[fault == 1] = b"2099-01-01", b"00:00:00"
    torn = fault == 2
    for column in (clock, between, person, tail):
        column[torn] = b""
    minutes[torn] = b"\n"
    unknown = fault == 3
    station[unknown] = words.app_unknown[rows["is_request"][unknown].astype(int)]
    columns = [
        _high(number, 3, b'{"id":"u'), LOW[number % 10_000], station, service, day, mark, clock, between, person, tail, minutes,
    ]  # fmt: skip
    return _bytes(columns, number.size)
