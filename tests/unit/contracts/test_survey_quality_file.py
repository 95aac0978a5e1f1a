"""metadata/survey_quality.toml: what stands in it is checked, all mistakes at once."""

from __future__ import annotations

import pytest

from pipeline.contracts.survey_quality import LIMITS, PATH, survey_quality
from pipeline.errors import CONTRACT, PipelineError

TEXT = PATH.read_text(encoding="utf-8")


def spoilt(tmp_path, *changes):
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "survey_quality.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        survey_quality(path)
    assert caught.value.exit_code == CONTRACT
    return [problem.zh for problem in caught.value.problems]


def test_every_limit_and_rule_of_the_project_is_there():
    quality = survey_quality()
    assert {sign: tuple(found) for sign, found in quality.limits.items()} == LIMITS
    assert len({rule.code for rule in quality.contradictions}) == len(quality.contradictions) >= 8


def test_a_limit_without_a_reason_is_refused(tmp_path):
    assert spoilt(tmp_path, ('why = "题太少时每题平均用时说明不了问题"\n', "")) == ["缺少 why"]


def test_all_mistakes_are_told_at_once(tmp_path):
    found = spoilt(
        tmp_path, ("value = 0.3333", "value = -1"), ("[speeder.least_items]", "[speeder.lest_items]"),
        ('op = "gt", value = 24', 'op = "more", value = 24'), ('code = "met_none_and_some"', 'code = "need_none_and_some"'),
    )  # fmt: skip
    assert set(found) >= {"不能是负数", "不认识的键 lest_items", "缺少 least_items", "op 取值不认识", "规则代码重复"}


def test_a_number_is_compared_with_a_number_only(tmp_path):
    assert spoilt(tmp_path, ('op = "gt", value = 24', 'op = "gt", value = "24"')) == ["value 的类型不对"]
