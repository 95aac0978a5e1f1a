"""A paper register's rows go back and come back: 西里's register (tests/town) has two refused rows, 12 and 13.

Row 12 names 海边驿站, which no ledger has; row 13 counts 很多 persons. Ten rows are clean, row 14 is a total.
"""

from __future__ import annotations

import shutil

import polars as pl
import pytest
from make_town import canaries

from tests.end_to_end.return_room import Room, edited, ledger_town

REGISTER = "西里/登记/纸质登记表_2023-05.xlsx"
SOURCE = "log_paper_register"
BACK = "修好的登记表.xlsx"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return ledger_town(tmp_path_factory.mktemp("town") / "study", "台账", "登记")


@pytest.fixture
def room(town, tmp_path) -> Room:
    shutil.copytree(town, tmp_path / "study")
    return Room(tmp_path / "study").clean_with_logs()


def send(room: Room, workbook: bytes) -> Room:
    (room.root / "raw" / BACK).write_bytes(workbook)
    return room.clean_with_logs()


def events(room: Room) -> pl.DataFrame:
    ids = {file.file_id: file.shown for file in room.received.files}
    paths = [event.path for event in room.prepared.events]
    frame = pl.concat([pl.read_parquet(path) for path in paths], how="diagonal_relaxed")
    return frame.with_columns(pl.col("source_file_id").replace_strict(ids).alias("path"))


def test_refused_rows_go_back_without_names_and_phones(room):
    (sheet,) = [sheet for sheet in room.prepared.returns if sheet.source_code == SOURCE]
    assert (sheet.path, [row.origin.row for row in sheet.rows]) == (REGISTER, [12, 13])
    assert sheet.rows[1].cells[:4] == ("12", "西门驿站", "2023-05-17", "16:00")
    assert sheet.rows[1].cells[4:6] == ("〔见原表第13行〕", "〔见原表第13行〕")
    text = room.returned(SOURCE).decode("latin-1")
    assert not [value for value in canaries() if value in repr(sheet)] and "199000" not in text


def test_a_repaired_row_is_a_use_with_the_person_it_had(room):
    before = events(room).height
    send(room, edited(room.returned(SOURCE), {("12", "人数"): "2"}))
    found = events(room)
    assert found.height == before + 1
    (event,) = found.filter(path=BACK).select("station_id", "n_persons", "user_group_code", "courier_no").rows()
    assert event[:3] == ("BB-S1", 2, "courier") and event[3] is not None
    assert room.fates(REGISTER) == [
        (12, "rejected", "驿站", "unknown_station"),
        (13, "set_aside", None, "repaired"),
        (14, "set_aside", None, "total_row"),
    ]
    assert room.ledger(REGISTER, "登记") == (13, 10, 0, 1, 2)
    assert room.ledger(BACK, "要修改的行") == (2, 1, 0, 0, 1)


def test_a_row_repaired_wrongly_goes_back_again(room):
    send(room, edited(room.returned(SOURCE), {("12", "人数"): "不少"}))
    (sheet,) = [sheet for sheet in room.prepared.returns if sheet.source_code == SOURCE]
    assert [(row.origin.row, row.origin.round) for row in sheet.rows] == [(12, 1), (13, 2)]
    assert room.ledger(BACK, "要修改的行") == (2, 0, 0, 1, 1)


def test_a_repair_that_is_not_needed_any_more_counts_nothing_twice(room):
    book = edited(room.returned(SOURCE), {("11", "驿站"): "西门驿站"})
    alias = '[[alias]]\nkind = "station"\narea_code = "BB"\nalias = "海边驿站"\nlocal_code = "S1"\n'
    (room.root / "place" / "more_aliases.toml").write_text(alias, encoding="utf-8")
    before = events(room).height
    send(room, book)
    assert events(room).height == before + 1
    assert (4, "set_aside", None, "repair_not_needed") in room.fates(BACK)
