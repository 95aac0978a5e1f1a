from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.weighting.attainable import attainable
from pipeline.analysis.weighting.calibrate import calibrate
from pipeline.analysis.weighting.cells import match_cells
from pipeline.analysis.weighting.rake import rake
from pipeline.analysis.weighting.rake_within import rake_within
from pipeline.errors import PipelineError

WAYS = [("linear", None), ("raking", None), ("linear", (0.4, 2.5)), ("raking", (0.4, 2.5)), ("logit", (0.4, 2.5))]


def a_sample(seed):
    """People with a count of visits, and totals that weights 0.6 to 1.7 times the given ones reach."""
    rng = np.random.default_rng(seed)
    x = pl.DataFrame(
        {"persons": np.ones(50), "visits": rng.poisson(3, 50).astype(float), "full_time": rng.random(50) < 0.5}
    )
    weights = rng.uniform(1, 4, 50)
    truth = weights * rng.uniform(0.6, 1.7, 50)
    return x, {name: float(x[name].cast(pl.Float64).to_numpy() @ truth) for name in x.columns}, weights


@pytest.mark.parametrize(("method", "bounds"), WAYS)
@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_totals_are_met_and_bounds_kept_whatever_the_order_and_scale(method, bounds, seed):
    x, totals, weights = a_sample(seed)
    found = calibrate(x, totals, weights, method=method, bounds=bounds)
    for name, total in totals.items():
        assert x[name].cast(pl.Float64).to_numpy() @ found.weights == pytest.approx(total, rel=1e-10)
    low, high = bounds or (0, np.inf)
    assert low - 1e-12 <= found.report.g_min and found.report.g_max <= high + 1e-12
    again = calibrate(x.reverse(), totals, weights[::-1].copy(), method=method, bounds=bounds)
    assert again.weights[::-1] == pytest.approx(found.weights, rel=1e-6)
    tenfold = {name: 10 * total for name, total in totals.items()}
    assert calibrate(x, tenfold, weights * 10, method=method, bounds=bounds).weights == pytest.approx(
        found.weights * 10, rel=1e-6
    )


def test_columns_that_repeat_what_others_say_do_no_harm():
    x, totals, weights = a_sample(1)
    more = x.with_columns(part_time=~pl.col("full_time"))
    wanted = {**totals, "part_time": totals["persons"] - totals["full_time"]}
    plain, repeated = calibrate(x, totals, weights), calibrate(more, wanted, weights)
    assert repeated.weights == pytest.approx(plain.weights, rel=1e-9)
    z = np.random.default_rng(1).normal(size=(50, 2))
    assert repeated.adjustment.residuals(z) == pytest.approx(plain.adjustment.residuals(z), abs=1e-9)


def test_what_calibration_fixes_has_no_variance_left():
    x, totals, weights = a_sample(2)
    found = calibrate(x, totals, weights, method="logit", bounds=(0.4, 2.5))
    z = found.weights[:, None] * np.column_stack([x["visits"], np.arange(50.0)])
    left = found.adjustment.residuals(z)
    assert left[:, 0] == pytest.approx(np.zeros(50), abs=1e-8)
    assert abs(left[:, 1]).max() > 1


def test_margins_alone_give_the_raked_and_with_bounds_the_bounded_weights():
    margins = {"platform": list("aaab") * 3, "shift": ["day", "day", "night", "day"] * 2 + ["night"] * 4}
    totals = {"platform": {"a": 70, "b": 30}, "shift": {"day": 60, "night": 40}}
    raked = rake(margins, totals, np.ones(12)).weights
    wide = rake_within(margins, totals, np.ones(12), (0.01, 100.0))
    assert wide.weights == pytest.approx(raked, rel=1e-9)
    free = rake(margins, totals, np.full(12, 100 / 12)).report
    narrow = rake_within(margins, totals, np.full(12, 100 / 12), (0.9 * free.g_min, 0.99 * free.g_max)).report
    assert narrow.max_margin_error < 1e-10
    assert narrow.g_max == pytest.approx(0.99 * free.g_max)


