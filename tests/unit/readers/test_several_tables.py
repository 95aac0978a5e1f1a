"""Several tables on one sheet: below each other, or side by side."""

from __future__ import annotations

import pytest

from pipeline.readers import read_file
from tests.unit.readers.made_files import workbook


def read(tmp_path, rows, merges=()):
    tables = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows, "merges": merges}))
    return [(table.columns, table.frame["source_row"].to_list()) for table in tables], tables


def test_a_table_with_a_title_right_below_the_total_of_another_is_its_own(tmp_path):
    rows = [
        ["站", "人次"],
        ["甲", 3],
        ["合计", 3],
        ["二、设施"],
        ["设施", "数量", "备注"],
        ["微波炉", 2, "新"],
        ["饮水机", 1],
    ]
    found, tables = read(tmp_path, rows)
    assert found == [(("站", "人次"), [2]), (("设施", "数量", "备注"), [6, 7])]
    assert tables[0].set_aside.rows() == [(3, "total_row")] and tables[1].notes == {"title": "二、设施"}


def test_a_group_of_records_below_a_subtotal_is_no_table(tmp_path):
    rows = [
        ["站", "类别", "人次"],
        ["甲", "固定", 3],
        ["小计", None, 3],
        ["二、社会阵地"],
        ["乙", "社会", "待补"],
        ["丙", "社会", 5],
        ["合计", None, 8],
    ]
    found, tables = read(tmp_path, rows)
    assert found == [(("站", "类别", "人次"), [2, 5, 6])]
    assert tables[0].set_aside["reason_code"].to_list() == ["total_row", "group_row", "total_row"]


def test_headings_repeated_to_the_right_are_a_table_printed_in_two_columns(tmp_path):
    rows = [["站", "人次", None, "站", "人次"], ["甲", 3, None, "丙", 5], ["乙", 4, None, "丁", 6]]
    found, tables = read(tmp_path, rows)
    assert found == [(("站", "人次"), [2, 3]), (("站", "人次"), [2, 3])]
    assert tables[1].positions == (4, 5) and tables[1].frame["c0"].to_list() == ["丙", "丁"]


def test_tables_of_different_length_stand_side_by_side(tmp_path):
    rows = [["驿站与设施"], ["站", "人次", None, "设施", "数量"]]
    rows += [[f"站{i}", i, None, *(["微波炉", i] if i < 3 else [None, None])] for i in range(1, 7)]
    found, _ = read(tmp_path, rows, [(0, 0, 0, 4, "驿站与设施")])
    assert found == [(("站", "人次"), [3, 4, 5, 6, 7, 8]), (("设施", "数量"), [3, 4])]


def test_a_table_that_begins_lower_at_the_right_is_its_own(tmp_path):
    rows = [["站", "人次", None, None, None]] + [[f"站{i}", i, None, None, None] for i in range(1, 7)]
    rows[3][3:], rows[4][3:], rows[5][3:] = ["设施", "数量"], ["微波炉", 2], ["饮水机", 1]
    found, _ = read(tmp_path, rows)
    assert found == [(("站", "人次"), [2, 3, 4, 5, 6, 7]), (("设施", "数量"), [5, 6])]


@pytest.mark.parametrize("remark", [None, "备注：含志愿者"])
def test_a_ledger_with_an_empty_column_in_its_middle_is_one_table(tmp_path, remark):
    rows = [["站", "人次", None, "负责部门", "说明"]] + [
        [f"站{i}", i, None, "甲部" if i % 2 else None, "好"] for i in range(1, 7)
    ]
    rows += [["合计", 21, None, None, None], ["其中", 20, None, None, None], [remark]]
    found, _ = read(tmp_path, rows)
    assert [columns for columns, _ in found] == [("站", "人次", "负责部门", "说明")]
