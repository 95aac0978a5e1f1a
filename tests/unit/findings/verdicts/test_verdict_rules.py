"""The rules of verdicts are read, and a broken file is told with file and key."""

import pytest

from pipeline.errors import CONTRACT, PipelineError
from pipeline.findings.verdicts.settings import PATH, verdict_rules


def broken(tmp_path, old, new):
    """The problems of the file with one piece of text changed."""
    text = PATH.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path = tmp_path / "verdicts.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PipelineError) as error:
        verdict_rules(path)
    assert error.value.exit_code == CONTRACT
    return [problem.where + " " + problem.en for problem in error.value.problems]


def test_the_rules_of_the_repository_are_sound():
    rules = verdict_rules()
    assert rules.need.low_need_below == 0.10 and rules.works.check_met[0] > rules.works.check_met[1]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("low_need_below = 0.10", "low_need = 0.10", "low_need"),
        ("low_need_below = 0.10", "low_need_below = 1.5", "low_need_below"),
        ("low_need_below = 0.10", 'low_need_below = "a tenth"', "low_need_below"),
        ("station_from = 10", "station_from = 0", "station_from"),
        ("half_life_days = 180", "half_life_days = true", "half_life_days"),
        ("check_met = [0.85, 0.15]", "check_met = [0.85]", "check_met"),
        ("check_met = [0.85, 0.15]", "check_met = [85, 15]", "check_met"),
        ("none_working = [0.02, 0.80]", "none_working = [0, 0.80]", "none_working"),
        ("unserved_works = [1.0, 19.0]", 'unserved_works = ["1", "19"]', "unserved_works"),
        ("prior_mean = 0.05", "prior_mean = 0", "prior_mean"),
        ("[cell]", "[cells]", "cell"),
        ("practical = 0.10", "practical = -0.10", "practical"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(tmp_path, old, new, key):
    told = broken(tmp_path, old, new)
    assert any("verdicts.toml" in one and key in one for one in told)


def test_all_mistakes_are_told_at_once(tmp_path):
    text = PATH.read_text(encoding="utf-8")
    text = text.replace("around = 200", "around = -1").replace("doubles = 2.0", "doubles = 0.0")
    path = tmp_path / "verdicts.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError) as error:
        verdict_rules(path)
    assert len(error.value.problems) == 2


def test_what_is_no_toml_is_told_with_its_file(tmp_path):
    path = tmp_path / "verdicts.toml"
    path.write_text("[need\n", encoding="utf-8")
    with pytest.raises(PipelineError) as error:
        verdict_rules(path)
    assert (error.value.exit_code, error.value.problems[0].code) == (CONTRACT, "toml_broken")
