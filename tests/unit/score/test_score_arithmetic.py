"""The scorer's own arithmetic: if it were wrong, every target would seem met."""

import doctest

import numpy as np
import polars as pl
import pytest

from tests.score import figures, gaps, line, self_selection, table
from tests.score.figures import Figure, Tally, covered


@pytest.mark.parametrize("module", [figures, gaps, self_selection, table])
def test_examples_are_true(module):
    found = doctest.testmod(module)
    assert found.attempted and not found.failed


def test_a_target_is_met_only_within_three_errors():
    missed = Figure("p", "n", 0.90, 0.0099, 10, 0.93, 0.97)
    assert missed.is_met is False
    assert Figure("p", "n", 0.90, 0.0101, 10, 0.93, 0.97).is_met is True
    assert Figure("p", "n", 0.98, 0.001, 10, 0.93, 0.97).is_met is False
    assert Figure("p", "n", 0.98, 0.001, 10, 0.93, None).is_met is True
    assert Figure("p", "n", 0.06, float("nan"), 10, None, 0.05).is_met is False


def test_nothing_is_met_where_nothing_was_counted():
    empty = Tally().figure("p", "coverage", 0.93, 0.97)
    assert empty.n == 0 and empty.is_met is None


def test_the_error_comes_from_districts_not_from_single_values():
    alike, apart = Tally(), Tally()
    for district in range(4):
        alike.add("x", district, np.tile([0.0, 1.0], 50))
        apart.add("x", district, np.full(100, district % 2))
    assert alike.figure("p", "x").error == 0
    assert apart.figure("p", "x").error == pytest.approx(np.std([0, 1, 0, 1], ddof=1) / 2)


def test_an_interval_that_is_missing_is_not_counted():
    hit = covered(np.array([0.1, np.nan, 0.4]), np.array([0.3, 0.5, 0.6]), np.array([0.3, 0.2, 0.3]))
    assert hit[0] == 1 and np.isnan(hit[1]) and hit[2] == 0
    tally = Tally()
    tally.add("x", 1, hit)
    assert tally.figure("p", "x").n == 2


def test_an_empty_list_holds_nothing_false():
    assert gaps.false_share(np.array([False, False]), np.array([True, False])) == 0


def test_those_in_need_answer_at_the_odds_asked_for():
    needs = np.arange(1000) < 300
    chance = self_selection.response(needs, 2.0, 0.25)
    odds = chance / (1 - chance)
    assert odds[0] / odds[-1] == pytest.approx(2)
    assert chance.mean() == pytest.approx(0.25)


def test_a_page_keeps_what_stands_outside_the_marks(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# a\n\n{table.BEGIN}\nold\n{table.END}\n\nlast\n", encoding="utf-8")
    table.write_into(page, "new")
    assert page.read_text(encoding="utf-8") == f"# a\n\n{table.BEGIN}\nnew\n{table.END}\n\nlast\n"


def test_a_finding_is_set_against_the_truth_of_its_own_level():
    counts = {"service_code": "water", "n_met": 0, "area_code": "QC", "period_code": "2023Q1"}
    needs = pl.DataFrame([
        counts | {"user_group_code": "all", "n_persons": 100, "n_need": 50, "n_unmet": 30},
        counts | {"user_group_code": "rider", "n_persons": 10, "n_need": 9, "n_unmet": 0},
    ])  # fmt: skip
    cell = counts | {"grid_id": "QC-G01", "n_persons": 10, "n_need": 8, "n_unmet": 2}
    truth = {"needs": needs, "needs_by_grid": pl.DataFrame([cell, cell | {"period_code": "2023Q2", "n_unmet": 8}])}
    whole = pl.DataFrame([{"area_code": "QC", "service_code": "water", "n": 40, "est": 0.5, "lci": 0.4, "uci": 0.6}])
    assert line.against(whole, truth, "2023Q1", "top_needed_services")[0]["truth"].to_list() == [0.5]
    cells = whole.with_columns(grid_id=pl.lit("QC-G01"), shrunken_est=0.3, shrunken_lci=0.1, shrunken_uci=0.5)
    own, shrunken = line.against(cells, truth, "2023Q1", "need_not_met_by_grid")
    assert own["truth"].to_list() == shrunken["truth"].to_list() == [0.2]
    assert shrunken["uci"].to_list() == [0.5]
