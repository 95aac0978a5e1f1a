from __future__ import annotations

import pytest

from tests.visit_worlds import POSTERS, bias_of_unmet_need, coverage_of_unmet_need


@pytest.mark.parametrize("poster", POSTERS)
def test_unmet_need_with_forty_interviews_is_off_by_at_most_one_point(poster):
    bias = bias_of_unmet_need(poster, n_runs=400, seed=20230514)
    assert bias["unweighted"] < -0.07
    assert abs(bias["with_interviews"]) <= 0.01


@pytest.mark.parametrize("poster", POSTERS)
def test_intervals_of_unmet_need_cover(poster):
    n_runs = 400
    covered = coverage_of_unmet_need(poster, n_runs=n_runs, seed=20230514)
    noise = 3 * (0.95 * 0.05 / n_runs) ** 0.5
    assert 0.93 - noise <= covered <= 0.97 + noise
