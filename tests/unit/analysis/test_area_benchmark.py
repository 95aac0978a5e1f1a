from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.small_areas.benchmark import benchmark
from pipeline.analysis.small_areas.side_by_side import direct_and_shrunken
from pipeline.errors import PipelineError


def areas(*est: float) -> pl.DataFrame:
    return pl.DataFrame({"est": est, "lci": [e * 0.9 for e in est], "uci": [min(1.0, e * 1.1) for e in est]})


def test_an_area_at_its_bound_stays_there_and_the_others_make_up_for_it():
    result = benchmark(areas(0.9, 0.5), [10, 10], 16.0)
    assert result.areas["est"].to_list() == pytest.approx([1.0, 0.6])
    assert (result.factor, result.n_capped) == (pytest.approx(1.2), 1)
    lower = benchmark(areas(0.1, 0.5), [10, 10], 3.0, method="difference")
    assert lower.areas["est"].to_list() == pytest.approx([0.0, 0.3])
    assert (lower.factor, lower.n_capped) == (pytest.approx(-0.2), 1)


def test_areas_without_estimate_or_weight_stay_as_they_are():
    frame = pl.DataFrame({"est": [0.5, float("nan"), 0.25], "lci": [0.4, 0.0, 0.1], "uci": [0.6, 1.0, 0.3]})
    result = benchmark(frame, [10, 10, 0], 6.0)
    assert result.areas["est"][0] == pytest.approx(0.6) and result.areas["est"][2] == 0.25
    assert result.areas["lci"].to_list() == pytest.approx([0.48, 0.0, 0.1])


@pytest.mark.parametrize("total", [21.0, -1.0, float("nan")])
def test_a_total_nobody_can_reach_is_refused(total):
    with pytest.raises(PipelineError) as caught:
        benchmark(areas(0.9, 0.5), [10, 10], total)
    assert caught.value.problems[0].code == "benchmark_out_of_reach"


def test_nothing_times_a_factor_never_becomes_something():
    with pytest.raises(PipelineError):
        benchmark(areas(0.0, 0.0), [10, 10], 4.0)
    assert benchmark(areas(0.0, 0.0), [10, 10], 4.0, method="difference").areas["est"].to_list() == [0.2, 0.2]


shares = st.floats(0.01, 0.99)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(shares, st.floats(1, 50)), min_size=1, max_size=8),
    shares,
    st.sampled_from(["ratio", "difference"]),
)
def test_areas_add_up_and_keep_their_order_within_bounds(pairs, share, method):
    est, weight = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    moved = benchmark(areas(*est), weight, share * weight.sum(), method=method).areas["est"].to_numpy()
    assert float(moved @ weight) == pytest.approx(share * weight.sum(), rel=1e-8)
    assert (np.diff(moved[np.argsort(est)]) >= -1e-12).all()
    assert moved.min() >= 0 and moved.max() <= 1


def test_both_figures_stand_side_by_side_with_what_was_borrowed_and_what_may_be_shown():
    direct = pl.DataFrame(
        {
            "grid": ["甲", "乙", "丙", "丁"],
            "est": [0.9, 0.4, 0.5, None],
            "n": [30, 20, 9, 0],
            "n_eff": [25.0, 18.0, 8.0, 0.0],
        }
    ).with_columns(pl.Series("people", [100, 50, 50, None]))
    table = direct_and_shrunken(direct, population="people", total=0.7)
    assert table.columns[:5] == direct.columns
    assert table["is_shown"].to_list() == [True, True, False, False]
    assert table["reason_code"].to_list() == [None, None, "small_sample", "small_sample"]
    shrunken = table["shrunken_est"].to_numpy()
    assert float(shrunken[:3] @ [100, 50, 50]) == pytest.approx(0.7 * 200)
    assert 0.4 < shrunken[1] < shrunken[2] < shrunken[0] < 0.9
    assert table["shrinkage"][0] > table["shrinkage"][1] > table["shrinkage"][2] > table["shrinkage"][3] == 0


def test_a_finite_population_correction_in_n_eff_does_not_count_twice():
    n, people = np.array([6, 9, 12, 8]), np.array([12, 12, 24, 8])
    direct = pl.DataFrame({"est": [0.5, 1 / 3, 0.25, 0.75], "n": n, "people": people})
    corrected = direct.with_columns(n_eff=pl.Series([12.0, 36.0, 24.0, np.inf]))
    plain = direct.with_columns(n_eff=pl.col("n").cast(pl.Float64))
    with_it = direct_and_shrunken(corrected, population="people")
    without = direct_and_shrunken(plain, population="people", fpc=False)
    for column in ("shrunken_est", "shrunken_lci", "shrunken_uci", "shrinkage"):
        assert with_it[column].to_list() == pytest.approx(without[column].to_list())
    assert with_it.row(3, named=True)["shrunken_lci"] == with_it["shrunken_uci"][3] == 0.75


def test_those_asked_said_what_they_said_where_their_number_in_effect_is_unknown():
    """All four of the area were asked and three said yes: .75, not the none of an unknown n_eff."""
    direct = pl.DataFrame(
        {
            "est": [0.5, 0.2, 0.4, 0.75],
            "n": [10, 10, 10, 4],
            "n_eff": [10.0, 10.0, 10.0, None],
            "people": [90, 90, 90, 4],
        }
    )
    assert direct_and_shrunken(direct, population="people", fpc=False)["shrunken_est"][3] == 0.75


@pytest.mark.parametrize("areas", [2, 4])
def test_areas_where_nobody_says_yes_stay_though_somebody_of_no_area_does(areas):
    direct = pl.DataFrame({"est": [0.0], "n": [12], "n_eff": [12.0], "people": [50]}).select(
        pl.all().repeat_by(areas).explode()
    )
    table = direct_and_shrunken(direct, population="people", total=0.05)
    assert table["shrunken_est"].to_list() == [0.0] * areas and table["factor"].null_count() == areas
    assert (table["shrunken_uci"] > 0.02).all()
