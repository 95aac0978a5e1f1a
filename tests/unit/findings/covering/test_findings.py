"""The findings of coverage and access as an official reads them: sentences, charts, the gate, and what is said where data are missing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from pipeline.errors import USAGE, PipelineError
from pipeline.findings import evaluate, explore
from pipeline.findings.covering.words import missing
from pipeline.findings.district import load
from pipeline.findings.explore.choices import Choices
from tests.unit.findings.covering.town import B2, TOTAL, cells, context, survey, town, verdicts, walk

IDS = ("coverage_by_service", "coverage_by_hour", "access_by_grid")


@pytest.fixture(scope="module")
def con():
    return town()


@pytest.fixture
def stated(monkeypatch):
    """The verdicts of the town as stated on paper, instead of worked out."""
    monkeypatch.setattr(load, "station_verdicts", lambda con, context: verdicts())
    monkeypatch.setattr(load, "grid_verdicts", lambda con, context: cells())


def ask(con, finding: str, lang: str = "zh"):
    return evaluate(con, [finding], replace(context(), lang=lang))[0]


def test_the_service_missed_most_is_named_with_numerator_and_denominator(con, stated):
    said = ask(con, "coverage_by_service").sentence_zh
    assert said.startswith("缺得最多的是charging：需要它的小哥，每周有42个工时走300米之内没有开着的驿站登记提供")
    assert "每周196个工时里登记覆盖28个，占14%" in said and "开放时间以4月12日为准" in said


def test_what_is_left_out_and_the_walking_assumption_are_never_unsaid(con, stated):
    result = ask(con, "coverage_by_service")
    assert "没有计入的楼宇：1栋（每周7个小哥工时）。没有坐标或开放时间而没有计入的驿站：1个。" in result.sentence_zh
    assert "1.3倍推算，不是实测" in result.sentence_zh
    assert "1.3 times the straight line" in result.sentence_en
    assert "直线距离的1.3倍" in result.finding.measure_zh


def test_measured_walks_are_said_to_be_measured(stated):
    walks = [walk("B1", "S1", 10), walk("B2", "S3", 20)]
    assert ask(town(clean_walking_distances=walks), "coverage_by_service").sentence_zh.endswith("步行距离是实测的。")


def test_the_hour_where_most_in_need_have_none_is_named(con, stated):
    said = ask(con, "coverage_by_hour").sentence_zh
    assert said.startswith("工作日20时至21时最缺water：这时约有1名小哥同时在岗，其中约1名需要它")
    assert "夜间（22时至次日6时）覆盖最好的一项也只有100%" in said


def test_the_cell_that_falls_short_most_is_named_and_deserts_are_counted(con, stated):
    said = ask(con, "access_by_grid").sentence_zh
    assert "4个网格×服务中，有2个走得到的范围内没有驿站提供" in said  # G1 charging, G2 water
    assert "有1处登记提供的服务，附近没有人需要" in said


def test_figures_of_few_respondents_are_hidden_and_coverage_is_not(con, monkeypatch):
    monkeypatch.setattr(load, "station_verdicts", lambda con, context: verdicts())
    monkeypatch.setattr(load, "grid_verdicts", lambda con, context: cells(n=(20, 9)))
    rows = ask(con, "access_by_grid").table.filter(grid_id="QC-G2")
    assert (
        rows["suppressed"].all() and rows["visits_wanted"].null_count() == rows["shortfall"].null_count() == rows.height
    )
    assert rows["covered_share"].null_count() == 0


@pytest.mark.parametrize("finding", IDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_hold_figures_and_words_only(con, stated, finding, lang):
    drawn = json.dumps(ask(con, finding, lang).chart.to_dict())
    assert "QC-B1" not in drawn and "QC-S1" not in drawn


def test_only_what_is_missing_is_said_to_be():
    said = missing({"n_places_left_out": 0, "left_out_hours": 0.0, "n_stations_left_out": 5})
    assert said.zh == "没有坐标或开放时间而没有计入的驿站：5个。" and "Buildings" not in said.en
    assert missing({"n_places_left_out": 0, "left_out_hours": 0.0, "n_stations_left_out": 0}).en == ""


@pytest.mark.parametrize("finding", [*IDS, "who_is_left_out"])
def test_without_couriers_expected_there_is_no_figure_and_no_error(stated, finding):
    empty = town()
    empty.execute("delete from clean.courier_presence")
    assert ask(empty, finding).table.is_empty()
    assert ask(empty, finding).sentence_zh == "本期没有可用于此问题的数据。"


def test_without_a_survey_coverage_is_told_and_need_is_not(con, monkeypatch):
    monkeypatch.setattr(load, "station_verdicts", lambda con, context: verdicts())
    monkeypatch.setattr(load, "grid_verdicts", lambda con, context: cells().clear())
    result = ask(con, "coverage_by_service")
    assert "没有问卷，不知道多少小哥需要" in result.sentence_zh
    assert not result.table["suppressed"].any() and result.table["reason_code"].unique().to_list() == ["not_asked"]
    assert ask(con, "access_by_grid").table["reason_code"].to_list() == ["desert", "not_asked", "not_asked", "desert"]


def test_the_verdicts_worked_out_from_the_warehouse_fit_the_district():
    found = ask(town(marts=True, **survey()), "coverage_by_service").table
    rows = {row["service_code"]: row for row in found.iter_rows(named=True)}
    assert rows["charging"]["covered_hours"] == B2 and rows["charging"]["courier_hours"] == TOTAL
    assert 0 < rows["water"]["expected_share"] <= rows["water"]["covered_share"]


def test_another_radius_detour_and_day_can_be_looked_at(con, stated):
    choices = Choices(context(), ())
    of = lambda **more: explore.coverage(con, choices, service="water", **more)["covered_hours"].item()  # noqa: E731
    assert of() == 161
    assert of(radius=250) == 2 * 9.5 * 7  # S2 is 260 m off
    assert of(radius=250, detour=1.2) == 161  # and 240 m by another assumption
    assert explore.coverage(con, choices, on=date(2023, 4, 1)).is_empty()  # no hours were known yet
    assert explore.access(con, choices, service="charging", kernel="gaussian")["access"].max() > 0


def test_what_is_looked_at_has_names(con, stated):
    places = explore.coverage(con, Choices(context(), ()), by="place", service="water")
    assert places["label"].to_list() == ["B1", "B2"]


@pytest.mark.parametrize(
    "wrong", [{"by": "street"}, {"radius": -1}, {"radius": float("nan")}, {"detour": 0.5}, {"service": "sauna"}]
)
def test_a_choice_that_cannot_be_is_refused(con, stated, wrong):
    with pytest.raises(PipelineError) as told:
        explore.coverage(con, Choices(context(), ()), **wrong)
    assert told.value.exit_code == USAGE and next(iter(wrong)) in str(told.value)


def test_tables_are_the_same_twice(con, stated):
    first, second = (ask(con, "coverage_by_service").table for _ in range(2))
    assert first.equals(second) and isinstance(first, pl.DataFrame)
