"""What must hold of covariances whatever the sample: order, scale, sums, limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.survey.covariance import covariance
from pipeline.analysis.survey.design import as_drawn_at_random, design
from pipeline.analysis.survey.estimates import contrasts, means, ratios, shares, together, totals

few = settings(max_examples=25, deadline=None)


@st.composite
def samples(draw):
    """A frame of two strata of two to four clusters of one to three people."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = [
        {"h": h, "i": f"{h}{i}", "j": j, "weight": float(dice.integers(1, 9)), "N": 6 + h, "M": 5, "y": float(dice.normal(5, 2)),
         "d": int(dice.integers(3))}
        for h in range(2) for i in range(dice.integers(2, 5)) for j in range(dice.integers(1, 4))
    ]  # fmt: skip
    return pl.DataFrame(rows)


def two_stages(frame, weights="weight", **more):
    return design(
        frame, weights=weights, strata="h", psu="i", ssu="j", fpc="N", fpc2="M", **{"lonely": "certainty"} | more
    )


def by_d(frame, kind, made=None):
    inside = np.stack([(frame["d"] == d).to_numpy() for d in range(3)], axis=1).astype(float)
    values = inside * frame["y"].to_numpy()[:, None]
    made, labels = made or two_stages(frame), pl.DataFrame({"d": range(3)})
    return ratios(made, labels, values, inside) if kind == "mean" else totals(made, labels, values)


@few
@given(samples(), st.randoms())
def test_the_order_of_rows_means_nothing(frame, random) -> None:
    order = list(range(frame.height))
    random.shuffle(order)
    for kind in ("mean", "total"):
        one, other = by_d(frame, kind), by_d(frame[order], kind)
        np.testing.assert_allclose(one.est, other.est, rtol=1e-10)
        np.testing.assert_allclose(one.cov, other.cov, rtol=1e-9, atol=1e-9)


