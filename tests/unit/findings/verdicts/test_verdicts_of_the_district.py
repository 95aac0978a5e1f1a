"""Verdicts on the small district: four stations, two grid cells, 60 answers that name station 1, a month of log."""

from dataclasses import replace

import polars as pl
import pytest

from pipeline import disclose, findings
from pipeline.findings.verdicts import GRID_COLUMNS, STATION_COLUMNS, grid_verdicts, station_verdicts
from tests.unit.findings.small_district import district


def at(rows, **wanted):
    return rows.filter(*[pl.col(name) == value for name, value in wanted.items()]).row(0, named=True)


def told(con, station, service):
    """One station and service of a changed district."""
    return at(station_verdicts(con, findings.context_for(con)), station_id=f"QC-{station}", service_code=service)


def change(con, what, station, service):
    con.execute(f"update mart.service_gap set {what} where station_id = 'QC-{station}' and service_code = '{service}'")


@pytest.fixture(scope="module")
def con():
    return district()


@pytest.fixture(scope="module")
def context(con):
    return findings.context_for(con, is_simulated=True)


@pytest.fixture(scope="module")
def stations(con, context):
    return station_verdicts(con, context)


@pytest.fixture(scope="module")
def cells(con, context):
    return grid_verdicts(con, context)


@pytest.mark.parametrize(
    ("station", "service", "verdict", "reason"),
    [
        ("S1", "charging", "met", "used_as_expected"),
        ("S1", "legal_advice", "low_need", "need_low"),
        ("S1", "water", "unmet", "not_declared,not_in_log"),
        ("S2", "water", "hidden_demand", "used_though_not_declared"),
        ("S3", "water", "hidden_demand", "used_though_not_declared"),
        ("S4", "charging", "unmet", "no_log"),
        ("S1", "warm", "no_evidence", "out_of_season"),
    ],
)
def test_each_verdict_with_its_reason(stations, station, service, verdict, reason):
    row = at(stations, station_id=f"QC-{station}", service_code=service)
    assert row["verdict_code"] == verdict and reason in row["reasons"]


def test_every_station_has_every_service_and_no_figure_is_nan(stations, cells):
    assert stations.height == 4 * 6 and stations.schema == STATION_COLUMNS
    assert cells.height == 2 * 6 and cells.schema == GRID_COLUMNS
    for rows in (stations, cells):
        floats = rows.select(pl.selectors.float())
        assert floats.select(pl.all().is_nan().any()).row(0) == (False,) * floats.width


def test_only_what_has_evidence_has_a_probability(stations):
    none = stations["verdict_code"] == "no_evidence"
    assert stations["probability"].is_null().to_list() == none.to_list()
    assert stations.filter(~none)["probability"].is_between(0, 1).all()


def test_sixty_answers_speak_for_their_station_and_the_others_borrow_from_cell_or_area(stations):
    basis = stations.group_by("station_id").agg(pl.col("need_basis_code").unique().implode()).sort("station_id").rows()
    assert basis == [
        ("QC-S1", ["station"]),
        ("QC-S2", ["cell"]),
        ("QC-S3", ["area"]),
        ("QC-S4", ["area"]),
    ]  # cell 2 has 8
    few = stations.filter(pl.col("reasons").str.contains("few_answers"))
    assert set(few["station_id"]) == {"QC-S2", "QC-S3", "QC-S4"}


def test_the_share_in_need_is_drawn_from_the_own_to_that_of_the_cell(stations, cells):
    own = at(stations, station_id="QC-S1", service_code="meal_heating")["need_share"]
    cell = at(cells, grid_id="QC-G1", service_code="meal_heating")["need_share"]
    low, high = sorted((35 / 80, cell))  # weights of the 35 who need it of all 60: 35 × 10 of 800
    assert low <= own <= high


