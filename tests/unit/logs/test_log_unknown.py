"""What logs say and nobody knows: one row per text, kept with the account of a file that is not read again."""

from __future__ import annotations

import polars as pl

from tests.unit.logs.log_room import Room, faults

DEPOTS = pl.DataFrame({"depot_id": ["QC-D1"], "area_code": ["QC"], "name": ["顺达快递网点"]})
USE = {"id": "1", "st": "S001", "svc": "饮水", "ts": "2023-05-14 04:00:00", "openid": "a", "ut": "骑手", "res": "成功"}


def told(result):
    """(file, first row, rows, column, list, text, reason) of the texts nobody knows."""
    return result.unknown.select(
        "source_file_id", "source_row", "n_rows", "column_name", "list_code", "value_text", "reason_code"
    ).rows()  # fmt: skip


def test_an_unknown_station_and_unknown_codes_are_told_once_per_text(room: Room) -> None:
    rows = [USE | {"id": str(n)} for n in range(5)]
    rows[1] |= {"st": "海边驿站"}
    rows[2] |= {"svc": "飞行", "ut": "神仙"}  # the group counts as blank, and is told all the same
    rows[3] |= {"st": "海边驿站", "svc": "飞行"}
    result = room.load(room.app("a", rows))
    assert told(result) == [
        ("a", 2, 2, "st", "station", "海边驿站", "unknown_station"),
        ("a", 3, 2, "svc", "services", "飞行", "unknown_code"),
        ("a", 3, 1, "ut", "user_groups", "神仙", "unknown_code"),
    ]
    assert result.unknown["area_code"].unique().to_list() == ["QC"]


def test_a_file_that_is_not_read_again_still_says_what_it_said(room: Room) -> None:
    delivery = room.app("a", [USE, USE | {"id": "2", "st": "海边驿站 19000000001"}])
    first = room.load(delivery)
    again = room.load(delivery)
    assert (first.n_reused, again.n_reused) == (0, 1)
    assert told(again) == told(first) == [("a", 2, 1, "st", "station", "海边驿站 〔已隐去〕", "unknown_station")]


def test_the_name_of_a_depot_is_told_as_such_and_a_new_register_of_depots_judges_anew(room: Room) -> None:
    delivery = room.app("a", [USE, USE | {"id": "2", "st": "顺达 快递网点"}, USE | {"id": "3", "st": "D1"}])
    assert [reason for *_, reason in faults(room.load(delivery))] == ["unknown_station", "unknown_station"]
    result = room.load(delivery, depots=DEPOTS)
    assert result.n_reused == 0
    assert faults(result) == [("a", 2, "st", "other_kind_of_station"), ("a", 3, "st", "unknown_station")]
    assert [row[-2:] for row in told(result)] == [("顺达 快递网点", "other_kind_of_station"), ("D1", "unknown_station")]


def test_a_log_in_which_everything_is_known_says_nothing(room: Room) -> None:
    result = room.load(room.app("a", [USE]), room.lock("b", [("k1", "S001", "2023-05-14 10:00", "1", "骑手", "成功")]))
    assert faults(result) == [] and told(result) == []
