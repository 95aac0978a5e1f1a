"""Headings meet contract columns by name, under a group heading too; what a table cannot do without is said at once."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.clean.columns import fits, match
from pipeline.contracts import Column, Source, Table, load_codebooks
from pipeline.readers import TextTable

BOOKS = load_codebooks()
SOURCE = Source(
    code="s", label_zh="台账", label_en="Ledger", files=(), kind="ledger", key=("local_code",),
    columns=(
        Column("local_code", ("驿站编号", "编号")),
        Column("name", ("驿站名称",), not_null=True),
        Column("seats", ("座位数",), "int"),
        Column("contact", ("联系人",), personal="drop"),
    ),
    tables=(
        Table("clean.stations", {}, {}),
        Table("clean.station_services", {}, {},
              unpivot={"heading_group": "服务项目", "into": "service_code", "codebook": "services", "value": "is_offered"}),
    ),
)  # fmt: skip


def table(*headings):
    """An empty text table with these headings."""
    frame = pl.DataFrame(schema={**{f"c{i}": pl.String for i in range(len(headings))}, "source_row": pl.Int64})
    return TextTable(path=Path("a.xlsx"), sheet="表", columns=headings, frame=frame)


def matched(*headings):
    """What the contract finds in a table with these headings."""
    return match(SOURCE, table(*headings), BOOKS, file_id="f", shown="台账/a.xlsx", wanted={"seats", "name"})


def test_any_of_the_headings_known_will_do_whatever_spaces_and_width():
    found = matched(" 编 号", "驿站名称", "座位数")
    assert {name: physical for name, (_, physical, _) in found.columns.items()} == {
        "local_code": "c0",
        "name": "c1",
        "seats": "c2",
    }
    assert found.problems == []


def test_the_last_part_counts_under_a_group_heading():
    found = matched("基本信息/驿站编号", "基本信息/驿站名称")
    assert set(found.columns) == {"local_code", "name"}


def test_a_last_part_that_stands_twice_names_neither():
    assert [problem.expected for problem in matched("甲/编号", "乙/编号", "驿站名称").problems] == ["驿站编号 / 编号"]


def test_keys_and_columns_that_are_never_empty_must_exist_and_all_are_named_at_once():
    found = matched("座位数")
    assert [problem.code for problem in found.problems] == ["missing_required_column"] * 2
    assert all("台账/a.xlsx" in problem.where and "座位数" in problem.got for problem in found.problems)
    assert not fits(SOURCE, table("座位数"))


def test_a_missing_optional_column_is_a_notice():
    notices = matched("编号", "驿站名称").notices
    assert notices.filter(pl.col("reason_code") == "missing_column")["column_name"].to_list() == ["座位数"]


def test_a_column_nobody_knows_is_reported_and_a_personal_one_has_its_own_reason():
    notices = matched("编号", "驿站名称", "座位数", "颜色", "站长手机").notices
    assert notices.select("column_name", "reason_code").rows() == [
        ("颜色", "unknown_column"),
        ("站长手机", "personal_dropped"),
    ]


def test_columns_of_a_group_stand_for_codes_and_an_unknown_one_is_reported():
    found = matched("编号", "驿站名称", "服务项目/饮水", "服务项目/充电宝", "服务项目/飞行")
    assert [(wide.physical, wide.code) for wide in found.wide["服务项目"]] == [("c2", "water"), ("c3", "charging")]
    assert "服务项目/飞行" in found.notices["column_name"].to_list()


def test_a_table_fits_when_it_has_what_the_source_cannot_do_without():
    assert fits(SOURCE, table("编号", "驿站名称")) and not fits(SOURCE, table("编号"))
