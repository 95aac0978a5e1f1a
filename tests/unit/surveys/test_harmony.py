"""One variable across waves: the wording is kept, and what changed meaning is told, never compared in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.surveys.harmony import wordings
from pipeline.contracts import Item, Option, Question, Wave, load_codebooks, load_variables
from pipeline.errors import PipelineError

VARIABLES, CODEBOOKS = load_variables(), load_codebooks()
POINTS = tuple(
    Option(str(n), words, n, value=float(n))
    for n, words in enumerate(("很不满意", "不满意", "一般", "满意", "很满意"), 1)
)
SERVICES = (Option("a", "喝水", 1, value="water"), Option("b", "充电", 2, value="charging"), Option("c", "都不要", 3))
SATISFIED = Question("q1", 1, "single", "您满意吗？", variable="satisfaction", options=POINTS)
NEED = Question("q2", 2, "multiple", "您需要什么？", variable="need", options=SERVICES, missing_none="c")
YES_NO = (Option("1", "是", 1, value="yes"), Option("2", "否", 2, value="no"))
AWARE = Question("q3", 3, "single", "听说过吗？", variable="aware", options=YES_NO)
ENTERED = Question("q4", 4, "single", "进去过吗？", variable="entered", options=YES_NO)


def wave(month, *questions, population="attached", area=None):
    """A wave that closed in this month of 2023."""
    return Wave(code=f"w{month}", label_zh="一波", label_en="wave", platform_family="wenjuanxing", population_code=population,
                mode_code="qr", opened_on=date(2023, month, 1), closed_on=date(2023, month, 20), consent_version="v1",
                purpose="test", files={"text": "*.xlsx"}, questions=questions, area_code=area)  # fmt: skip


def table(*waves):
    """ref.variable_wordings of these waves, by variable and wave."""
    rows = wordings({w.code: w for w in waves}, VARIABLES, CODEBOOKS, "AA").rows(named=True)
    return {(row["variable_code"], row["wave_code"]): row for row in rows}


def against(first, second):
    """(same_as_wave, why_not_code) of the second question, asked one wave later of the same people."""
    row = table(wave(1, first), wave(2, second))[second.variable, "w2"]
    return row["same_as_wave"], row["why_not_code"]


def refused(*waves):
    """Texts of the stale declarations, after checking that it is exit 11."""
    with pytest.raises(PipelineError) as caught:
        table(*waves)
    assert caught.value.exit_code == 11
    return [problem.text("zh") for problem in caught.value.problems]


def test_a_question_asked_again_means_the_same_and_the_first_wave_has_none_before_it():
    rows = table(wave(1, SATISFIED), wave(2, SATISFIED))
    assert [(row["series_wave"], row["same_as_wave"], row["why_not_code"]) for row in rows.values()] == [
        ("w1", None, None),
        ("w1", "w1", None),
    ]


def test_the_wording_and_the_options_of_every_wave_are_kept():
    rows = table(wave(1, SATISFIED), wave(2, replace(SATISFIED, text_zh="您对驿站满意吗？")))
    assert [row["text_zh"] for row in rows.values()] == ["您满意吗？", "您对驿站满意吗？"]
    assert rows["satisfaction", "w1"]["options_zh"] == "很不满意｜不满意｜一般｜满意｜很满意"


@pytest.mark.parametrize("text", ["您满意吗?", " 您 满意吗？", "您满意吗？\u3000"])
def test_white_space_and_width_change_nothing(text):
    assert against(SATISFIED, replace(SATISFIED, text_zh=text)) == ("w1", None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text_zh": "您对工作人员满意吗？"}, "wording_changed"),
        ({"options": POINTS[1:]}, "options_changed"),
        ({"options": (*POINTS[:4], replace(POINTS[4], text="还可以"))}, "options_changed"),
        ({"options": tuple(replace(o, value=6 - o.value) for o in POINTS)}, "options_changed"),
        ({"shown_if": {"q9": ("1",)}}, "base_changed"),
    ],
)
def test_what_changed_is_named(change, why):
    screen = Question("q9", 9, "single", "进去过吗？", variable="entered", options=YES_NO)
    rows = table(wave(1, SATISFIED, screen), wave(2, replace(SATISFIED, **change), screen))
    assert (rows["satisfaction", "w2"]["same_as_wave"], rows["satisfaction", "w2"]["why_not_code"]) == (None, why)


def test_a_list_becoming_many_answers_is_another_type_but_a_scale_drawn_as_a_list_is_not():
    assert against(SATISFIED, replace(SATISFIED, type="scale")) == ("w1", None)
    assert against(AWARE, replace(AWARE, type="multiple")) == (None, "type_changed")


def test_an_option_counts_by_what_it_stands_for_and_not_by_its_code_number_or_words():
    other = (
        Option("x", "接热水", 9, value="water"),
        Option("y", "手机充电", 8, value="charging"),
        Option("z", "没有", 7),
    )
    assert against(NEED, replace(NEED, options=other, missing_none="z")) == ("w1", None)
    more = (*SERVICES, Option("d", "热饭", 4, value="meal_heating"))
    assert against(NEED, replace(NEED, options=more)) == (None, "options_changed")


def test_a_row_of_a_matrix_that_is_turned_round_changes_it():
    items = (Item("a", "干净"), Item("b", "东西常坏", reversed=True))
    grid = Question("q5", 5, "matrix", "同意吗？", variable="experience", options=POINTS, items=items)
    assert against(grid, grid) == ("w1", None)
    assert against(grid, replace(grid, items=(items[0], Item("b", "东西常坏")))) == (None, "options_changed")


def test_whom_it_is_asked_is_told_by_variable_and_value_not_by_question_numbers():
    first = wave(1, ENTERED, replace(SATISFIED, shown_if={"q4": ("1",)}))
    options = (Option("j", "有", 1, value="yes"), Option("n", "没有", 2, value="no"))
    moved = replace(ENTERED, code="k1", options=options)
    again = table(first, wave(2, moved, replace(SATISFIED, shown_if={"k1": ("j",)})))
    assert again["satisfaction", "w2"]["same_as_wave"] == "w1"
    wider = table(first, wave(2, moved, replace(SATISFIED, shown_if={"k1": ("j", "n")})))
    assert wider["satisfaction", "w2"]["why_not_code"] == "base_changed"


def test_waves_of_different_populations_or_areas_never_mean_the_same():
    for second in (wave(2, SATISFIED, population="delivering", area="AA"), wave(2, SATISFIED, area="BB")):
        row = table(wave(1, SATISFIED, area="AA"), second)["satisfaction", "w2"]
        assert (row["series_wave"], row["same_as_wave"], row["why_not_code"]) == ("w2", None, "other_population")


def test_a_wave_of_others_in_between_does_not_break_the_series():
    rows = table(wave(1, SATISFIED), wave(2, SATISFIED, population="delivering"), wave(3, SATISFIED))
    assert (rows["satisfaction", "w3"]["same_as_wave"], rows["satisfaction", "w3"]["why_not_code"]) == ("w1", None)


def test_a_wave_that_did_not_ask_is_said_and_the_one_before_it_still_found():
    row = table(wave(1, SATISFIED), wave(2, NEED), wave(3, SATISFIED))["satisfaction", "w3"]
    assert (row["same_as_wave"], row["why_not_code"]) == ("w1", "not_asked")


def test_places_are_never_compared_over_time():
    station = Question(
        "q6", 6, "single", "最常去哪里？", variable="station", options=(Option("1", "东门", value="S1"),)
    )
    assert against(station, station) == (None, "never_compared")


def test_a_reviewed_declaration_joins_other_words_and_all_that_mean_the_same():
    reworded = replace(SATISFIED, text_zh="您有多满意？")
    joined = table(
        wave(1, SATISFIED), wave(2, SATISFIED), wave(3, replace(reworded, comparable_with=("w2",))), wave(4, reworded)
    )
    assert [row["series_wave"] for row in joined.values()] == ["w1"] * 4
    assert [row["is_declared"] for row in joined.values()] == [False, False, True, False]
    undeclared = table(wave(1, SATISFIED), wave(2, SATISFIED), wave(3, reworded), wave(4, reworded))
    assert [row["series_wave"] for row in undeclared.values()] == ["w1", "w1", "w3", "w3"]
    assert undeclared["satisfaction", "w4"]["same_as_wave"] == "w3"


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (wave(1, SATISFIED), wave(2, replace(SATISFIED, comparable_with=("w1",))), "本来就相同"),
        (wave(1, SATISFIED), wave(2, replace(SATISFIED, text_zh="？", comparable_with=("w9",))), "没有这个波次"),
        (wave(1, NEED), wave(2, replace(SATISFIED, comparable_with=("w1",))), "没有问这个变量"),
        (wave(3, SATISFIED), wave(2, replace(SATISFIED, text_zh="？", comparable_with=("w3",))), "只能写更早的波次"),
        (wave(1, SATISFIED, population="delivering"), wave(2, replace(SATISFIED, comparable_with=("w1",))), "总体不同"),
        (wave(1, AWARE), wave(2, replace(AWARE, type="multiple", comparable_with=("w1",))), "题型不同"),
        (wave(1, SATISFIED), wave(2, replace(SATISFIED, variable=None, comparable_with=("w1",))), "没有连标准变量"),
    ],
)
def test_a_stale_declaration_is_refused(first, second, words):
    (text,) = refused(first, second)
    assert words in text and "comparable_with" in text


def test_a_refused_declaration_says_which_waves_could_be_meant():
    reworded = replace(SATISFIED, text_zh="您有多满意？", comparable_with=("w9",))
    (text,) = refused(wave(1, SATISFIED), wave(2, reworded))
    assert "应为：w1" in text


def test_all_stale_declarations_come_at_once():
    wrong = [replace(question, comparable_with=("w1", "w9")) for question in (SATISFIED, NEED)]
    assert len(refused(wave(1, SATISFIED, NEED), wave(2, *wrong))) == 4


TEXTS, KINDS = ("您满意吗？", "您有多满意？"), ("attached", "delivering")


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(KINDS), st.booleans()), min_size=1, max_size=7))
def test_a_series_never_crosses_populations_and_undeclared_never_crosses_wordings(drawn):
    waves = [
        wave(month, SATISFIED if not five else replace(SATISFIED, options=POINTS[:4]), population=kind)
        for month, (_, kind, five) in enumerate(drawn, 1)
    ]
    waves = [
        replace(w, questions=(replace(w.questions[0], text_zh=text),))
        for w, (text, _, _) in zip(waves, drawn, strict=True)
    ]
    rows = list(table(*waves).values())
    meaning = {row["wave_code"]: drawn[place] for place, row in enumerate(rows)}
    for one in rows:
        for other in rows:
            together = one["series_wave"] == other["series_wave"]
            assert together == (meaning[one["wave_code"]] == meaning[other["wave_code"]])
        assert one["same_as_wave"] is None or one["same_as_wave"] < one["wave_code"]
