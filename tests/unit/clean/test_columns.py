"""Headings meet contract columns by name, under a group heading too; what a table cannot do without is said at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from pipeline.clean.places.known_places import Places
from pipeline.clean.sheets.columns import fits, match
from pipeline.clean.sheets.typing import Setting, type_column
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


def numbers_under(heading, *cells, contract=("面积",), unit="㎡", **more):
    """What becomes of numbers under a heading, where a contract has a column of square metres."""
    column = Column("area_m2", contract, "number", unit=unit, **more)
    source = replace(SOURCE, columns=(*SOURCE.columns, column))
    found = match(
        source, table("编号", "驿站名称", heading), BOOKS, file_id="f", shown="台账/a.xlsx", wanted={"area_m2"}
    )
    if "area_m2" not in found.columns:
        return found.notices.filter(pl.col("column_name") == heading)["reason_code"].to_list() or found.problems
    typed = type_column(found.columns["area_m2"][0], pl.Series(cells, dtype=pl.String), Setting(BOOKS, Places(), "QC"))
    return typed.values.to_list()


def test_a_unit_in_brackets_is_converted_to_that_of_the_contract():
    assert numbers_under("面积（亩）", "3", "600㎡", "3亩") == [2000, 600, 2000]
    assert numbers_under("面积（单位：万平方米）", "2") == [20000]
    assert numbers_under("基本信息/面积(㎡)", "35", "35㎡") == [35, 35]
    assert numbers_under("面积", "35", "0.5亩", "2公里") == [35, 333.333333333, None]


def test_a_unit_that_nobody_knows_or_that_is_of_another_kind_is_said_and_the_column_is_not_read():
    assert numbers_under("面积（坪）") == ["unknown_unit"]
    assert numbers_under("面积（公里）") == ["unknown_unit"]
    assert numbers_under("面积（公里）", unit=None) == ["unknown_unit"]  # and so nobody says what the column is in


def test_brackets_that_stand_in_the_contract_s_own_heading_need_no_unit():
    assert numbers_under("面积（含走廊）", "35", contract=("面积（含走廊）",)) == [35]
    assert numbers_under("面积（亩）", "3", contract=("面积（亩）",)) == [2000]
    assert numbers_under("面积（亩）", "3", contract=("面积（亩）",), unit=None) == [3]


def test_a_column_that_must_exist_under_an_unknown_unit_stops_the_run_and_names_both():
    source = replace(
        SOURCE, columns=(*SOURCE.columns, Column("area_m2", ("面积",), "number", required=True, unit="㎡"))
    )
    there = table("编号", "驿站名称", "面积（坪）")
    (said,) = match(source, there, BOOKS, file_id="f", shown="台账/a.xlsx", wanted=set()).problems
    assert (said.code, said.got, said.expected) == ("unknown_unit", "坪", "㎡") and "面积（坪）" in said.where
    assert fits(source, there)  # it is this source's sheet: the unit must be said, not hidden as another's


def test_text_under_brackets_and_two_headings_with_units_name_nothing():
    assert "name" not in matched("编号", "驿站名称（全称）").columns
    two = table("编号", "驿站名称", "座位数（个）", "座位数（百个）")
    assert "seats" not in match(SOURCE, two, BOOKS, file_id="f", shown="", wanted=set()).columns


def test_columns_of_a_group_may_stand_under_units_too():
    spec = {"heading_group": "服务情况", "into": "m", "codebook": "monthly_measures", "value": "v", "type": "number",
            "units": {"visits": "人次", "persons": "人"}}  # fmt: skip
    source = replace(SOURCE, tables=(Table("clean.monthly_counts", {}, {}, unpivot=spec),))
    there = table("编号", "驿站名称", "服务情况/服务人次（万人次）", "服务情况/服务人数（人次）", "服务情况/活动场次")
    found = match(source, there, BOOKS, file_id="f", shown="", wanted=set())
    assert [(w.code, w.heading_unit) for w in found.wide["服务情况"]] == [("visits", "万人次"), ("activities", None)]
    assert "服务情况/服务人数（人次）" in found.notices["column_name"].to_list()  # visits are not persons


def test_a_column_nobody_declared_is_personal_by_what_it_holds():
    there = table("编号", "驿站名称", "备用", "颜色")
    cells = pl.DataFrame({"c0": ["S1", "S2"], "c1": ["甲", "乙"], "c2": ["19900000001.0", "010-65000001/19900000002"],
                          "c3": ["红", "绿"], "source_row": [2, 3]})  # fmt: skip
    found = match(SOURCE, replace(there, frame=cells), BOOKS, file_id="f", shown="", wanted=set())
    said = dict(found.notices.select("column_name", "reason_code").iter_rows())
    assert (said["备用"], said["颜色"]) == ("personal_dropped", "unknown_column")


def test_a_list_that_is_absent_is_no_news_where_ticks_stand():
    source = replace(
        SOURCE, columns=(*SOURCE.columns, Column("services_text", ("服务内容",), "codes", "services")),
        tables=(replace(SOURCE.tables[1], explode={"column": "services_text", "into": "service_code"}),),
    )  # fmt: skip

    def missing(*headings):
        found = match(source, table(*headings), BOOKS, file_id="f", shown="", wanted={"services_text"})
        return found.notices.filter(pl.col("reason_code") == "missing_column")["column_name"].to_list()

    assert missing("编号", "驿站名称", "服务项目/饮水") == []
    assert missing("编号", "驿站名称") == ["服务内容"]


def test_a_table_fits_when_it_has_what_the_source_cannot_do_without():
    assert fits(SOURCE, table("编号", "驿站名称")) and not fits(SOURCE, table("编号"))
