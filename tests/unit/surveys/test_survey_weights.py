from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from pipeline.clean.weighting.weigh import weigh
from pipeline.errors import PipelineError
from tests.unit.surveys.questionnaire import build_wave


def sample(*cells):
    rows = [(group, platform, valid) for group, platform, n, valid in cells for _ in range(n)]
    people = pl.DataFrame(rows, schema=["user_group_code", "platform_code", "is_valid"], orient="row")
    return people.with_columns(
        wave_code=pl.lit("w1"), area_code=pl.lit("QC"), respondent_id=pl.int_range(1, pl.len() + 1).cast(pl.String),
        source_file_id=pl.lit("f"), source_sheet=pl.lit(""), source_row=pl.int_range(2, pl.len() + 2),
    )  # fmt: skip


FRAME = pl.DataFrame(
    {
        "area_code": ["QC"] * 6,
        "user_group_code": ["courier", "courier", "rider", "courier", "courier", "rider"],
        "platform_code": ["a", "a", "b"] * 2,
        "n_persons": [1.0, 1.0, 1.0, 40.0, 20.0, 100.0],
        "n_persons_qualifier": ["eq"] * 6,
        "as_of": [date(2022, 12, 31)] * 3 + [date(2023, 3, 31)] * 3,
    }
)
WAVES = {"w1": replace(build_wave("group"), poststratify_by=("user_group", "platform"), population_code="attached")}


def test_weights_of_valid_respondents_sum_to_the_latest_frame_and_flagged_ones_get_the_cell_weight():
    people = sample(
        ("courier", "a", 6, True), ("courier", "a", 2, False), ("rider", "b", 5, True), ("resident", "a", 1, True)
    )
    result = weigh(people, FRAME, WAVES)
    post = result.rows.filter(pl.col("weight_set_code") == "poststratified").join(people, on="respondent_id")
    assert post.filter("is_valid")["weight"].sum() == pytest.approx(160)
    assert post.filter(~pl.col("is_valid"))["weight"].to_list() == [10.0, 10.0]
    assert post.height == 13 and result.n_outside == {("w1", "QC"): 1}
    equal = result.rows.filter(pl.col("weight_set_code") == "equal")
    assert equal.height == 14 and set(equal["weight"]) == {1.0}


def test_a_wave_without_known_totals_has_equal_weights_only():
    people = sample(("courier", "a", 6, True))
    for frame, waves in ((FRAME.clear(), WAVES), (FRAME, {"w1": build_wave("group")})):
        assert set(weigh(people, frame, waves).rows["weight_set_code"]) == {"equal"}


def test_pooled_cells_are_reported():
    people = sample(("courier", "a", 6, True), ("rider", "b", 4, True))
    result = weigh(people, FRAME, WAVES)
    assert result.collapsed.select("cell", "n", "pooled_with").rows() == [("courier × a", 6, 1), ("rider × b", 4, 1)]
    report = result.reports.filter(pl.col("weight_set_code") == "poststratified").row(0, named=True)
    assert report["kish_deff"] == pytest.approx(1.0)


def test_a_variable_the_frame_does_not_have_is_named():
    waves = {"w1": replace(WAVES["w1"], poststratify_by=("user_group", "gender"))}
    with pytest.raises(PipelineError) as caught:
        weigh(sample(("courier", "a", 6, True)), FRAME, waves)
    assert caught.value.exit_code == 11 and [problem.got for problem in caught.value.problems] == ["gender"]


@pytest.mark.parametrize("people", [sample(("courier", "a", 24, False)), sample(("office_staff", "a", 24, True))])
def test_where_nobody_can_be_weighed_to_the_frame_there_is_no_such_set(people):
    result = weigh(people, FRAME, WAVES)
    assert set(result.rows["weight_set_code"]) == {"equal"} and result.reports["is_in_use"].to_list() == [True]


def test_a_handful_of_answers_has_no_representativeness():
    few, many = (weigh(sample(("courier", "a", n, True)), FRAME, WAVES).reports["r_indicator"] for n in (1, 20))
    assert few.to_list() == [None, None] and many.null_count() == 0


def test_more_respondents_than_the_frame_has_persons_stop_the_run():
    small = FRAME.with_columns(n_persons=pl.col("n_persons") / 10)  # 16 couriers and riders
    with pytest.raises(PipelineError) as caught:
        weigh(sample(("courier", "a", 17, True)), small, WAVES)
    problem = caught.value.problems[0]
    assert (caught.value.exit_code, problem.code, problem.got) == (11, "more_answers_than_frame", "17")
    assert weigh(sample(("courier", "a", 16, True), ("courier", "a", 4, False)), small, WAVES).rows.height > 0


def test_a_frame_of_other_people_or_of_bounds_is_not_weighed_to_and_the_reason_stands_beside():
    people = sample(("courier", "a", 6, True), ("rider", "b", 6, True))
    others = {"w1": replace(WAVES["w1"], population_code="delivering")}
    bounds = FRAME.with_columns(n_persons_qualifier=pl.Series(["eq", "eq", "gt"] * 2))
    for frame, waves, word in ((FRAME, others, "不是这一波的总体"), (bounds, WAVES, "界限")):
        reports = weigh(people, frame, waves).reports
        assert reports["weight_set_code"].to_list() == ["equal"] and word in reports["note_zh"][0]


def test_waves_of_which_no_sheet_is_left_have_no_weights_and_stop_nothing():
    result = weigh(sample(("courier", "a", 6, True)).head(0), FRAME, WAVES)
    assert result.rows.is_empty() and result.reports.is_empty()
    assert result.rows.columns == weigh(sample(("courier", "a", 6, True)), FRAME, WAVES).rows.columns
