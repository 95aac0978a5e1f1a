"""Reviewed spellings of a place are known like those of the codebook, and never overrule it."""

from __future__ import annotations

import pytest

from pipeline.contracts import load_codebooks
from pipeline.errors import PipelineError

BLOCK = """\
[[spelling]]
list_code = "services"
text = "{text}"
{means}
reviewer = "审核员甲"
reviewed_on = 2023-06-01
"""


def block(text, means='code = "charging"'):
    return BLOCK.format(text=text, means=means)


def refused(study):
    """(exit code, problem codes, texts) of a place whose spellings are not accepted."""
    with pytest.raises(PipelineError) as caught:
        load_codebooks(study)
    problems = caught.value.problems
    return caught.value.exit_code, [p.code for p in problems], "\n".join(p.text("zh") for p in problems)


def test_a_spelling_is_looked_up_whatever_its_spaces_and_brackets(study, put):
    put("place/spellings.toml", block("给手机回血"))
    book = load_codebooks(study)["services"]
    assert [book.lookup(text) for text in ("给手机回血", "给手机 回血", "（给手机回血）")] == ["charging"] * 3
    assert load_codebooks()["services"].lookup("给手机回血") is None  # true here only


def test_a_spelling_may_mean_not_said_or_rubbish(study, put):
    put("place/spellings.toml", block("待补充", 'meaning = "missing"') + block("呵呵", 'meaning = "junk"'))
    book = load_codebooks(study)["services"]
    assert (book.is_missing("待 补充"), book.is_junk("呵呵"), book.lookup("呵呵")) == (True, True, None)
    assert not book.is_junk("待补充") and not book.is_missing("呵呵")


def test_what_the_codebook_says_already_may_be_said_again(study, put):
    put("place/spellings.toml", block("手机充电"))
    assert load_codebooks(study)["services"].lookup("手机充电") == "charging"


@pytest.mark.parametrize("means", ['code = "water"', 'meaning = "missing"', 'meaning = "junk"'])
def test_what_contradicts_the_codebook_stops_the_run(study, put, means):
    put("place/spellings.toml", block("手机充电", means))
    code, kinds, text = refused(study)
    assert (code, kinds) == (11, ["spelling_contradicts"])
    assert "手机充电" in text and 'code = "charging"' in text


def test_two_decisions_of_one_text_contradict_each_other_and_the_same_one_twice_does_not(study, put):
    put("place/spellings.toml", block("热一热") + block("热 一热"))
    assert load_codebooks(study)["services"].lookup("热一热") == "charging"
    put("place/more.toml", block("热一热", 'code = "meal_heating"'))
    assert refused(study)[:2] == (11, ["spelling_contradicts"] * 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (block("甲").replace("services", "planets"), "没有这个代码表"),
        (block("甲", 'code = "flying"'), "代码不在代码表中"),
        (block("甲", 'meaning = "perhaps"'), "meaning 取值不认识"),
        (block("甲", 'code = "water"\nmeaning = "junk"'), "只写一个"),
        (block("甲", ""), "只写一个"),
        (block("  "), "text 不能为空"),
        (block("甲").replace('reviewer = "审核员甲"\n', ""), "缺少 reviewer"),
        (block("甲") + "x = 1\n", "不认识的键 x"),
    ],
)
def test_a_mistake_in_the_file_is_said(study, put, text, said):
    put("place/spellings.toml", text)
    code, kinds, told = refused(study)
    assert (code, set(kinds)) == (11, {"contract_invalid"})
    assert said in told
