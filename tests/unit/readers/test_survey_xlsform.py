"""An XLSForm says what its questions are and when they are shown; nothing is guessed of an involved condition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import read_file
from pipeline.readers.surveys import xlsform
from pipeline.readers.surveys.outline import Told, ToldOption
from pipeline.readers.surveys.xlsform_conditions import Clause, clauses_of
from tests.unit.readers.made_files import workbook

SURVEY = [
    ["type", "name", "label", "label::English (en)", "label::中文 (zh)", "relevant"],
    ["start", "start"],
    ["select_one yes_no", "uses", "", "Do you use it?", "您用过驿站吗？"],
    ["begin_group", "users", "", "", "", "${uses} = 'yes'"],
    ["select_multiple services or_other", "services", "", "Which services?", "用过哪些服务？"],
    ["integer", "visits", "", "Visits a week", "", "selected(${services}, 'water') or selected(${services}, 'rest')"],
    ["note", "thanks", "", "Thank you"],
    ["text", "why", "", "Why only water?", "", "${services} = 'water'"],
    ["end_group", ""],
    ["decimal", "hours", "", "Hours", "", "${visits} > 3"],
    ["geopoint", "spot", "", "Where?"],
    ["begin_group", "last"],
    ["text", "remark", "", "Remark"],
    ["end_group"],
    ["begin group", "again"],
    ["text", "remark", "", "Another remark"],
    ["end group"],
    ["calculate", "total"],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::中文 (zh)"],
    ["yes_no", "yes", "Yes", "是"],
    ["yes_no", "no", "No", "否"],
    ["", "", "", ""],
    ["services", "water", "Water", "饮水"],
    ["services", "rest", "Rest", ""],
    ["services", "3", "Three", "三"],
]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The form of a workbook with both sheets."""
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    workbook(path, {"name": "choices", "rows": CHOICES}, {"name": "survey", "rows": SURVEY})
    return xlsform.form(*xlsform.find(read_file(path)))


def test_questions_are_told_in_chinese_where_the_form_speaks_it(told):
    assert [(name, one.type) for name, one in told.items()] == [
        ("start", None), ("uses", "single"), ("services", "multiple"), ("visits", "number"), ("why", "text"),
        ("hours", "number"), ("spot", "place"), ("last/remark", "text"), ("again/remark", "text"), ("total", None),
    ]  # fmt: skip
    assert (told["uses"].text, told["visits"].text) == ("您用过驿站吗？", "Visits a week")
    assert told["start"] == told["total"] == Told()


def test_options_have_code_wording_and_number(told):
    assert told["services"].options == (
        ToldOption("water", "饮水"), ToldOption("rest", "Rest"), ToldOption("3", "三", 3), ToldOption("other", "Other"),
    )  # fmt: skip


def test_the_condition_of_a_group_holds_for_its_questions(told):
    assert told["services"].shown_if == {"uses": ("yes",)}
    assert told["visits"].shown_if == {"uses": ("yes",), "services": ("water", "rest")}
    assert told["hours"].shown_if == {}


def test_a_condition_that_is_not_simple_is_kept_as_text(told):
    assert told["why"].condition == "(${uses} = 'yes') and (${services} = 'water')"
    assert (told["why"].shown_if, told["hours"].condition) == ({}, "${visits} > 3")


def test_an_option_the_form_does_not_have_makes_no_condition(tmp_path):
    rows = [["type", "name", "label", "relevant"], ["text", "a", "A", ""], ["text", "b", "B", "${a} = 'x'"]]
    (survey,) = read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))
    assert xlsform.form(survey)["b"] == Told("B", "text", condition="${a} = 'x'")


def test_an_answer_sheet_is_no_form(tmp_path):
    (table,) = read_file(workbook(tmp_path / "a.xlsx", {"rows": [["编号", "name"], ["1", "a"], ["2", "b"]]}))
    assert xlsform.find([table]) is None


@pytest.mark.parametrize("text", ["not(selected(${a},'x'))", "${a} != 'x'", "${a} = 'x' or", "(${a} = 'x'", "${a} = 'x' ${b} = 'y'",
                                  "(${a} = 'x' and ${b} = 'y') or ${a} = 'z'", "count-selected(${a}) > 1"])  # fmt: skip
def test_what_is_not_simple_is_not_understood(text):
    assert clauses_of(text) is None


NAMES = st.sampled_from(["a", "b_1", "c"])
CODES = st.lists(st.sampled_from(["x", "y", "z-1", "0"]), min_size=1, unique=True).map(tuple)


@given(st.lists(st.tuples(NAMES, CODES), min_size=1, max_size=4))
def test_a_conjunction_of_ticks_is_understood_as_it_was_meant(meant):
    written = " and ".join("(" + " or ".join(f"selected(${{{q}}}, '{c}')" for c in codes) + ")" for q, codes in meant)
    assert clauses_of(written) == tuple(Clause(question, codes) for question, codes in meant)
