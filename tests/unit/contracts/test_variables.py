"""Standard variables are declared once, and a question is linked only to one that it can measure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.clean.surveys.respondents import CODED, MEASURED
from pipeline.contracts import Option, Question, load_codebooks, load_variables
from pipeline.contracts.bundle import load_contracts
from pipeline.contracts.linked import link_problems
from pipeline.errors import PipelineError
from pipeline.findings.estimating.steps import STEPS
from pipeline.findings.explore.survey import STANDARD
from pipeline.paths import REPOSITORY
from pipeline.paths import study as study_at

OWN = """\
[[variable]]
code = "interest"
label_zh = "兴趣"
label_en = "interest"
meaning_zh = "受访者的兴趣"
meaning_en = "what the respondent likes"
unit = "code"
types = ["multiple"]
values = ["sport", "reading"]
"""
YES_NO = (Option("1", "是", 1, value="yes"), Option("2", "否", 2, value="no"))
CODEBOOKS = load_codebooks()


def said(load, *arguments):
    """Texts of what a loader refuses with exit 11."""
    with pytest.raises(PipelineError) as caught:
        load(*arguments)
    assert caught.value.exit_code == 11
    return [problem.text("zh") for problem in caught.value.problems]


def wave_with(*questions):
    """The sample's second wave, asking these questions only."""
    wave = load_contracts(study_at(REPOSITORY / "data")).waves["2023q2_courier"]
    return {wave.code: replace(wave, questions=questions)}


def problems(*questions):
    """Texts of what is wrong with the links of these questions."""
    found = link_problems(wave_with(*questions), load_variables(), CODEBOOKS)
    return [problem.text("zh") for problem in found]


def test_every_variable_the_code_uses_is_declared():
    used = {*CODED, *MEASURED, *STANDARD, "station", "grid", "panel", "attention", "need", "met"}
    assert used - set(load_variables()) == set()


def test_the_steps_from_hearing_to_coming_back_stand_in_their_order():
    steps = {variable.funnel_step: code for code, variable in load_variables().items() if variable.funnel_step}
    assert tuple(steps[number] for number in sorted(steps)) == STEPS == load_variables()["funnel"].values


def test_the_sample_links_only_what_is_declared():
    contracts = load_contracts(study_at(REPOSITORY / "data"))
    assert {q.variable for wave in contracts.waves.values() for q in wave.questions} <= set(contracts.variables)


def test_a_variable_of_the_place_is_added_and_replaces_its_namesake(study, put):
    put("place/variables.toml", OWN + OWN.replace('"interest"', '"shift"', 1))
    found = load_variables(study, CODEBOOKS)
    assert found["interest"].is_of_place and found["shift"].values == ("sport", "reading")
    assert found["need"] == load_variables()["need"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('unit = "code"', 'unit = "colour"', "unit 取值不认识"),
        ('types = ["multiple"]', 'types = ["many"]', "题型不认识"),
        ('types = ["multiple"]', 'type = "multiple"', "不认识的键 type"),
        ('meaning_zh = "受访者的兴趣"\n', "", "缺少 meaning_zh"),
        ('values = ["sport", "reading"]', 'codebook = "hobbies"', "没有这个代码表"),
        ('values = ["sport", "reading"]', 'values = ["a"]\ncodebook = "modes"', "只能写一种"),
        ('values = ["sport", "reading"]', "min = 5\nmax = 1", "min 大于 max"),
    ],
)
def test_a_mistake_in_a_variable_is_named(study, put, old, new, words):
    put("place/variables.toml", OWN.replace(old, new, 1))
    assert any(words in text and "variables.toml" in text for text in said(load_variables, study, CODEBOOKS))


def test_a_variable_declared_twice_is_refused(study, put):
    put("place/variables.toml", OWN + OWN)
    assert "代码重复" in said(load_variables, study, CODEBOOKS)[0]


def test_an_unknown_variable_is_refused_with_those_there_are():
    (text,) = problems(Question("q1", 1, "single", "您抽烟吗？", variable="smokes", options=YES_NO))
    assert "没有这个标准变量" in text and "smokes" in text and "visits_per_week" in text


def test_a_variable_linked_twice_in_one_wave_is_refused():
    first = Question("q1", 1, "single", "听说过吗？", variable="aware", options=YES_NO)
    (text,) = problems(first, replace(first, code="q2", number=2))
    assert "同一变量连了两道题" in text and "q1, q2" in text


def test_a_type_that_cannot_measure_the_variable_is_refused():
    (text,) = problems(Question("q1", 1, "number", "需要几项服务？", variable="need"))
    assert "这种题型量不了该变量" in text and "multiple" in text


@pytest.mark.parametrize(
    ("variable", "value"),
    [("platform", "pigeon_post"), ("aware", "maybe"), ("satisfaction", 10.0), ("visits_per_week", "often")],
)
def test_an_option_that_stands_for_no_value_of_the_variable_is_refused(variable, value):
    question = Question("q1", 1, "single", "？", variable=variable, options=(Option("1", "甲", value=value),))
    (text,) = problems(question)
    assert f"取值不属于变量 {variable}" in text and str(value) in text


def test_an_option_may_stand_for_nothing_but_not_all_of_them():
    silent = Option("99", "不愿回答")
    assert (
        problems(
            Question("q1", 1, "single", "性别", variable="gender", options=(Option("1", "男", value="male"), silent))
        )
        == []
    )
    (text,) = problems(Question("q1", 1, "single", "性别", variable="gender", options=(Option("1", "男"), silent)))
    assert "没有一个选项对应变量 gender 的取值" in text


def test_an_option_without_a_value_stands_for_its_own_code():
    options = (Option("male", "男"), Option("female", "女"))
    assert problems(Question("q1", 1, "single", "性别", variable="gender", options=options)) == []


def test_all_wrong_links_come_at_once():
    wrong = [Question(f"q{n}", n, "single", "？", variable=f"v{n}", options=YES_NO) for n in (1, 2, 3)]
    assert len(problems(*wrong)) == 3


def test_a_study_with_a_wrong_link_is_refused(study, put):
    text = (REPOSITORY / "data/place/waves/2023q2_courier.toml").read_text(encoding="utf-8")
    put("place/waves/w.toml", text.replace('variable = "gender"', 'variable = "sex"').replace('area_code = "QC"\n', ""))
    assert "sex" in said(load_contracts, study)[0]
