"""Coverage as people of the town meet it: by their shift, their cell and what they need; and how groups differ."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.design import design
from pipeline.findings import evaluate
from pipeline.findings.covering.groups import group_means
from pipeline.findings.covering.people import cell_coverage, person_rows, shift_coverage
from pipeline.findings.district import load
from pipeline.findings.estimating.sample import Sample, take_sample
from pipeline.findings.who_is_left_out import DISCLOSURE, table
from tests.unit.findings.covering.town import cells, context, district, survey, town, verdicts


@pytest.fixture(scope="module")
def con():
    return town(marts=True, **survey())


def sample_of(frame: pl.DataFrame) -> Sample:
    """People of these columns, each counting as much."""
    columns = [f"{name}_code" for name in ("user_group", "employment_type", "shift", "gender", "platform")]
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in columns if name not in frame.columns)
    return Sample("w", "QC", "attached", "equal", None, frame, design(frame.with_columns(weight=pl.lit(1.0))))


def test_a_shift_is_covered_for_the_part_of_its_hours_that_are():
    rows = {row[:3]: row[3] for row in shift_coverage(district()).rows()}
    assert rows["QC-G1", "day", "water"] == pytest.approx(9.5 / 10)  # 8 to 18, from 8:30 on
    assert rows["QC-G1", "day", "charging"] == 0
    assert rows["QC-G2", "night", "charging"] == 1


def test_hours_that_nobody_is_expected_in_weigh_buildings_by_the_week():
    at_three = cell_coverage(district())["QC-G1"][:, 3]
    assert at_three.tolist() == [0, 0]  # S1 and S2 are shut, and a share can still be told


def test_of_what_a_person_needs_the_mean_is_taken(con):
    rows = person_rows(con, take_sample(con, "w", "QC"), district(con))
    told = {int(person): (covered, unmet) for person, covered, unmet in rows.rows()}
    assert told[0] == pytest.approx((0.95 / 2, 0.5))
    assert told[20] == (1, 1)
    assert told[40] == (None, 0)


def test_groups_are_set_against_all_others_who_told():
    frame = pl.DataFrame({"shift_code": ["day"] * 20 + ["night"] * 20 + [None] * 5})
    values = np.concatenate([np.tile([0.7, 0.9], 10), np.tile([0.1, 0.3], 10), np.full(5, 0.5)])
    rows = {row["value_code"]: row for row in group_means(sample_of(frame), values).iter_rows(named=True)}
    assert rows["all"]["est"] == pytest.approx(0.5) and rows["all"]["n_rest"] is None
    assert (rows["day"]["est"], rows["night"]["est"]) == pytest.approx((0.8, 0.2))
    assert rows["night"]["difference"] == pytest.approx(-0.6)
    assert rows["night"]["is_apart"] and rows["night"]["n_rest"] == 20


def test_groups_alike_are_not_apart():
    frame = pl.DataFrame({"gender_code": ["male", "female"] * 15})
    values = np.repeat([0.4, 0.5, 0.6], 10)
    rows = group_means(sample_of(frame), values).filter(pl.col("variable_code") == "gender")
    assert rows["is_apart"].to_list() == [False, False]
    assert rows["difference"].to_list() == pytest.approx([0, 0])


def test_nothing_is_said_of_a_difference_from_few():
    frame = pl.DataFrame({"gender_code": ["male"] * 20 + ["female"] * 9})
    rows = group_means(sample_of(frame), np.tile([0.4, 0.6], 15)[:29])
    assert rows.filter(pl.col("variable_code") == "gender")["is_apart"].null_count() == 2


def test_a_wide_interval_is_withheld_with_its_reason():
    frame = pl.DataFrame({"gender_code": ["male"] * 12 + ["female"] * 40})
    values = np.concatenate([np.tile([0.0, 1.0], 6), np.tile([0.5, 0.6], 20)])
    rows = {row["value_code"]: row for row in group_means(sample_of(frame), values).iter_rows(named=True)}
    assert (rows["male"]["est"], rows["male"]["withheld_code"]) == (None, "wide")
    assert rows["female"]["withheld_code"] == ""


@pytest.fixture(scope="module")
def told(con):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "station_verdicts", lambda con, context: verdicts())
        patch.setattr(load, "grid_verdicts", lambda con, context: cells())
        yield evaluate(con, ["who_is_left_out"], context())[0], table(con, context())


def test_people_places_and_users_stand_in_one_table(told):
    rows = told[1]
    assert set(rows["section_code"]) == {"people", "places"}  # the town has no log
    whole = rows.filter(variable_code="all").row(0, named=True)
    assert whole["n"] == 23
    assert whole["covered_share"] == pytest.approx((12 * 0.475 + 11) / 23, abs=5e-4)
    assert whole["est_unmet"] == pytest.approx((12 * 0.5 + 11) / 24, abs=5e-4)


def test_the_sentence_names_both_means(told):
    assert "就地方看，小哥工时的平均覆盖是60%，夜间是33%" in told[0].sentence_zh
    assert "最差的网格是" in told[0].sentence_zh


def test_small_groups_are_hidden_and_not_to_be_worked_back(told):
    rows = told[0].table
    women, men = (
        rows.filter(variable_code="gender", value_code=code).row(0, named=True) for code in ("female", "male")
    )
    for row in (women, men):
        assert [row[name] for name in ("n", "covered_share", "est_unmet", "covered_difference")] == [None] * 4
    assert women["suppressed_people"] and men["suppressed_people"]
    assert rows.filter(variable_code="shift", value_code="night")["n"].item() == 11
    assert set(rows.columns) == set(DISCLOSURE.columns())
