"""The scorer's own arithmetic: if it were wrong, every target would seem met."""

import doctest

import numpy as np
import polars as pl
import pytest

from tests.score import figures, gaps, line, self_selection, table, verdicts
from tests.score.figures import Figure, Tally, covered


@pytest.mark.parametrize("module", [figures, gaps, self_selection, table, verdicts])
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


def said(truth, verdict, seed=1, level="station", probability=0.9):
    """Pairs of one true verdict and what was said of them."""
    return [{"level": level, "seed": seed, "truth": truth, "verdict_code": verdict, "probability": probability,
             "ledger": "met", "is_evaluable": True}]  # fmt: skip


def of(rows, name, level="station"):
    made = verdicts.verdict_figures(pl.DataFrame(rows))
    return next(one for one in made if one.part == verdicts.LEVELS[level] and one.name == name)


def test_a_verdict_left_open_is_a_miss_unless_left_out():
    rows = said("met", "met") + said("met", "no_evidence", probability=None)
    assert of(rows, "macro-F1").value == pytest.approx(2 / 3)
    assert of(rows, "macro-F1, no_evidence left out").value == 1
    assert of(rows, "share without evidence").value == 0.5


def test_every_verdict_counts_alike_however_rare():
    rows = said("met", "met") * 98 + said("unmet", "met") + said("met", "unmet")
    assert of(rows, "macro-F1").value == pytest.approx((2 * 98 / 198 + 0) / 2)


def test_the_ledger_alone_is_judged_by_the_same_measure():
    rows = said("met", "unmet") + said("low_need", "low_need")
    assert of(rows, "macro-F1, by the ledger alone").value == pytest.approx((2 / 3 + 0) / 2)


def test_only_the_sure_ones_are_held_to_their_probability():
    rows = (
        said("met", "met", probability=0.95)
        + said("unmet", "met", probability=0.85)
        + said("met", "unmet", probability=0.7)
    )
    assert of(rows, "right among probability ≥ 0.8").value == 0.5
    assert of(rows, "probability among those ≥ 0.8").value == pytest.approx(0.9)
    assert of(rows, "share with probability ≥ 0.8").value == pytest.approx(2 / 3)


def test_the_error_comes_from_leaving_out_districts():
    alike = [row for seed in range(3) for row in said("met", "met", seed) + said("met", "unmet", seed)]
    apart = alike + said("unmet", "met", 9) * 5
    assert of(alike, "macro-F1").error == pytest.approx(0)
    assert of(apart, "macro-F1").error > 0.05


def test_levels_are_kept_apart():
    rows = said("met", "met") + said("met", "unmet", level="grid")
    assert (of(rows, "macro-F1").value, of(rows, "macro-F1", "grid").value) == (1, 0)
