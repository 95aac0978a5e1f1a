"""A survey that never asks "I get it where I work" says nothing of unmet need: no figure, least of all 0 %."""

from __future__ import annotations

import pytest

from pipeline import findings
from tests.unit.findings.small_district import district


@pytest.fixture(scope="module")
def results():
    con = district()
    con.execute("delete from clean.answers where question_code = 'q6'")
    con.execute("delete from ref.options where question_code = 'q6'")
    con.execute("delete from ref.questions where question_code = 'q6'")
    return {result.finding.id: result for result in findings.evaluate(con, context=findings.context_for(con))}


@pytest.mark.parametrize("name", ["need_not_met", "need_not_met_by_grid", "evidence_by_station"])
def test_needed_services_get_no_unmet_share(results, name):
    table = results[name].table
    needed = {row["service_code"] for row in results["top_needed_services"].table.iter_rows(named=True) if row["est"]}
    assert needed and not [
        row for row in table.iter_rows(named=True) if row["service_code"] in needed and row["est"] is not None
    ]


def test_the_sentence_claims_nothing_and_nothing_is_drawn(results):
    assert "0%" not in results["need_not_met"].sentence_zh
    assert results["need_not_met"].chart is None
