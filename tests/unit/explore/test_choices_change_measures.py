"""A changed parameter changes the measure by the amount worked out by hand; nothing small gets through."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import polars as pl
import pytest

from pipeline.disclose import threshold
from pipeline.errors import PipelineError
from pipeline.findings import explore
from pipeline.findings.estimating.sample import take_sample
from pipeline.findings.explore import tell
from tests.unit.findings.small_district import district


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """The district of 60 answers (40 couriers weighing 10, 20 riders weighing 20; the first two are speeders).

    Charging is needed by the first 50 people; here the first 30 of them also say they get it, so 20 do not:
    10 couriers (weight 100) and 10 riders (weight 200).
    """
    con = district()
    con.execute(
        "update clean.answers set value_number = case when cast(right(respondent_id, 3) as integer) < 30 then 1 else 0 end "
        "where question_code = 'q6' and option_code = 'charging'"
    )
    return con


def choose(con: duckdb.DuckDBPyConnection, **parameters: object) -> explore.Choices:
    return explore.choose(con, period="2023Q2", **parameters)


def charging(con: duckdb.DuckDBPyConnection, **parameters: object) -> dict:
    table = explore.needs_and_gaps(con, choose(con, **parameters))
    return table.filter(pl.col("service_code") == "charging").row(0, named=True)


def need(con: duckdb.DuckDBPyConnection, **parameters: object) -> dict:
    table = explore.answers(con, choose(con, **parameters), "need")
    return table.filter(pl.col("answer_code") == "charging").row(0, named=True)


def test_weights_change_the_shares(con):
    assert need(con)["est"] == pytest.approx(60 / 80)  # 40 × 10 + 10 × 20 of 800
    assert need(con, weight_set="equal")["est"] == pytest.approx(50 / 60, abs=5e-4)
    assert charging(con)["est"] == pytest.approx(30 / 80)
    assert charging(con, weight_set="equal")["est"] == pytest.approx(20 / 60, abs=5e-4)


def test_dropping_speeders_leaves_58_answers(con):
    assert (need(con)["n"], need(con, drop_flags=["speeder"])["n"]) == (60, 58)
    assert charging(con, drop_flags=["speeder"])["est"] == pytest.approx(30 / 78, abs=5e-4)
    assert charging(con, drop_flags=[])["n"] == 60


def test_one_user_group_alone(con):
    riders = charging(con, user_groups=["rider"])
    assert riders["n"] == 20
    assert (riders["est"], riders["withheld_code"]) == (None, "wide")  # half of twenty: anything from .3 to .7
    assert riders["need_share"] == pytest.approx(0.5)


def test_threshold_decides_what_is_a_gap(con):
    assert charging(con, gap_threshold=0.10)["is_gap"] is True
    assert charging(con, gap_threshold=0.60)["is_gap"] is False


def test_another_period_has_no_survey_and_says_so(con):
    choices = choose(con, population="delivering")
    assert choices.waves == ()
    assert explore.answers(con, choices, "need").is_empty()
    assert explore.needs_and_gaps(con, choices).is_empty()
    assert "没有" in tell.gaps(explore.needs_and_gaps(con, choices), choices).zh


def test_uses_follow_user_groups_and_days(con):
    couriers = explore.use_by(con, choose(con), "hour")
    assert dict(couriers.select("hour_on", "n_visits").iter_rows())[10] == 24
    unknown = explore.use_by(con, choose(con, user_groups=["unknown"]), "hour")
    assert unknown["n_visits"].drop_nulls().is_empty(), "a register without keys counts no distinct people"
    elsewhere = choose(con)
    context = replace(
        elsewhere.context,
        starts_on=elsewhere.context.starts_on.replace(year=2020),
        ends_on=elsewhere.context.ends_on.replace(year=2020),
    )
    assert explore.use_by(con, replace(elsewhere, context=context), "hour").is_empty()


def test_any_variable_is_accepted_by_its_code_or_its_name(con):
    choices = choose(con)
    assert explore.answers(con, choices, "q5").equals(explore.answers(con, choices, "need"))


def test_a_standard_variable_not_asked_is_empty_and_a_misspelt_one_is_refused(con):
    choices = choose(con)
    none = explore.answers(con, choices, "satisfaction")
    assert none.is_empty()
    assert "没有" in tell.top(none, choices).zh
    with pytest.raises(PipelineError):
        explore.answers(con, choices, "satisfction")


def test_an_unknown_choice_names_all_that_are_known(con):
    with pytest.raises(PipelineError) as error:
        explore.choose(con, period="2023Q2", weight_set="raked", areas=["XX"], drop_flags=["slow"], gap_threshold=2)
    assert error.value.exit_code == 2
    assert {problem.where for problem in error.value.problems} == {"weight_set", "areas", "drop_flags", "gap_threshold"}
    assert any("poststratified" in problem.expected for problem in error.value.problems)


@pytest.mark.parametrize("by", ["grid", "user_group"])
def test_groups_below_the_threshold_are_null_never_zero(con, by):
    table = explore.needs_and_gaps(con, choose(con), by=by)
    for row in table.iter_rows(named=True):
        if row["suppressed"]:
            assert (row["n"], row["est"], row["lci"]) == (None, None, None)
        elif row["is_evaluable"]:
            assert row["n"] >= threshold()


def test_verdicts_are_compared_over_weights_and_flags(con):
    row = explore.steadiness(con, choose(con)).filter(pl.col("service_code") == "charging").row(0, named=True)
    assert row["lowest"] == pytest.approx(20 / 60, abs=5e-4)
    assert row["highest"] == pytest.approx(30 / 78, abs=5e-4)
    assert row["n_variants"] == 5


def test_sentences_come_from_the_figures_in_both_languages(con):
    choices = choose(con)
    said = tell.gaps(explore.needs_and_gaps(con, choices), choices)
    assert "手机充电" in said.zh
    assert "phone charging" in said.en
    assert said._repr_markdown_().startswith(said.zh)
    assert "60名" in explore.summary(con, choices).zh
    assert "58名" in explore.summary(con, choose(con, drop_flags=["speeder"])).zh


def test_a_hidden_figure_reads_as_its_word(con):
    html = explore.readable(explore.needs_and_gaps(con, choose(con)), choose(con))._repr_html_()
    assert "约" in html  # legal advice: 5 people, so steps of five points
    assert "None" not in html


@pytest.mark.parametrize(
    ("parameter", "value"), [("user_groups", []), ("gap_threshold", "10"), ("gap_threshold", float("nan")), ("weight_set", "rakked")]
)  # fmt: skip
def test_parameters_that_mean_nothing_are_named(con, parameter, value):
    with pytest.raises(PipelineError) as caught:
        explore.choose(con, **{parameter: value})
    assert caught.value.exit_code == 2 and [problem.where for problem in caught.value.problems] == [parameter]


def test_one_user_group_may_be_written_without_brackets(con):
    assert explore.choose(con, user_groups="courier").user_groups == ("courier",)


def test_a_sample_of_a_weight_set_nobody_knows_is_refused(con):
    area, wave = explore.choose(con).waves[0]
    with pytest.raises(PipelineError, match="rakked"):
        take_sample(con, wave, area, weight_set="rakked")
