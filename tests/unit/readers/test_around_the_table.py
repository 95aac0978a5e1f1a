"""What stands around a table is a note, not data: beside, below, above; and totals keep their cells."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.readers import read_file
from pipeline.readers.describe import describe
from tests.unit.readers.made_files import ledger_sheet, workbook

RECORDS = [["S1", "甲", 3], ["S2", "乙", 4], ["S3", "丙", 5], ["S4", "丁", 6], ["S5", "戊", 7]]


def of_sheet(tmp_path, rows, merges=()):
    return read_file(workbook(tmp_path / "a.xlsx", {"rows": rows, "merges": merges}))


def of_text(tmp_path, rows):
    path = tmp_path / "a.csv"
    path.write_text(
        "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows), encoding="utf-8"
    )
    return read_file(path)


@pytest.fixture(params=[of_sheet, of_text], ids=["sheet", "text"])
def read(request):
    return request.param


def test_totals_and_groups_keep_their_cells_aside(tmp_path, read):
    rows = [
        ["编号", "名称", "人次"],
        ["北京市（2所）", None, None],
        *RECORDS[:2],
        ["小计", "2个", 7],
        ["合计", None, 7],
        ["备注：某", None, None],
    ]
    (table,) = read(tmp_path, rows)
    assert table.aside.rows() == [
        ("北京市（2所）", None, None, 2, "group_row"), ("小计", "2个", "7", 5, "total_row"), ("合计", None, "7", 6, "total_row"),
    ]  # fmt: skip
    assert table.set_aside["reason_code"].to_list() == ["group_row", "total_row", "total_row", "remark_row"]
    assert table.aside.schema["source_row"] == pl.Int64 and table.frame.height == 2


def test_notes_beside_a_table_are_notes_and_no_column(tmp_path, read):
    rows = [["编号", "名称", "人次", None, None], *([*row, None, None] for row in RECORDS)]
    rows[2][4], rows[3][4] = "人次含志愿者", "填表人：赵某"
    (table,) = read(tmp_path, rows)
    assert table.columns == ("编号", "名称", "人次") and table.frame.height == 5
    assert table.notes == {"note": "人次含志愿者", "填表人": "〔略〕"}
    assert table.notices.rows() == [(3, "side_note"), (4, "side_note")]


def test_a_note_beside_that_begins_in_the_header_and_ends_below_the_table_vanishes_nowhere(tmp_path, read):
    rows = [
        ["编号", "名称", "人次", None, "说明："],
        *([*row, None, None] for row in RECORDS),
        [None, None, None, None, "人次含志愿者"],
    ]
    (table,) = read(tmp_path, rows)
    assert table.columns == ("编号", "名称", "人次")
    assert table.set_aside.rows() == [(7, "remark_row")]
    assert "人次含志愿者" in table.notes.values()
    assert 7 in table.notices.filter(pl.col("reason_code") == "side_note")["source_row"]


@pytest.mark.parametrize("values", [["3", "4", "5", "6", "7"], ["√", "×", "√", None, None], ["某楼一层"] * 5])
def test_values_beside_a_table_stay_a_column(tmp_path, values):
    rows = [
        ["编号", "名称", "人次", None, None],
        *([*row, None, value] for row, value in zip(RECORDS, values, strict=True)),
    ]
    (table,) = of_sheet(tmp_path, rows)
    assert table.columns == ("编号", "名称", "人次", "未命名5") and not table.notices.height


def test_a_line_below_a_blank_row_is_a_remark_even_if_it_is_short(tmp_path, read):
    rows = [
        ["编号", "名称", "人次"],
        *RECORDS,
        [None, None, None],
        ["数据截至三月底", None, None],
        ["以上", None, None],
    ]
    (table,) = read(tmp_path, rows)
    assert table.set_aside["reason_code"].to_list() == ["remark_row", "remark_row"] and table.frame.height == 5
    assert table.notes["note"] == "数据截至三月底\n以上"


def test_a_label_with_its_value_in_the_next_cell_is_a_note(tmp_path, read):
    rows = [
        ["驿站台账", None, None],
        ["填报单位", "晴川街道", None],
        ["填表日期", "2023-03-31", None],
        ["编号", "名称", "人次"],
        *RECORDS,
    ]
    (table,) = read(tmp_path, rows)
    assert table.notes == {"title": "驿站台账", "填报单位": "晴川街道", "填表日期": "2023-03-31"}
    assert (table.header_rows, table.frame.height) == ((4,), 5)


def test_titles_and_a_blank_row_above_the_header_are_no_table_of_their_own(tmp_path):
    rows = [["驿站台账"], ["填报单位：晴川街道"], [], ["编号", "名称", "人次"], *RECORDS]
    (table,) = of_sheet(tmp_path, rows)
    assert table.notes == {"title": "驿站台账", "填报单位": "晴川街道"} and table.header_rows == (4,)


def test_a_table_far_down_the_sheet_is_found(tmp_path):
    (table,) = of_sheet(tmp_path, [*[[]] * 400, ["编号", "名称", "人次"], *RECORDS])
    assert (table.header_rows, table.frame.height) == ((401,), 5)


def test_a_title_line_above_two_columns_of_text_is_no_heading(tmp_path):
    assert of_text(tmp_path, [["# 注"], ["id", "name"], [1, "甲"], [2, "乙"]])[0].columns == ("id", "name")
    assert of_text(tmp_path, [["id", None], [1, "甲"], [2, "乙"]])[0].columns == ("id", "未命名2")


@pytest.mark.parametrize("above", [[], [["驿站台账", None, None], ["填报单位：晴川街道", None, None]]])
def test_a_header_without_rows_is_an_empty_table_and_said_so(tmp_path, read, above):
    (table,) = read(tmp_path, [*above, ["编号", "名称", "人次"]])
    assert (table.columns, table.frame.height, table.n_read) == (("编号", "名称", "人次"), 0, 0)
    assert table.frame.columns == ["c0", "c1", "c2", "source_row"] == table.aside.columns[:-1]
    assert table.notices.rows() == [(len(above) + 1, "no_rows")] and table.is_blank_form
    assert "只有表头，没有数据行" in describe(table.path)


def test_a_blank_form_with_merged_headings_keeps_them(tmp_path):
    sheet = ledger_sheet()
    rows = [row if i < 4 else [] for i, row in enumerate(sheet["rows"])]
    (table,) = of_sheet(tmp_path, rows, [merge for merge in sheet["merges"] if merge[0] < 4])
    assert table.columns == ("类别", "编号", "名称", "服务项目/饮水", "服务项目/充电") and table.is_blank_form
