"""What single values of a wave file cannot show is told before any answer is read."""

from __future__ import annotations

import pytest

from pipeline.contracts import load_waves
from pipeline.errors import PipelineError
from tests.unit.contracts.test_contract_mistakes import WAVE

MORE = """\
[[question]]
code = "q2"
number = 2
type = "single"
text_zh = "请选同意"
variable = "attention"
expected = "a"
options = [ { code = "a", text = "同意", number = 1 }, { code = "b", text = "不同意", number = 2 } ]
[[question]]
code = "q3"
number = 3
type = "multiple"
text_zh = "需要什么"
missing_none = "none"
shown_if = { q2 = ["a"] }
options = [ { code = "w", text = "喝水" }, { code = "none", text = "都不要" } ]
[[question]]
code = "q4"
number = 4
type = "matrix"
text_zh = "同意吗"
items = [ { code = "i", text = "干净" }, { code = "j", text = "好找" } ]
options = [ { code = "1", text = "否" }, { code = "2", text = "是" } ]
"""
FULL = WAVE + MORE


def refused(study, put, text):
    """Texts of what is wrong, after checking that it is exit 11."""
    put("place/waves/w1.toml", text)
    with pytest.raises(PipelineError) as caught:
        load_waves(study)
    assert caught.value.exit_code == 11
    return [problem.text("zh") for problem in caught.value.problems]


def test_the_wave_these_mistakes_are_made_in_is_right(study, put):
    put("place/waves/w1.toml", FULL)
    assert [question.code for question in load_waves(study)["w1"].questions] == ["q1", "q2", "q3", "q4"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("opened_on = 2023-05-01", "opened_on = 2023-06-01", "开始晚于结束"),
        ("retain_until = 2030-12-31", "retain_until = 2023-05-30", "保存期限早于调查结束"),
        ('files = { text = "调查/*.xlsx" }', "files = {}", "没有写答卷文件"),
        ('purpose = "test"', 'purpose = "test"\nframe_total = 0', "总体规模要大于零"),
        ('expected = "a"', 'expected = "yes"', "没有这个选项"),
        ('missing_none = "none"', 'missing_none = "nothing"', "没有这个选项"),
        ('text = "不同意", number = 2', 'text = " 同 意", number = 2', "文字相同"),
        ('text = "不同意", number = 2', 'text = "不同意", number = 1', "序号相同"),
        ('{ code = "j", text = "好找" }', '{ code = "i", text = "好找" }', "代码重复"),
        ("number = 3", "number = 2", "题号重复"),
        ("number = 3", 'number = 3\nmin = 5\nmax = 1', "min 大于 max"),
        ("number = 3", 'number = 3\ncomparable_with = ["w1"]', "不能写本波次"),
        ('shown_if = { q2 = ["a"] }', 'shown_if = { q9 = ["a"] }', "条件里的题不存在"),
        ('shown_if = { q2 = ["a"] }', 'shown_if = { q2 = ["z"] }', "条件里的选项不存在"),
        ('shown_if = { q2 = ["a"] }', 'shown_if = { q3 = ["w"] }', "条件里写了这道题自己"),
        ('options = [ { code = "w", text = "喝水" }, { code = "none", text = "都不要" } ]', "", "这种题型要写 options"),
        ('items = [ { code = "i", text = "干净" }, { code = "j", text = "好找" } ]', "", "矩阵题要写 items"),
        ('{ code = "i", text = "干净" }, { code = "j", text = "好找" }',
         '{ code = "i", text = "干净", column = "K" }, { code = "j", text = "好找", column = "K" }', "同一列写了两次"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_question(study, put, old, new, said):
    assert old in FULL
    texts = refused(study, put, FULL.replace(old, new, 1))
    assert any(said in text and "w1.toml" in text for text in texts)


def test_a_question_of_a_named_column_needs_no_number(study, put):
    put("place/waves/w1.toml", FULL.replace("number = 2\n", 'column = "A"\n', 1))
    assert load_waves(study)["w1"].questions[1].column == "A"


def test_one_column_for_two_questions_is_refused(study, put):
    text = FULL.replace("number = 2\n", 'column = "A"\n', 1).replace("number = 3\n", 'column = "A"\n', 1)
    assert "同一列给了两道题" in refused(study, put, text)[0]


def test_options_of_the_same_words_are_told_apart_by_columns_of_their_own_or_by_codes(study, put):
    same = FULL.replace('{ code = "w", text = "喝水" }', '{ code = "w", text = "都不要" }', 1)
    put("place/waves/w1.toml", same.replace("files = { text =", "files = { number =", 1))
    assert load_waves(study)["w1"].questions[2].options[0].text == "都不要"
    with_columns = same.replace('text = "都不要" }', 'text = "都不要", column = "x" }', 1)
    put("place/waves/w1.toml", with_columns)
    assert load_waves(study)["w1"].questions[2].options[0].column == "x"


def test_a_mistake_of_type_does_not_hide_the_others(study, put):
    text = FULL.replace("closed_on = 2023-05-31", 'closed_on = "2023-05-31"', 1).replace(
        'expected = "a"', 'expected = "yes"', 1
    )
    said = refused(study, put, text)
    assert len(said) == 2 and "closed_on 的类型不对" in said[0] + said[1]
