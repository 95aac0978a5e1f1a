"""Rows that go back and come back: exactly the repaired ones replace their originals, and every row is accounted for.

東里's ledger of March (tests/town): row 9 stands at 0, 0; row 10 has a class no list knows; row 11 has no name and hours
nobody can read. Rows 5 to 7 are clean, 8 repeats 6, 12 and 13 are no records.
"""

from __future__ import annotations

import shutil

import pytest
from ledgers import GRIDS
from make_town import grid, write_xlsx

from pipeline.contracts.returned import ORIGIN, ROWS_SHEET
from pipeline.errors import PipelineError
from tests.end_to_end.return_room import EAST, Room, edited, ledger_town, without_column

BACK = "退回/修好的.xlsx"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return ledger_town(tmp_path_factory.mktemp("town") / "study", "台账")


@pytest.fixture
def room(town, tmp_path) -> Room:
    shutil.copytree(town, tmp_path / "study")
    return Room(tmp_path / "study").clean()


def send(room: Room, workbook: bytes, name: str = BACK) -> Room:
    path = room.root / "raw" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(workbook)
    return room.clean()


def test_rows_go_back_in_the_columns_of_their_file_and_nothing_personal_with_them(room):
    (sheet,) = [s for s in room.prepared.returns if s.source_code == "station_ledger"]
    assert (sheet.path, sheet.sheet, sheet.unit) == (EAST, "驿站台账", "东里街道办")
    assert sheet.headings[:4] == ("序号", "驿站编号", "驿站名称", "驿站类别")
    assert [row.origin.row for row in sheet.rows] == [9, 10, 11]
    assert sheet.rows[1].cells[1:4] == ("S5", "流动驿站", "流动阵地")
    assert sheet.rows[1].cells[8:10] == ("〔见原表第10行〕", "〔见原表第10行〕")
    assert [sheet.headings[c] for fault in sheet.rows[2].faults for c in fault.columns] == ["驿站名称", "开放时间"]
    assert b"19900000305" not in room.returned()


def test_exactly_the_repaired_row_replaces_its_original(room):
    before = room.stations()
    send(room, edited(room.returned(), {("S5", "驿站类别"): "固定阵地"}))
    assert room.stations() == sorted([*before, "AA-S5"])
    assert room.fates(EAST, "驿站台账")[2:] == [
        (10, "set_aside", None, "repaired"),
        (11, "rejected", "开放时间", "bad_hours"),
        (11, "rejected", "驿站名称", "missing_value"),
        (12, "set_aside", None, "total_row"),
        (13, "set_aside", None, "remark_row"),
    ]
    assert room.fates(BACK) == [(4, "set_aside", None, "not_repaired"), (6, "set_aside", None, "not_repaired")]
    assert room.ledger(EAST, "驿站台账") == (9, 3, 1, 2, 3)
    assert room.ledger(BACK, ROWS_SHEET) == (3, 1, 0, 0, 2)
    station = room.prepared.tables["clean.stations"].filter(station_id="AA-S5").row(0, named=True)
    assert str(station["as_of"]) == "2023-03-31" and station["area_code"] == "AA" and station["source_row"] == 5
    assert BACK not in room.unclaimed()


def test_a_deleted_row_of_the_workbook_changes_nothing(room):
    send(room, edited(room.returned(), {}, drop=("S4", "S5")))
    assert room.ledger(BACK, ROWS_SHEET) == (1, 0, 0, 0, 1)
    assert room.ledger(EAST, "驿站台账") == (9, 3, 1, 3, 2)


