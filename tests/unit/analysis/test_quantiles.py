"""Quantiles by hand, their intervals, and when there is none."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.survey.design import design
from pipeline.analysis.survey.quantiles import ALL_EQUAL, AT_THE_EDGE, INTERVALS, NOBODY, RULES, quantile, quantiles
from pipeline.errors import PipelineError


def singly(n):
    return design(pl.DataFrame({"weight": [1.0] * n}))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.integers(1, 19))
def test_whole_weights_are_as_many_people(weights, twentieths) -> None:
    y = np.arange(len(weights), dtype=float) ** 2
    many = np.repeat(y, weights)
    place = -(-len(many) * twentieths // 20)
    assert quantile(y, np.array(weights, dtype=float), twentieths / 20) == many[place - 1]


def test_a_share_reached_exactly_is_reached_also_in_floating_point() -> None:
    assert [quantile(np.arange(10.0), np.full(10, 0.1), k / 10) for k in range(1, 10)] == list(range(9))


def test_a_weight_of_nothing_is_nobody() -> None:
    assert quantile(np.array([1.0, 2, 3]), np.array([0.0, 1, 1]), 0.01) == 2


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_stays_within_the_answers_and_grows_with_p(rule) -> None:
    y, w = np.array([3.0, 1, 4, 1, 5, 9, 2, 6]), np.array([1.0, 2, 1, 3, 1, 2, 1, 1])
    found = [quantile(y, w, p, rule) for p in np.linspace(0.01, 0.99, 40)]
    assert found == sorted(found) and found[0] >= 1 and found[-1] <= 9


@pytest.mark.parametrize("interval", INTERVALS)
def test_every_interval_holds_its_estimate_and_covers_as_it_says(interval) -> None:
    dice = np.random.default_rng(11)
    made, held = singly(40), 0
    for _ in range(60):
        row = quantiles(made, dice.normal(size=40), [0.5], interval=interval).row(0, named=True)
        assert row["lci"] <= row["est"] <= row["uci"]
        held += row["lci"] <= 0 <= row["uci"]
    assert held >= 52  # of 60 at 95 %: fewer has a chance of 1 in 500


def test_a_domain_is_its_rows_and_missing_answers_are_none() -> None:
    y, where = np.array([1.0, 2, 3, 40, 50, np.nan]), np.array([True, True, True, False, False, True])
    assert quantiles(singly(6), y, [0.5], where).select("est", "n").row(0) == (2.0, 3)


@pytest.mark.parametrize(
    ("y", "p", "interval", "reason"),
    [([7.0] * 6, 0.5, "xlogit", ALL_EQUAL), ([np.nan] * 6, 0.5, "xlogit", NOBODY), (range(6), 0.05, "mean", AT_THE_EDGE),
     (range(6), 0.99, "xlogit", AT_THE_EDGE), (range(6), 0.02, "score", AT_THE_EDGE)],
)  # fmt: skip
def test_where_there_is_no_interval_there_is_a_reason_and_no_error(y, p, interval, reason) -> None:
    row = quantiles(singly(6), np.array(list(y)), [p], interval=interval).row(0, named=True)
    assert row["reason"] == reason and row["se"] is None
    assert (row["est"] is None) == (reason == NOBODY)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(PipelineError) as caught:
        quantiles(singly(3), np.arange(4.0), [0.5, 1.0], interval="wald", rule="hf9")
    assert [(p.code, p.where) for p in caught.value.problems] == [
        ("wrong_length", "values"), ("bad_design", "interval"), ("bad_design", "rule"), ("bad_design", "at"),
    ]  # fmt: skip
