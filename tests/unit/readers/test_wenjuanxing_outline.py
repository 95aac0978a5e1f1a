"""What a Wenjuanxing export shows of its questionnaire, in all the ways it words its headings. Counted by hand."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.readers.surveys.wenjuanxing import outline
from pipeline.readers.text_table import TextTable, tidy_headings
from tests.unit.readers.outlines import accounted, shown, table_of

META = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]


def questions(headings: list[str], *rows: list[str | None]) -> list[tuple]:
    return shown(outline(table_of([*META, *headings], *([*[None] * 6, *row] for row in rows))))


def test_bookkeeping_columns_are_found_by_name_wherever_they_stand():
    found = outline(table_of([*META, "1、性别 ", "总分"]))
    assert found.meta == {
        "respondent": (0,), "submitted_at": (1,), "duration": (2,), "dropped": (3, 4, 7), "ip_place": (5,)
    }  # fmt: skip
    assert shown(found) == [("Q1", "性别", [(6, "", "")])]


def test_a_text_export_has_a_column_per_question_whatever_stands_behind_the_number():
    headings = ["1、性别 ", "3：年龄", "4:月收入（元）", "7.常去的驿站😀", "10 需要什么（多选）", "第11题 其他建议"]
    assert [(name, text) for name, text, _ in questions(headings)] == [
        ("Q1", "性别"), ("Q3", "年龄"), ("Q4", "月收入（元）"), ("Q7", "常去的驿站😀"), ("Q10", "需要什么（多选）"), ("Q11", "其他建议")
    ]  # fmt: skip


def test_old_number_exports_name_the_option_in_brackets():
    headings = ["第6题(运动)", "第6题(ACG文化(动漫、游戏等))", "第6题(其他【请注明】)", "7、占比"]
    assert questions(headings, ["1", "0", "0", "4"], ["-3", "-3", "-3", "2"]) == [
        ("Q6", "", [(6, "", "运动"), (7, "", "ACG文化(动漫、游戏等)"), (8, "", "其他【请注明】")]),
        ("Q7", "占比", [(9, "", "")]),
    ]


def test_new_number_exports_word_the_question_once():
    headings = ["16 需要什么(多选)(饮水)", "16(充电)", "16(其他（请补充）)", "17、建议(选填)"]
    assert questions(headings, ["1", "0", "0", "x"]) == [
        ("Q16", "需要什么(多选)", [(6, "", "饮水"), (7, "", "充电"), (8, "", "其他（请补充）")]),
        ("Q17", "建议(选填)", [(9, "", "")]),
    ]


def test_brackets_with_codes_beyond_ticks_are_rows_of_a_matrix():
    headings = ["第5题(卫生)", "第5题(距离)"]
    rows = [["5", "1"], ["3", "3"], ["-2", "4"]]
    assert questions(headings, *rows) == [("Q5", "", [(6, "卫生", ""), (7, "距离", "")])]


def test_brackets_with_ranks_are_options():
    headings = ["第9题(饮水)", "第9题(充电)", "第9题(热饭)"]
    assert questions(headings, ["1", "2", "3"], ["2", "1", None], ["-3", "-3", "-3"]) == [
        ("Q9", "", [(6, "", "饮水"), (7, "", "充电"), (8, "", "热饭")])
    ]


def test_rows_of_two_matrices_may_bear_the_same_bare_headings():
    headings = ["8、满意吗—卫生", "距离", "9、重要吗—卫生", "距离", "10、—10 元以上的", "12 小时以上", "11、性别"]
    assert questions(headings) == [
        ("Q8", "满意吗", [(6, "卫生", ""), (7, "距离", "")]),
        ("Q9", "重要吗", [(8, "卫生", ""), (9, "距离", "")]),
        ("Q10", "", [(10, "10 元以上的", ""), (11, "12 小时以上", "")]),
        ("Q11", "性别", [(12, "", "")]),
    ]


def test_blanks_of_one_question_are_its_items():
    headings = ["2、家里有汽车___辆", "(1)其中新能源汽车___辆", "3、年龄"]
    assert questions(headings) == [
        ("Q2", "家里有汽车___辆", [(6, "家里有汽车___辆", ""), (7, "(1)其中新能源汽车___辆", "")]),
        ("Q3", "年龄", [(8, "", "")]),
    ]


def test_a_column_of_words_among_ticks_is_what_was_written_beside_the_option():
    found = outline(table_of(["第6题(运动)", "第6题(阅读)", "第6题(其他)"], ["1", "0", "钓鱼"], ["0", "1", None]))
    assert [part.is_fill_in for part in found.stems[0].parts] == [False, False, True]


def test_a_heading_without_a_number_is_a_question_of_its_own_and_never_lost():
    assert questions(["1、性别", "渠道"]) == [("Q1", "性别", [(6, "", "")]), ("渠道", "渠道", [(7, "", "")])]


@pytest.mark.parametrize("n", [0, 3])
def test_every_column_is_accounted_for_once(n):
    headings = [*META, "1、a(b)", "1(c)", "c", "2、d—e", "f", "f", "3、g", "未知"][: 14 - n]
    found = outline(table_of(headings))

    assert accounted(found) == list(range(len(headings)))


def test_tidied_repeats_are_read_as_they_stand():
    headings = ["8、满意吗—卫生", "距离", "9、重要吗—卫生", "距离"]
    columns = tidy_headings(headings, range(1, 5))
    assert columns[3] == "距离 (2)"
    frame = pl.DataFrame({f"c{i}": [] for i in range(4)}, schema={f"c{i}": pl.String for i in range(4)})
    table = TextTable(path=None, sheet="", columns=columns, frame=frame, header_cells=(tuple(headings),))
    assert [part.item for stem in outline(table).stems for part in stem.parts] == ["卫生", "距离", "卫生", "距离"]