def test_a_row_repaired_wrongly_goes_back_again_as_the_row_it_was(room):
    send(room, edited(room.returned(), {("S5", "驿站类别"): "还是不对"}))
    (sheet,) = [s for s in room.prepared.returns if s.source_code == "station_ledger"]
    again = next(row for row in sheet.rows if row.origin.row == 10)
    assert (sheet.path, again.origin.round, again.cells[3]) == (EAST, 2, "还是不对")
    assert again.cells[9] == "〔见原表第10行〕"
    assert room.fates(BACK)[1] == (5, "rejected", "驿站类别", "unknown_code")
    send(room, edited(room.returned(), {("S5", "驿站类别"): "社会化阵地"}), "第二次.xlsx")
    assert "AA-S5" in room.stations()
    assert room.fates(BACK)[1] == (5, "set_aside", None, "repaired")


def test_two_different_repairs_of_one_row_are_a_conflict(room):
    book = room.returned()
    send(room, edited(book, {("S5", "驿站类别"): "固定阵地"}), "甲.xlsx")
    send(room, edited(book, {("S5", "驿站类别"): "社会化阵地"}), "乙.xlsx")
    assert "AA-S5" not in room.stations()
    for name in ("甲.xlsx", "乙.xlsx"):
        assert (5, "rejected", None, "conflicting_repair") in room.fates(name)
    assert (10, "rejected", "驿站类别", "unknown_code") in room.fates(EAST)


def test_the_same_repair_twice_is_a_duplicate(room):
    book = edited(room.returned(), {("S5", "驿站类别"): "固定阵地"})
    send(room, book, "甲.xlsx")
    send(room, book, "乙.xlsx")
    assert "AA-S5" in room.stations()
    fates = room.fates("甲.xlsx") + room.fates("乙.xlsx")
    assert fates.count((5, "duplicate", None, "duplicate_row")) == 1


def test_a_row_whose_origin_is_gone_says_so(room):
    send(room, edited(room.returned(), {("S5", ORIGIN): "12", ("S4", ORIGIN): "0123456789ab-9-1-驿站台账"}))
    assert room.fates(BACK)[:2] == [
        (4, "rejected", ORIGIN, "origin_missing"),
        (5, "rejected", ORIGIN, "origin_missing"),
    ]


def test_a_workbook_without_its_origin_column_is_refused(room):
    with pytest.raises(PipelineError) as error:
        send(room, without_column(room.returned(), ORIGIN))
    assert [problem.code for problem in error.value.problems] == ["return_unreadable"]
    assert error.value.exit_code == 11


def test_an_error_that_comes_back_next_quarter_reads_so_even_when_the_first_was_repaired(room):
    mended = {("S5", "驿站类别"): "固定阵地", ("S4", "经度"): "", ("S4", "纬度"): ""}
    send(room, edited(room.returned(), mended))
    records = GRIDS[EAST]["驿站台账"].replace("2023年3月31日", "2023年6月30日").replace("看情况", "9:00-18:00")
    write_xlsx(room.root / "raw" / EAST.replace("2023-03-31", "2023-06-30"), {"驿站台账": grid(records)})
    room.clean()
    old, new = (s for s in room.prepared.returns if s.source_code == "station_ledger")
    assert [(row.origin.row, row.is_back) for row in old.rows] == [(11, False)]
    # Row 11 has a key (S6) and the same blank name; its hours are mended.
    assert [(row.origin.row, row.is_back) for row in new.rows] == [(9, True), (10, True), (11, True)]


def test_a_return_workbook_of_a_simulated_study_is_simulated(room):
    files = {file.shown: file.is_simulated for file in send(room, room.returned()).received.files}
    assert not any(files.values())
    listed = "path,sha256,bytes,is_simulated\n" + "".join(f"{name},,,true\n" for name in files if name != BACK)
    (room.root / "raw" / "MANIFEST.csv").write_text(listed, encoding="utf-8")
    assert all(file.is_simulated for file in room.clean().received.files)


def test_what_a_spreadsheet_changes_by_itself_is_no_repair(room):
    send(room, edited(room.returned(), {("S5", "驿站类别"): " 流动阵地 ", ("S5", "序号"): 5}))
    assert (5, "set_aside", None, "not_repaired") in room.fates(BACK)
