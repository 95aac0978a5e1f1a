from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.clean.weighting.weigh import weigh
from pipeline.contracts.population import Margin, Population, Total
from pipeline.contracts.wave import WEIGHT_SETS
from pipeline.errors import PipelineError
from tests.unit.surveys.questionnaire import build_wave

DAY = date(2023, 3, 31)
FRAME = pl.DataFrame(
    {"area_code": ["QC"] * 2, "user_group_code": ["courier", "rider"], "platform_code": ["a", "b"],
     "n_persons": [120.0, 200.0], "n_persons_qualifier": ["eq", "eq"], "as_of": [DAY] * 2}
)  # fmt: skip
NO_FRAME = FRAME.clear()


def sample(*blocks):
    """(group, shift, mode, visits, how many)"""
    rows = [(group, shift, mode, visits) for group, shift, mode, visits, n in blocks for _ in range(n)]
    people = pl.DataFrame(
        rows, orient="row",
        schema={"user_group_code": pl.String, "shift_code": pl.String, "mode_code": pl.String, "visits_per_week": pl.Float64},
    )  # fmt: skip
    return people.with_columns(
        platform_code=pl.when(pl.col("user_group_code") == "courier").then(pl.lit("a")).otherwise(pl.lit("b")),
        wave_code=pl.lit("w1"), area_code=pl.lit("QC"), is_valid=pl.lit(True), source_file_id=pl.lit("f"),
        respondent_id=pl.int_range(1, pl.len() + 1).cast(pl.String), source_sheet=pl.lit(""), source_row=pl.int_range(2, pl.len() + 2),
    )  # fmt: skip


PEOPLE = sample(
    ("courier", "day", "qr", 4.0, 30), ("rider", "night", "qr", 1.0, 30), ("courier", "day", "intercept", 0.0, 8),
    ("rider", "night", "intercept", 2.0, 10), ("rider", "day", "intercept", 0.0, 6), ("courier", "night", "qr", 2.0, 6),
)  # fmt: skip


def wave(**changes):
    return {"w1": replace(build_wave("group"), population_code="attached", **changes)}


def known(levels, qualifier="exact", totals=()):
    margin = Margin("shift", levels, qualifier, "花名册", DAY, "attached.toml [[margin]] shift")
    return [Population("QC", "attached", totals, (margin,), Path("attached.toml"))]


def problem(*arguments):
    with pytest.raises(PipelineError) as caught:
        weigh(*arguments)
    assert caught.value.exit_code == 11
    return caught.value.problems[0]


def sums(result, code, by):
    people = PEOPLE.join(result.rows.filter(pl.col("weight_set_code") == code), on="respondent_id")
    return dict(people.group_by(by).agg(pl.col("weight").sum().round(6)).iter_rows())


def test_every_set_but_equal_meets_the_totals_of_ledger_and_file():
    result = weigh(PEOPLE, FRAME, wave(poststratify_by=("user_group",)), known({"day": 200, "night": 120}))
    assert result.reports["weight_set_code"].to_list() == list(WEIGHT_SETS)
    for code in ("raked", "visit_adjusted"):
        assert sums(result, code, "shift_code") == {"day": 200.0, "night": 120.0}
        assert sums(result, code, "user_group_code") == {"courier": 120.0, "rider": 200.0}
    assert sums(result, "poststratified", "user_group_code") == {"courier": 120.0, "rider": 200.0}
    assert result.reports.filter("is_in_use")["weight_set_code"].to_list() == ["visit_adjusted"]
    report = result.reports.filter("is_in_use").row(0, named=True)
    assert (report["speaks_for"], report["covers_never_visitors"], report["n"]) == ("attached", True, 90)
    assert report["max_margin_error"] < 1e-9 and 0.3 <= report["g_min"] < 1 < report["g_max"] <= 3


def test_the_level_each_respondent_was_weighed_in_is_kept():
    result = weigh(PEOPLE, NO_FRAME, wave(), known({"day": 200, "night": 120}))
    levels = result.margins.filter(pl.col("weight_set_code") == "raked")
    assert dict(levels["level"].value_counts().iter_rows()) == {"day": 44, "night": 46}
    assert set(levels["margin"]) == {"shift"} and levels["respondent_id"].n_unique() == 90


