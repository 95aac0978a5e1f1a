"""Likely standard variables, and hints about the questionnaire."""

from __future__ import annotations

import pytest

from pipeline.contracts import Option, Question, load_codebooks, load_variables
from pipeline.contracts.drafting import drafting_rules
from pipeline.drafting.links import PROPOSALS, frame_of, propose
from pipeline.drafting.lint import lint

BOOKS, RULES = load_codebooks(), drafting_rules()


def asked(text, *options, type="single", code="q1", **given):
    made = tuple(Option(str(n), one) for n, one in enumerate(options, start=1))
    return Question(code, 1, type, text, options=made, **given)


LINKS = {
    "need": asked("跑单时您需要哪些服务？", "饮水", "热饭", "手机充电", type="multiple"),
    "met": asked("哪些服务在干活的地方就能得到？", "饮水", "热饭", "手机充电", type="multiple"),
    "satisfaction": asked("您对驿站总体满意吗？", "满意", "不满意"),
    "aware": asked("您听说过暖心驿站吗？", "是", "否"),
    "visits_per_week": asked("您每周去驿站几次？", "从不去", "1-2次"),
    "platform": asked("您主要为哪个平台工作？", "外卖平台甲", "快递公司甲"),
    "employment_type": asked("您的用工形式", "专职", "众包"),
    "hours_per_day": asked("您每天工作几小时？", type="number"),
    "age_band": asked("您的年龄", "18-25岁", "26-35岁"),
    "gender": asked("性别", "男", "女"),
    "user_group": asked("您的职业是？", "快递员", "外卖骑手"),
    "shift": asked("您主要上什么班？", "白班", "夜班"),
    "found": asked("您找得到驿站吗？", "是", "否"),
    "suggestion": asked("您还有什么建议？", type="text"),
}


@pytest.mark.parametrize("variable", LINKS)
def test_a_question_is_linked_to_what_it_measures(variable):
    (found,) = propose([LINKS[variable]], BOOKS, RULES)
    assert (found.variable, found.is_sure) == (variable, True)


@pytest.mark.parametrize(
    "question",
    [
        asked("您不满意的原因有哪些？", "远", "脏", type="multiple"),
        asked("兴趣爱好", "运动", "阅读", type="multiple"),
        asked("您从哪里知道驿站？", "海报", "朋友"),
        asked("How do you manage?", "well", "badly"),
    ],
)
def test_a_question_of_something_else_is_not_surely_linked(question):
    assert not any(one.is_sure for one in propose([question], BOOKS, RULES))


def test_a_question_about_something_else_than_stations_is_not_surely_linked():
    (found,) = propose([asked("Had you heard of the comma?", "Yes", "No")], BOOKS, RULES)
    assert (found.variable, found.is_sure) == ("aware", False)


def test_each_variable_goes_to_one_question_and_rivals_make_it_unsure():
    rivals = [asked("性别", "男", "女"), asked("您站长的性别", "男", "女", code="q2")]
    found = propose(rivals, BOOKS, RULES)
    assert [(one.variable, one.is_sure) for one in found] == [("gender", False)]


def test_a_variable_that_is_taken_is_not_proposed_again():
    taken = asked("您的性别", "男", "女", variable="gender")
    assert propose([taken, asked("性别", "男", "女", code="q2")], BOOKS, RULES) == []


def test_proposals_are_a_table_for_the_review():
    frame = frame_of(propose([LINKS["gender"]], BOOKS, RULES), [LINKS["gender"]])
    assert frame.schema == PROPOSALS and frame.row(0)[:3] == ("q1", "性别", "gender")


def test_every_hint_names_a_standard_variable_and_types_that_can_measure_it():
    variables = load_variables(codebooks=BOOKS)
    assert [hint.name for hint in RULES.hints if hint.name not in variables] == []
    assert [hint.name for hint in RULES.hints if not set(hint.types) <= set(variables[hint.name].types)] == []


LINTS = {
    "bands_overlap": asked("年龄", "18~20岁", "20～22岁"),
    "bands_gap": asked("年龄", "18~20岁", "25-30岁"),
    "scale_unbalanced": asked("满意吗", "非常满意", "满意", "不满意"),
    "none_missing": asked("需要什么", "饮水", "热饭", "手机充电", type="multiple"),
    "option_twice": asked("来源", "朋友", "海报", "朋友"),
    "double_barrelled": asked("您对环境和态度满意吗？", "是", "否"),
    "leading": asked("您也认为驿站很好吗", "是", "否"),
}


@pytest.mark.parametrize("code", LINTS)
def test_a_questionable_question_is_told(code):
    found = lint([LINTS[code]], BOOKS, RULES)
    assert code in [one.code for one in found] and all(one.zh and one.en for one in found)


def test_a_stem_that_stands_twice_is_told_for_both():
    twice = [asked("您的职业？", "甲", "乙"), asked("您的职业?", "甲", "乙", code="q2")]
    assert [(one.code, one.question) for one in lint(twice, BOOKS, RULES)] == [
        ("stem_twice", "q1"),
        ("stem_twice", "q2"),
    ]


@pytest.mark.parametrize(
    "question",
    [
        asked("年龄", "18-25岁", "26-35岁", "36岁及以上"),
        asked("收入", "3000元以下", "3000-5000元", "5000元以上"),
        asked("满意吗", "非常满意", "满意", "一般", "不满意", "非常不满意"),
        asked("需要什么", "饮水", "热饭", "以上都不需要", type="multiple", missing_none="3"),
    ],
)
def test_a_sound_question_is_left_alone(question):
    assert lint([question], BOOKS, RULES) == []
