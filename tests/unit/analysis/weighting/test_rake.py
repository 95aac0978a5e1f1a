from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.weighting.rake import rake
from pipeline.analysis.weighting.rake_within import rake_within
from pipeline.errors import PipelineError

# by hand: 2 + 1 + 1 couriers, doubly known; a/day 2, a/night 1, b/day 1, b/night 0
MARGINS = {"platform": ["a", "a", "a", "b"], "shift": ["day", "day", "night", "day"]}


def problems(margins, totals, weights):
    with pytest.raises(PipelineError) as refused:
        rake(margins, totals, np.asarray(weights, dtype=float))
    assert refused.value.exit_code == 11
    return [(one.code, one.where) for one in refused.value.problems], refused.value.problems


@st.composite
def samples(draw):
    """A sample with weights, and margins of another weighting of the same people: they can be met."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    n, sizes = draw(st.integers(12, 60)), draw(st.lists(st.integers(2, 4), min_size=2, max_size=3))
    margins = {f"v{k}": rng.integers(0, size, n) for k, size in enumerate(sizes)}
    truth = rng.uniform(1, 5, n)
    totals = {
        name: {int(level): float(truth[codes == level].sum()) for level in np.unique(codes)}
        for name, codes in margins.items()
    }
    return margins, totals, rng.uniform(0.5, 2, n), rng.permutation(n)


@settings(max_examples=40, deadline=None)
@given(samples())
def test_every_total_is_met_whatever_the_order_of_rows_and_the_scale_of_weights(sample):
    margins, totals, weights, order = sample
    raked = rake(margins, totals, weights)
    for name, codes in margins.items():
        for level, total in totals[name].items():
            assert raked.weights[codes == level].sum() == pytest.approx(total, rel=2e-10)
    assert raked.report.max_margin_error <= 2e-10
    shuffled = rake({name: codes[order] for name, codes in margins.items()}, totals, weights[order])
    assert shuffled.weights == pytest.approx(raked.weights[order], rel=1e-7)
    assert rake(margins, totals, weights * 7).weights == pytest.approx(raked.weights, rel=1e-7)


def test_people_alike_in_all_margins_keep_the_ratio_of_their_weights():
    totals = {"platform": {"a": 70, "b": 30}, "shift": {"day": 80, "night": 20}}
    raked = rake(MARGINS, totals, np.array([1.0, 3.0, 1.0, 1.0]))
    assert raked.weights == pytest.approx([12.5, 37.5, 20, 30])


def test_levels_may_be_whole_numbers_truths_or_an_enumeration():
    texts = rake(MARGINS, {"platform": {"a": 70, "b": 30}, "shift": {"day": 80, "night": 20}}, np.ones(4)).weights
    numbers = {"platform": np.array([5, 5, 5, -2]), "shift": [True, True, False, True]}
    same = rake(numbers, {"platform": {5: 70, -2: 30}, "shift": {True: 80, False: 20}}, np.ones(4))
    assert same.weights == pytest.approx(texts)
    enumerated = {name: pl.Series(values, dtype=pl.Enum(sorted(set(values)))) for name, values in MARGINS.items()}
    totals = {"platform": {"a": 70, "b": 30}, "shift": {"day": 80, "night": 20}}
    assert rake(enumerated, totals, np.ones(4)).weights == pytest.approx(texts)


def test_many_sparse_margins_give_what_few_dense_ones_do():
    codes = np.arange(300) % 100
    totals = {level: float(level + 1) for level in range(100)}
    once = rake({"a": codes}, {"a": totals}, np.ones(300)).weights
    assert rake(dict.fromkeys("abcd", codes), dict.fromkeys("abcd", totals), np.ones(300)).weights == pytest.approx(
        once
    )


def test_the_report_says_what_the_weights_cost():
    report = rake({"platform": ["a", "b"]}, {"platform": {"a": 10, "b": 30}}, np.ones(2)).report
    assert (report.method, report.n, report.population, report.g_min, report.g_max) == ("rake", 2, 40, 10, 30)
    assert (report.kish_deff, report.n_eff) == pytest.approx((1.25, 1.6))
    assert report.table().height == 1


def test_what_the_margins_fix_has_no_variance_left():
    totals = {"platform": {"a": 70, "b": 30}, "shift": {"day": 80, "night": 20}}
    raked = rake(MARGINS, totals, np.ones(4))
    by_platform = np.array([1.0, 1.0, 1.0, 0.0])
    z = raked.weights[:, None] * np.column_stack([by_platform, [5.0, 1.0, 0.0, 0.0]])
    left = raked.adjustment.residuals(z)
    assert left[:, 0] == pytest.approx(np.zeros(4), abs=1e-9)
    assert abs(left[:, 1]).sum() > 1


def test_all_that_does_not_fit_is_told_at_once_with_column_and_level():
    codes, _ = problems(
        {"platform": ["a", "b", None, "c"], "shift": ["day"] * 4, "age": [1, 2]},
        {"platform": {"a": 5, "b": 0, "d": 1}, "shift": {"day": None}, "sector": {"S1": 4}, "age": {1: 2, 2: 2}},
        [1, 0, np.nan, -1],
    )
    assert codes == [
        ("bad_weight", "weights"),
        ("margin_unpaired", "sector"),
        ("total_bad", "platform = b"),
        ("level_not_in_sample", "platform = d"),
        ("level_without_total", "platform = c"),
        ("level_without_total", "platform = missing"),
        ("total_bad", "shift = day"),
        ("wrong_length", "age"),
    ]


def test_whole_numbers_outside_the_totals_are_named():
    codes, _ = problems({"age": [1, 2, 99, -50]}, {"age": {1: 5, 2: 5}}, [1, 1, 1, 1])
    assert sorted(codes) == [("level_without_total", "age = -50"), ("level_without_total", "age = 99")]


def test_totals_of_two_populations_are_refused():
    codes, found = problems(MARGINS, {"platform": {"a": 70, "b": 30}, "shift": {"day": 80, "night": 21}}, [1] * 4)
    assert codes == [("totals_disagree", "platform, shift")]
    assert found[0].got == "100, 101"


def test_margins_in_conflict_are_named_with_what_they_could_be():
    # all of b work by day: with 30 of b, at least 30 work by day, so that 10 cannot be right
    codes, found = problems(MARGINS, {"platform": {"a": 70, "b": 30}, "shift": {"day": 10, "night": 90}}, [1] * 4)
    assert {code for code, _ in codes} == {"totals_unattainable"}
    for one in found:  # which of them gives way is free, but no total named can be met
        low, high = (float(end) for end in one.expected.split(" ... "))
        assert not low <= float(one.got) <= high


def test_one_total_too_high_is_named_with_the_most_it_can_be():
    # one person, who may count thrice at most, cannot stand for six
    with pytest.raises(PipelineError) as refused:
        rake_within({"platform": ["a", "a", "b"]}, {"platform": {"a": 4, "b": 6}}, np.ones(3), (0.5, 3.0))
    (one,) = refused.value.problems
    assert (one.where, one.got, one.expected) == ("platform = b", "6", "0.5 ... 3, 0.5 <= g <= 3")


def test_margins_that_only_weights_near_zero_could_meet_are_refused():
    codes, _ = problems(MARGINS, {"platform": {"a": 70, "b": 30}, "shift": {"day": 30, "night": 70}}, [1] * 4)
    assert codes == [("weights_unsettled", "platform, shift")]


def test_no_margins_and_no_people_are_refused():
    assert problems({}, {}, [1.0])[0] == [("margin_unpaired", "margins")]
    assert ("bad_weight", "weights") in problems({"a": []}, {"a": {"x": 1}}, [])[0]