def test_small_levels_are_merged_and_the_unsaid_keep_their_share():
    people = pl.concat([PEOPLE, sample(("rider", "mixed", "qr", 1.0, 7), ("rider", None, "qr", 1.0, 3))]).with_columns(
        respondent_id=pl.int_range(1, pl.len() + 1).cast(pl.String)
    )
    totals = {"day": 120, "night": 60, "mixed": 10, "evening": 10}
    result = weigh(people, NO_FRAME, wave(weight_set="raked"), known(totals))
    levels = result.margins.filter(pl.col("weight_set_code") == "raked")
    weights = levels.join(result.rows, on=("respondent_id", "weight_set_code"))
    found = dict(weights.group_by("level").agg(pl.col("weight").sum().round(6)).iter_rows())
    assert found == {"day+evening+mixed": 135.8, "night": 58.2, "unsaid": 6.0}
    assert result.reports.filter("is_in_use")["weight_set_code"].to_list() == ["raked"]


def test_without_known_totals_there_is_one_set_and_it_speaks_for_the_respondents():
    result = weigh(PEOPLE, NO_FRAME, wave())
    assert result.reports.select("weight_set_code", "speaks_for", "is_in_use").rows() == [
        ("equal", "respondents", True)
    ]
    assert result.margins.is_empty() and "受访者" in result.reports["note_zh"].item()


def test_a_bound_is_never_weighed_to():
    bound = (Total("couriers", 300.0, "gt", "报道", DAY),)
    only = [Population("QC", "attached", bound, (), Path("attached.toml"))]
    assert weigh(PEOPLE, NO_FRAME, wave(), only).reports["weight_set_code"].to_list() == ["equal"]
    bounds = FRAME.with_columns(n_persons_qualifier=pl.Series(["gt", "eq"]))
    assert weigh(PEOPLE, bounds, wave()).reports["weight_set_code"].to_list() == ["equal"]


def test_totals_of_another_population_are_not_used():
    others = [replace(one, population_code="delivering") for one in known({"day": 200, "night": 120})]
    assert weigh(PEOPLE, NO_FRAME, wave(), others).reports["weight_set_code"].to_list() == ["equal"]


def test_a_poster_without_interviews_is_weighed_for_visitors_and_says_so():
    people = PEOPLE.filter(pl.col("mode_code") == "qr")
    report = weigh(people, FRAME, wave()).reports.filter("is_in_use").row(0, named=True)
    assert report["weight_set_code"] == "visit_adjusted" and report["covers_never_visitors"] is False
    assert "从不到站" in report["note_zh"] and "never come" in report["note_en"]


def test_flagged_respondents_get_a_weight_but_take_no_part():
    flagged = PEOPLE.with_columns(is_valid=pl.col("respondent_id") != "1")
    result = weigh(flagged, FRAME, wave(), known({"day": 200, "night": 120}))
    rows = result.rows.filter(pl.col("weight_set_code") == "raked")
    assert rows.height == 90 and rows.filter(pl.col("respondent_id") != "1")["weight"].sum() == pytest.approx(320)


def test_totals_that_do_not_agree_are_named():
    wrong = problem(PEOPLE, FRAME, wave(), known({"day": 300, "night": 120}))
    assert (wrong.code, wrong.got) == ("population_totals_disagree", "420") and "attached.toml" in wrong.where


def test_a_level_without_a_total_is_named():
    wrong = problem(PEOPLE, FRAME, wave(), known({"day": 200, "evening": 120}))
    assert (wrong.code, wrong.got) == ("margin_level_missing", "46") and wrong.where.endswith("[[margin]] shift night")


def test_totals_out_of_reach_are_named_with_the_range_they_could_have():
    people = sample(("courier", "day", "intercept", None, 30), ("rider", "night", "intercept", None, 30))
    wrong = problem(people, FRAME, wave(), known({"day": 250, "night": 70}))
    assert wrong.code == "totals_unattainable" and "..." in wrong.expected
    told = wrong.where + wrong.do_zh  # the total out of reach, and those it stands against
    assert "w1" in wrong.where and "attached.toml" in told and "population_frame" in told


def test_a_set_the_wave_does_not_have_is_refused():
    wrong = problem(PEOPLE, NO_FRAME, wave(weight_set="raked"))
    assert (wrong.code, wrong.got, wrong.expected) == ("weight_set_missing", "raked", "equal")


def test_better_weight_sets_come_later_in_the_alphabet_for_the_warehouse_goes_by_that():
    assert list(WEIGHT_SETS) == sorted(WEIGHT_SETS)  # max(weight_set_code) in clean.valid_respondents