def test_cells_are_met_and_their_means_taken_out():
    found = match_cells(["a", "a", "b"], {"a": 30, "b": 7}, np.array([1.0, 2.0, 4.0]))
    assert found.weights.tolist() == [10, 20, 7]
    z = found.weights[:, None] * np.array([[1.0], [4.0], [9.0]])
    assert found.adjustment.residuals(z).ravel() == pytest.approx([10 * (1 - 3), 20 * (4 - 3), 0])


def refused(*args, **more):
    with pytest.raises(PipelineError) as found:
        calibrate(*args, **more)
    assert found.value.exit_code == 11
    return found.value.problems


def test_a_total_out_of_reach_is_named_with_its_range():
    x = pl.DataFrame({"persons": [1.0, 1.0], "visits": [1.0, 3.0]})
    (one,) = refused(x, {"persons": 10, "visits": 28}, np.array([5.0, 5.0]), bounds=(0.5, 1.5))
    assert (one.code, one.where, one.got) == ("totals_unattainable", "visits", "28")
    assert one.expected == "15 ... 25, 0.5 <= g <= 1.5"  # 7.5 + 2.5·3 to 2.5 + 7.5·3


def test_without_bounds_raking_can_reach_only_what_positive_weights_reach():
    x = pl.DataFrame({"persons": [1.0, 1.0], "visits": [1.0, 3.0]})
    (one,) = refused(x, {"persons": 10, "visits": 31}, np.array([5.0, 5.0]), method="raking")
    assert (one.where, one.expected) == ("visits", "10 ... 30")


def test_linear_weights_below_zero_are_refused():
    x = pl.DataFrame({"persons": [1.0, 1.0], "visits": [1.0, 3.0]})
    (one,) = refused(x, {"persons": 10, "visits": 31}, np.array([5.0, 5.0]))
    assert (one.code, one.got) == ("weights_not_positive", "1")


def test_all_that_does_not_fit_is_told_at_once():
    x = pl.DataFrame({"visits": [1.0, None, float("nan")], "shift": ["day"] * 3})
    found = refused(x, {"visits": 3, "shift": 1, "age": 4}, np.array([1.0, -1.0]), method="cubic", bounds=(2, 3))
    assert [(one.code, one.where) for one in found] == [
        ("bad_weight", "weights"), ("unknown_choice", "method"), ("bounds_bad", "bounds"), ("wrong_length", "x"),
        ("calibration_value_missing", "visits"), ("calibration_value_missing", "shift"), ("margin_unpaired", "age"),
    ]  # fmt: skip
    assert [one.code for one in refused(x, {}, np.ones(3), method="logit")] == ["bounds_bad", "margin_unpaired"]
    assert [one.code for one in refused(x[:1], {"visits": float("nan")}, np.ones(1))] == ["total_bad"]


def test_the_range_is_none_where_the_other_totals_cannot_be_met():
    x = np.array([[1.0, 1.0], [1.0, 0.0]])
    assert attainable(x, np.ones(2), np.array([9.0, 1.0]), (0.5, 2.0), 1, [0]) is None
    assert attainable(x, np.ones(2), np.array([9.0, 1.0]), (0.5, np.inf), 1, []) == (0.5, np.inf)


def test_totals_that_contradict_each_other_are_refused_whatever_the_bounds():
    x = pl.DataFrame({"full": [1.0, 0.0, 1.0], "part": [0.0, 1.0, 0.0], "persons": [1.0, 1.0, 1.0]})
    (one,) = refused(x, {"full": 40, "part": 10, "persons": 60}, np.ones(3))
    assert one.code == "totals_unattainable"
    assert {"full": "50 ... 50", "part": "20 ... 20", "persons": "50 ... 50"}[one.where] == one.expected
