"""A design says what is wrong with it, naming the column and the level; nothing that cannot be passes."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.design import as_drawn_at_random, design
from pipeline.analysis.survey.estimates import means, shares
from pipeline.errors import CONTRACT, PipelineError

PEOPLE = pl.DataFrame(
    {
        "权重": [2.0, 2.0, 3.0, 3.0, 1.0, 1.0],
        "片区": ["东", "东", "东", "西", "西", "西"],
        "站点": ["a", "a", "b", "c", "c", "d"],
        "站点数": [5, 5, 5, 4, 4, 4],
    }
)


def refused(**changes):
    """Problems of the design of PEOPLE with columns changed or chosen otherwise."""
    frame = PEOPLE.with_columns(**{name: value for name, value in changes.items() if name in PEOPLE.columns})
    columns = {"weights": "权重", "strata": "片区", "psu": "站点", "fpc": "站点数"}
    columns |= {name: value for name, value in changes.items() if name not in PEOPLE.columns}
    with pytest.raises(PipelineError) as caught:
        design(frame, **columns)
    assert caught.value.exit_code == CONTRACT
    return [(problem.code, problem.where, problem.got) for problem in caught.value.problems]


@pytest.mark.parametrize("bad", [0.0, -1.0, None, float("nan"), float("inf")])
def test_a_weight_that_is_zero_negative_or_missing_is_refused_by_column_and_row(bad) -> None:
    weights = pl.Series([2.0, 2.0, bad, 3.0, 1.0, 1.0])
    assert refused(权重=weights) == [("bad_weight", "权重，第3行", "1 / 6")]


def test_a_stratum_with_one_unit_is_refused_by_column_and_level() -> None:
    assert refused(站点=pl.Series(list("aabccc"))) == [("lonely_psu", "片区", "西")]


def test_a_stratum_with_one_unit_passes_where_it_is_all_there_is_or_a_policy_says_what_it_means() -> None:
    lonely = PEOPLE.with_columns(站点=pl.Series(list("aabccc")))
    whole = lonely.with_columns(站点数=pl.Series([5, 5, 5, 1, 1, 1]))
    columns = {"weights": "权重", "strata": "片区", "psu": "站点"}
    assert design(whole, fpc="站点数", **columns).fraction.tolist() == [0.4] * 3 + [1.0] * 3
    assert design(lonely, lonely="adjust", **columns).lonely == "adjust"


def test_a_unit_in_two_strata_is_named() -> None:
    assert refused(站点=pl.Series(list("aabaad")))[0] == ("bad_design", "站点 × 片区", "a")


@pytest.mark.parametrize(
    ("sizes", "where"),
    [([1, 1, 1, 4, 4, 4], "站点数，片区 = 东"), ([5, 6, 5, 4, 4, 4], "站点数，片区 = 东"), ([0, 0, 0, 4, 4, 4], "站点数"),
     ([None, 5, 5, 4, 4, 4], "站点数")],
    ids=["more drawn than there are", "two sizes in a stratum", "zero", "missing"],
)  # fmt: skip
def test_population_sizes_that_cannot_be_are_refused(sizes, where) -> None:
    found = refused(站点数=pl.Series(sizes, dtype=pl.Float64))
    assert [problem[:2] for problem in found] == [("bad_fpc", where)]


def test_shares_drawn_are_told_from_numbers_by_the_whole_column() -> None:
    columns = {"weights": "权重", "strata": "片区", "psu": "站点", "fpc": "站点数"}
    shares = design(PEOPLE.with_columns(站点数=pl.Series([0.5, 0.5, 0.5, 1, 1, 1])), **columns)
    assert shares.fraction.tolist() == [0.5] * 3 + [1.0] * 3
    assert design(PEOPLE, **columns).fraction.tolist() == [0.4] * 3 + [0.5] * 3


def test_a_probability_above_one_is_refused_under_brewers_approximation() -> None:
    assert refused(站点数=pl.Series([0.5] * 5 + [1.5]), pps="brewer")[0][:2] == ("bad_fpc", "站点数")


@pytest.mark.parametrize(
    ("chosen", "where"),
    [({"strata": "区"}, "区"), ({"lonely": "guess"}, "lonely"), ({"pps": "hajek"}, "pps"), ({"psu": "缺"}, "缺")],
)
def test_columns_and_policies_there_are_not_are_named(chosen, where) -> None:
    assert [problem[:2] for problem in refused(**chosen)] == [("bad_design", where)]


def test_missing_strata_are_counted() -> None:
    assert refused(片区=pl.Series(["东", None, "东", "西", "西", None])) == [("bad_design", "片区", "2")]


def test_every_problem_is_told_at_once() -> None:
    found = refused(站点=pl.Series(list("aabccc")), 站点数=pl.Series([1, 1, 1, 4, 4, 4]))
    assert sorted(problem[0] for problem in found) == ["bad_fpc", "lonely_psu"]


def test_equal_names_of_second_stage_units_in_two_units_are_two() -> None:
    made = design(
        PEOPLE.with_columns(人=pl.Series([1, 2, 1, 1, 2, 1])), weights="权重", strata="片区", psu="站点", ssu="人"
    )
    assert len(np.unique(made.ssu)) == 6
    assert made.degrees_of_freedom() == 2
    assert made.degrees_of_freedom(np.array([True, False, False, True, False, True])) == 1


def test_volunteers_stand_as_if_drawn_singly() -> None:
    made = as_drawn_at_random(np.array([1.0, 3.0]), population=8.0)
    assert made.fraction.tolist() == [0.5, pytest.approx(1 / 6)]
    assert as_drawn_at_random(np.ones(3), population=2.0).fraction.tolist() == [0.0] * 3
    with pytest.raises(PipelineError) as caught:
        as_drawn_at_random(np.array([1.0, 0.0]))
    assert caught.value.problems[0].code == "bad_weight"


def test_a_frame_of_nobody_is_a_design_of_nobody() -> None:
    nobody = design(PEOPLE.clear(), weights="权重", strata="片区", psu="站点", fpc="站点数")
    assert (nobody.n, nobody.degrees_of_freedom()) == (0, 0)
    row = means(nobody, {"y": np.zeros(0)}).table().row(0, named=True)
    assert (row["est"], row["se"], row["n"]) == (None, None, 0)


def test_a_station_with_one_person_drawn_of_many_tells_nothing_of_the_differences_within_it() -> None:
    people = PEOPLE.with_columns(人=pl.Series([1, 2, 1, 1, 2, 1]), 站内=pl.Series([9, 9, 1, 7, 7, 1]))
    columns = {"weights": "权重", "strata": "片区", "psu": "站点", "ssu": "人", "fpc": "站点数", "fpc2": "站内"}
    with pytest.raises(PipelineError) as caught:
        design(people.with_columns(站内=pl.Series([9, 9, 5, 7, 7, 1])), **columns)
    assert [problem.code for problem in caught.value.problems] == ["lonely_psu"]
    assert (
        design(people.with_columns(站点数=float("inf")), **columns).n == 6
    )  # stations without end: their own spread says all


def test_a_share_of_nobody_in_stations_all_visited_is_known_no_better_than_by_the_people_drawn_there() -> None:
    """Both stations, 10 of 100 people in each, nobody says yes: of 20 people with a tenth drawn, not a census."""
    people = pl.DataFrame(
        {"weight": [10.0] * 20, "station": [1, 2] * 10, "person": range(20), "N": [2] * 20, "M": [100] * 20}
    )
    made = design(people, psu="station", ssu="person", fpc="N", fpc2="M")
    row = shares(made, np.zeros((20, 1)), np.ones(20), pl.DataFrame({"of": ["y"]})).table().row(0, named=True)
    assert row["n_eff"] == pytest.approx(20 / 0.9)
    assert 0.1 < row["uci"] < 0.2
