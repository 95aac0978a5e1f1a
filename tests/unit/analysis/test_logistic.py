"""Logistic regression by hand, against the two-group comparison it generalises, and where no coefficient exists."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.design import design
from pipeline.analysis.survey.estimates import ratios
from pipeline.analysis.survey.logistic import logistic, odds_ratios, residual_df
from pipeline.analysis.survey.resampling import with_replicates
from pipeline.errors import PipelineError

DICE = np.random.default_rng(1)
SITES = pl.DataFrame({
    "weight": DICE.integers(1, 5, 120).astype(float), "site": np.repeat(range(24), 5), "hours": DICE.uniform(2, 12, 120),
    "shift": DICE.choice(["早", "晚", "夜"], 120),
})  # fmt: skip
YES = (DICE.random(120) < 1 / (1 + np.exp(2 - 0.3 * SITES["hours"].to_numpy()))).astype(float)


def sites():
    return design(SITES, psu="site")


def test_one_group_against_another_is_the_difference_of_their_log_odds() -> None:
    """The delta method on the two shares gives the same standard error."""
    night = (SITES["shift"] == "夜").to_numpy().astype(float)
    inside = np.stack([1 - night, night], axis=1)
    p = ratios(sites(), pl.DataFrame({"night": [0, 1]}), inside * YES[:, None], inside)
    slope = np.array([-1, 1]) / (p.est * (1 - p.est))
    found = logistic(sites(), YES, pl.DataFrame({"night": night}))
    assert found.est[1] == pytest.approx(np.diff(np.log(p.est / (1 - p.est)))[0])
    assert found.se[1] == pytest.approx(np.sqrt(slope @ p.cov @ slope), rel=1e-7)


def test_text_becomes_a_column_for_each_level_but_the_first() -> None:
    found = logistic(sites(), YES, SITES.select("hours", "shift"))
    assert found.labels["term"].to_list() == ["(Intercept)", "hours", "shift早", "shift晚"]
    assert residual_df(found) == 23 + 1 - 4


def test_the_scale_of_weights_means_nothing() -> None:
    heavy = design(SITES.with_columns(weight=pl.col("weight") * 1000), psu="site")
    one, other = logistic(sites(), YES, SITES.select("hours")), logistic(heavy, YES, SITES.select("hours"))
    assert other.est == pytest.approx(one.est) and other.se == pytest.approx(one.se)


def test_rows_with_anything_missing_stay_in_the_design_with_nothing_to_add() -> None:
    gone = np.where(np.arange(120) < 5, np.nan, YES)
    found = logistic(sites(), gone, SITES.select("hours"))
    assert found.n.tolist() == [115, 115]
    assert not found.z[:5].any()
    assert found.est == pytest.approx(logistic(sites(), YES, SITES.select("hours"), np.arange(120) >= 5).est)


def test_jackknife_replicates_agree_with_linearisation() -> None:
    one = logistic(sites(), YES, SITES.select("hours"))
    other = logistic(with_replicates(sites(), "JK1"), YES, SITES.select("hours"))
    assert other.se == pytest.approx(one.se, rel=0.1)


def test_odds_ratios_lie_in_their_intervals_and_tell_what_is_known() -> None:
    row = odds_ratios(logistic(sites(), YES, SITES.select("hours"))).row(1, named=True)
    assert 1 < row["lci"] < row["est"] < row["uci"] and row["p"] < 0.05


@pytest.mark.parametrize(
    ("y", "columns", "where"),
    [(SITES["hours"].to_numpy() > 6, SITES.select("hours"), "hours"),
     (np.where(SITES["shift"] == "夜", 1.0, YES), SITES.select("shift"), "shift"), (YES + 1, SITES.select("hours"), "y"),
     (np.ones(120), SITES.select("hours"), "y"), (YES, SITES.select("hours", twice=2 * pl.col("hours")), "twice"),
     (YES, SITES.select("hours", same=pl.lit(3.0)), "same"), (np.full(120, np.nan), SITES.select("hours"), "y")],
    ids=["a line parts them", "a level is all yes", "not 0 or 1", "all equal", "said twice", "constant", "nobody"],
)  # fmt: skip
def test_what_has_no_finite_coefficient_is_refused_by_name(y, columns, where) -> None:
    with pytest.raises(PipelineError) as caught:
        logistic(sites(), y, columns)
    (problem,) = caught.value.problems
    assert problem.code == "model_not_estimable" and where in problem.where


def test_wrong_lengths_are_named_at_once() -> None:
    with pytest.raises(PipelineError) as caught:
        logistic(sites(), YES[:3], SITES.select("hours"), np.ones(4))
    assert [(p.code, p.where) for p in caught.value.problems] == [("wrong_length", "y"), ("wrong_length", "where")]
