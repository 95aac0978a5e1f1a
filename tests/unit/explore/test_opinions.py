"""Importance, performance and Kano's categories are those counted by hand; a survey that did not ask gives a reason, no figure."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.findings import explore
from pipeline.findings.explore import tell_services
from tests.unit.explore.asked_more import asked_more
from tests.unit.findings.small_district import district


@pytest.fixture(scope="module")
def con():
    return asked_more()


@pytest.fixture(scope="module")
def choices(con):
    return explore.choose(con, period="2023Q2")


def test_each_service_has_need_and_satisfaction_of_the_same_people(con, choices):
    table = explore.importance(con, choices)
    assert sorted(table["service_code"]) == ["charging", "water"]  # nine people used the rest room
    rows = {row["service_code"]: row for row in table.iter_rows(named=True)}
    assert (rows["charging"]["est"], rows["charging"]["performance"]) == (0.75, 2.0)
    assert (rows["water"]["est"], rows["water"]["performance"]) == (0.5, 4.625)
    assert (
        rows["charging"]["quadrant_code"] == "concentrate_here"
        and rows["water"]["quadrant_code"] == "possible_overkill"
    )
    chances = table.select(pl.sum_horizontal(pl.col("^p_.*$"))).to_series()
    assert chances.to_list() == pytest.approx([1.0, 1.0], abs=0.003)
    assert "重点改进的：手机充电" in tell_services.importance(table, choices).zh


def test_kano_counts_people_by_their_pair_of_answers(con, choices):
    shares = explore.kano_shares(con, choices)
    found = dict(shares.select("category_code", "est").iter_rows())
    assert (found["A"], found["O"], found["M"]) == (0.312, 0.438, 0.25)  # 250, 350 and 200 of 800
    assert (found["I"], found["R"], found["Q"]) == (None, None, None)  # nobody, which is told no more than that few are
    row = explore.kano(con, choices).row(0, named=True)
    assert (row["n"], row["better"], row["worse"]) == (60, 0.75, -0.688)  # 600 and 550 of 800
    assert row["worse_lci"] < row["worse"] < row["worse_uci"] < 0 < row["better_lci"]
    assert (row["category_code"], row["is_clear"]) == ("O", False)
    assert 0.5 < row["p_category"] < 0.95
    assert "手机充电为期望型" in tell_services.kano(explore.kano(con, choices), choices).zh


@pytest.mark.parametrize("measure", ["importance", "kano", "kano_shares"])
def test_a_survey_that_did_not_ask_gives_the_reason_and_no_figure(measure):
    con = district()
    choices = explore.choose(con, period="2023Q2")
    table = getattr(explore, measure)(con, choices)
    assert table["why_not"].to_list() == ["这一期没有问"]
    figures = table.select(pl.selectors.numeric())
    assert figures.null_count().row(0) == (1,) * figures.width
    tell = tell_services.importance if measure == "importance" else tell_services.kano
    assert (tell(table, choices).zh, tell(table, choices).en) == (
        "没有数字可说：这一期没有问。",
        "No figure can be given: this survey did not ask.",
    )


def test_no_survey_at_all_gives_no_rows(con):
    none = explore.choose(con, period="2023Q2", population="delivering")
    assert explore.importance(con, none).is_empty() and explore.kano(con, none).is_empty()
    assert "没有" in tell_services.kano(explore.kano(con, none), none).zh
