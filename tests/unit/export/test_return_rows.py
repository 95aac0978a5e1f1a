"""A return workbook as its keeper opens it: the cell at fault coloured, the reason in words, nothing a formula."""

from __future__ import annotations

import io
import re
import zipfile

import python_calamine as calamine

from pipeline.contracts.returned import (
    ADDED,
    AGAIN,
    GUIDE_SHEET,
    HEADER_ROW,
    ROWS_SHEET,
    Fault,
    Origin,
    ReturnRow,
    ReturnSheet,
    files_named,
    is_return_workbook,
)
from pipeline.export import return_rows

ROW = ReturnRow(
    cells=("S5", "=1+1", None, "〔见原表第10行〕"),
    faults=(
        Fault((1,), "驿站类别", "unknown_code"),
        Fault((2,), "开放时间", "missing_value"),
        Fault((), None, "conflicting_key", "0123:台账:8"),
    ),
    origin=Origin("0123456789ab", "台账", 10, 1),
    is_back=True,
)
SHEET = ReturnSheet("station_ledger", "驿站台账", "甲街道", "台账/a.xlsx", "台账", ("编号", "驿站类别", "开放时间", "联系电话"), (ROW,), 2)  # fmt: skip
REASONS = {"unknown_code": "取值不在代码表中", "missing_value": "必填项为空"}


def rendered(**more) -> bytes:
    return return_rows.render([SHEET], REASONS, is_simulated=more.get("is_simulated", False))


def cells(data: bytes, sheet: str) -> list[list]:
    return calamine.load_workbook(io.BytesIO(data)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def test_headings_cells_reason_state_and_origin_stand_in_the_columns_of_the_file():
    header, row = cells(rendered(), ROWS_SHEET)[HEADER_ROW - 1 :]
    assert header == ["编号", "驿站类别", "开放时间", "联系电话", *ADDED]
    assert row[:4] == ["S5", "=1+1", "", "〔见原表第10行〕"]
    assert row[4] == "「驿站类别」取值不在代码表中；「开放时间」必填项为空；conflicting_key（保留的是第 8 行）"
    assert row[5:] == [AGAIN, "0123456789ab-10-1-台账"]


def test_only_the_cells_at_fault_are_coloured_and_no_text_becomes_a_formula():
    with zipfile.ZipFile(io.BytesIO(rendered())) as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    style = dict(re.findall(r'<c r="([A-Z]+4)" s="(\d+)"', sheet))
    assert style["B4"] == style["C4"] != style["A4"] == style["D4"]
    assert "<f>" not in sheet


def test_the_guide_counts_rows_and_says_simulated_where_it_is():
    guide = "\n".join(row[0] for row in cells(rendered(), GUIDE_SHEET))
    assert "需要修改 1 行" in guide and "另有 2 行" in guide and "模拟" not in guide
    assert "模拟数据" in cells(rendered(is_simulated=True), GUIDE_SHEET)[0][0]
    assert "模拟数据" in cells(rendered(is_simulated=True), ROWS_SHEET)[0][0]


def test_it_is_known_by_its_content_whatever_its_name_and_names_the_files_it_is_of(tmp_path):
    path = tmp_path / "随便.dat"
    path.write_bytes(rendered())
    assert is_return_workbook(path) and files_named(path) == {"0123456789ab"}
    for data in (b"", b"PK\x03\x04 broken", b"a,b\n1,2\n"):
        path.write_bytes(data)
        assert not is_return_workbook(path) and files_named(path) == set()


def test_it_is_known_when_it_was_saved_as_opendocument(tmp_path):
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as file:
        cell = "<text:p>0123456789ab-10-1-台账</text:p>"
        file.writestr("content.xml", f'<table:table table:name="{GUIDE_SHEET}"/>{cell}')
    assert is_return_workbook(path) and files_named(path) == {"0123456789ab"}


def test_equal_rows_give_equal_bytes():
    assert rendered() == rendered()
