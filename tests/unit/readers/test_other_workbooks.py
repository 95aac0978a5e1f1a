"""Old, binary, OpenDocument and WPS workbooks give the same tables as xlsx; passwords and date systems."""

from __future__ import annotations

import shutil
import struct
from datetime import date, datetime

import pytest
import xlsxwriter

from pipeline.errors import PipelineError
from pipeline.readers import read_file
from tests.unit.readers.binary_workbook import binary_workbook, cell, record
from tests.unit.readers.made_files import ledger_sheet, workbook
from tests.unit.readers.other_workbooks import DATES_1904_XLS, LEDGER_XLS, document

GRID = [
    ["驿站台账"],
    ["类别", "编号", "服务", ""],
    ["", "", "饮水", "充电"],
    ["固定", "S1", "√", 2.5],
    ["", "S2", "", 13800000001.0],
]
MERGES = [(0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (3, 0, 4, 0)]


def code_of(path):
    with pytest.raises(PipelineError) as caught:
        read_file(path)
    assert caught.value.exit_code == 10
    return caught.value.problems[0].code


@pytest.mark.parametrize("name", ["台账.xls", "台账.et", "台账.xlsx", "台账"])
def test_an_old_workbook_or_one_of_wps_is_the_same_as_the_new_one(tmp_path, name):
    shown, hidden = read_file(shutil.copy(LEDGER_XLS, tmp_path / name))
    same, _ = read_file(workbook(tmp_path / "neu.xlsx", ledger_sheet(), ledger_sheet("旧表", "hidden")))
    assert shown.frame.equals(same.frame) and shown.set_aside.equals(same.set_aside) and shown.aside.equals(same.aside)
    assert (shown.columns, shown.filled, shown.notes) == (same.columns, same.filled, same.notes)
    assert (hidden.sheet, hidden.visibility) == ("旧表", "hidden")


def test_a_binary_workbook_has_its_merged_cells_and_visibility(tmp_path):
    (table,) = read_file(binary_workbook(tmp_path / "a.xlsb", GRID, merges=MERGES, visibility=2))
    assert table.columns == ("类别", "编号", "服务/饮水", "服务/充电")
    assert table.frame.rows() == [("固定", "S1", "√", "2.5", 4), ("固定", "S2", None, "13800000001", 5)]
    assert (table.filled, table.visibility) == ({(5, 0)}, "very_hidden")


def test_a_binary_workbook_with_a_stray_cell_at_the_far_corner_is_refused(tmp_path):
    path = binary_workbook(tmp_path / "a.xlsb", GRID)
    far = record(0, struct.pack("<IIH", 1_048_575, 0, 300) + bytes(15)) + cell(16_383, "x")
    binary_workbook(path, GRID, more=far)
    assert code_of(path) == "workbook_broken"


def test_an_open_document_has_its_merged_cells_repeated_rows_and_durations(tmp_path):
    rows = [
        [("类别", 2, 1), ("编号", 2, 1), ("服务", 1, 2), None], [None, None, "饮水", "时长"],
        [("固定", 2, 1), "S1", "√", "PT30H05M00S"], [None, "S2", "", 13800000001.0],
    ]  # fmt: skip
    (table,) = read_file(document(tmp_path / "a.ods", rows, blank_above=3))
    assert table.columns == ("类别", "编号", "服务/饮水", "服务/时长")
    assert table.frame.rows() == [("固定", "S1", "√", "30:05:00", 6), ("固定", "S2", None, "13800000001", 7)]
    assert table.filled == {(7, 0)}


def test_a_password_is_named_in_every_kind_of_workbook(tmp_path):
    data = bytearray(LEDGER_XLS.read_bytes())
    at = data.index(bytes.fromhex("0908100000060500")) + 20  # the first record behind the beginning
    data[at : at + 2] = b"\x2f\x00"
    (tmp_path / "a.xls").write_bytes(bytes(data))
    assert code_of(tmp_path / "a.xls") == "workbook_encrypted"
    assert code_of(document(tmp_path / "a.ods", [["a"]], cipher=True)) == "workbook_encrypted"


def dated(path, *, from_1904):
    with xlsxwriter.Workbook(path, {"date_1904": from_1904}) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["日期", "时刻", "序列"])
        page.write_datetime(1, 0, date(2023, 5, 14), day)
        page.write_datetime(1, 1, datetime(2023, 5, 14, 8, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        page.write_number(1, 2, 45060)
    return path


@pytest.mark.parametrize("from_1904", [False, True])
def test_true_dates_are_right_in_both_systems_and_the_table_says_which(tmp_path, from_1904):
    (table,) = read_file(dated(tmp_path / "a.xlsx", from_1904=from_1904))
    assert table.frame.row(0) == ("2023-05-14", "2023-05-14T08:30:00", "45060", 2)
    assert table.epoch_1904 is from_1904


def test_the_date_system_is_read_from_every_kind_of_workbook(tmp_path):
    old = read_file(DATES_1904_XLS)[0]
    assert (old.epoch_1904, old.frame["c0"][1]) == (True, "2023-05-14")
    assert not read_file(LEDGER_XLS)[0].epoch_1904
    for is_1904 in (False, True):
        assert read_file(binary_workbook(tmp_path / "a.xlsb", GRID, from_1904=is_1904))[0].epoch_1904 is is_1904
        assert (
            read_file(document(tmp_path / "a.ods", [["a", "b"], ["1", "2"]], from_1904=is_1904))[0].epoch_1904
            is is_1904
        )
