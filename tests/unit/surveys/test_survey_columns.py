from __future__ import annotations

from pipeline.contracts import Option, Question
from pipeline.readers.surveys import tencent_survey, wenjuanxing
from pipeline.readers.surveys.survey_columns import match_columns, outermost
from tests.unit.surveys.questionnaire import META, QUESTIONS

WJX, TENCENT = wenjuanxing.DIALECT, tencent_survey.DIALECT


def parts(layout):
    return [(column.column, column.question.code, column.item, column.option) for column in layout.answers]


def test_bookkeeping_columns_are_found_by_name_wherever_they_stand():
    layout = match_columns(["总分", "1、您的职业", *META], [QUESTIONS["group"]], WJX)
    assert parts(layout) == [("c1", "q1", "", "")]
    assert layout.meta["respondent"] == ["c2"]
    assert layout.meta["ip_place"] == ["c7"]
    assert layout.extra == () and layout.faults == ()


def test_matrix_rows_are_taken_by_position_though_their_bare_headings_repeat():
    headings = ["3、您同意吗—环境舒适", "不愿再来", "4、上月呢—环境舒适", "不愿再来 (2)"]
    layout = match_columns(headings, [QUESTIONS["matrix"], QUESTIONS["matrix_again"]], WJX)
    assert parts(layout) == [("c0", "q3", "a", ""), ("c1", "q3", "b", ""), ("c2", "q4", "a", ""), ("c3", "q4", "b", "")]


def test_old_and_new_headings_of_number_exports_both_name_the_option():
    for headings in (
        ["第2题(手机充电)", "第2题(饮水（热水、冷水）)", "第2题(其他【请注明】)"],
        ["2 您需要哪些服务（可多选）(手机充电)", "2(饮水（热水、冷水）)", "2(其他【请注明】)"],
    ):
        layout = match_columns(headings, [QUESTIONS["need"]], WJX)
        assert [column.option for column in layout.answers] == ["charging", "water", "other"]
        assert layout.faults == ()


def test_tencent_headings_name_the_option_behind_a_colon():
    headings = [
        "2.您需要哪些服务（可多选）:手机充电",
        "2.您需要哪些服务（可多选）:饮水（热水、冷水）",
        "2.您需要哪些服务（可多选）:其他【请注明】",
    ]
    layout = match_columns(headings, [QUESTIONS["need"]], TENCENT)
    assert [column.option for column in layout.answers] == ["charging", "water", "other"]


def test_nested_brackets_are_matched_at_the_outermost():
    question = Question(
        "q8", 8, "multiple", "关注", options=(Option("1", "动漫)", 1), Option("2", "ACG文化(动漫、游戏等)", 2))
    )
    layout = match_columns(["第8题(动漫))", "第8题(ACG文化(动漫、游戏等))"], [question], WJX)
    assert [column.option for column in layout.answers] == ["1", "2"]
    assert outermost("25、(其他（请补充）:)") == "其他（请补充）:"


def test_everything_that_does_not_fit_is_listed_at_once():
    headings = ["1、您几岁", "2、您需要哪些服务（可多选）(手机充电)", "2(理发)", "99、无关", "备注"]
    layout = match_columns(headings, [QUESTIONS["group"], QUESTIONS["need"], QUESTIONS["hours"]], WJX)
    assert [(fault.kind, fault.question) for fault in layout.faults] == [
        ("wording_differs", "q1"), ("option_unknown", "q2"), ("option_missing", "q2"), ("option_missing", "q2"), ("question_missing", "q7"),
    ]  # fmt: skip
    assert layout.extra == ("99、无关", "备注")


def test_question_numbers_may_have_gaps_and_headings_trailing_spaces():
    layout = match_columns(
        ["7：每天工作几小时 [填空题] ", "13. 本题请选同意 "], [QUESTIONS["hours"], QUESTIONS["attention"]], WJX
    )
    assert parts(layout) == [("c0", "q7", "", ""), ("c1", "q13", "", "")] and layout.faults == ()
