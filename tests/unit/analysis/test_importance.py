from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import multivariate_normal

from pipeline.analysis.opinions.importance import QUADRANTS, _both_below, importance_performance
from pipeline.errors import PipelineError

CHANCES = [f"p_{name}" for name in QUADRANTS]


@pytest.mark.parametrize("correlation", [-0.95, -0.3, 0.0, 0.6, 0.99])
def test_the_bivariate_normal_is_that_of_scipy(correlation):
    points = [(0.3, -1.2), (2.0, 1.0), (-3.0, 0.5), (0.0, 0.0)]
    cov = [[1, correlation], [correlation, 1]]
    expected = [multivariate_normal.cdf(point, cov=cov) for point in points]
    x, y = np.array(points).T
    assert _both_below(x, y, np.full(4, correlation)) == pytest.approx(expected, abs=1e-6)


def test_probabilities_are_those_of_joint_draws_with_the_lines_drawn_too():
    draw = np.random.default_rng(4)
    root = draw.normal(size=(8, 8)) * 0.04
    cov, importance, performance = root @ root.T, np.array([0.6, 0.5, 0.4, 0.3]), np.array([0.7, 0.6, 0.72, 0.6])
    table = importance_performance(list("abcd"), importance, performance, cov)
    drawn = draw.multivariate_normal(np.concatenate([importance, performance]), cov, 40_000)
    x, y = (side - side.mean(axis=1, keepdims=True) > 0 for side in (drawn[:, :4], drawn[:, 4:]))
    simulated = np.column_stack([(x & y).mean(0), (x & ~y).mean(0), (~x & ~y).mean(0), (~x & y).mean(0)])
    assert table.select(CHANCES).to_numpy() == pytest.approx(simulated, abs=0.012)
    assert table.select(pl.sum_horizontal(CHANCES)).to_series().to_list() == pytest.approx([1.0] * 4)


def test_a_service_on_both_lines_may_lie_anywhere_and_is_not_clear():
    table = importance_performance(list("abc"), [0.8, 0.5, 0.2], [0.9, 0.6, 0.3], np.eye(6) * 0.001)
    assert table.select(CHANCES).row(1) == pytest.approx([0.25] * 4)
    assert table["is_clear"].to_list() == [True, False, True]
    assert table["quadrant_code"].to_list()[::2] == ["keep_up", "low_priority"]


def test_known_lines_have_no_error_of_their_own():
    table = importance_performance(["a"], [0.6], [0.5], np.diag([0.01, 0.01]), lines=(0.5, 0.6))
    assert table["quadrant_code"].item() == "concentrate_here"
    assert table["p_concentrate_here"].item() == pytest.approx(0.8413**2, abs=1e-4)


def test_a_service_nobody_uses_has_no_quadrant_and_is_no_part_of_the_lines():
    cov = np.diag([0.001, 0.001, 0.001, 0.001, 0.001, np.nan])
    table = importance_performance(list("abc"), [0.8, 0.2, 0.9], [0.9, 0.5, np.nan], cov)
    without = importance_performance(list("ab"), [0.8, 0.2], [0.9, 0.5], np.eye(4) * 0.001)
    assert table.row(2, named=True)["quadrant_code"] is None and table["is_clear"][2] is None
    assert table["reason_code"].to_list() == [None, None, "no_estimate"]
    assert table.select(CHANCES)[:2].equals(without.select(CHANCES))


def test_one_service_alone_is_always_at_the_mean_and_says_so():
    table = importance_performance(["a"], [0.6], [0.5], np.diag([0.01, 0.01]))
    assert (table["quadrant_code"].item(), table["reason_code"].item()) == (None, "one_service")


def test_figures_that_do_not_belong_together_are_refused():
    with pytest.raises(PipelineError) as caught:
        importance_performance(["a", "b"], [0.6], [0.5], np.eye(2))
    assert caught.value.problems[0].code == "bad_estimates"
