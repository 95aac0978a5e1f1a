"""Exports as each platform would write them, in every layout, of random answers: what is read is what was answered, and the way
back writes every cell as it stood."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.__main__ import main
from tests.platforms.answers import draw_answers
from tests.platforms.every import PLATFORMS, cells, fitting, got, layouts, read_back, wanted
from tests.platforms.study import make_study

pytestmark = pytest.mark.slow
PAIRS = [(name, layout) for name, layout in layouts() if len(PLATFORMS[name].wave(layout).files) == 2]
SOME = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(1, 12)


@pytest.mark.parametrize(("platform", "layout"), layouts())
@SOME
@given(seed=SEEDS, n=SIZES)
def test_states_options_fill_ins_and_numbers_are_those_that_were_answered(platform, layout, seed, n):
    sheets = fitting(platform, draw_answers(n, seed))
    with TemporaryDirectory() as folder:
        result = read_back(platform, layout, sheets, Path(folder))
    assert result.respondents.height == n
    found = got(result, sheets)
    assert [found[place] ^ wanted(platform, layout, sheet) for place, sheet in enumerate(sheets)] == [set()] * n


@pytest.mark.parametrize(("platform", "layout"), layouts())
@SOME
@given(seed=SEEDS, n=SIZES)
def test_every_cell_that_is_not_personal_comes_back_as_it_stood(platform, layout, seed, n):
    sheets = fitting(platform, draw_answers(n, seed))
    with TemporaryDirectory() as folder:
        found = list(cells(platform, layout, sheets, Path(folder)))
    assert len(found) >= n * (len(PLATFORMS[platform].questions(layout)) - 1)
    assert [cell for cell in found if cell.written != cell.back] == []


@pytest.mark.parametrize(("platform", "layout"), PAIRS)
def test_both_forms_of_a_pair_agree_respondent_by_respondent(platform, layout, tmp_path):
    sheets = fitting(platform, draw_answers(60, seed=11))
    report = read_back(platform, layout, sheets, tmp_path).pair_report
    assert report["n_compared"].to_list() == [60] * report.height and report.height >= 8
    assert report["n_disagree"].sum() == 0


@pytest.mark.parametrize(("platform", "layout"), layouts())
def test_times_and_respondents_are_read(platform, layout, tmp_path):
    sheets = fitting(platform, draw_answers(6, seed=4))
    respondents = read_back(platform, layout, sheets, tmp_path).respondents.sort("source_row")
    assert respondents["respondent_id"].n_unique() == 6
    if (platform, layout) != ("wenjuanxing", "sav"):  # it has no time of handing in
        assert respondents["submitted_at"].to_list() == [sheet.ended for sheet in sheets]
    if platform != "google_forms":  # it notes one time only
        assert respondents["duration_seconds"].to_list() == [sheet.seconds for sheet in sheets]


@pytest.mark.xdist_group("platforms")
def test_the_line_runs_on_all_platforms_at_once(tmp_path, capsys):
    exports = [(name, module.LAYOUTS[0]) for name, module in PLATFORMS.items()]
    root = make_study(tmp_path / "研究", exports, draw_answers(30, seed=6))
    code = main(["run", "--data", str(root)])
    said = capsys.readouterr()
    assert code == 0, said.err
    assert (root / "processed" / "warehouse.duckdb").exists()