def test_nothing_that_works_makes_it_failing():
    con = district()
    change(con, "is_offered = true, n_facilities = 2, n_facilities_working = 0", "S4", "water")
    row = told(con, "S4", "water")
    assert row["verdict_code"] == "declared_but_failing" and row["reasons"].startswith("nothing_working")
    assert row["p_works"] < 0.2


def test_dated_checks_are_weighed():
    con = district()
    before = told(con, "S1", "charging")["p_works"]
    one = "insert into clean.service_checks values ('QC-S1', 'QC', 'charging', '{}', date '{}', 'f', '', 1)"
    con.execute(one.format("not_met", "2023-05-01"))
    after = told(con, "S1", "charging")["p_works"]
    con.execute(one.format("not_met", "2023-06-20"))  # after the last day of evidence
    assert told(con, "S1", "charging")["p_works"] == after < before


def test_a_silent_ledger_without_a_log_is_no_evidence_never_a_no():
    con = district()
    change(con, "is_offered = null", "S4", "charging")
    row = told(con, "S4", "charging")
    assert (row["verdict_code"], row["probability"]) == ("no_evidence", None)
    assert row["reasons"].startswith("ledger_silent")


def test_declared_and_never_looked_at_is_no_evidence():
    con = district()
    change(con, "is_offered = true", "S4", "charging")
    row = told(con, "S4", "charging")
    assert row["verdict_code"] == "no_evidence" and row["reasons"].startswith("nobody_looked")
    assert row["works_a"] / (row["works_a"] + row["works_b"]) == pytest.approx(row["p_works"])


def test_the_log_of_the_quarter_before_counts_half_where_this_quarter_has_none():
    con = district()
    columns = "* replace ('2023Q1' as period_code, 24 as n_visits, 24 as n_served, 0 as n_stocked_out, 0 as n_refused)"
    con.execute(
        f"insert into mart.service_gap select {columns} from mart.service_gap where station_id = 'QC-S4' and service_code = 'charging'"
    )
    row = told(con, "S4", "charging")
    assert row["verdict_code"] == "hidden_demand" and row["n_visits"] is None


def test_without_a_survey_a_station_keeps_what_ledger_and_log_say():
    con = district()
    con.execute("delete from clean.respondents")
    rows = station_verdicts(con, findings.context_for(con))
    assert rows["p_needed"].null_count() == rows.height and rows["reasons"].str.contains("need_unknown").all()
    verdict = {(row["station_id"], row["service_code"]): row["verdict_code"] for row in rows.iter_rows(named=True)}
    assert (
        verdict["QC-S1", "charging"] == "met" and verdict["QC-S2", "water"] == "hidden_demand"
    )  # ledger and log still tell
    assert verdict["QC-S1", "water"] == "no_evidence"  # not there, and whether it is needed nobody knows
    assert rows["probability"].max() <= 0.7
    assert set(grid_verdicts(con, findings.context_for(con))["verdict_code"]) == {"no_evidence"}


LOG = ("n_visits", "n_keys", "n_served", "n_stocked_out", "n_refused", "open_hours", "stock_out_hours")


@pytest.mark.parametrize(
    ("gone", "only"),
    [
        pytest.param(", ".join(f"{name} = null" for name in LOG), {"low_need", "unmet", "no_evidence"}, id="no log"),
        pytest.param("is_offered = null, is_working = null", None, id="no ledger"),
        pytest.param("n_facilities = null, n_facilities_working = null, is_map_listed = null", None, id="no lists"),
    ],
)
def test_a_kind_of_evidence_that_is_missing_everywhere_stops_nothing(gone, only):
    con = district()
    con.execute(f"update mart.service_gap set {gone}")
    rows = station_verdicts(con, findings.context_for(con))
    assert rows.height == 24 and rows.select(pl.selectors.float().is_nan().any()).row(0).count(True) == 0
    assert only is None or set(rows["verdict_code"]) <= only  # what nobody looked at is not called met
    assert set(grid_verdicts(con, findings.context_for(con))["service_code"]) == set(rows["service_code"])


