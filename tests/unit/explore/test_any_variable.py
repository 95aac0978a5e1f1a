"""Means, quantiles, differences and orders of any question are those worked out by hand; nothing small gets through."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from pipeline.errors import PipelineError
from pipeline.findings import explore
from pipeline.findings.explore import group_answers, tell_groups, tell_numbers
from tests.unit.explore.asked_more import asked_more


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return asked_more()


@pytest.fixture(scope="module")
def choices(con) -> explore.Choices:
    return explore.choose(con, period="2023Q2")


def test_a_mean_is_weighted_and_carries_every_column(con, choices):
    row = explore.means(con, choices, "hours_per_day").row(0, named=True)
    assert (row["n"], row["est"]) == (60, 10.0)  # (400 × 9 + 400 × 11) / 800
    assert row["lci"] < 10.0 < row["uci"] and row["se"] > 0 and row["n_eff"] > 0
    equal = explore.means(con, explore.choose(con, period="2023Q2", weight_set="equal"), "hours_per_day")
    assert equal["est"][0] == pytest.approx(29 / 3, abs=5e-4)  # (40 × 9 + 20 × 11) / 60


def test_means_of_groups_are_their_own_and_a_group_below_the_threshold_hides_with_its_neighbour(con, choices):
    by_group = explore.means(con, choices, "hours_per_day", by="user_group")
    assert dict(by_group.select("by_code", "est").iter_rows()) == {"courier": 9.0, "rider": 11.0}
    by_grid = explore.means(con, choices, "hours_per_day", by="grid")  # 52 and 8 people
    assert by_grid["est"].null_count() == 2 and by_grid["n"].null_count() == 2 and by_grid["suppressed"].all()


def test_rows_of_a_matrix_have_means_of_those_who_used_each(con, choices):
    table = explore.means(con, choices, "service_satisfaction")
    assert dict(table.select("item_code", "est").iter_rows()) == {"charging": 2.0, "water": 4.625, "rest": None}


def test_a_question_without_numbers_is_refused_with_those_that_have_some(con, choices):
    with pytest.raises(PipelineError) as caught:
        explore.means(con, choices, "colour")
    (problem,) = caught.value.problems
    assert (caught.value.exit_code, problem.code) == (2, "no_numbers")
    assert problem.expected == "hours_per_day, service_satisfaction"


def test_a_variable_the_wave_did_not_ask_has_no_rows(con, choices):
    none = explore.means(con, choices, "satisfaction")
    assert none.is_empty() and "没有" in tell_numbers.means(none, choices).zh
    assert explore.differences(con, choices, "satisfaction", "team").is_empty()


def test_medians_lie_inside_and_the_ends_of_few_people_stay_hidden(con, choices):
    table = explore.quantiles(con, choices, "hours_per_day", at=(0.1, 0.5))
    assert dict(table.select("at", "est").iter_rows()) == {0.1: None, 0.5: 10.0}  # a tenth of 60 is 6 people
    assert "10" in tell_numbers.quantiles(table, choices).zh


def test_the_rank_test_tells_groups_apart_that_are_two_hours_apart(con, choices):
    apart = explore.compare_numbers(con, choices, "hours_per_day", "user_group").row(0, named=True)
    alike = explore.compare_numbers(con, choices, "hours_per_day", "team").row(0, named=True)
    assert (apart["n"], apart["n_groups"], alike["n_groups"]) == (60, 2, 3)
    assert apart["p"] < 0.001 < 0.5 < alike["p"]
    said = tell_numbers.means(
        explore.means(con, choices, "hours_per_day", by="user_group"), choices,
        explore.compare_numbers(con, choices, "hours_per_day", "user_group"),
    )  # fmt: skip
    assert said.zh.startswith("各组不同（秩检验，p<0.001）：平均最高的是外卖骑手（11.00")


def test_shares_of_responses_add_up_to_one(con, choices):
    table = explore.answers(con, choices, "need", of_responses=True)
    assert table.filter(pl.col("answer_code") == "charging")["est"][0] == pytest.approx(600 / 1890, abs=5e-4)
    assert pytest.approx(table.filter(pl.col("answer_code") == "water")["est"][0], abs=5e-4) == 400 / 1890


def test_a_group_is_set_against_all_others_with_the_error_of_both(con, choices):
    table = explore.differences(con, choices, "colour", "user_group")
    row = table.filter((pl.col("answer_code") == "a") & (pl.col("by_code") == "courier")).row(0, named=True)
    assert (row["est"], row["withheld_code"], row["rest_est"]) == (0.75, "", 0.5)
    assert row["difference"] == 0.25
    variance = (7.5 / 40**2 + 5 / 20**2) * 60 / 59  # Σ(y − p)² / n², without a finite population
    assert row["difference_se"] == pytest.approx(variance**0.5, abs=1e-4)
    assert row["is_apart"] is False
    other = table.filter((pl.col("answer_code") == "a") & (pl.col("by_code") == "rider")).row(0, named=True)
    assert (other["est"], other["difference"], other["is_apart"]) == (
        None,
        None,
        False,
    )  # half of twenty: too wide to show


def test_the_sentence_of_two_groups_counts_each_answer_once(con, choices):
    said = tell_groups.differences(explore.differences(con, choices, "colour", "user_group"), choices)
    assert said.zh.startswith("2个“组×回答”可比，没有一个")  # a and b, each of couriers against riders


def test_a_table_of_means_reads_as_numbers_and_a_withheld_share_says_why(con, choices):
    means = explore.readable(explore.means(con, choices, "hours_per_day"), choices, "n", "est", points=True)
    assert (means.header, means.rows) == (("受访者数", "平均"), (("60", "10.00"),))
    table = explore.differences(con, choices, "colour", "user_group").filter(pl.col("by_code") == "rider")
    shown = explore.readable(table, choices, "est", "difference")
    assert set(shown.rows) == {("区间太宽", "区间太宽")}


def test_no_difference_where_few_people_stand_on_a_side(con, choices):
    table = explore.differences(con, choices, "need", "user_group")
    row = table.filter((pl.col("answer_code") == "charging") & (pl.col("by_code") == "courier")).row(0, named=True)
    assert row["difference"] is None and row["is_apart"] is None  # no courier goes without


def test_independence_is_tested_with_the_error_of_the_design(con, choices):
    table = explore.association(con, choices, "colour", "user_group")
    row = table.row(0, named=True)
    assert (row["n"], row["df1"]) == (60, 1.0)
    assert row["p"] == pytest.approx(0.06, abs=0.02)  # the difference is 1.9 standard errors
    teams = explore.association(con, choices, "ready", "team").row(0, named=True)
    assert teams["p"] < 0.001
    assert "有关" in tell_groups.association(explore.association(con, choices, "ready", "team"), choices).zh


@pytest.mark.parametrize(
    ("cells", "told"), [((9, 30, 30, 30), True), ((10, 30, 30, 30), False), ((0, 30, 30, 30), True)]
)
def test_no_test_tells_the_one_number_of_a_table_of_two_by_two(cells, told):
    pairs = [pair for pair, n in zip(("ax", "ay", "bx", "by"), cells, strict=True) for _ in range(n)]
    where = pl.DataFrame({"a": [pair[0] for pair in pairs], "b": [pair[1] for pair in pairs]})
    assert group_answers._solvable(where) is told


def test_who_is_in_several_groups_cannot_be_tested_and_it_says_so(con, choices):
    table = explore.association(con, choices, "colour", "need")
    assert table["p"].null_count() == table.height and "不能这样检验" in table["why_not"][0]
    assert "不能这样检验" in tell_groups.association(table, choices).zh


def test_answers_are_put_in_order_with_the_places_they_can_have(con, choices):
    table = explore.order(con, choices, "need")
    assert table["answer_code"][0] == "charging" and (table["rank_from"][0], table["rank_to"][0]) == (1, 1)
    few = table.filter(pl.col("answer_code") == "legal_advice").row(0, named=True)
    assert (few["tier_code"], few["rank_from"]) == (None, None)  # four people
    assert "排第一的确定是手机充电" in tell_groups.order(table, choices).zh
