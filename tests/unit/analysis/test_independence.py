"""Tests of a table: what they come to by hand, and when they say nothing."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from pipeline.analysis.survey.design import design
from pipeline.analysis.survey.independence import FEW_UNITS, NO_VARIANCE, ONE_LEVEL, TESTS, independence, tail
from pipeline.errors import PipelineError


def found(made, a, b):
    return {row["test"]: row for row in independence(made, pl.Series(a), pl.Series(b)).to_dicts()}


def singly(n, weight=1.0):
    return design(pl.DataFrame({"weight": [weight] * n}))


def test_people_drawn_singly_have_nearly_the_usual_chi_square() -> None:
    a, b = list("x" * 60 + "y" * 40), list("p" * 40 + "q" * 20 + "p" * 15 + "q" * 25)
    usual = stats.chi2_contingency(np.array([[40, 20], [15, 25]]), correction=False)
    chisq = found(singly(100), a, b)["Chisq"]
    assert chisq["statistic"] == pytest.approx(usual.statistic)
    assert chisq["p"] == pytest.approx(usual.pvalue, rel=0.3)


def test_a_sample_asked_twice_over_is_not_twice_as_sure() -> None:
    a, b = list("xxxxxyyyyyxy"), list("ppppqpqqqqpq")
    once = found(singly(12), a, b)
    people = pl.DataFrame({"weight": [1.0] * 24, "person": [*range(12), *range(12)]})
    twice = found(design(people, psu="person"), a * 2, b * 2)
    for test in ("F", "Wald", "adjWald"):
        assert twice[test]["p"] == pytest.approx(once[test]["p"], rel=1e-8)
    assert twice["Chisq"]["statistic"] == pytest.approx(2 * once["Chisq"]["statistic"])


def test_rows_and_columns_may_change_places() -> None:
    a, b = list("xxyyzzxyzx"), list("pqpqqqppqp")
    one, other = found(singly(10), a, b), found(singly(10), b, a)
    for test in TESTS:
        assert one[test]["statistic"] == pytest.approx(other[test]["statistic"])


def test_rows_without_an_answer_leave_before() -> None:
    a, b = list("xxxxxyyyyy"), list("ppppqpqqqq")
    short, longer = found(singly(10), a, b), found(singly(12), [*a, None, "x"], [*b, "p", None])
    assert longer["F"]["n"] == 10
    assert longer["Chisq"]["statistic"] == pytest.approx(short["Chisq"]["statistic"])
    assert longer["F"]["df2"] == pytest.approx(short["F"]["df2"])


@pytest.mark.parametrize(("a", "b"), [("xxxx", "pqpq"), ("xyxy", "pppp"), ([None] * 4, "pqpq")])
def test_one_level_gives_null_and_the_reason(a, b) -> None:
    for row in found(singly(4), list(a), list(b)).values():
        assert (row["statistic"], row["p"], row["reason"]) == (None, None, ONE_LEVEL)


def test_too_few_units_give_null_and_the_reason() -> None:
    made = design(pl.DataFrame({"weight": [1.0] * 8, "site": list("aaaabbbb")}), psu="site")
    wald = found(made, list("xyzxyzxy"), list("pqpqpqqp"))["Wald"]
    assert (wald["p"], wald["reason"]) == (None, FEW_UNITS)


def test_a_population_that_answered_as_a_whole_is_not_tested() -> None:
    whole = design(pl.DataFrame({"weight": [1.0] * 6, "N": [6] * 6}), fpc="N")
    assert {row["reason"] for row in found(whole, list("xxyyxy"), list("pqpqpq")).values()} == {NO_VARIANCE}


def test_answers_of_another_length_are_refused_by_name() -> None:
    with pytest.raises(PipelineError) as caught:
        found(singly(3), list("xyx"), list("pq"))
    assert [(p.code, p.where, p.got) for p in caught.value.problems] == [("wrong_length", "b", "2")]


def test_the_saddlepoint_is_near_the_distribution_it_stands_for() -> None:
    dice = np.random.default_rng(7)
    scales = np.array([2.0, 1.0, 0.5])
    drawn = dice.chisquare(1, (200_000, 3)) @ scales / (dice.chisquare(30, 200_000) / 30)
    assert tail(9.0, scales, 30) == pytest.approx((drawn > 9).mean(), rel=0.06)
