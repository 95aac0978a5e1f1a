"""Every share of a survey says how far volunteering could move it, but for what it was weighed to."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline import findings
from tests.unit.findings.small_district import district


@pytest.fixture(scope="module")
def results():
    con = district()
    return {result.finding.id: result.table for result in findings.evaluate(con, context=findings.context_for(con))}


def row(table: pl.DataFrame, **wanted: str) -> dict:
    return table.filter(*[pl.col(name) == value for name, value in wanted.items()]).row(0, named=True)


def test_a_share_weighed_to_a_known_total_has_no_band(results):
    framed = row(results["who_answered"], variable_code="user_group", value_code="rider")
    assert framed["band_low"] is None and framed["est"] is not None


@pytest.mark.parametrize("finding", ["top_needed_services", "need_not_met", "promised_vs_needed", "staff_vs_couriers"])
def test_a_need_has_a_band_around_its_interval(results, finding):
    charging = row(results[finding], service_code="charging")
    assert charging["band_low"] < charging["lci"] < charging["est"] < charging["uci"] < charging["band_high"]


def test_a_topic_of_those_who_wrote_has_a_band_too(results):
    topic = row(results["open_answers"], topic_code="hours")
    assert topic["band_low"] < topic["lci"] < topic["est"] < topic["uci"] < topic["band_high"]
    assert topic["n_eff"] == 45
