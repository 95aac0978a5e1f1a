from __future__ import annotations

import numpy as np
import pytest

from pipeline.analysis.weighting.visit_adjustment import visit_adjustment
from tests.unit.analysis.weighting.test_visits import made

EXPOSURE = np.array([0.0, 1.0, 3.0, 7.0])
FROM_POSTER = np.array([False, True, False, True])
B, Q, A = 0.08, 0.2, 0.6


def log_weights(q, a):
    p = a * (1 - (1 - q) ** EXPOSURE)
    return -np.log(p + (1 - p) * B)


def ways(q, a):
    p = a * (1 - (1 - q) ** EXPOSURE)
    m = p / (p + (1 - p) * B)
    return np.log(np.where(FROM_POSTER, m, 1 - m))


def slopes(of):
    step = 1e-6
    by_a = (of(Q, A * np.exp(step)) - of(Q, A * np.exp(-step))) / (2 * step)
    by_q = (of(Q * np.exp(step), A) - of(Q * np.exp(-step), A)) / (2 * step)
    return np.column_stack([by_a, by_q])


def test_pull_and_scores_are_the_slopes_they_say():
    found = visit_adjustment(EXPOSURE, FROM_POSTER, B, Q, A)
    assert found.pull == pytest.approx(slopes(log_weights), rel=1e-6, abs=1e-9)
    assert found.scores == pytest.approx(slopes(ways), rel=1e-6, abs=1e-9)


def test_scores_of_a_fitted_sample_sum_to_nought():
    result = made()
    assert result.answer_once_noticed < 0.999
    assert result.adjustment.scores.sum(axis=0) == pytest.approx([0.0, 0.0], abs=1e-3)


def test_an_estimate_that_no_weight_of_the_model_moves_keeps_its_influence():
    found = visit_adjustment(EXPOSURE, FROM_POSTER, B, Q, A)
    z = np.array([[1.0], [0.0], [0.0], [0.0]])  # of somebody who never comes
    assert found.residuals(z) == pytest.approx(z)


def test_without_a_fitted_poster_there_is_nothing_to_add():
    assert made([1.0] * 20 + [4.0] * 40, ["qr"] * 60).adjustment is None
