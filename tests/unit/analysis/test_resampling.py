"""Replicates made from a design: they say what linearisation says, and refuse designs they cannot hold."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.survey.design import as_drawn_at_random, design
from pipeline.analysis.survey.estimates import means, totals
from pipeline.analysis.survey.replicates import given as given_replicates
from pipeline.analysis.survey.resampling import KINDS, hadamard_above, make, recalibrated, with_replicates
from pipeline.analysis.weighting.cells import match_cells
from pipeline.errors import PipelineError

ONE = pl.DataFrame({"of": ["y"]})


def clusters(seed, strata, per_stratum=None):
    """Strata of clusters of one to three people, with population sizes."""
    dice = np.random.default_rng(seed)
    rows = [
        {"h": h, "i": f"{h}-{i}", "weight": float(dice.integers(1, 6)), "N": 12 + h, "y": float(dice.normal(10, 3))}
        for h in range(strata) for i in range(per_stratum or int(dice.integers(2, 7))) for _ in range(dice.integers(1, 4))
    ]  # fmt: skip
    return pl.DataFrame(rows)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([None, "N"]))
def test_a_jackknife_of_totals_is_linearisation(seed, fpc) -> None:
    for kind, strata in (("JK1", 1), ("JKn", 3)):
        frame = clusters(seed, strata)
        made, y = design(frame, strata="h", psu="i", fpc=fpc), frame["y"].to_numpy()
        assert totals(with_replicates(made, kind), ONE, y).se[0] == pytest.approx(totals(made, ONE, y).se[0], rel=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 13), st.sampled_from(["BRR", "Fay"]))
def test_balanced_halves_of_totals_are_linearisation(seed, strata, kind) -> None:
    frame = clusters(seed, strata, 2)
    made, y = design(frame, strata="h", psu="i"), frame["y"].to_numpy()
    halves = with_replicates(made, kind, rho=0.3)
    assert totals(halves, ONE, y).se[0] == pytest.approx(totals(made, ONE, y).se[0], rel=1e-8)
    np.testing.assert_allclose(halves.replicates.weights.mean(axis=1), made.weights)


@pytest.mark.parametrize("strata", [*range(1, 40), 67, 103])
def test_hadamard_matrices_are_orthogonal_with_a_first_column_of_ones(strata) -> None:
    h = hadamard_above(strata)
    assert h.shape[1] > strata and (h[:, 0] == 1).all() and (np.abs(h) == 1).all()
    np.testing.assert_array_equal(h @ h.T, len(h) * np.eye(len(h)))


@pytest.mark.parametrize(("kind", "fpc"), [("bootstrap", None), ("bootstrap", "N"), ("subbootstrap", None)])
def test_a_bootstrap_comes_near_linearisation(kind, fpc) -> None:
    frame = clusters(4, 3, 8)
    made, y = design(frame, strata="h", psu="i", fpc=fpc), {"y": frame["y"].to_numpy()}
    drawn = with_replicates(made, kind, replicates=2000, seed=1)
    assert means(drawn, y).se[0] == pytest.approx(means(made, y).se[0], rel=0.1)
    assert drawn.replicates.df <= 23


def test_a_seed_draws_the_same_again_and_another_does_not() -> None:
    made = design(clusters(4, 2), strata="h", psu="i")
    first, again, other = (make(made, "bootstrap", replicates=20, seed=seed).weights for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any()


def test_replicates_of_a_kind_have_the_scales_that_replicates_given_have() -> None:
    made = design(clusters(2, 1, 5), psu="i")
    own = make(made, "JK1")
    came = given_replicates(own.weights, "JK1")
    assert (own.scale, own.df) == (pytest.approx(came.scale), came.df)


def refused(made, kind, **more):
    with pytest.raises(PipelineError) as caught:
        with_replicates(made, kind, **more)
    assert {problem.code for problem in caught.value.problems} == {"bad_design"}
    return " ".join(problem.en for problem in caught.value.problems)


def test_a_kind_that_cannot_hold_the_design_is_refused() -> None:
    frame = clusters(1, 3, 3).with_row_index("j").with_columns(M=pl.lit(9))
    strata = design(frame, strata="h", psu="i")
    assert "without strata" in refused(strata, "JK1")
    assert "exactly two units" in refused(strata, "BRR")
    assert "no such kind" in refused(strata, "jackknife")
    assert "no FPC" in refused(design(frame, strata="h", psu="i", fpc="N"), "subbootstrap")
    stages = design(frame, strata="h", psu="i", ssu="j", fpc="N", fpc2="M", lonely="certainty")
    assert all("second stage" in refused(stages, kind) for kind in KINDS)
    lonely = design(frame.filter((pl.col("h") > 0) | (pl.col("i") == "0-0")), strata="h", psu="i", lonely="certainty")
    assert "single" in refused(lonely, "JKn")


def test_calibrated_weights_want_each_replicate_calibrated() -> None:
    frame = clusters(3, 1, 6).with_columns(cell=pl.Series(np.arange(200)[: clusters(3, 1, 6).height] % 2))
    cell, known = frame["cell"].to_numpy(), {0: 60.0, 1: 40.0}

    def again(rows, weights):
        return match_cells(cell[rows], known, weights)

    whole = again(np.arange(frame.height), frame["weight"].to_numpy())
    made = design(frame.with_columns(weight=pl.Series(whole.weights)), psu="i", adjustments=(whole.adjustment,))
    assert "calibrated" in refused(made, "JK1")
    held = with_replicates(made, "JK1", weighting=again)
    assert totals(held, ONE, (cell == 0).astype(float)).se[0] == pytest.approx(0, abs=1e-9)
    assert totals(made, ONE, (cell == 0).astype(float)).se[0] == pytest.approx(0, abs=1e-9)
    y = {"y": frame["y"].to_numpy()}
    assert means(held, y).se[0] == pytest.approx(means(made, y).se[0], rel=0.3)
    assert recalibrated(held.replicates, again).weights.sum(axis=0) == pytest.approx([100.0] * 6)


def test_a_jackknife_of_people_drawn_with_unequal_chances_holds_each_ones_own() -> None:
    weights = np.array([1.5, 2.0, 9.0, 30.0, 4.0])
    made = as_drawn_at_random(weights, float(weights.sum()))
    for order in (np.arange(5), np.arange(5)[::-1]):
        one = as_drawn_at_random(weights[order], float(weights.sum()))
        y = np.arange(5.0)[order]
        assert totals(with_replicates(one, "JK1"), ONE, y).se[0] == pytest.approx(
            totals(made, ONE, np.arange(5.0)).se[0]
        )
