"""The sample keeps to the published anchors: counts, skew of visits, order troughs, who uses and who answers."""

import csv
import json
from collections import Counter

import polars as pl
import pytest

from pipeline.contracts import load_study_file, load_waves
from pipeline.contracts.study_file import GRID_COLUMNS, TOTAL_COLUMNS, load_place_tables
from pipeline.paths import study
from pipeline.readers import read_file

pytestmark = pytest.mark.xdist_group("simulate")  # one worker makes the sample


@pytest.fixture(scope="module")
def truth(sample):
    return {path.stem: pl.read_csv(path, infer_schema_length=None) for path in (sample / "truth").glob("*.csv")}


@pytest.fixture(scope="module")
def events(sample):
    rows = []
    for path in sorted((sample / "raw/小程序").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    return rows


def hours_of(events, group):
    hours = Counter((int(row["ts"][11:13]) + 8) % 24 for row in events if row["ut"] == group and row["ts"] < "2024")
    total = sum(hours.values())
    return {hour: n / total for hour, n in hours.items()}


def test_sixty_stations_are_thirteen_fifteen_and_thirty_two(sample):
    place = study(sample)
    totals = {row["measure_code"]: row["value"] for row in load_place_tables(place, "published_total", TOTAL_COLUMNS)}
    assert [totals[f"stations_{kind}"] for kind in ("fixed", "integrated", "social")] == [13, 15, 32]
    assert (totals["stations"], totals["buildings"], totals["couriers"]) == (60, 147, 1100)


def test_twelve_cells_tile_the_place(sample):
    assert len(load_place_tables(study(sample), "grid", GRID_COLUMNS)) == 12


def test_a_tenth_of_the_stations_takes_two_fifths_of_the_visits(truth):
    asked = truth["use"].group_by("station_id").agg(pl.col("n_asked").sum()).sort("n_asked", descending=True)["n_asked"]
    assert 0.40 <= asked.head(6).sum() / asked.sum() <= 0.60
    assert asked.tail(6).sum() / asked.sum() < 0.02


def test_stations_see_three_to_fifteen_visits_a_day(truth):
    visits = truth["use"]["n_asked"].sum() / 1.35 / 60 / 92  # about 1.35 services a visit
    assert 3 <= visits <= 15


def test_people_come_in_the_troughs_of_orders(events):
    for group in ("courier", "rider"):
        share = hours_of(events, group)
        trough = share[10] + share[14] + share[15]
        dip = share[11] + share[12] + share[17] + share[18]
        assert trough > dip, group


def test_couriers_and_riders_keep_different_hours(events):
    courier, rider = hours_of(events, "courier"), hours_of(events, "rider")
    assert sum(abs(courier.get(hour, 0) - rider.get(hour, 0)) for hour in range(24)) > 0.25
    assert rider.get(20, 0) > 2 * courier.get(20, 0)


def test_not_every_user_is_a_courier(events):
    share = Counter(row["ut"] for row in events)
    others = sum(share[group] for group in ("office_staff", "other_outdoor", "resident", "unknown")) / sum(
        share.values()
    )
    assert 0.05 < others < 0.5


def test_cooling_is_for_may_and_heating_for_march(truth):
    month = truth["use"].group_by("service_code", "month_on").agg(pl.col("n_asked").sum())
    asked = {(code, on): n for code, on, n in month.iter_rows()}
    assert asked["cool", "2023-05-01"] > 4 * asked["cool", "2023-03-01"]
    assert asked["warm", "2023-03-01"] > 4 * asked["warm", "2023-05-01"]


def test_all_six_verdicts_occur_in_both_quarters(truth):
    found = truth["verdicts"].group_by("period_code").agg(pl.col("verdict_code").unique().sort())
    six = ["declared_but_failing", "hidden_demand", "low_need", "met", "unknown_to_users", "unmet"]
    assert found["verdict_code"].to_list() == [six, six]


def test_the_frame_is_slightly_more_than_was_published(truth):
    frame = truth["needs"].filter(pl.col("user_group_code") == "all")["n_persons"].max()
    assert 1100 < frame < 1150


def test_frequent_visitors_answer_more_often_and_forty_are_asked_elsewhere(truth):
    answers = (
        truth["respondents"].group_by("period_code", "mode_code").agg(pl.len(), pl.col("true_visits_per_week").mean())
    )
    for period in ("2023Q1", "2023Q2"):
        by_mode = {mode: (n, visits) for p, mode, n, visits in answers.iter_rows() if p == period}
        assert by_mode["intercept"][0] == 40
        assert by_mode["qr"][1] > 1.4 * by_mode["intercept"][1]
        assert 300 <= by_mode["qr"][0] + 40 <= 420


def test_some_couriers_answer_both_waves_and_some_answer_badly(truth):
    waves = truth["respondents"].group_by("person").agg(pl.col("period_code").n_unique())["period_code"]
    assert 60 <= (waves == 2).sum() <= 180
    assert set(truth["respondents"]["cheat"].drop_nulls()) >= {
        "speeder",
        "straightliner",
        "attention_failed",
        "duplicate",
    }


def test_needs_run_to_three_or_four_a_courier(truth):
    needs = truth["needs"].filter((pl.col("user_group_code") == "all") & (pl.col("period_code") == "2023Q2"))
    assert 3 <= needs["n_need"].sum() / needs["n_persons"].max() <= 4.2


def test_a_few_stations_shut_earlier_than_the_door_says(sample, truth):
    assert truth["hours"]["station_id"].n_unique() == 60
    assert truth["hours"].height > 60 * 5


def test_waves_and_study_file_load(sample):
    place = study(sample)
    assert [area.code for area in load_study_file(place).areas] == ["QC"]
    waves = load_waves(place)
    assert list(waves) == ["2023q1_courier", "2023q2_courier"]
    variables = {question.variable for question in waves["2023q2_courier"].questions}
    assert variables >= {"need", "met", "aware", "found", "open", "entered", "served", "returned", "felt_welcome",
                         "satisfaction", "visits_per_week", "platform", "employment_type", "shift", "hours_per_day",
                         "gender", "age_band", "grid", "station", "attention", "mode", "panel"}  # fmt: skip


def test_planted_defects_point_at_rows_that_exist(sample, truth):
    heights = {}
    for path in sorted((sample / "raw").rglob("*.xlsx")):
        for table in read_file(path):
            last = max([0, *table.frame["source_row"].to_list(), *table.set_aside["source_row"].to_list()])
            heights[path.relative_to(sample / "raw").as_posix(), table.sheet] = last
    workbooks = truth["defects"].filter(pl.col("file").str.ends_with(".xlsx"))
    for file, sheet, row in workbooks.select("file", "sheet", "row").iter_rows():
        assert 1 < row <= heights[file, sheet], (file, sheet, row)


def test_the_manifest_lists_every_file_once(sample):
    with (sample / "raw/MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        names = [row["path"] for row in csv.DictReader(file)]
    assert len(names) == len(set(names)) > 25
