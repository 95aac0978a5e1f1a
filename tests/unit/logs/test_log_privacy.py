"""Nothing personal reaches Parquet, sidecars, fates, notices or messages; pseudonyms rotate by month."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from pipeline.errors import PipelineError
from tests.unit.logs.log_room import LOCK, REGISTER, Room, events

CANARIES = [
    "19012345678",
    "190 8765 4321",
    "王金丝雀",
    "canary@example.org",
    "oCANARYopenid",
    "金丝雀公司",
    "微信canary007",
]


def everything(room: Room, result) -> str:
    parts = [frame.write_csv() for frame in (result.fates, result.ledger, result.notices)]
    parts += [
        pl.read_parquet(path, hive_partitioning=False).write_csv() for path in room.study.events.rglob("*.parquet")
    ]
    parts += [path.read_bytes().decode("utf-8", "replace") for path in room.study.out.rglob("*") if path.is_file()]
    return "\n".join(parts)


def test_no_personal_value_is_written_anywhere(room: Room) -> None:
    rows = [
        ("东门暖心驿站", "2023-05-14", "8:03", "王金丝雀", "19012345678", "骑手", "喝水", "1", "微信canary007", "canary@example.org"),
        ("不存在的站", "2023-05-14", "8:04", "王金丝雀", "190 8765 4321", "骑手", "喝水", "1", "金丝雀公司", "canary@example.org"),
    ]  # fmt: skip
    header = "驿站,日期,时间,姓名,电话,人员类别,服务项目,人数,备注,电子邮箱email"
    register = room.register("c", rows, header=header)
    app = room.app("b", [{"id": "u1", "st": "S001", "svc": "water", "ts": "bad", "openid": "oCANARYopenid"},
                         {"id": "u2", "st": "S001", "svc": "water", "ts": "2023-05-14T00:00:00Z", "openid": "oCANARYopenid"}])  # fmt: skip
    result = room.load(register, app)
    assert events(result)["courier_key"].str.len_chars().to_list() == [16, 16]
    text = everything(room, result)
    assert [canary for canary in CANARIES if canary in text] == []


def test_no_personal_value_is_in_a_message(room: Room) -> None:
    closed = tuple(
        replace(column, on_unknown="stop") if column.name == "service" else column for column in REGISTER.columns
    )
    rows = [
        ("东门暖心驿站", "2023-05-14", "8:03", "王金丝雀", "19012345678", "骑手", "19012345678", "1", "微信canary007")
    ]
    with pytest.raises(PipelineError) as caught:
        room.load(room.register("c", rows, columns=closed))
    assert [canary for canary in CANARIES if canary in str(caught.value)] == []


def test_a_person_column_without_a_word_on_privacy_is_replaced_all_the_same(room: Room) -> None:
    careless = tuple(replace(column, personal=None) for column in LOCK.columns)
    result = room.load(room.lock("a", [("L1", "S001", "2023-05-14 08:00:00", "19012345678", "", "")], columns=careless))
    assert len(events(result)["courier_key"][0]) == 16
    assert "19012345678" not in everything(room, result)


def test_pseudonyms_hold_within_a_month_and_change_between_months(room: Room) -> None:
    rows = [(f"L{i}", "S001", when, "19012345678", "", "") for i, when in enumerate(
        ["2023-05-01 00:00:00", "2023-05-31 23:59:59", "2023-06-01 00:00:00"])]  # fmt: skip
    keys = events(room.load(room.lock("a", rows)))["courier_key"].to_list()
    assert keys[0] == keys[1] != keys[2]


def test_pseudonyms_outlive_their_month_only_where_the_place_says_why(room: Room) -> None:
    rows = [(f"L{i}", "S001", when, "19012345678", "", "") for i, when in enumerate(
        ["2023-05-31 23:59:30", "2023-06-01 00:00:30", "2023-07-01 08:00:00"])]  # fmt: skip
    delivery = room.lock("a", rows)
    rotated, linked = room.load(delivery), room.load(delivery, is_linked=True)
    assert linked.n_reused == 0  # what a key means is part of what a file is cleaned with
    assert events(rotated)["courier_key"].n_unique() == 3
    assert events(linked)["courier_key"].n_unique() == 1
    assert events(linked).height == 2  # a scan repeated over midnight is seen again as what it is


def test_the_month_of_a_pseudonym_is_the_local_one(room: Room) -> None:
    base = {"st": "S001", "svc": "water", "openid": "oA", "ev": "use"}
    rows = [base | {"id": "1", "ts": "2023-05-31T15:00:00Z"}, base | {"id": "2", "ts": "2023-05-31T16:00:00Z"},
            base | {"id": "3", "ts": "2023-06-02T16:00:00Z"}]  # fmt: skip
    keys = events(room.load(room.app("b", rows)))["courier_key"].to_list()
    assert keys[0] != keys[1] == keys[2]


def test_one_phone_is_one_key_in_two_logs_of_a_month(room: Room) -> None:
    door = room.lock("a", [("L1", "S001", "2023-05-14 08:00:00", "19012345678", "", "")])
    paper = room.register("c", [("S001", "2023-05-14", "18:03", "", "190 1234 5678", "骑手", "喝水", "", "")])
    assert events(room.load(door, paper))["courier_key"].n_unique() == 1


def test_another_key_gives_other_pseudonyms_and_reads_again(room: Room) -> None:
    delivery = room.lock("a", [("L1", "S001", "2023-05-14 08:00:00", "19012345678", "", "")])
    first, second = room.load(delivery), room.load(delivery, key=b"another")
    assert second.n_reused == 0
    assert events(first)["courier_key"][0] != events(second)["courier_key"][0]


def test_a_file_without_a_header_shows_no_phone_in_its_message(room: Room) -> None:
    delivery = room.lock(
        "a", [("L2", "S001", "2023-05-14 08:00:00", "19087654321")], header="L1,S001,08:00,19012345678"
    )
    with pytest.raises(PipelineError) as caught:
        room.load(delivery)
    assert "已隐去" in str(caught.value) and "19012345678" not in str(caught.value)
