"""Waves stand beside each other only where a variable means the same, of the same people; otherwise the reason does."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from pipeline import findings
from pipeline.contracts import Item, Option, Question
from pipeline.errors import PipelineError
from pipeline.findings import explore
from pipeline.findings.comparable import comparable, require_comparable
from pipeline.findings.explore import tell
from tests.unit.findings.two_waves import MET, NEED, REWORDED, warehouse, wave


@pytest.fixture(scope="module")
def same(tmp_path_factory):
    """Two waves asked alike of the same people: 20 of 40 need water in February, 45 of 60 in May."""
    return warehouse((wave("w1", 2), 60, 60), (wave("w2", 5), 135, 45), tmp_path=tmp_path_factory.mktemp("same"))


@pytest.fixture(scope="module")
def reworded(tmp_path_factory):
    """The same, but the second wave asks in other words."""
    return warehouse(
        (wave("w1", 2), 60, 60), (wave("w2", 5, REWORDED, MET), 135, 45), tmp_path=tmp_path_factory.mktemp("other")
    )


def compared(con, finding="top_needed_services"):
    """What a finding of the second quarter says of the quarter before."""
    (result,) = findings.evaluate(con, [finding], findings.context_for(con, period="2023Q2"))
    return result.comparison[0]


def test_the_gate_lets_through_what_means_the_same_and_names_what_does_not(same, reworded):
    assert comparable(same, "need", "w1", "w2") is None and comparable(same, "need", "w2", "w1") is None
    assert comparable(reworded, "need", "w1", "w2") == "wording_changed"
    assert comparable(reworded, "met", "w1", "w2") is None
    assert comparable(reworded, "satisfaction", "w1", "w2") == "not_asked"
    assert comparable(reworded, "need", "w1", "w1") is None


def test_the_gate_in_force_raises_with_the_reason_in_words(same, reworded):
    require_comparable(same, "need", "w1", "w2")
    with pytest.raises(PipelineError) as caught:
        require_comparable(reworded, "need", "w1", "w2")
    assert caught.value.exit_code == 2
    assert "两个波次不可比：问法变了" in caught.value.problems[0].text("zh")


def test_a_misspelt_variable_or_wave_is_refused_and_not_called_not_asked(same):
    with pytest.raises(PipelineError) as caught:
        comparable(same, "needs", "w1", "w9")
    assert {problem.code for problem in caught.value.problems} == {"unknown_wave", "unknown_question"}


def test_a_headline_is_set_beside_that_of_the_quarter_before(same):
    said = compared(same)
    assert (said.is_comparable, said.zh) == (
        True,
        "2023年第1季度：首位需要的比例50%，本期75%（变化+25个百分点，区间+14至+36）",
    )


@pytest.mark.parametrize("finding", ["top_needed_services", "need_not_met"])
def test_a_headline_asked_in_other_words_is_not_set_beside(reworded, finding):
    said = compared(reworded, finding)
    assert (said.is_comparable, said.value, said.zh) == (False, None, "2023年第1季度：不可比（问法变了）")
    assert said.en.endswith("not comparable (the wording changed)")


def test_the_gap_is_not_compared_where_only_what_is_got_was_asked_otherwise(tmp_path):
    other = replace(MET, text_zh="站里有哪些？")
    con = warehouse((wave("w1", 2), 60, 60), (wave("w2", 5, NEED, other), 135, 45), tmp_path=tmp_path)
    assert compared(con, "top_needed_services").is_comparable and not compared(con, "need_not_met").is_comparable


def test_a_wave_of_other_people_is_not_set_beside(tmp_path):
    con = warehouse((wave("w1", 2, population="delivering"), 60, 60), (wave("w2", 5), 135, 45), tmp_path=tmp_path)
    assert "不可比（调查对象总体不同）" in compared(con).zh and "不可比" in compared(con, "who_answered").zh


def test_a_reviewed_declaration_makes_it_comparable_again(tmp_path):
    declared = replace(REWORDED, comparable_with=("w1",))
    con = warehouse((wave("w1", 2), 60, 60), (wave("w2", 5, declared, MET), 135, 45), tmp_path=tmp_path)
    assert compared(con).is_comparable


def test_a_change_is_the_difference_of_the_two_shares_with_its_interval(same):
    choices = explore.choose(same, period="2023Q2")
    table = explore.change(same, choices, "need")
    row = table.filter(answer_code="water").row(0, named=True)
    assert (row["est"], row["est_before"], row["earlier_wave"], row["why_not"]) == (0.75, 0.5, "w1", "")
    assert row["change"] == pytest.approx(0.25) and 0 < row["change_lci"] < 0.25 < row["change_uci"]
    assert "由50%到75%，区间不含零" in tell.change(table, choices).zh


def test_a_share_of_few_people_has_no_difference(tmp_path):
    con = warehouse((wave("w1", 2), 36, 4), (wave("w2", 5), 135, 45), tmp_path=tmp_path)
    row = (
        explore.change(con, explore.choose(con, period="2023Q2"), "need").filter(answer_code="water").row(0, named=True)
    )
    assert (row["n_chosen_before"], row["est_before"], row["change"], row["why_not"]) == (None, 0.9, None, "")


def test_where_not_comparable_the_reason_stands_in_place_of_a_difference(reworded):
    choices = explore.choose(reworded, period="2023Q2")
    table = explore.change(reworded, choices, "need")
    assert (
        table["est"].drop_nulls().len()
        and table["est_before"].null_count() == table.height == table["change"].null_count()
    )
    assert set(table["why_not"]) == {"问法变了"}
    assert "不可比：问法变了" in tell.change(table, choices).zh
    shown = explore.readable(table, choices, "label", "est", "est_before", "change")
    assert shown.rows[0][2:] == ("不可比", "不可比")


def test_the_first_wave_has_nothing_before_it(same):
    table = explore.change(same, explore.choose(same, period="2023Q1"), "need")
    assert set(table["why_not"]) == {"没有更早的波次"}


def test_rows_and_options_are_matched_by_what_they_say_where_codes_moved(tmp_path):
    points = tuple(Option(str(n), text, n, value=float(n)) for n, text in enumerate(("不同意", "一般", "同意"), 1))
    first = Question(
        "q9",
        9,
        "matrix",
        "同意吗？",
        variable="experience",
        items=(Item("a", "干净"), Item("b", "好找")),
        options=points,
    )
    moved = replace(first, items=(Item("a", "好找"), Item("b", "干净")))
    con = warehouse((wave("w1", 2, NEED, first), 60, 60), (wave("w2", 5, NEED, moved), 135, 45), tmp_path=tmp_path)
    clean, found = (
        (lambda number, n: "3" if number < n * 3 / 4 else "1"),
        (lambda number, n: "3" if number < n / 4 else "1"),
    )
    for code, n, said in (("w1", 120, {"a": clean, "b": found}), ("w2", 180, {"a": found, "b": clean})):
        rows = [(code, str(number), item, answer(number, n)) for item, answer in said.items() for number in range(n)]
        con.executemany("insert into clean.answers values ($1, $2, 'QC', 'q9', $3, '', 'answered', $4, cast($4 as double), null, null, 'f', '', 1)",
                        rows)  # fmt: skip
    table = explore.change(con, explore.choose(con, period="2023Q2"), "experience")
    assert sorted(table.select("item_code", "est", "est_before", "change").rows()) == [
        ("a", 0.25, 0.25, 0.0), ("a", 0.75, 0.75, 0.0), ("b", 0.25, 0.25, 0.0), ("b", 0.75, 0.75, 0.0),
    ]  # fmt: skip


def test_the_history_of_a_variable_shows_wording_and_options_by_wave(reworded):
    table = explore.variable_history(reworded, explore.choose(reworded, period="2023Q2"), "need")
    assert table.select("label", "text_zh", "same_as", "why_not").rows() == [
        ("2月问卷", "您需要什么？", "", ""),
        ("5月问卷", "您想要什么？", "", "问法变了"),
    ]
    assert set(table["options_zh"]) == {"喝水｜充电｜都不要"}


def test_two_groups_of_different_waves_never_stand_on_one_line(same):
    choices = [explore.choose(same, period=period) for period in ("2023Q1", "2023Q2")]
    both = pl.concat([explore.answers(same, chosen, "need", by="user_group") for chosen in choices])
    beside = explore.beside(both, ("courier", "rider"))
    assert beside.height == 2 and sorted(beside["first"]) == [0.5, 0.75]


def test_a_variable_the_wave_did_not_ask_gives_no_rows_and_says_so(same):
    choices = explore.choose(same, period="2023Q2")
    table = explore.change(same, choices, "satisfaction")
    assert table.is_empty() and tell.change(table, choices).zh == "本期没有可用于此问题的数据。"
    assert explore.variable_history(same, choices, "satisfaction").is_empty()


def test_a_question_of_no_variable_is_shown_alone_and_a_misspelt_wave_is_refused(tmp_path):
    loose = replace(NEED, code="q7", number=7, variable=None)
    con = warehouse((wave("w1", 2, NEED), 60, 60), (wave("w2", 5, NEED, loose), 135, 45), tmp_path=tmp_path)
    con.execute("insert into clean.answers select * replace ('q7' as question_code) from clean.answers where wave_code = 'w2' "
                "and question_code = 'q1'")  # fmt: skip
    choices = explore.choose(con, period="2023Q2")
    assert set(explore.change(con, choices, "q7")["why_not"]) == {"这道题没有连标准变量"}
    assert set(explore.change(con, choices, "q1")["est_before"].drop_nulls())
    with pytest.raises(PipelineError) as caught:
        explore.change(con, choices, "need", earlier="w9")
    assert caught.value.exit_code == 2
