from __future__ import annotations

import pytest

from pipeline.contracts.codebook_files import load_codebooks
from pipeline.contracts.population import load_population, load_populations
from pipeline.contracts.variables import load_variables
from pipeline.errors import PipelineError
from pipeline.paths import Study

HEAD = 'population = "attached"\nas_of = 2023-03-31\nsource = "花名册"\n'
SHIFT = '[[margin]]\nvariable = "shift"\nlevels = { "白班" = 60, evening = 30, "夜班" = 10 }\n'


@pytest.fixture
def load(tmp_path):
    study = Study(tmp_path, tmp_path)
    books = load_codebooks(study)
    variables = load_variables(study, books)

    def load_text(text):
        path = tmp_path / "totals.toml"
        path.write_text(text, encoding="utf-8")
        return load_population(path, variables, books)

    return load_text


def problems(load, text):
    with pytest.raises(PipelineError) as caught:
        load(text)
    assert caught.value.exit_code == 11
    return [(problem.where.split("totals.toml ")[-1], problem.got) for problem in caught.value.problems]


def test_levels_become_codes_and_a_bound_stays_a_bound(load):
    known = load(HEAD + '[[total]]\nmeasure = "couriers"\nvalue = 90\nqualifier = "gt"\n' + SHIFT)
    assert dict(known.margins[0].levels) == {"day": 60, "evening": 30, "night": 10} and known.margins[0].total == 100
    assert (known.totals[0].value, known.totals[0].is_known) == (90.0, False)
    assert known.margins[0].source == "花名册" and str(known.margins[0].as_of) == "2023-03-31"


def test_a_bound_is_no_margin(load):
    assert problems(load, HEAD + SHIFT + 'qualifier = "gt"\n') == [("[[margin]] shift", "gt")]


def test_sums_that_differ_by_more_than_a_twentieth_are_named(load):
    total = '[[total]]\nmeasure = "couriers"\nvalue = 120\nqualifier = "exact"\n'
    assert problems(load, HEAD + total + SHIFT) == [("[[margin]] shift", "100")]
    assert load(HEAD + total.replace("120", "104") + SHIFT).totals[0].is_known


def test_every_mistake_of_a_file_is_named_at_once(load):
    text = HEAD + '[[total]]\nmeasure = "couriers"\nvalue = -3\nqualifier = "about"\n' + (
        '[[margin]]\nvariable = "shift"\nlevels = { day = -1, "白天" = 2, dusk = 3 }\n'
        '[[margin]]\nvariable = "mood"\nlevels = { good = 1, bad = 2 }\n'
    )  # fmt: skip
    assert problems(load, text) == [
        ("[[total]] 1", "about"), ("[[total]] 1", "-3"), ("[[margin]] shift day", "-1"), ("[[margin]] shift day", "day"),
        ("[[margin]] shift 白天", "day"), ("[[margin]] shift dusk", "dusk"), ("[[margin]] 2", "mood"),
    ]  # fmt: skip


def test_a_file_with_remarks_only_says_nothing(tmp_path):
    (tmp_path / "place" / "population").mkdir(parents=True)
    (tmp_path / "place" / "population" / "population.toml").write_text('# population = "attached"\n', encoding="utf-8")
    assert load_populations(Study(tmp_path, tmp_path), {}, {}) == []


def test_figures_that_are_no_blocks_and_days_with_a_time_are_named(load):
    text = HEAD.replace("2023-03-31", "2023-03-31T08:00:00") + 'margin = [1]\ntotal = ["a"]\n'
    assert [got for _, got in problems(load, text)] == ["datetime", "a", "1"]


def test_a_total_is_given_once_for_a_date_and_a_bound_may_stand_beside_it(load):
    total = '[[total]]\nmeasure = "couriers"\nvalue = 100\nqualifier = "exact"\n'
    bound = total.replace("exact", "gt").replace("100", "90")
    assert problems(load, HEAD + total + total.replace("100", "102")) == [("[[total]] couriers", "2023-03-31")]
    assert len(load(HEAD + bound + total).totals) == 2


def test_two_files_do_not_give_one_figure_of_one_day(tmp_path):
    study = Study(tmp_path, tmp_path)
    books = load_codebooks(study)
    folder = tmp_path / "place" / "population"
    folder.mkdir(parents=True)
    (folder / "a.toml").write_text(HEAD + SHIFT, encoding="utf-8")
    (folder / "b.toml").write_text(HEAD + SHIFT.replace("60", "50"), encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        load_populations(study, load_variables(study, books), books)
    assert [(p.where.split("/")[-1], p.got, p.expected) for p in caught.value.problems] == [
        ("b.toml [[margin]] shift", "2023-03-31", "a.toml")
    ]
    (folder / "b.toml").write_text(HEAD.replace("03-31", "04-30") + SHIFT.replace("60", "50"), encoding="utf-8")
    assert len(load_populations(study, load_variables(study, books), books)) == 2
