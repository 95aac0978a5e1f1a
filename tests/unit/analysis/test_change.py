"""Change between two samples: what is shared is subtracted, what is not known is not called certain."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.change import change
from pipeline.analysis.survey.design import as_drawn_at_random
from pipeline.analysis.survey.estimates import means, shares
from pipeline.analysis.survey.resampling import with_replicates
from pipeline.errors import PipelineError

ONE = pl.DataFrame({"of": ["y"]})


def share(yes, n, population=None, weight=1.0):
    made = as_drawn_at_random(np.full(n, weight), population)
    return shares(made, np.arange(n)[:, None] < yes, np.ones(n), ONE)


def one(found):
    return found.row(0, named=True)


@pytest.mark.parametrize(("now", "before"), [(10, 10), (0, 0)])
def test_all_and_all_again_is_no_certain_standstill(now, before) -> None:
    found = one(change(share(now, 10), share(before, 10)))
    assert found["change"] == 0 and found["change_se"] > 0.05
    assert found["change_lci"] < -0.25 and found["change_uci"] > 0.25


def test_an_interval_of_a_change_of_shares_stays_between_minus_one_and_one() -> None:
    found = one(change(share(5, 5), share(0, 5)))
    assert 0 < found["change_lci"] < 0.5 and found["change_uci"] == pytest.approx(1)


def test_large_samples_have_the_interval_of_students_t() -> None:
    found = one(change(share(1200, 2000), share(1000, 2000)))
    half = 1.96 * np.sqrt(0.24 / 2000 + 0.25 / 2000)
    assert (found["change_lci"], found["change_uci"]) == pytest.approx((0.1 - half, 0.1 + half), abs=2e-4)


@pytest.mark.parametrize("weight", [1.0, 2.0])
def test_people_met_twice_by_chance_alone_make_no_covariance_whatever_the_scale_of_weights(weight) -> None:
    """50 and 50 of 100, of whom 25 are the same, as chance has it: n₁n₂ / N."""
    now, before = share(25, 50, 100, weight), share(25, 50, 100, weight)
    rows = np.r_[0:13, 25:37]
    alone, paired = (one(change(now, before, same_now=same, same_before=same)) for same in (None, rows))
    assert paired["change_se"] == pytest.approx(alone["change_se"], rel=1e-9)


def test_the_same_people_with_the_same_answers_leave_almost_no_error() -> None:
    """Of Var(a) + Var(b) a fortieth is left, n / (n − 1) being no part of the covariance."""
    everybody = np.arange(40)
    alone, found = (
        one(change(share(10, 40), share(10, 40), same_now=same, same_before=same)) for same in (None, everybody)
    )
    assert found["change_se"] == pytest.approx(alone["change_se"] / np.sqrt(40))
    assert found["change_uci"] - found["change_lci"] < 0.3 * (alone["change_uci"] - alone["change_lci"])


def test_degrees_of_freedom_of_a_change_of_means_are_welchs() -> None:
    """Two equal variances of 4 degrees each: 8."""
    of = means(as_drawn_at_random(np.ones(5)), {"hours": np.arange(5.0)})
    assert one(change(of, of))["change_df"] == pytest.approx(8)


def test_estimates_that_do_not_pair_are_refused() -> None:
    two = shares(as_drawn_at_random(np.ones(4)), np.eye(4)[:, :2], np.ones(4), pl.DataFrame({"of": ["y", "x"]}))
    with pytest.raises(PipelineError) as caught:
        change(two, share(1, 4))
    assert caught.value.problems[0].code == "wrong_length"


def test_pairs_of_people_in_replicates_are_refused() -> None:
    made = with_replicates(as_drawn_at_random(np.ones(6)), "JK1")
    of = shares(made, np.arange(6)[:, None] < 3, np.ones(6), ONE)
    with pytest.raises(PipelineError) as caught:
        change(of, of, same_now=np.arange(3), same_before=np.arange(3))
    assert caught.value.problems[0].code == "bad_design"
