"""A load of logs in a process of its own, to be killed: imports, says that it is ready, and loads what it is told to."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.logs.settings import limits
from tests.unit.logs.log_room import LOCK, Room

HEADER = "流水号,驿站编号,开门时间,手机号,人员类别,结果,设备号"


def in_blocks() -> None:
    """Every file is large, and a block is a few rows."""
    limits()["work"].update(stream_bytes=0, block_rows=40)


def deliveries(room: Room) -> list:
    """Three files over three months, one a part of another."""
    rows = [
        (f"L{i}", f"S00{1 + i % 4}", f"2023-0{3 + i % 3}-{1 + i % 28:02d} 08:{i % 60:02d}:00", f"1900000{i % 9:04d}", "快递", "成功", "D1")
        for i in range(130)
    ]  # fmt: skip
    return [room.lock(name, part, header=HEADER) for name, part in (("a", rows), ("b", rows[50:120]), ("c", rows[:60]))]


if __name__ == "__main__":
    assert LOCK.grain == "entry"
    in_blocks()
    room = Room(Path(sys.argv[1]))
    given = deliveries(room)
    print("ready", flush=True)
    sys.stdin.readline()
    room.load(*given)
    print("done", flush=True)
