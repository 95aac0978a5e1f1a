"""Small groups are told above, below or not to be told from the average; those with too few people are named as such."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.findings import explore
from pipeline.findings.estimating.small_groups import _not_below
from pipeline.findings.explore import tell_groups
from tests.unit.explore.asked_more import asked_more


@pytest.fixture(scope="module")
def con():
    return asked_more()


@pytest.fixture(scope="module")
def choices(con):
    return explore.choose(con, period="2023Q2")


@pytest.fixture(scope="module")
def teams(con, choices) -> pl.DataFrame:
    """All of team 0, half of team 1 and one of team 2 are ready, of 20 each."""
    return explore.small_groups(con, choices, "ready", "team", answer="yes")


def test_groups_stand_above_below_or_at_the_average(teams):
    assert teams["by_code"].to_list() == ["0", "1", "2"]
    assert teams["tier_code"].to_list() == ["clearly_above", "not_distinguishable", "clearly_below"]
    assert teams["tier"].to_list() == ["明显高于平均", "与平均难分", "明显低于平均"]


def test_the_borrowed_share_lies_between_the_group_and_everybody(teams):
    low, middle, high = (teams["shrunken_est"][k] for k in (2, 1, 0))
    assert 0 < low < middle < high <= 1.0  # in steps of five points: one of twenty, and nineteen
    assert teams["shrinkage"].is_between(0, 1, closed="none").all()


def test_no_rank_leaves_and_the_sentence_says_so(teams, choices):
    assert not [name for name in teams.columns if "rank" in name]
    said = tell_groups.small_groups(teams, choices)
    assert "明显高于平均的：0；明显低于平均的：2" in said.zh and said.zh.endswith("不排名次。")


def test_a_group_of_eight_has_no_figure_and_too_few_answers(con, choices):
    table = explore.small_groups(con, choices, "ready", "grid", answer="yes")
    few = table.filter(pl.col("by_code") == "QC-G2").row(0, named=True)
    assert (few["n"], few["shrunken_est"], few["tier_code"]) == (None, None, None)
    assert few["tier"] == "问卷样本不足"
    neighbour = table.filter(pl.col("by_code") == "QC-G1").row(0, named=True)
    assert (neighbour["n"], neighbour["shrunken_est"], neighbour["tier"]) == (
        None,
        None,
        None,
    )  # else the other is what is left


def test_an_error_is_never_less_than_that_of_a_group_like_the_average():
    cov = np.array([[0.01, 0.002, 0.0], [0.002, 0.04, 0.0], [0.0, 0.0, 0.0]])
    raised = _not_below(cov, np.array([0.04, 0.01, 0.02]))
    assert np.diag(raised).tolist() == pytest.approx([0.04, 0.04, 0.02])
    assert raised[0, 1] == pytest.approx(0.004)  # the correlation stays .1
