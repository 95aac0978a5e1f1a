"""What a sheet says of its own rows is checked against them, and a difference names the cell."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.fates import NOTICES
from pipeline.clean.sheets.columns import Matched, match
from pipeline.clean.totals import check_totals
from pipeline.contracts import Column, Source, Table, load_codebooks
from pipeline.readers import TextTable
from pipeline.readers.row_kinds import BLANK, reasons

TICKS = load_codebooks()["ticks"]
NOBODY = Matched({}, {}, [], pl.DataFrame(schema=NOTICES), [])
HEAD = ("序号", "驿站名称", "座位数", "办公人数")


def sheet(*rows: tuple, headings: tuple[str, ...] = HEAD, first_row: int = 2, **more) -> TextTable:
    """Rows as the reader sorts them, the first of them in `first_row`; short ones are filled up with blanks."""
    texts = [
        [None if cell is None else str(cell) for cell in (*row, *[None] * (len(headings) - len(row)))] for row in rows
    ]
    cells = pl.DataFrame(texts, schema={f"c{at}": pl.String for at in range(len(headings))}, orient="row")
    kinds = reasons(cells, headings=headings)
    numbers = pl.Series("source_row", range(first_row, first_row + len(rows)), dtype=pl.Int64)
    all_rows = cells.with_columns(numbers, kinds.alias("reason_code"))
    aside = all_rows.filter(pl.col("reason_code").is_not_null() & (pl.col("reason_code") != BLANK))
    frame = all_rows.filter(pl.col("reason_code").is_null()).drop("reason_code")
    set_aside = aside.select("source_row", "reason_code")
    return TextTable(Path("a.xlsx"), "表", headings, frame, set_aside=set_aside, aside=aside, **more)


def checked(table: TextTable, matched: Matched = NOBODY) -> pl.DataFrame:
    return check_totals(table, matched, ticks=TICKS, file_id="f")


def said(table: TextTable, matched: Matched = NOBODY) -> list[tuple]:
    """Cell, kind, stated, counted, agrees — in the order of the sheet."""
    return checked(table, matched).select("cell", "kind_code", "stated", "counted", "agrees").rows()


ONE, TWO, THREE = (1, "东门", 10, 200), (2, "西门", 20, "约300"), (3, "南门", 30, 100)


def test_a_total_that_its_rows_do_not_bear_out_names_the_cell():
    assert said(sheet(ONE, TWO, THREE, ("合计", "3个", 60, 610), first_row=9)) == [
        ("B12", "total", 3, 3, True),
        ("C12", "total", 60, 60, True),
        ("D12", "total", 610, 600, True),  # one of them was an estimate
    ]
    wrong = checked(sheet(ONE, TWO, THREE, ("合计", "4个", 61, 900), first_row=9)).filter(~pl.col("agrees"))
    assert wrong.select("cell", "column_name", "stated", "counted", "n_rows", "source_row").rows() == [
        ("B12", "驿站名称", 4, 3, 3, 12), ("C12", "座位数", 61, 60, 3, 12), ("D12", "办公人数", 900, 600, 3, 12),
    ]  # fmt: skip


def test_subtotals_cover_what_stands_above_them_and_the_total_covers_all():
    table = sheet(ONE, TWO, ("固定阵地小计", "2个", 30), THREE, ("社会阵地小计", "1个", 30), ("合计", "3个", 60))
    assert [(cell, kind, agrees) for cell, kind, _, _, agrees in said(table)] == [
        ("B4", "subtotal", True), ("C4", "subtotal", True), ("B6", "subtotal", True), ("C6", "subtotal", True),
        ("B7", "total", True), ("C7", "total", True),
    ]  # fmt: skip


def test_totals_of_groups_under_a_grand_total():
    table = sheet(ONE, TWO, ("合计", None, 30), THREE, ("合计", None, 30), ("总计", None, 60))
    assert [row[2:] for row in said(table)] == [(30, 30, True), (30, 30, True), (60, 60, True)]


def test_a_total_may_stand_above_its_rows():
    table = sheet(("合计", "3家", 60), ("小计", "2家", 30), ONE, TWO, ("小计", "1家", 30), THREE)
    assert [row[2:] for row in said(table)] == [(3, 3, True), (60, 60, True), (2, 2, True), (30, 30, True), (1, 1, True), (30, 30, True)]  # fmt: skip


def test_a_group_heading_says_how_many_rows_follow():
    table = sheet(
        ("一、固定阵地（2个）",),
        ONE,
        TWO,
        ("二、社会化阵地（共3家）",),
        THREE,
        ("三、投入（20元）",),
        (4, "北门", 5, 1),
    )
    assert said(table) == [("A2", "group_count", 2, 2, True), ("A5", "group_count", 3, 1, False)]


def test_groups_within_groups_end_at_headings_of_their_own_depth():
    table = sheet(
        ("一、东区（3个）",),
        ("（一）固定（2个）",),
        ONE,
        TWO,
        ("（二）社会（1个）",),
        THREE,
        ("二、西区（1个）",),
        (4, "北门", 5, 1),
    )
    assert [(stated, counted) for _, _, stated, counted, _ in said(table)] == [(3, 3), (2, 2), (1, 1), (1, 1)]


@pytest.mark.parametrize("label", ["合计（3个）", "合计：3家", "总计：共3处"])
def test_the_label_itself_may_state_the_number_of_rows(label):
    assert said(sheet(ONE, TWO, THREE, (label,))) == [("A5", "total", 3, 3, True)]


def test_a_row_that_stands_twice_may_have_been_counted_once():
    twice = sheet(ONE, TWO, TWO, THREE, ("合计", "3个", 60), ("总计", "4个", 80))
    assert [agrees for *_, agrees in said(twice)] == [True] * 4
    assert [agrees for *_, agrees in said(sheet(ONE, TWO, TWO, THREE, ("合计", "5个", 70)))] == [False, False]


def test_bounds_and_estimates_are_what_they_are():
    rows = ((1, "甲", "100余"), (2, "乙", 50))
    stated = {"150余": True, "200": True, "140": False, "约160": True, "不足100": False, "近300": True}
    assert {text: said(sheet(*rows, ("合计", None, text)))[0][4] for text in stated} == stated
    million = {"3.5万": True, "3.4万": False, "35012": True}
    assert {
        text: said(sheet((1, "甲", 35000), (2, "乙", 12), ("合计", None, text)))[0][4] for text in million
    } == million


def test_rounded_totals_agree_with_decimals_and_whole_numbers_must_fit():
    rows = ((1, "甲", "1.24"), (2, "乙", "2.31"))
    stated = {"3.55": True, "3.6": True, "4": True, "3.4": False, "3.56": False}
    assert {text: said(sheet(*rows, ("合计", None, text)))[0][4] for text in stated} == stated


def test_a_cell_that_cannot_be_read_leaves_it_open():
    table = sheet((1, "甲", 10), (2, "乙", 20), (3, "丙", "很多"), ("合计", None, 50))
    assert said(table) == [("C5", "total", 50, 30, None)]
    left_out = sheet((1, "甲", 10), (2, "乙", 20), (3, "丙", "很多"), ("合计", None, 30))
    assert said(left_out) == [("C5", "total", 30, 30, True)]  # whoever added up left it out, too
    bounded = sheet((1, "甲", "10余"), (2, "乙", 20), (3, "丙", "很多"), ("合计", None, 300))
    assert said(bounded) == [("C5", "total", 300, 30, None)]  # any large figure would do
    assert said(sheet((1, "甲", 10), (2, "乙", "/"), ("合计", None, 11))) == [("C4", "total", 11, 10, False)]
    assert said(sheet((1, "甲", 10), (2, "乙", None), ("合计", None, 10))) == [("C4", "total", 10, 10, True)]


def test_ticks_are_counted():
    headings = ("序号", "驿站名称", "服务项目/饮水", "服务项目/充电")
    table = sheet((1, "甲", "√", "√"), (2, "乙", "×", "√"), (3, "丙", None, "/"), ("合计", 3, 1, 3), headings=headings)
    assert [(cell, agrees) for cell, *_, agrees in said(table)] == [("B5", True), ("C5", True), ("D5", False)]


def test_shares_codes_and_averages_are_not_added_up():
    headings = ("序号", "楼宇编号", "入驻率", "平均停留", "人数")
    table = sheet((1, 1001, 0.5, 20, 5), (2, 1002, 0.7, 30, 6), ("合计", 2, 0.6, 25, 11), headings=headings)
    assert said(table) == [("B4", "total", 2, 2, True), ("E4", "total", 11, 11, True)]


def test_a_block_of_subtotals_is_told_by_the_group_each_names():
    headings = ("序号", "类别", "座位数")
    rows = ((1, "固定", 10), (2, "社会", 20), (3, "固定", 30))
    table = sheet(
        *rows,
        ("固定小计", None, 40),
        ("社会小计", None, 21),
        ("其他小计", None, 5),
        ("合计", None, 60),
        headings=headings,
    )
    assert said(table) == [
        ("C5", "subtotal", 40, 40, True),
        ("C6", "subtotal", 21, 20, False),
        ("C8", "total", 60, 60, True),
    ]


def test_personal_columns_are_not_looked_at():
    headings = ("序号", "驿站名称", "联系电话", "备用", "座位数")
    rows = ((1, "甲", 19900000001, 19900000003, 1), (2, "乙", 19900000002, 19900000004, 2))
    found = checked(sheet(*rows, ("合计", None, 39800000003, 39800000007, 3), headings=headings))
    assert found["cell"].to_list() == ["E4"]


def test_a_column_stands_where_the_file_has_it():
    table = sheet(ONE, ("合计", None, 10), headings=HEAD[:4], first_row=5, positions=(2, 3, 28, 29))
    assert said(table) == [("AB6", "total", 10, 10, True)]


# ------------------------------------------------------------------------------------------------ totals beside a row
def test_months_add_up_to_the_total_on_their_right():
    headings = ("branch", "zip code", "january", "february", "march", "ytd")
    table = sheet(("East", 60625, 1, 2, 3, 6), ("West", 60626, 1, None, 3, 5), headings=headings)
    assert said(table) == [("F2", "row_total", 6, 6, True), ("F3", "row_total", 5, 4, False)]


@pytest.mark.parametrize(
    ("headings", "is_checked"),
    [
        (("名称", "1月", "2月", "合计"), True),
        (("名称", "三月", "四月", "小计"), True),
        (("名称", "2023年1月", "2023年2月", "全年"), True),
        (("名称", "3月", "4月", "全年"), False),  # the year has months that the sheet does not show
        (("名称", "1月", "3月", "合计"), False),
        (("名称", "2月", "1月", "合计"), False),
        (("名称", "饮水", "充电", "合计"), False),  # who knows what it adds up
        (("名称", "人数/男", "人数/女", "人数/合计"), True),
        (("人数/合计", "人数/男", "人数/女", "名称"), True),
        (("名称", "人数/男", "人数/其中党员", "人数/合计"), False),
        (("名称", "人数/男", "人数/占比", "人数/合计"), False),
        (("名称", "人数/男", "面积/女", "人数/合计"), False),
    ],
)
def test_what_a_row_total_adds_up_is_never_guessed(headings, is_checked):
    at = next(i for i, name in enumerate(headings) if name.endswith(("合计", "小计", "全年")))
    row = [3 if i == at else "甲" if name == "名称" else 1 if "男" in name or "1" in name or "三" in name else 2 for i, name in enumerate(headings)]  # fmt: skip
    kinds = [kind for _, kind, *_ in said(sheet(tuple(row), headings=headings))]
    assert kinds == (["row_total"] if is_checked else [])


def test_a_contract_may_say_what_a_column_adds_up():
    source = Source(
        code="s", label_zh="", label_en="", files=(), kind="ledger", tables=(Table("clean.stations", {}, {}),),
        columns=(Column("a", ("饮水",), "int"), Column("b", ("充电",), "int"), Column("c", ("次数",), "int", total_of=("a", "b"))),
    )  # fmt: skip
    table = sheet((1, 2, 3), (1, 2, 4), (1, "约20", 22), headings=("饮水", "充电", "次数"))
    matched = match(source, table, {}, file_id="f", shown="", wanted=set())
    assert [agrees for *_, agrees in said(table, matched)] == [True, False, True]


def test_a_sheet_without_totals_or_rows_gives_nothing():
    assert checked(sheet(ONE, TWO)).is_empty() and checked(sheet()).is_empty()
    assert checked(TextTable(Path("a.csv"), "", HEAD, sheet(ONE).frame)).is_empty()  # a file without such rows


GROUPS = st.lists(st.lists(st.integers(0, 999), min_size=1, max_size=5), min_size=1, max_size=4)


def added_up(groups: list[list[int]], slip: tuple[int, int] | None) -> TextTable:
    """A sheet of groups with their subtotals and a grand total; `slip` (place, by how much) makes one of them wrong."""
    rows, stated, n = [], [], 0
    for group in groups:
        for seats in group:
            n += 1
            rows.append((n, f"站{n}", seats))
        stated.append(sum(group))
        rows.append(("小计", f"{len(group)}个", stated[-1]))
    stated.append(sum(map(sum, groups)))
    rows.append(("合计", f"共{n}个", stated[-1]))
    if slip:
        at = [i for i, row in enumerate(rows) if row[0] in ("小计", "合计")][slip[0] % len(stated)]
        rows[at] = (*rows[at][:2], rows[at][2] + slip[1])
    return sheet(*rows, headings=HEAD[:3])


@settings(deadline=None, max_examples=12)
@given(GROUPS, st.integers(0, 9), st.integers(1, 99))
def test_right_totals_agree_and_the_one_that_is_wrong_is_the_one_found(groups, place, slip):
    right = checked(added_up(groups, None))
    assert right.height == 2 * (len(groups) + 1) and right["agrees"].all()
    wrong = checked(added_up(groups, (place, slip))).filter(~pl.col("agrees"))
    assert wrong["kind_code"].to_list() == ["total" if place % (len(groups) + 1) == len(groups) else "subtotal"]
    assert (wrong["stated"] - wrong["counted"]).to_list() == [slip]
