from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.weighting.rake import rake
from pipeline.analysis.weighting.replicates import reweigh_replicates
from pipeline.analysis.weighting.trim import trim, trim_and_recalibrate
from pipeline.errors import PipelineError


def test_what_is_cut_off_is_spread_once_or_until_all_fit():
    weights = np.array([1.0, 4.9, 9.1])
    assert trim(weights, 0, 6, strict=False).weights == pytest.approx([2.55, 6.45, 6])
    assert trim(weights, 0, 6).weights == pytest.approx([3, 6, 6])


@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=30), st.floats(0.3, 0.95), st.floats(1.05, 3))
def test_strict_trimming_keeps_the_sum_and_the_limits(values, low, high):
    weights = np.array(values)
    lower, upper = low * weights.mean(), high * weights.mean()
    found = trim(weights, lower, upper)
    assert found.weights.sum() == pytest.approx(weights.sum(), rel=1e-9)
    assert lower * (1 - 1e-9) <= found.weights.min() and found.weights.max() <= upper * (1 + 1e-9)
    assert found.report.kish_deff <= found.report.n and found.adjustment is None


def test_weights_within_the_limits_stay():
    assert trim(np.array([1.0, 2.0]), 1, 2).weights.tolist() == [1.0, 2.0]


def test_limits_that_leave_out_the_mean_are_refused():
    with pytest.raises(PipelineError) as refused:
        trim(np.array([1.0, 3.0]), 3, 5)
    assert [one.code for one in refused.value.problems] == ["bounds_bad"]


MARGINS = {"platform": list("aaaabbbb"), "shift": ["day", "day", "day", "night"] * 2}
TOTALS = {"platform": {"a": 40, "b": 40}, "shift": {"day": 50, "night": 30}}
UNEVEN = np.array([1.0, 1, 8, 2, 1, 1, 4, 2])


def again(weights):
    return rake(MARGINS, TOTALS, weights)


def test_trimming_and_raking_in_turn_meet_limits_and_margins():
    assert again(UNEVEN).weights.max() > 18
    found = trim_and_recalibrate(UNEVEN, 4, 16, again)
    assert found.weights.min() >= 4 * (1 - 1e-6) and found.weights.max() <= 16 * (1 + 1e-6)
    assert found.report.max_margin_error < 1e-10
    assert found.adjustment is not None and found.report.method == "trim_and_recalibrate"


def test_limits_that_the_margins_do_not_allow_are_refused():
    with pytest.raises(PipelineError) as refused:  # two on nights must stand for 30
        trim_and_recalibrate(UNEVEN, 4, 14, again)
    assert [one.code for one in refused.value.problems] == ["trim_unsettled"]


def test_each_replicate_is_raked_and_left_out_people_stay_out():
    replicates = np.ones((8, 3)) * 10
    replicates[[0, 4, 6], [0, 1, 2]] = 0

    def of(rows, weights):
        return rake({name: np.array(values)[rows] for name, values in MARGINS.items()}, TOTALS, weights)

    found = reweigh_replicates(replicates, of)
    assert (found == 0).tolist() == (replicates == 0).tolist()
    assert found[:4].sum(axis=0) == pytest.approx([40, 40, 40])
    assert found[[3, 7]].sum(axis=0) == pytest.approx([30, 30, 30])
