"""Types, options and what is never named: told from what the cells hold."""

from __future__ import annotations

import pytest

from pipeline.contracts.drafting import drafting_rules
from pipeline.drafting.bands import band_of
from pipeline.drafting.joined import split_cells
from pipeline.readers.surveys.outline import Told, ToldOption
from tests.unit.drafting.made_exports import NAMED, draft, question, source_of, spread, texts

CASES = {
    "single": ("1、性别", spread("男", "女"), "single"),
    "joined": ("1、需要什么（多选）", spread("饮水┋热饭", "热饭", "饮水┋充电", "充电"), "multiple"),
    "number": ("1、每天工作几小时", [str(n / 2) for n in range(4, 44)], "number"),
    "number with unit": ("1、工龄", [*map(str, range(20, 58)), "35年", "12 年"], "number"),
    "scale": ("1、您打几分（评分）", spread("1", "2", "5", "4"), "scale"),
    "date": ("1、哪天", spread("2023/9/8", "2023-09-10", "2023年9月1日"), "date"),
    "place": ("1、所在地", spread("江苏-南京-鼓楼区", "北京-朝阳区", "浙江省-杭州市-西湖区"), "place"),
    "ranking": ("1、请排序", spread("饮水→热饭", "热饭→饮水", "饮水→热饭→充电", "充电→饮水"), "ranking"),
    "allocation": ("1、买几份", spread("甲〖2〗┋乙〖1〗", "甲〖1〗", "乙〖3〗"), "allocation"),
    "text": ("1、想法", [f"这是第{n}个人写的一句话" for n in range(40)], "text"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_type_is_told_from_the_values(name):
    heading, cells, wanted = CASES[name]
    assert question(draft(source_of({heading: cells})), "q1").type == wanted


def test_rare_values_are_not_named_but_counted():
    made = draft(source_of({"1、渠道": [*spread("朋友", "海报"), "张三告诉我的"]}))
    assert texts(made, "q1") == ["朋友", "海报"]
    assert any("另有 1 个回答" in note for note in made.notes["q1"])


def test_a_personal_heading_makes_a_personal_text_whatever_it_holds():
    made = draft(
        source_of({"1、您的姓名": spread("甲某", "乙某"), "2、手机号码": spread("19000000001", "19000000002")})
    )
    assert [(q.type, q.personal, q.options) for q in made.wave.questions] == [("text", True, ())] * 2


def test_a_column_of_telephones_is_personal_whatever_its_heading():
    made = draft(source_of({"1、怎么找您": spread("19000000001", "010-65000001")}))
    assert question(made, "q1").personal and not question(made, "q1").options


def test_values_that_look_personal_are_never_options():
    made = draft(source_of({"1、谁帮过您": spread("站长", "王师傅", "同事", "邻居", "家人", "朋友", "没人", n=70)}))
    assert "王师傅" not in texts(made, "q1") and "站长" in texts(made, "q1")


def test_a_question_for_ones_own_words_stays_text_though_answers_recur():
    made = draft(source_of({"1、您还有什么建议": spread("多放充电宝", "延长时间")}))
    assert question(made, "q1").type == "text"


def test_bands_come_in_order_and_other_comes_last():
    made = draft(source_of({"1、月收入": spread("其他", "10001-15000元", "3000元以下", "3001-10000元", "15000元以上")}))
    assert texts(made, "q1") == ["3000元以下", "3001-10000元", "10001-15000元", "15000元以上", "其他"]


def test_what_is_written_beside_an_option_is_no_part_of_it():
    made = draft(source_of({"1、车型": spread("电动车", "其他〖三轮〗", "电动车", "其他〖滑板〗")}))
    assert [(o.text, o.fill_in) for o in question(made, "q1").options] == [("电动车", False), ("其他", True)]


def test_standard_codes_are_lent_where_a_codebook_knows_the_options():
    made = draft(
        source_of({"1、需要哪些服务（多选）": spread("喝水、接热水┋热饭（微波炉）", "以上都不需要", "手机充电┋其他")})
    )
    found = question(made, "q1")
    assert [o.code for o in found.options] == ["water", "meal_heating", "charging", "none", "other"]
    assert found.missing_none == "none"


def test_a_form_tells_options_codes_marks_and_conditions():
    told = {
        "owns": Told("有车吗", "single", (ToldOption("yes", "有"), ToldOption("no", "没有"))),
        "kind": Told("哪种车", "single", (ToldOption("e", "电动"), ToldOption("o", "其他")), missing={"-9": "blank"},
                     shown_if={"owns": ("yes",)}),
    }  # fmt: skip
    made = draft(source_of({"owns": spread("yes", "no"), "kind": spread("e", None)}, NAMED, "code", told))
    kind = question(made, "kind")
    assert [(o.code, o.text) for o in kind.options] == [("e", "电动"), ("o", "其他")]
    assert (kind.column, kind.missing, kind.shown_if) == ("kind", {"-9": "blank"}, {"owns": ("yes",)})


def test_a_condition_that_cannot_be_said_in_codes_is_left_to_a_person():
    told = {"b": Told("乙", "text", condition="${a} > 3 and ${c} = 'x'")}
    made = draft(source_of({"a": spread("1", "2"), "b": spread("甲", "乙")}, NAMED, "text", told))
    assert "${a} > 3" in made.notes["b"][0] and not question(made, "b").shown_if


def test_columns_of_ticks_make_one_question_with_a_column_each():
    made = draft(source_of({"服务(饮水)": spread("1", "0"), "服务(热饭)": spread("0", "1")}, NAMED))
    (only,) = made.wave.questions
    assert only.type == "multiple"
    assert [(o.text, o.column) for o in only.options] == [("饮水", "服务(饮水)"), ("热饭", "服务(热饭)")]


def test_columns_of_ranks_make_a_ranking_and_columns_of_amounts_an_allocation():
    ranks = {"1、先后(甲)": spread("1", "2"), "1、先后(乙)": spread("2", "1")}
    amounts = {"2、份数(甲)": spread("10", "90"), "2、份数(乙)": spread("90", "10")}
    assert [q.type for q in draft(source_of(ranks | amounts)).wave.questions] == ["ranking", "allocation"]


def test_rows_of_a_matrix_are_items_with_shared_options():
    made = draft(source_of({"1、同意吗—干净": spread("同意", "不同意"), "1、同意吗—安静": spread("同意", "一般")}))
    found = question(made, "q1")
    assert found.type == "matrix"
    assert [item.text for item in found.items] == ["干净", "安静"] and texts(made, "q1") == ["不同意", "一般", "同意"]


def test_a_list_written_out_keeps_its_form():
    made = draft(source_of({"owned": spread("['cow' ;  'goat']", "['goat']", "['cow']")}, NAMED))
    found = question(made, "owned")
    assert (found.type, found.joined) == ("multiple", ("['", "' ;  '", "']"))
    assert [o.text for o in found.options] == ["cow", "goat"]


def test_a_comma_inside_an_option_divides_nothing():
    cells = spread("Slip, trip, or falls, Impact from objects", "Slip, trip, or falls", "Impact from objects")
    made = draft(source_of({"Injuries, select all that apply": cells}, NAMED))
    assert [o.text for o in made.wave.questions[0].options] == ["Slip, trip, or falls", "Impact from objects"]


def test_a_single_choice_with_commas_stays_single():
    cells = spread("Urban, large-size city", "Urban, mid-size city", "Rural")
    made = draft(source_of({"Where": cells}, NAMED))
    assert question(made, "where").type == "single" and len(texts(made, "where")) == 3


def test_pieces_that_also_stand_alone_are_options_of_their_own():
    cells = {"Tea, Coffee": 5, "Tea": 5, "Coffee": 5}
    assert dict(split_cells(cells, ", ", drafting_rules()).units) == {"Tea": 10, "Coffee": 10}


def test_marks_for_not_said_are_proposed_where_they_lie_out_of_reach():
    made = draft(source_of({"1、年龄": [*map(str, range(20, 59)), "-99"]}))
    assert question(made, "q1").missing == {"-99": "blank"} and made.notes["q1"]


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("18 - 29", (18.0, 29.0)),
        ("0 to 2", (0.0, 2.0)),
        ("40+ hours", (40.0, float("inf"))),
        ("11 or more", (11.0, float("inf"))),
        ("不到1次", (float("-inf"), 1.0)),
        ("60岁以上", (60.0, float("inf"))),
        ("5-3", None),
        ("电动车", None),
    ],
)
def test_bands_are_read_in_both_languages(text, band):
    assert band_of(text) == band
