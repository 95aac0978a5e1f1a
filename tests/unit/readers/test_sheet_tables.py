"""Finding the table in a sheet: header, merges, rows that are no records, hidden sheets."""

from __future__ import annotations

import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from pipeline.errors import PipelineError
from pipeline.readers import read_file
from tests.unit.readers.made_files import ledger_sheet, workbook


@pytest.fixture
def ledger(tmp_path):
    return read_file(workbook(tmp_path / "台账.xlsx", ledger_sheet()))[0]


def test_merged_group_headings_join_to_group_and_name(ledger):
    assert ledger.columns == ("类别", "编号", "名称", "服务项目/饮水", "服务项目/充电")
    assert ledger.header_rows == (3, 4)


def test_every_record_keeps_its_row_number_of_the_sheet(ledger):
    assert ledger.frame["source_row"].to_list() == [5, 6, 7, 10]


def test_vertical_merges_are_filled_inside_the_block_and_recorded(ledger):
    assert ledger.frame["c0"].to_list() == ["固定", "固定", "社会", "社会"]
    assert ledger.filled == {(6, 0)}


def test_totals_and_remarks_are_set_aside_with_their_reason(ledger):
    assert ledger.set_aside.rows() == [(8, "total_row"), (11, "total_row"), (12, "remark_row"), (13, "remark_row")]


def test_lines_around_the_table_become_notes_without_persons(ledger):
    assert ledger.notes == {
        "title": "驿站台账", "填报单位": "晴川街道", "填表日期": "2023年3月31日", "备注": "空格表示未查。",
        "填表人": "〔略〕", "审核人": "〔略〕",
    }  # fmt: skip


def test_numbers_are_written_as_people_wrote_them(ledger):
    assert ledger.frame["c4"].to_list() == ["2", None, "1.5", "13800000001"]


def test_a_workbook_that_is_no_survey_export_is_a_ledger(ledger):
    assert (ledger.family, ledger.encoding, ledger.visibility) == ("ledger", "", "visible")


def test_dates_times_and_truth_values_come_as_iso_text(tmp_path):
    row = [date(2023, 5, 14), datetime(2023, 5, 14, 8, 3), True, 45060]
    path = workbook(tmp_path / "a.xlsx", {"rows": [["日期", "时间", "开放", "序列"], row]})
    assert read_file(path)[0].frame.row(0) == ("2023-05-14", "2023-05-14T08:03:00", "TRUE", "45060", 2)


@pytest.mark.parametrize("visibility", ["hidden", "very_hidden"])
def test_a_hidden_sheet_is_a_table_that_says_so(tmp_path, visibility):
    path = workbook(tmp_path / "a.xlsx", {"rows": [["编号"], ["1"]]}, ledger_sheet("旧表", visibility))
    assert [(table.visibility, table.is_hidden) for table in read_file(path)] == [
        ("visible", False),
        (visibility, True),
    ]


def test_spaces_in_cells_are_kept(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"rows": [["编号 ", "名称"], [" S001 ", "　甲"]]})
    table = read_file(path)[0]
    assert table.columns == ("编号", "名称")
    assert table.frame.row(0)[:2] == (" S001 ", "　甲")


def test_a_single_header_row_over_numbers_is_not_taken_for_two(tmp_path):
    rows = [["机构", "2021", "2022"], ["甲", 1, 2], ["乙", 3, 4]]
    table = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))[0]
    assert table.header_rows == (1,) and table.frame.height == 2


def test_a_heading_merged_over_two_columns_of_values_does_not_swallow_the_first_record(tmp_path):
    rows = [["编号", None, None], ["S1", "甲", "乙"], ["S2", "丙", "丁"]]
    path = workbook(tmp_path / "a.xlsx", {"rows": rows, "merges": [(0, 1, 0, 2, "名称")]})
    table = read_file(path)[0]
    assert (table.header_rows, table.frame.height) == ((1,), 2)
    assert table.columns == ("编号", "名称", "名称 (2)")


def test_three_header_rows_are_joined(tmp_path):
    rows = [[], [], [None, "男", "女", "男", "女"], ["甲", 1, 2, 3, 4], ["乙", 5, 6, 7, 8]]
    merges = [(0, 0, 2, 0, "站"), (0, 1, 0, 4, "人次"), (1, 1, 1, 2, "上午"), (1, 3, 1, 4, "下午")]
    table = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows, "merges": merges}))[0]
    assert table.columns == ("站", "人次/上午/男", "人次/上午/女", "人次/下午/男", "人次/下午/女")
    assert table.header_rows == (1, 2, 3)


def test_group_headings_whose_merge_was_lost_reach_to_the_right(tmp_path):
    rows = [["编号", "名称", "服务", None, None], [None, None, "饮水", "充电", "热饭"], ["S1", "甲", "√", "×", "√"]]
    table = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))[0]
    assert table.columns == ("编号", "名称", "服务/饮水", "服务/充电", "服务/热饭")


