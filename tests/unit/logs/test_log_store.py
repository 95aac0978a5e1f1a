"""Events on disk: immutable, by month, read once, complete or not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

import pipeline.logs.load as loading
from pipeline.logs import remove_unreferenced
from pipeline.warehouse.dictionary import tables
from pipeline.warehouse.load import EVENTS
from tests.unit.logs.log_room import ALIASES, STATIONS, Room, events

ROWS = [
    ("L3", "S002", "2023-05-14 08:00:00", "", "", ""), ("L1", "S001", "2023-05-14 09:00:00", "", "", ""),
    ("L2", "S001", "2023-05-14 08:00:00", "", "", ""), ("L4", "S001", "2023-06-14 08:00:00", "", "", ""),
    ("L5", "S999", "2023-06-14 08:00:00", "", "", ""),
]  # fmt: skip


def stored(room: Room) -> list[str]:
    return sorted(
        path.relative_to(room.study.events).as_posix() for path in room.study.events.rglob("*") if path.is_file()
    )


def test_one_file_per_source_and_month_sorted_for_reading(room: Room) -> None:
    result = room.load(room.lock("a", ROWS))
    names = [file.path.relative_to(room.study.events).as_posix() for file in result.event_files]
    assert [name.rsplit("-", 1)[0] for name in names] == ["month=2023-05/a", "month=2023-06/a"]
    may = pl.read_parquet(result.event_files[0].path, hive_partitioning=False)
    assert may["event_id"].to_list() == ["L3", "L2", "L1"]  # by time


def test_the_stored_columns_are_those_of_the_dictionary(room: Room) -> None:
    result = room.load(room.lock("a", ROWS))
    with duckdb.connect() as con:
        query = (
            f"describe select * from read_parquet('{result.event_files[0].path.as_posix()}', hive_partitioning = false)"
        )
        described = con.execute(query).fetchall()
    assert [(row[0], "varchar" if row[1].startswith("ENUM") else row[1].lower()) for row in described] == [
        ("courier_no", "bigint") if column.name == "courier_key" else (column.name, column.type)
        for column in tables()[EVENTS].columns
    ]


def test_a_file_that_is_stored_is_not_read_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = room.lock("a", ROWS)
    first = room.load(delivery)
    monkeypatch.setattr(loading, "read_log", lambda *_: pytest.fail("read again"))
    again = room.load(delivery)
    assert again.n_reused == 1
    for name in ("fates", "ledger", "notices"):
        assert getattr(again, name).equals(getattr(first, name))
    assert again.event_files == first.event_files and again.seen == first.seen


def test_only_a_new_file_is_read(room: Room) -> None:
    first = room.lock("a", ROWS)
    room.load(first)
    assert room.load(first, room.lock("b", ROWS)).n_reused == 1


@pytest.mark.parametrize("change", ["contract", "register", "alias"])
def test_what_a_row_depends_on_makes_a_file_be_read_again(room: Room, change: str) -> None:
    delivery = room.lock("a", ROWS)
    room.load(delivery)
    if change == "contract":
        delivery = replace(delivery, source=replace(delivery.source, utc_offset_hours=0))
        changes = {}
    elif change == "register":
        changes = {"stations": STATIONS.with_columns(name=pl.lit("改名"))}
    else:
        changes = {"aliases": [*ALIASES, ALIASES[0] | {"alias": "S999"}]}
    again = room.load(delivery, **changes)
    assert again.n_reused == 0
    assert again.fates.height == (0 if change == "alias" else 1)


@pytest.mark.parametrize("lost", ["month=2023-05", "accounts"])
def test_half_of_a_store_counts_as_none(room: Room, lost: str) -> None:
    delivery = room.lock("a", ROWS)
    first = room.load(delivery)
    for path in (room.study.events / lost).glob("*"):
        path.unlink()
    again = room.load(delivery)
    assert again.n_reused == 0
    assert events(again).equals(events(first))


def test_an_account_that_is_torn_is_no_account(room: Room) -> None:
    delivery = room.lock("a", ROWS)
    room.load(delivery)
    for path in (room.study.events / "accounts").glob("*.json"):
        path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")
    assert room.load(delivery).n_reused == 0


def test_the_same_input_gives_the_same_bytes(room: Room, tmp_path: Path) -> None:
    other = Room(tmp_path / "空 格")
    first, second = room.load(room.lock("a", ROWS)), other.load(other.lock("a", ROWS))
    assert [file.path.read_bytes() for file in first.event_files] == [
        file.path.read_bytes() for file in second.event_files
    ]
    assert [file.path.name for file in first.event_files] == [file.path.name for file in second.event_files]


def test_only_what_no_build_means_is_removed(room: Room) -> None:
    first, second, empty = room.lock("a", ROWS), room.lock("b", ROWS[:3]), room.lock("c", ROWS[4:])
    room.load(first, second, empty)
    (room.study.events / "month=2023-06" / "half.parquet.part").write_bytes(b"x")
    kept = room.load(second, empty)
    assert remove_unreferenced(room.study, kept.event_files) == 2
    left = stored(room)
    assert [name for name in left if name.startswith("month")] == [
        file.path.relative_to(room.study.events).as_posix() for file in kept.event_files
    ]
    assert not any("/a-" in name for name in left) and not (room.study.events / "month=2023-06").exists()
    assert room.load(second, empty).n_reused == 2