@few
@given(samples(), st.floats(0.01, 100))
def test_the_scale_of_weights_means_nothing_to_means_and_everything_to_totals(frame, scale) -> None:
    scaled = frame.with_columns(weight=pl.col("weight") * scale)
    np.testing.assert_allclose(by_d(frame, "mean").cov, by_d(scaled, "mean").cov, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(by_d(frame, "total").cov * scale**2, by_d(scaled, "total").cov, rtol=1e-9, atol=1e-9)


@few
@given(samples())
def test_totals_of_domains_add_up_to_the_total_with_its_variance(frame) -> None:
    parts, whole = by_d(frame, "total"), totals(two_stages(frame), pl.DataFrame({"of": ["y"]}), frame["y"].to_numpy())
    assert parts.est.sum() == pytest.approx(whole.est[0])
    assert parts.cov.sum() == pytest.approx(whole.cov[0, 0], rel=1e-8, abs=1e-8)


@few
@given(samples())
def test_an_endless_population_equals_none_known(frame) -> None:
    endless = frame.with_columns(N=pl.lit(float("inf")), M=pl.lit(float("inf")))
    none = design(frame, strata="h", psu="i", ssu="j")
    np.testing.assert_allclose(by_d(endless, "total").cov, by_d(frame, "total", none).cov)


@few
@given(samples())
def test_a_population_that_is_all_drawn_leaves_nothing_to_chance(frame) -> None:
    drawn = frame.with_columns(pl.col("i").n_unique().over("h").alias("N"), pl.len().over("i").alias("M"))
    assert np.abs(by_d(drawn, "total").cov).max() < 1e-9


@few
@given(samples(), st.lists(st.floats(-3, 3), min_size=3, max_size=3))
def test_contrasts_are_linear(frame, factors) -> None:
    of, row = by_d(frame, "total"), np.array([factors])
    made = contrasts(of, row, pl.DataFrame({"of": ["c"]}))
    assert made.est[0] == pytest.approx(float(row[0] @ of.est), abs=1e-9)
    assert made.cov[0, 0] == pytest.approx(float(row[0] @ of.cov @ row[0]), rel=1e-8, abs=1e-7)


@few
@given(samples())
def test_picking_and_putting_together_keep_covariances(frame) -> None:
    made = two_stages(frame)
    mean, total = by_d(frame, "mean", made), by_d(frame, "total", made)
    both = together(mean, total)
    np.testing.assert_allclose(both.cov[:3, :3], mean.cov)
    np.testing.assert_allclose(both.cov[3:, 3:], total.cov)
    some = both.pick(np.array([True, False, False, True, False, True]))
    np.testing.assert_allclose(some.cov, both.cov[np.ix_([0, 3, 5], [0, 3, 5])])


def test_estimates_of_two_designs_are_not_put_together() -> None:
    frame = pl.DataFrame({"weight": [1.0, 2.0, 3.0]})
    y = {"y": np.array([1.0, 2.0, 4.0])}
    with pytest.raises(Exception, match="not of one design"):
        together(means(design(frame), y), means(design(frame), y))


def test_shares_of_a_question_with_two_options_have_opposite_errors() -> None:
    made = design(pl.DataFrame({"weight": [1.0, 2, 1, 2, 3]}))
    yes = np.array([1, 0, 1, 1, 0])
    of = shares(made, np.stack([yes, 1 - yes], axis=1), np.ones(5), pl.DataFrame({"option": ["yes", "no"]}))
    assert of.est.sum() == pytest.approx(1)
    np.testing.assert_allclose(of.cov, of.cov[0, 0] * np.array([[1, -1], [-1, 1]]), atol=1e-15)


def test_a_variance_by_hand() -> None:
    """Stratum a: units 2 and 6 of weight 1; b: 1 and 5 of weight 3, half of its units drawn.

    Totals of units a: 2, 6 → 2 · (2² + 2²) = 16; b: 3, 15, times ½ → ½ · 2 · (6² + 6²) = 72.
    """
    frame = pl.DataFrame({"weight": [1.0, 1, 3, 3], "h": list("aabb"), "N": [float("inf")] * 2 + [4.0] * 2})
    made = design(frame, strata="h", fpc="N")
    assert covariance(made, made.weights * np.array([2.0, 6, 1, 5]))[0, 0] == pytest.approx(88)


def test_a_second_stage_by_hand() -> None:
    """Two of four clusters, in each two of four: totals 4 and 8 → ½ · 2 · (2² + 2²) = 8; within, ½ of ½ · 2 · Σ.

    Within: (1, 3) and (3, 5), deviations 1, 1, 1, 1: ½ · (½ · 2 · 2 + ½ · 2 · 2) = 2.
    """
    frame = pl.DataFrame({"i": [1, 1, 2, 2], "j": [1, 2, 3, 4], "weight": [1.0] * 4, "N": [4] * 4, "M": [4] * 4})
    made = design(frame, psu="i", ssu="j", fpc="N", fpc2="M")
    assert covariance(made, np.array([1.0, 3, 3, 5]))[0, 0] == pytest.approx(10)
    assert covariance(replace(made, ssu=None), np.array([1.0, 3, 3, 5]))[0, 0] == pytest.approx(8)


def test_people_met_together_with_unequal_chances_have_one_error_in_whatever_order() -> None:
    chance = np.array([0.9, 0.1, 0.5, 0.2, 0.3, 0.6])
    orders = [np.arange(6), np.array([1, 0, 2, 3, 5, 4])]
    made = [
        replace(as_drawn_at_random(1 / chance[order]), psu=np.array([0, 0, 1, 2, 3, 3]), fraction=chance[order])
        for order in orders
    ]
    one, other = (means(d, {"y": np.arange(6.0)[order] ** 2}).se for d, order in zip(made, orders, strict=True))
    np.testing.assert_allclose(one, other, rtol=1e-12)
