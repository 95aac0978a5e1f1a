"""A second wave beside the first: same, renamed, new, dropped — and codes that stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pipeline.contracts import Item, Option, Question, Wave
from pipeline.drafting.write import toml_of
from tests.unit.drafting.made_exports import draft, question, source_of, spread

FIRST = Wave(
    "first", "第一波", "First", "wenjuanxing", "attached", "qr", date(2023, 1, 1), date(2023, 1, 9), "v1", "改进服务", {},
    (
        Question("sex", 1, "single", "您的性别？", variable="gender", options=(Option("m", "男", 1, value="male"), Option("f", "女", 2, value="female"))),
        Question("job", 2, "single", "您的职业是？", variable="user_group",
                 options=(Option("courier", "快递员", 1), Option("rider", "外卖骑手", 2))),
        Question("views", 3, "matrix", "您同意下面的说法吗？", items=(Item("clean", "环境干净", reversed=True), Item("calm", "环境安静")),
                 options=(Option("1", "不同意", 1), Option("2", "同意", 2))),
        Question("gone", 4, "text", "您还有什么话想对我们说？"),
    ),
    legal_basis="同意", retain_until=date(2025, 1, 1),
)  # fmt: skip
SECOND = {
    "时间": spread("2023-04-01 08:00:00", "2023-04-30 09:00:00"),
    "1、您的性别": spread("女", "男"),
    "2、请问您现在的职业是什么？": spread("外卖骑手", "快递员", "楼宇职工"),
    "3、您同意下面的说法吗？—环境干净": spread("同意", "不同意"),
    "3、您同意下面的说法吗？—座位够": spread("同意", "不同意"),
    "4、您住得远吗": spread("远", "近"),
}


def second():
    return draft(source_of(SECOND), earlier=FIRST)


def test_each_question_is_the_same_renamed_or_new_and_what_is_gone_is_listed():
    found = second().comparison
    assert [match.kind for match in found.matches] == ["same", "renamed", "same", "new"]
    assert [old.code for old in found.dropped] == ["gone"]


def test_what_is_the_same_keeps_code_variable_and_option_codes():
    sex = question(second(), "sex")
    assert sex.variable == "gender"
    assert {option.text: (option.code, option.value) for option in sex.options} == {
        "男": ("m", "male"),
        "女": ("f", "female"),
    }


def test_a_renamed_question_keeps_its_variable_and_its_new_option_gets_a_code_of_its_own():
    job = question(second(), "job")
    assert job.variable == "user_group"
    assert {o.text: o.code for o in job.options} == {
        "外卖骑手": "rider",
        "快递员": "courier",
        "楼宇职工": "office_staff",
    }


def test_rows_keep_their_codes_and_direction():
    views = question(second(), "views")
    assert [(item.code, item.text, item.reversed) for item in views.items] == [
        ("clean", "环境干净", True),
        ("2", "座位够", False),
    ]


def test_changed_wording_of_a_linked_question_leaves_the_comparison_to_a_person():
    text = toml_of(second())
    assert '# comparable_with = ["first"]' in text and "改了措辞，first 是：您的职业是？" in text
    assert "选项新增：楼宇职工" in text and "行删去：环境安静" in text and "新题（first 没有）" in text


def test_a_new_question_gives_way_where_its_code_is_taken():
    taken = replace(FIRST, questions=(replace(FIRST.questions[0], code="q4"),))
    codes = [one.code for one in draft(source_of(SECOND), earlier=taken).wave.questions]
    assert codes[0] == "q4" and len(set(codes)) == len(codes)


def test_the_frame_of_the_wave_is_taken_over_and_its_dates_are_its_own():
    wave = second().wave
    assert (wave.population_code, wave.mode_code, wave.purpose) == ("attached", "qr", "改进服务")
    assert (wave.opened_on, wave.closed_on, wave.retain_until) == (
        date(2023, 4, 1),
        date(2023, 4, 30),
        date(2024, 4, 30),
    )


def test_a_wave_against_itself_is_the_same_throughout():
    made = draft(source_of(SECOND))
    again = draft(source_of(SECOND), earlier=made.wave)
    assert {match.kind for match in again.comparison.matches} == {"same"} and not again.comparison.dropped
    assert again.wave.questions == made.wave.questions
