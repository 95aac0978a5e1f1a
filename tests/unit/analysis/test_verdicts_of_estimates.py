"""Kano, importance and performance, tiers and gap lists fed by estimates of a design, as a notebook does."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.comparisons.multiplicity import gap_list
from pipeline.analysis.comparisons.tiers import tiers
from pipeline.analysis.opinions.importance import importance_performance
from pipeline.analysis.opinions.kano import CATEGORIES, better_worse, indicators, likeliest_category
from pipeline.analysis.survey.design import design
from pipeline.analysis.survey.estimates import ratios, shares


def sample(n: int = 240):
    """Simulated: three services with needs of .8, .5, .2; users of a service are those in need of it."""
    draw = np.random.default_rng(8)
    need = draw.random((n, 3)) < [0.8, 0.5, 0.2]
    satisfied = np.where(need, draw.normal([4.5, 3.0, 3.5], 0.5, (n, 3)), 0.0)
    return design(pl.DataFrame({"weight": draw.uniform(1, 3, n)})), need, satisfied


def test_better_and_worse_of_a_simple_sample_have_the_error_of_a_share_of_those_who_told():
    category = pl.Series(["A"] * 30 + ["O"] * 20 + ["M"] * 10 + ["I"] * 40 + ["Q"] * 10)
    made = design(pl.DataFrame({"weight": [2.0] * 110}))
    of = ratios(made, pl.DataFrame({"coefficient": ["better", "worse"]}), *better_worse(category))
    assert of.est.tolist() == pytest.approx([0.5, -0.3])
    assert of.se.tolist() == pytest.approx([np.sqrt(0.25 / 100), np.sqrt(0.21 / 100)], rel=0.01)


def test_category_shares_of_a_design_tell_the_most_frequent_one():
    category = pl.Series(["A"] * 60 + ["O"] * 30 + ["M"] * 10)
    made = design(pl.DataFrame({"weight": [1.0] * 100}))
    labels = pl.DataFrame({"category": CATEGORIES})
    of = shares(made, indicators(category), np.ones((100, 1)), labels)
    table = likeliest_category(of.est, of.cov)
    assert table.filter("is_clear")["category"].to_list() == ["A"]


def test_importance_of_all_and_satisfaction_of_users_are_one_estimation():
    made, need, satisfied = sample()
    everybody = np.ones_like(need, dtype=float)
    labels = pl.DataFrame({"figure": [f"{side}_{s}" for side in ("need", "content") for s in "abc"]})
    of = ratios(made, labels, np.hstack([need, satisfied]), np.hstack([everybody, need]))
    table = importance_performance(["a", "b", "c"], of.est[:3], of.est[3:], of.cov)
    assert table["quadrant_code"].to_list()[0] == "keep_up"
    assert table["p_keep_up"][0] > 0.99 > table["p_low_priority"][1] + table["p_possible_overkill"][1]


def test_needs_are_told_apart_and_listed_as_gaps():
    made, need, _ = sample()
    of = shares(made, need, np.ones((240, 1)), pl.DataFrame({"service": ["a", "b", "c"]}))
    assert tiers(of.est, of.cov)["tier_code"].to_list() == ["clearly_above", "not_distinguishable", "clearly_below"]
    assert gap_list(of.est, of.se, df=made.degrees_of_freedom())["is_gap"].to_list() == [True, True, True]


@pytest.mark.parametrize("seed", range(6))
def test_a_need_named_by_everybody_knows_no_error_whatever_rounding_leaves(seed):
    draw = np.random.default_rng(seed)
    chosen = np.column_stack([np.ones(97), draw.random((97, 2)) < 0.5])
    made = design(pl.DataFrame({"weight": draw.uniform(0.5, 3, 97)}))
    of = shares(made, chosen, np.ones(97), pl.DataFrame({"service": ["a", "b", "c"]}))
    found = tiers(of.est, of.cov, n_draws=500)
    assert (of.est[0], of.se[0], found["reason_code"][0]) == (pytest.approx(1.0), 0.0, "no_variance")
    assert found.select("tier_code", "rank_from", "rank_to").row(0) == ("not_distinguishable", 1, 3)
