"""Rank tests by hand, in any order of rows, and when they say nothing."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.analysis.survey.design import design
from pipeline.analysis.survey.rank_tests import places, rank_test
from pipeline.analysis.survey.resampling import with_replicates
from pipeline.errors import PipelineError


def singly(n):
    return design(pl.DataFrame({"weight": [1.0] * n}))


def test_equal_answers_stand_in_the_middle_of_what_they_weigh_together() -> None:
    assert places(np.array([1.0, 2, 2]), np.array([2.0, 1, 5])).tolist() == [0.125, 0.625, 0.625]


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_rows_means_nothing(order) -> None:
    frame = pl.DataFrame(
        {"weight": [1.0, 2, 3, 4] * 3, "y": [1.0, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5], "g": list("abaabbabbbab")}
    )
    one, other = (rank_test(design(f), f["y"].to_numpy(), f["g"]) for f in (frame, frame[list(order)]))
    assert one.statistic == pytest.approx(other.statistic)


def test_people_drawn_singly_are_judged_nearly_as_by_the_usual_test() -> None:
    dice = np.random.default_rng(3)
    y = np.concatenate([dice.normal(0, 1, 60), dice.normal(0.5, 1, 60)])
    ours = rank_test(singly(120), y, pl.Series(["a"] * 60 + ["b"] * 60))
    usual = stats.mannwhitneyu(y[60:], y[:60], method="asymptotic")
    assert ours.differences[0] == pytest.approx(usual.statistic / 3600 - 0.5)
    assert ours.p == pytest.approx(usual.pvalue, rel=0.15)


def test_three_groups_are_judged_together_whatever_their_names() -> None:
    y, group = np.array([1.0, 4, 2, 5, 3, 6, 9, 7, 2, 8, 5, 1]), pl.Series(list("aabbabbacccc"))
    one = rank_test(singly(12), y, group)
    other = rank_test(singly(12), y, group.replace({"a": "z"}))
    assert (one.df1, one.df2, len(one.differences), other.groups) == (2, 9, 2, ["b", "c", "z"])
    assert other.statistic == pytest.approx(one.statistic)


def test_jackknife_replicates_judge_nearly_as_linearisation() -> None:
    dice = np.random.default_rng(5)
    frame = pl.DataFrame({"weight": [1.0] * 200, "site": np.repeat(range(40), 5)})
    y, group = dice.normal(size=200).round(1), pl.Series(dice.choice(["a", "b"], 200))
    made = design(frame, psu="site")
    one, other = rank_test(made, y, group), rank_test(with_replicates(made, "JK1"), y, group)
    assert other.differences == pytest.approx(one.differences)
    assert other.statistic == pytest.approx(one.statistic, rel=0.05)


@pytest.mark.parametrize(
    ("y", "group", "reason"),
    [([1.0, 2, 3, 4], list("aaaa"), "只有一组，无法比较"), ([2.0] * 4, list("abab"), "所有回答相同，无法比较"),
     ([1.0, 2, np.nan, np.nan], list("abab"), "抽样单元太少，无法检验"), ([np.nan] * 4, list("abab"), "只有一组，无法比较")],
)  # fmt: skip
def test_what_cannot_be_compared_gives_no_number_and_the_reason(y, group, reason) -> None:
    found = rank_test(singly(4), np.array(y), pl.Series(group))
    assert (found.statistic, found.p, found.reason) == (None, None, reason)


def test_wrong_lengths_and_tests_are_named_at_once() -> None:
    with pytest.raises(PipelineError) as caught:
        rank_test(singly(4), np.arange(3.0), pl.Series(list("ababa")), "sign")
    assert [(p.code, p.where) for p in caught.value.problems] == [
        ("wrong_length", "y"), ("wrong_length", "group"), ("bad_design", "test"),
    ]  # fmt: skip
