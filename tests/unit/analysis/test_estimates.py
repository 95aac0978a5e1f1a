"""Estimates by hand; nobody, one person, equal answers and wrong lengths give null, a plain interval, or an error by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.covariance import freedom
from pipeline.analysis.survey.design import as_drawn_at_random, design
from pipeline.analysis.survey.estimates import contrasts, means, ratios, shares, shares_of_responses, together, totals
from pipeline.analysis.survey.replicates import given
from pipeline.errors import PipelineError

# six people, two stations; who ticked 饮水, 充电
SIX = pl.DataFrame({"weight": [1.0, 1, 2, 2, 1, 1], "station": list("aabbcc")})
TICKED = np.array([[1, 1], [1, 0], [0, 1], [1, 1], [0, 0], [1, 0]])
OPTIONS = pl.DataFrame({"option": ["饮水", "充电"]})
EVERYBODY = np.ones(6)


def six():
    return design(SIX, psu="station")


def test_shares_of_respondents_and_of_responses_by_hand() -> None:
    """Weights of those who ticked: 1 + 1 + 2 + 1 = 5 and 1 + 2 + 2 = 5, of 8; of all ticks, half and half."""
    assert shares(six(), TICKED, EVERYBODY, OPTIONS).est.tolist() == [0.625, 0.625]
    assert shares_of_responses(six(), TICKED, EVERYBODY, OPTIONS).est.tolist() == [0.5, 0.5]


def test_an_error_of_a_share_by_hand() -> None:
    """Residuals by station, weighted: (⅜ + ⅜), 2(−⅝ + ⅜), (−⅝ + ⅜) over 8; squares times 3 / 2."""
    by_station = np.array([0.75, -0.5, -0.25]) / 8
    assert shares(six(), TICKED, EVERYBODY, OPTIONS).se[0] == pytest.approx(np.sqrt(1.5 * (by_station**2).sum()))


def test_the_gap_of_two_options_of_the_same_people_uses_their_covariance() -> None:
    of = shares(six(), TICKED, EVERYBODY, OPTIONS)
    gap = contrasts(of, np.array([[1.0, -1.0]]), pl.DataFrame({"of": ["饮水 − 充电"]}))
    one = means(six(), {"difference": (TICKED[:, 0] - TICKED[:, 1]).astype(float)})
    assert (gap.est[0], gap.se[0]) == (pytest.approx(one.est[0], abs=1e-12), pytest.approx(one.se[0]))


def test_a_domain_of_nobody_is_null_and_leaves_the_others_alone() -> None:
    inside = np.stack([EVERYBODY, np.zeros(6)], axis=1)
    found = ratios(six(), pl.DataFrame({"who": ["all", "none"]}), inside, inside, "share").table()
    none = found.row(1, named=True)
    assert [none[name] for name in ("est", "se", "lci", "uci", "n")] == [None, None, None, None, 0]
    assert found["est"][0] == 1.0
    gap = contrasts(ratios(six(), pl.DataFrame({"who": ["all", "none"]}), inside, inside), np.array([[1.0, -1]]), pl.DataFrame({"of": ["gap"]}))  # fmt: skip
    assert gap.table().select("est", "se").row(0) == (None, None)


def test_a_share_of_all_or_nothing_has_an_interval_though_no_spread() -> None:
    found = shares(six(), np.stack([EVERYBODY, 0 * EVERYBODY], axis=1), EVERYBODY, OPTIONS).table()
    everybody, nobody = found.rows(named=True)
    assert (everybody["est"], everybody["uci"], nobody["lci"]) == (1.0, 1.0, 0.0)
    assert everybody["lci"] == pytest.approx(0.025 ** (24 / 64)) and nobody["uci"] == pytest.approx(
        1 - everybody["lci"]
    )  # units 2, 4, 2


def test_rows_missing_any_of_several_variables_leave_all_of_them_but_not_the_design() -> None:
    found = means(six(), {"x": np.array([1.0, 2, np.nan, 4, 5, 6]), "y": np.array([1.0, np.nan, 3, 4, 5, 6])})
    assert found.n.tolist() == [4, 4]
    assert found.est[0] == pytest.approx((1 + 2 * 4 + 5 + 6) / 5)
    assert found.z.shape == (6, 2)


def test_one_cluster_gives_no_interval() -> None:
    one = design(SIX.with_columns(station=pl.lit("a")), psu="station", lonely="certainty")
    row = means(one, {"y": np.arange(6.0)}).table().row(0, named=True)
    assert (row["lci"], row["uci"]) == (None, None)


@pytest.mark.parametrize("n", [5, 7])
def test_values_of_another_length_are_refused(n) -> None:
    for call in (
        lambda: totals(six(), pl.DataFrame({"of": ["y"]}), np.ones(n)),
        lambda: shares(six(), np.ones((n, 2)), np.ones(n), OPTIONS),
        lambda: ratios(six(), OPTIONS, np.ones((6, 3)), EVERYBODY),
    ):
        with pytest.raises(PipelineError) as caught:
            call()
        assert caught.value.problems[0].code == "wrong_length"


def test_replicates_given_speak_for_the_spread() -> None:
    """Half samples 1 and 3 about a mean of 2: JK1 of two, ½ · (1 + 1) = 1."""
    halves = given(np.array([[2.0, 0.0], [0.0, 2.0]]), "JK1")
    made = design(pl.DataFrame({"weight": [1.0, 1.0]}), replicates=halves)
    assert means(made, {"y": np.array([1.0, 3.0])}).se.tolist() == [1.0]


@pytest.mark.parametrize(
    ("weights", "kind", "more", "code", "where"),
    [([[1.0, -1.0]], "JK1", {}, "bad_weight", "replicates"), ([[1.0, np.nan]], "JK1", {}, "bad_weight", "replicates"),
     ([1.0, 2.0], "JK1", {}, "bad_weight", "replicates"), ([[1.0, 2.0]], "jackknife", {}, "bad_design", "replicates"),
     ([[1.0, 2.0]], "JKn", {}, "bad_design", "rscales"),
     ([[1.0, 2.0]], "JKn", {"rscales": np.ones(3)}, "bad_design", "rscales")],
)  # fmt: skip
def test_replicates_that_cannot_be_are_refused(weights, kind, more, code, where) -> None:
    with pytest.raises(PipelineError) as caught:
        given(np.array(weights), kind, **more)
    assert [(p.code, p.where) for p in caught.value.problems] == [(code, where)]


def test_replicates_of_another_number_of_rows_than_the_frame_are_refused() -> None:
    halves = given(np.array([[2.0, 0.0], [0.0, 2.0]]), "JK1")
    with pytest.raises(PipelineError) as caught:
        design(pl.DataFrame({"weight": [1.0] * 3}), replicates=halves)
    assert [(p.code, p.where) for p in caught.value.problems] == [("wrong_length", "replicates")]


def test_the_mean_of_a_few_people_rests_on_these_few() -> None:
    """1, 2 and 3 among three hundred: t with two degrees of freedom, not with 299."""
    made = design(pl.DataFrame({"weight": [1.0] * 300}))
    few = np.arange(300) < 3
    of = means(made, {"hours": np.where(few, np.arange(300.0) + 1, 9.0)}, few)
    table = of.table().row(0, named=True)
    assert of.df.tolist() == [2]
    assert table["uci"] - table["est"] == pytest.approx(4.3027 * table["se"], rel=1e-4)


@pytest.mark.parametrize("n", [1, 5])
def test_a_mean_of_one_or_of_equal_answers_has_no_error_to_tell(n: int) -> None:
    made = design(pl.DataFrame({"weight": [1.0, 2.0, 1.0, 3.0, 1.0, 1.0]}))
    table = means(made, {"hours": np.full(6, 0.3)}, np.arange(6) < n).table()
    assert table.select("est", "se", "lci", "uci", "n").row(0) == (pytest.approx(0.3), None, None, None, n)


@pytest.mark.parametrize("weight", [1.0, 1.1, 1.3])
def test_degrees_of_freedom_do_not_hang_on_what_rounding_leaves_outside_a_domain(weight: float) -> None:
    """Five of ten, among three hundred who each stand for as many: 2 / (1 / 10 − 1 / 300), whatever the unit of the weights."""
    made = design(pl.DataFrame({"weight": [weight] * 300}))
    of = shares(made, np.arange(300)[:, None] < 5, np.arange(300) < 10, OPTIONS[:1])
    assert freedom(made, of.z) == pytest.approx(2 / (1 / 10 - 1 / 300))


def test_shares_and_means_together_have_covariances_but_no_common_interval() -> None:
    """As shares, a mean of 4 hours stood in an interval of .6 to 1."""
    hours = means(six(), {"饮水": np.array([1.0, 3, 5, 6, 2, 4])}).labels.rename({"variable": "option"})
    mean = replace(means(six(), {"饮水": np.array([1.0, 3, 5, 6, 2, 4])}), labels=hours)
    both = together(shares(six_once := mean.design, TICKED, EVERYBODY, OPTIONS), mean)
    assert both.cov.shape == (3, 3) and both.design is six_once
    with pytest.raises(PipelineError):
        both.table()
    assert together(mean, mean).table().height == 2


def test_a_difference_of_two_groups_that_each_agree_is_not_certain() -> None:
    inside = np.stack([EVERYBODY[:6], np.arange(6) < 4], axis=1).astype(float)
    of = shares(six(), inside, inside, OPTIONS)
    row = contrasts(of, np.array([[1.0, -1.0]]), pl.DataFrame({"of": ["gap"]})).table().row(0, named=True)
    assert (row["est"], row["se"], row["lci"], row["uci"]) == (0.0, None, None, None)


def test_the_interval_of_an_option_rarely_among_those_chosen_stays_above_nought() -> None:
    chosen = np.column_stack([np.arange(12) < 1, np.ones(12), np.zeros(12)])
    table = shares_of_responses(
        design(pl.DataFrame({"weight": [1.0] * 12})), chosen, np.ones(12), OPTIONS[[0, 1, 0]]
    ).table()
    rare, _, never = table.rows(named=True)
    assert 0 < rare["lci"] < rare["est"] == pytest.approx(1 / 13)
    assert (never["est"], never["lci"]) == (0, 0) and 0.2 < never["uci"] < 0.35


def at_places(places, said):
    """Shares of those who said yes, everybody counting ten, met at numbered places; nobody counted the population."""
    made = replace(as_drawn_at_random(np.full(len(places), 10.0)), psu=np.array(places))
    everybody = np.ones(len(places), dtype=bool)
    return (
        shares(made, np.array(said, dtype=bool)[:, None], everybody, pl.DataFrame({"what": ["yes"]})).table().row(0)[1:]
    )


@pytest.mark.parametrize("said", [[1, 0, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0]])
def test_people_met_at_one_place_tell_no_error_whatever_they_say(said):
    assert at_places([0] * 4, said) == (sum(said) / 4, None, None, None, 4, None)


def test_places_where_all_say_the_same_count_as_so_many_answers():
    est, se, low, high, n, n_eff = at_places([0, 0, 0, 1, 1, 1], [0] * 6)
    assert (est, se, low, n, n_eff) == (0.0, 0.0, 0.0, 6, 2.0) and round(high, 3) == 0.842  # 1 - 0.025 ** (1 / 2)
    assert at_places(range(6), [0] * 6)[-1] == 6.0
