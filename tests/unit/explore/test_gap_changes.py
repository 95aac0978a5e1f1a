"""Need and unmet need are set against the wave before only where both asked the same; the difference is that of the shares."""

from __future__ import annotations

import pytest

from pipeline.findings import explore
from pipeline.findings.estimating.need_changes import need_change
from pipeline.findings.explore import history, tell_services
from tests.unit.findings.two_waves import MET, REWORDED, warehouse, wave


@pytest.fixture(scope="module")
def same(tmp_path_factory):
    """20 of 40 need water in February, 45 of 60 in May."""
    return warehouse((wave("w1", 2), 60, 60), (wave("w2", 5), 135, 45), tmp_path=tmp_path_factory.mktemp("same"))


@pytest.fixture(scope="module")
def reworded(tmp_path_factory):
    """The same, but the second wave asks for needs in other words."""
    return warehouse(
        (wave("w1", 2), 60, 60), (wave("w2", 5, REWORDED, MET), 135, 45), tmp_path=tmp_path_factory.mktemp("other")
    )


def water(con, period: str = "2023Q2", measure: str = "need") -> dict:
    table = explore.change_of_gap(con, explore.choose(con, period=period))
    return next(
        row for row in table.iter_rows(named=True) if (row["service_code"], row["measure_code"]) == ("water", measure)
    )


def test_a_change_is_the_difference_of_both_shares_with_its_interval(same):
    row = water(same)
    assert row["change"] == pytest.approx(row["est"] - row["est_before"], abs=1e-3)
    assert row["change_lci"] < row["change"] < row["change_uci"] and row["why_not"] == ""
    assert row["is_change"] is (row["p_adjusted"] <= 0.05)


def test_another_wording_leaves_no_figure_and_says_why(reworded):
    row = water(reworded)
    assert (row["est_before"], row["change"], row["is_change"], row["why_not"]) == (None, None, None, "问法变了")
    choices = explore.choose(reworded, period="2023Q2")
    said = tell_services.change_of_gap(explore.change_of_gap(reworded, choices), choices)
    assert "问法变了" in said.zh and "the wording changed" in said.en


def test_the_first_wave_has_nothing_before_it(same):
    row = water(same, "2023Q1")
    assert row["est"] is not None and row["change"] is None and row["why_not"] == "没有更早的波次"


def test_no_difference_tells_a_share_that_is_given_in_steps(tmp_path):
    """Five of 95 do not need water: the share is given in steps, and so no change is told, in the table nor beside the headline."""
    con = warehouse((wave("w1", 2), 60, 60), (wave("w2", 5), 95, 5), tmp_path=tmp_path)
    row = water(con)
    assert row["n_chosen"] is None and row["est"] == 0.95 and row["change"] is None and row["p_adjusted"] is None
    assert need_change(con, "need", "water", "QC", "w2", "w1") is None
    assert "n_fewest" not in row


def test_the_headline_has_a_change_where_enough_people_stand_on_every_side(same):
    assert need_change(same, "need", "water", "QC", "w2", "w1").change == pytest.approx(water(same)["change"], abs=1e-3)


def test_no_change_of_need_follows_where_a_service_is_out_of_season_in_either_wave(same, monkeypatch):
    choices = explore.choose(same, period="2023Q2")
    told = explore.change(same, choices, "need").filter(answer_code="water").row(0, named=True)
    assert told["change"] == pytest.approx(0.25, abs=1e-3) and told["why_not"] == ""
    monkeypatch.setattr(history, "not_evaluable", lambda context: ("water",) if context.period == "2023Q1" else ())
    row = explore.change(same, choices, "need").filter(answer_code="water").row(0, named=True)
    assert row["change"] is None and row["is_change"] is None and row["why_not"] == "有一期不当季"
    assert row["est"] == told["est"]
