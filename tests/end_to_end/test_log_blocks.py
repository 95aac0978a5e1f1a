"""A large file, read in blocks, gives what the same file gives read whole; an interrupted load goes on where it stopped."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

import pipeline.logs.large as large
from pipeline.logs.settings import limits
from tests.unit.logs.log_room import Room, events

HEADER = "流水号,驿站编号,开门时间,手机号,人员类别,结果,设备号"
TIMES = [
    "2023-05-14 08:00:00", "2023-05-14 08:01:00", "2023/5/14 8:00", "45060.3333333", "2023-05-31 23:59:59", "2023-06-01 00:00:00",
    "2099-01-01 00:00:00", "", "昨天", "0000-00-00 00:00:00", "1684022400", "2024-11-05 08:00:00", "2023-05-14T08:00:00Z",
]  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def rows(n: int, seed: int) -> list[tuple]:
    """A log in which everything goes wrong now and then."""
    dice = random.Random(seed)
    return [
        (
            dice.choice(["", f"L{i}", f"L{i - 1}"]), dice.choice(["S001", "S002", "S003", "S009", "", "东门小站"]), dice.choice(TIMES),
            dice.choice(["", "19000000001", "19000000002", "190 0000 0001", "无"]), dice.choice(["快递", "骑手", "?", ""]),
            dice.choice(["成功", "拒绝", "?", ""]), "D1",
        )
        for i in range(n)
    ]  # fmt: skip


@pytest.fixture
def in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is large, and a block is a few rows."""
    monkeypatch.setitem(limits()["work"], "stream_bytes", 0)
    monkeypatch.setitem(limits()["work"], "block_rows", 25)


def told(result) -> tuple:
    """Everything a result says, but for the names of its files."""
    unknown = result.unknown.sort(result.unknown.columns)
    return (
        result.fates.rows(),
        result.ledger.rows(),
        result.notices.rows(),
        unknown.rows(),
        events(result).rows(),
        result.seen,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_blocks_give_what_the_whole_gives(tmp_path: Path, seed: int, request: pytest.FixtureRequest) -> None:
    whole, cut = Room(tmp_path / "whole"), Room(tmp_path / "cut")
    given = rows(110, seed)
    expected = told(whole.load(whole.lock("a", given, header=HEADER), whole.lock("b", given[40:80], header=HEADER)))
    request.getfixturevalue("in_blocks")
    result = cut.load(cut.lock("a", given, header=HEADER), cut.lock("b", given[40:80], header=HEADER))
    assert len(result.event_files) > len({event.month_on for event in result.event_files}) * 2  # several pieces a month
    for mine, theirs in zip(told(result), expected, strict=True):
        assert mine == theirs
    assert len(expected[0]) > 50  # there was something to tell


def test_an_interrupted_load_goes_on_where_it_stopped(
    room: Room, in_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = room.lock("a", rows(110, 3), header=HEADER)
    clean, seen = large.clean_block, []

    def broken(steps, tables, block, around):
        seen.append(block["source_row"][0])
        if len(seen) == 3:
            raise KeyboardInterrupt
        return clean(steps, tables, block, around)

    monkeypatch.setattr(large, "clean_block", broken)
    with pytest.raises(KeyboardInterrupt):
        room.load(delivery)
    first = list(seen)
    done: list[int] = []
    result = room.load(delivery, watch=lambda n_bytes, n_rows: done.append(n_rows))
    assert seen[3:][0] == first[2]  # the block that was broken off comes again, those before do not
    assert done[0] == 0 and 0 < sum(done) < 110  # what was done before is not counted as done now
    monkeypatch.undo()
    other = Room(room.study.root / "other")
    assert told(other.load(other.lock("a", rows(110, 3), header=HEADER))) == told(result)


def test_a_large_file_that_is_stored_is_not_opened_again(
    room: Room, in_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = room.lock("a", rows(60, 4), header=HEADER)
    first = room.load(delivery)
    monkeypatch.setattr(large, "open_stream", lambda *_, **__: pytest.fail("opened again"))
    again = room.load(delivery)
    assert (again.n_reused, again.n_months_built) == (1, 0)
    assert told(again) == told(first)


def test_a_new_file_builds_its_months_only(room: Room) -> None:
    may = room.lock("a", [("L1", "S001", "2023-05-14 08:00:00", "", "", "")])
    june = room.lock("b", [("L2", "S001", "2023-06-14 08:00:00", "", "", "")])
    july = room.lock("c", [("L3", "S001", "2023-07-14 08:00:00", "", "", "")])
    assert room.load(may, july).n_months_built == 2
    assert (
        room.load(may, june, july).n_months_built == 2
    )  # June, and July, whose first day June's last days may explain
    assert room.load(may, june, july).n_months_built == 0


def test_a_twin_on_the_other_side_of_midnight_at_the_end_of_a_month_is_found(room: Room) -> None:
    late = room.lock(
        "a", [("L1", "S001", "2023-05-31 23:59:50", "", "", ""), ("L1", "S001", "2023-05-31 23:59:58", "", "", "")]
    )
    early = room.lock("b", [("L1", "S001", "2023-06-01 00:00:05", "", "", "")])
    result = room.load(late, early)
    twins = result.fates.filter(pl.col("fate") == "duplicate").select("source_file_id", "source_row", "kept_row").rows()
    assert twins == [("a", 3, "a::2"), ("b", 2, "a::2")]
    assert room.load(early).fates.is_empty()
