"""What a station's page may say: the gate holds, missing is not zero, the public reads of no private host, fixes follow the tables."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from pipeline import disclose, findings
from pipeline.errors import PipelineError
from pipeline.findings.profiles import gather, services
from pipeline.findings.profiles.fixes import fixes
from tests.unit.findings.test_station_map import town

KEYS = ["area_code", "station_id", "service_code"]


def judged(con, _context):
    """Verdicts as the room of verdicts would give them: failing at station 2, met elsewhere."""
    rows = con.sql("select area_code, station_id, service_code from mart.service_gap").pl()
    failing = pl.col("station_id") == "QC-S2"
    return rows.with_columns(
        verdict_code=pl.when(failing).then(pl.lit("declared_but_failing")).otherwise(pl.lit("met")),
        probability=pl.when(pl.col("service_code") == "rest").then(0.4).otherwise(0.9),
        reasons=pl.lit("checks_not_met"), n_facilities=pl.lit(2), n_facilities_working=pl.lit(0),
        is_evaluable=pl.col("service_code") != "warm",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def verdicts(monkeypatch):
    monkeypatch.setattr(services, "station_verdicts", judged)


@pytest.fixture(scope="module")
def con():
    return town()


@pytest.fixture(scope="module")
def context(con):
    return findings.context_for(con)


def row(table, **wanted):
    return table.filter(*[pl.col(name) == value for name, value in wanted.items()]).row(0, named=True)


def test_every_station_and_service_is_there(con, context):
    pages = gather(con, context)
    assert pages.facts["station_id"].to_list() == [f"QC-S{n}" for n in range(1, 5)]
    assert pages.services.height == con.sql("select count(*) from mart.service_gap").fetchall()[0][0]
    assert pages.standards.group_by("station_id").len()["len"].unique().to_list() == [7]


def test_use_by_few_is_hidden_and_use_by_many_is_told_by_month(con, context):
    told = gather(con, context).services
    many, few = (row(told, station_id=s, service_code=c) for s, c in (("QC-S1", "charging"), ("QC-S2", "water")))
    assert (many["n_visits"], many["visits_per_month"], many["suppressed_use"]) == (24, 24.0, False)
    assert (few["n_visits"], few["visits_per_month"], few["n_keys"], few["suppressed_use"]) == (None, None, None, True)


def test_the_same_cells_are_hidden_as_in_the_finding_on_evidence(con, context):
    told = findings.evaluate(con, ["evidence_by_station"], context)[0].table
    here = gather(con, context).services
    assert here.sort(KEYS)["suppressed_use"].to_list() == told.sort(KEYS)["suppressed_use"].to_list()


def test_a_station_that_sends_no_log_has_no_zero(con, context):
    assert row(gather(con, context).services, station_id="QC-S4", service_code="charging")["visits_per_month"] is None


def test_few_answers_are_hidden(con, context):
    facts = gather(con, context).facts
    assert (row(facts, station_id="QC-S1")["n"], row(facts, station_id="QC-S1")["suppressed_survey"]) == (60, False)
    assert (row(facts, station_id="QC-S2")["n"], row(facts, station_id="QC-S2")["suppressed_survey"]) == (None, True)


def test_the_public_reads_of_no_private_host_nor_of_units(con, context):
    pages = gather(con, replace(context, audience="public"))
    for table in pages.tables().values():
        assert set(table["station_id"]) <= {"QC-S1", "QC-S2"}
    assert set(pages.around) == {"QC-S1", "QC-S2"} and len(pages.around["QC-S1"].stations) == 1
    assert "host_unit" not in pages.facts.columns and "host_unit" in gather(con, context).facts.columns


def test_the_gate_refuses_the_unit_for_the_public(con, context):
    pages = gather(con, context)
    with pytest.raises(PipelineError):
        disclose.check(pages.facts, pages.declared["facts"], audience="public", name="facts")


def test_around_a_station_lies_what_a_walk_reaches(con, context):
    around = gather(con, context).around
    assert around["QC-S1"].n_buildings == 1 and around["QC-S4"].n_buildings == 1
    assert len(around["QC-S4"].buildings) == 3  # drawn to 300 m in a straight line, beyond the walk
    assert sorted(round(x) for x, _ in around["QC-S1"].stations) == [86, 171, 257]
    assert around["QC-S1"].n_workers is None  # nobody told: not zero


def test_what_to_fix_follows_the_tables(con, context):
    pages = gather(con, context)
    of = [table.filter(pl.col("station_id") == "QC-S2") for table in (pages.services, pages.standards, pages.listings)]
    facts = row(pages.facts, station_id="QC-S2")
    lines = fixes(facts, *of, context)
    assert lines[0].startswith("修好或更正登记") and "手机充电" in lines[0]
    assert "取暖" not in lines[0] and "歇脚" not in lines[0]  # out of season; not sure enough
    assert any("开放时间" in line for line in lines)
    listed = pl.DataFrame({"map_code": ["map_a"], "is_listed": [False]})
    lacking = of[1].with_columns(status_code=pl.lit("not_met")).head(1)
    lines = fixes(
        {**facts, "hours_zh": "每天 全天", "lon": None, "n_suggestions_open": 2},
        of[0].clear(),
        lacking,
        listed,
        context,
    )
    assert [line[:4] for line in lines] == ["补齐标准", "到地图上", "在台账里", "答复未办"]