def test_one_station_alone_has_verdicts():
    con = district()
    con.execute("delete from mart.service_gap where station_id <> 'QC-S1'")
    rows = station_verdicts(con, findings.context_for(con))
    assert rows.height == 6 and rows["verdict_code"].null_count() == 0


def test_a_quarter_without_anything_has_the_columns_and_no_rows(con, context):
    empty = findings.replace_period(context, "2020Q1")
    assert station_verdicts(con, empty).schema == STATION_COLUMNS and grid_verdicts(con, empty).schema == GRID_COLUMNS
    assert station_verdicts(con, empty).is_empty() and grid_verdicts(con, empty).is_empty()


@pytest.mark.parametrize(
    ("grid", "service", "verdict", "reason"),
    [
        ("G1", "water", "hidden_demand", "none_declares"),
        ("G1", "meal_heating", "unmet", "too_little"),
        ("G1", "legal_advice", "low_need", "need_low"),
        ("G2", "warm", "no_evidence", "out_of_season"),
    ],
)
def test_each_verdict_of_a_cell_with_its_reason(cells, grid, service, verdict, reason):
    row = at(cells, grid_id=f"QC-{grid}", service_code=service)
    assert row["verdict_code"] == verdict and reason in row["reasons"]


def test_a_cell_with_eight_answers_borrows_from_the_area(cells):
    row = at(cells, grid_id="QC-G2", service_code="charging")
    assert row["n"] == 8 and row["need_basis_code"] == "area" and "few_answers" in row["reasons"]


@pytest.fixture(scope="module")
def results(con, context):
    names = ["evidence_by_station", "gaps_by_station", "gaps_by_grid"]
    return {result.finding.id: result for result in findings.evaluate(con, names, context)}


@pytest.mark.parametrize("name", ["evidence_by_station", "gaps_by_station", "gaps_by_grid"])
def test_the_findings_pass_the_gate_and_speak(results, name):
    result = results[name]
    disclose.check(result.table, result.finding.disclosure, name=name)
    assert result.sentence_zh.endswith("。") and result.sentence_en.endswith(".") and result.chart is not None
    assert result.table["probability"].max() <= 0.99


def test_figures_of_few_people_are_hidden_and_the_verdict_stays(results):
    few = at(results["gaps_by_station"].table, station_id="QC-S2", service_code="water")  # three couriers
    assert (few["n_visits"], few["suppressed_use"], few["verdict_code"]) == (None, True, "hidden_demand")
    cell = at(results["gaps_by_grid"].table, grid_id="QC-G2", service_code="water")  # eight answers
    assert (cell["n"], cell["lacking_share"], cell["suppressed"]) == (None, None, True)


def test_both_findings_say_the_same_verdict(results):
    keys = ["area_code", "station_id", "service_code"]
    both = results["evidence_by_station"].table.join(results["gaps_by_station"].table, on=keys)
    assert both.height == 24
    assert both["verdict_code"].to_list() == both["verdict_code_right"].to_list()


def test_the_page_shows_what_can_be_mended_at_the_station(results):
    page = results["gaps_by_station"].page_table
    assert set(page["verdict_code"]) <= {"declared_but_failing", "unknown_to_users", "hidden_demand"}
    assert page["station_id"].to_list() == ["QC-S2", "QC-S3"]


def test_the_sentence_counts_the_verdicts(results):
    counts = dict(results["gaps_by_station"].table.group_by("verdict_code").len().iter_rows())
    assert f"共24项：已满足{counts['met']}项" in results["gaps_by_station"].sentence_zh
    assert f"no evidence {counts['no_evidence']}." in results["gaps_by_station"].sentence_en


def test_the_public_edition_names_no_private_host(con, context):
    public = findings.evaluate(con, ["gaps_by_station"], replace(context, audience="public"))[0]
    assert set(public.table["class_code"]) == {"fixed", "integrated"}
