"""A text and a number export of the same answers prove which number is which wording."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError
from tests.unit.drafting.made_exports import draft, question, source_of, spread

IDS = [str(n) for n in range(1, 41)]
TEXT = {
    "序号": IDS,
    "1、性别": spread("女", "男"),
    "2、需要": spread("热饭┋其他〖雨衣〗", "饮水", "热饭┋饮水", "饮水┋热饭"),
    "3、先后": spread("饮水→热饭", "热饭→饮水"),
    "4、满意吗—位置": spread("满意", "一般"),
    "4、满意吗—卫生": spread("不满意", "满意"),
    "5、年龄": [str(20 + n) for n in range(40)],
}
NUMBER = {
    "序号": IDS,
    "1、性别": spread("2", "1"),
    "2、需要(饮水)": spread("0", "1", "1", "1"),
    "2、需要(热饭)": spread("1", "0", "1", "1"),
    "2、需要(洗澡)": spread("0"),
    "2、需要(其他)": spread("1", "0", "0", "0"),
    "3、先后(热饭)": spread("2", "1"),
    "3、先后(饮水)": spread("1", "2"),
    "4、满意吗—位置": spread("3", "2"),
    "4、满意吗—卫生": spread("1", "3"),
    "5、年龄": [str(20 + n) for n in range(40)],
}


def both(text=TEXT, number=NUMBER):
    return draft(source_of(number, form="number", name="a_2.xls"), source_of(text, name="a_0.xls"))


def numbered(made, code):
    return [(option.number, option.text) for option in question(made, code).options]


def test_numbers_and_wordings_are_rebuilt():
    made = both()
    assert numbered(made, "q1") == [(1, "男"), (2, "女")]
    assert numbered(made, "q4") == [(1, "不满意"), (2, "一般"), (3, "满意")]


def test_ticks_show_options_that_nobody_chose_and_what_was_written_beside_one():
    made = both()
    assert numbered(made, "q2") == [(1, "饮水"), (2, "热饭"), (3, "洗澡"), (4, "其他")]
    assert [o.fill_in for o in question(made, "q2").options] == [False, False, False, True]
    assert not made.notes


def test_a_ranking_takes_its_options_from_the_columns_of_ranks():
    made = both()
    assert question(made, "q3").type == "ranking" and numbered(made, "q3") == [(1, "热饭"), (2, "饮水")]


def test_a_quantity_stays_a_quantity():
    assert question(both(), "q5").type == "number"


def test_a_rare_option_is_proved_by_its_number():
    text = TEXT | {"1、性别": [*spread("女", "男", n=39), "不便回答"]}
    made = both(text, NUMBER | {"1、性别": [*spread("2", "1", n=39), "3"]})
    assert numbered(made, "q1") == [(1, "男"), (2, "女"), (3, "不便回答")]


def test_the_order_of_the_files_does_not_matter():
    one, other = source_of(TEXT, name="a_0.xls"), source_of(NUMBER, form="number", name="a_2.xls")
    assert draft(one, other) == draft(other, one)


def test_both_files_are_named_by_their_form():
    assert dict(both().wave.files) == {"text": "**/a_0.xls", "number": "**/a_2.xls"}


def test_disagreements_are_counted_beside_the_question():
    made = both(number=NUMBER | {"1、性别": ["1", *NUMBER["1、性别"][1:]]})
    assert numbered(made, "q1") == [(1, "男"), (2, "女")]
    assert any("1 份答卷不一致" in note for note in made.notes["q1"])


def test_exports_without_a_common_respondent_are_no_pair():
    with pytest.raises(PipelineError) as caught:
        both(number=NUMBER | {"序号": [f"x{n}" for n in IDS]})
    assert (caught.value.exit_code, caught.value.problems[0].code) == (11, "pair_mismatch")


def test_exports_that_disagree_on_most_questions_are_no_pair():
    shuffled = {name: [*cells[7:20], *cells[:7], *cells[27:], *cells[20:27]] for name, cells in NUMBER.items()}
    with pytest.raises(PipelineError) as caught:
        both(number=shuffled | {"序号": IDS})
    assert caught.value.problems[0].code == "pair_mismatch"