def test_group_rows_are_set_aside_and_a_sparse_record_is_not(tmp_path):
    rows = [
        ["序号", "名称", "座位"],
        ["北京市（2所）"],
        [1, "甲", 3],
        [2, "乙", 4],
        ["二、社会阵地"],
        [3, "丙", 5],
        [4],
    ]
    table = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))[0]
    assert table.set_aside.rows() == [(2, "group_row"), (5, "group_row")]
    assert table.frame["source_row"].to_list() == [3, 4, 6, 7]


def test_a_header_printed_again_is_set_aside(tmp_path):
    rows = [["编号", "名称"], ["S1", "甲"], ["编号", "名称"], ["S2", "乙"]]
    table = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))[0]
    assert table.set_aside.rows() == [(3, "repeated_header")]


def test_chatty_lines_above_the_header_are_notes(tmp_path):
    rows = [
        ["本表", "由", "各站", "填写"], ["姓名", "年龄", "次数", "日期"],
        *[["某", 30 + i, i, date(2023, 5, 1 + i)] for i in range(5)],
    ]  # fmt: skip
    assert read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))[0].columns == ("姓名", "年龄", "次数", "日期")


def test_two_tables_on_one_sheet_are_two_tables(tmp_path):
    rows = [
        ["站", "人次"],
        ["甲", 3],
        ["乙", 4],
        [],
        ["二、设施"],
        ["设施", "数量", "备注"],
        ["微波炉", 2, "新"],
        ["饮水机", 1],
    ]
    tables = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))
    assert [table.columns for table in tables] == [("站", "人次"), ("设施", "数量", "备注")]
    assert [table.frame["source_row"].to_list() for table in tables] == [[2, 3], [7, 8]]


def test_a_blank_row_between_records_does_not_cut_the_table(tmp_path):
    rows = [["站", "人次"], ["甲", 3], [], ["乙", "待补"], ["丙", 5]]
    tables = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))
    assert [table.frame["source_row"].to_list() for table in tables] == [[2, 4, 5]]


def test_empty_unnamed_columns_are_left_out_and_positions_say_where_columns_stand(tmp_path):
    rows = [[None, "编号", None, "名称"], [None, "S1", None, "甲"]]
    table = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))[0]
    assert (table.columns, table.positions) == (("编号", "名称"), (2, 4))


def test_a_column_without_heading_is_kept_under_its_place(tmp_path):
    table = read_file(workbook(tmp_path / "a.xlsx", {"rows": [["编号", None, "编号"], ["1", "x", "2"]]}))[0]
    assert table.columns == ("编号", "未命名2", "编号 (2)")


def test_header_rows_can_be_told(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"rows": [["x", "y"], ["编号", "名称"], ["1", "甲"]]})
    assert read_file(path, header_rows=[2])[0].columns == ("编号", "名称")
    assert read_file(path, header_rows=2)[0].columns == ("x/编号", "y/名称")


def test_one_sheet_can_be_asked_for_and_a_wrong_name_lists_those_there_are(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ledger_sheet("甲表"), ledger_sheet("乙表"))
    assert [table.sheet for table in read_file(path, sheet="乙表")] == ["乙表"]
    with pytest.raises(PipelineError) as caught:
        read_file(path, sheet="丙表")
    assert (caught.value.exit_code, caught.value.problems[0].got) == (10, "甲表 乙表")


def test_a_survey_export_keeps_every_row_whatever_it_says(tmp_path):
    rows = [
        ["序号", "提交答卷时间", "所用时间", "来源", "1、还想说什么"],
        [1, "2023/9/8 12:24:22", "137秒", "微信", "合计"],
        ["合计"],
    ]
    table = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))[0]
    assert (table.family, table.frame.height, table.set_aside.height) == ("wenjuanxing", 2, 0)


def test_formulas_in_error_or_never_computed_are_blank_and_said_so(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("台账")
        page.write_row(0, 0, ["编号", "人次", "合并"])
        for row, (formula, value) in enumerate(
            [("=1/0", "#DIV/0!"), ("=1+1", 2), ("=1+1", "?"), ('=""', "leer")], start=1
        ):
            page.write(row, 0, f"S{row}")
            page.write_formula(row, 1, formula, None, value)
    parts = {
        name: data.replace(b' t="str"><f>1+1</f><v>?</v>', b"><f>1+1</f><v></v>").replace(b"leer", b"")
        for name, data in unzipped(path)
    }
    with zipfile.ZipFile(path, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    table = read_file(path)[0]
    assert table.frame["c1"].to_list() == [None, "2", None, None]
    assert table.notices.rows() == [(2, "error_cell"), (4, "formula_without_result")]


def unzipped(path):
    with zipfile.ZipFile(path) as file:
        return [(name, file.read(name)) for name in file.namelist()]
